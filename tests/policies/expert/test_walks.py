"""Who walks in primitive moves and searches turns to what it looks for, and keeps it before it."""

from __future__ import annotations

import math
from collections import Counter
from types import SimpleNamespace

import pytest

from envs.tasks.base import Task
from envs.tasks.goals import Every, Near, State
from envs.tasks.published.eb_navigation import Within
from policies.expert.policy import ExpertPolicy
from policies.expert.strides import SIDES

FRIDGE = (1.5, 2.5)
TURNS = {"rotate right": 90, "rotate left": -90}


class Room:
    """An empty room of 13 x 13 places with a fridge in it, that anybody sees who looks there."""

    honest, seen, meant, action_level, move = False, frozenset(), "", "primitive", 0.25
    visited = missed = Counter()
    stage, history, at = 0, None, ""

    def __init__(self, goal, here=(1.5, 0.0), yaw=0, hidden=False):
        self.task = Task("navigate", "FloorPlan1", "go to the fridge", Every((goal,)), "Fridge")
        self.here, self.yaw, self.hidden, self.horizon = here, yaw, hidden, 30.0
        self.free = {(0.25 * i, 0.25 * j) for i in range(13) for j in range(13)}
        self.initialization_parameters = {"gridSize": 0.25, "snapToGrid": True}

    @property
    def controller(self):
        return self

    @property
    def skills(self):
        return self

    @property
    def view(self):
        return SimpleNamespace(pixels=self.pixels)

    def pixels(self, object_id):
        towards = math.degrees(math.atan2(FRIDGE[0] - self.here[0], FRIDGE[1] - self.here[1]))
        aside = (towards - self.yaw + 180) % 360 - 180
        return 500 if abs(aside) < 45 and not self.hidden else 0

    @property
    def last_event(self):
        agent = {
            "position": {"x": self.here[0], "y": 0.9, "z": self.here[1]},
            "rotation": {"y": float(self.yaw)},
            "cameraHorizon": self.horizon,
        }
        return SimpleNamespace(metadata={"agent": agent, "objects": [self.fridge]})

    @property
    def fridge(self):
        place = {"x": FRIDGE[0], "y": 1.0, "z": FRIDGE[1]}
        box = {"center": place, "size": {"x": 0.6, "y": 1.8, "z": 0.6}}
        known = {"position": place, "axisAlignedBoundingBox": box}
        return {"objectId": "Fridge|1", "objectType": "Fridge", **known}

    def step(self, name, **_):
        places = [{"x": x, "y": 0.9, "z": z} for x, z in self.free]
        return SimpleNamespace(metadata={"actionReturn": places})

    def state(self):
        return State((self.fridge,), frozenset(), False, self.here)

    def do(self, verb):
        if verb in TURNS:
            self.yaw = (self.yaw + TURNS[verb]) % 360
        elif verb in SIDES:
            angle = math.radians(self.yaw + 90 * SIDES.index(verb))
            way = (math.sin(angle), math.cos(angle))
            end = tuple(round(a + 0.25 * b, 6) + 0.0 for a, b in zip(self.here, way, strict=True))
            if end not in self.free:
                return "failed"
            self.here = end
        elif verb.startswith("look "):
            self.horizon += 30.0 if verb == "look down" else -30.0
        return "ok"


def walked(room, search=True, most=40):
    """The labels of a walk that nobody disturbs."""
    expert, last, outcome, labels = ExpertPolicy(room, search), "", "", []
    near = room.task.goal.conditions[0]
    while len(labels) < most:
        labels.append(expert.label(last, outcome))
        last = labels[-1].action.verb
        outcome = room.do(last)
        if last == "done" or (isinstance(near, Within) and near.verify(room.state())):
            return labels
    return labels


def verbs(labels):
    return [label.action.verb for label in labels]


def test_it_turns_right_until_it_sees_and_goes_ahead_then():
    labels = walked(Room(Within("Fridge", FRIDGE), yaw=180))
    assert verbs(labels) == ["rotate right"] * 2 + ["move ahead"] * 6
    said = [label.thought for label in labels]
    assert said[:2] == ["fridge not here"] * 2 and set(said[2:]) == {"fridge in view"}


def test_what_is_far_aside_is_moved_to_sideways_and_kept_in_view():
    room = Room(Within("Fridge", FRIDGE), here=(0.0, 0.25))
    labels = walked(room)
    assert verbs(labels)[0] == "move right" and room.yaw == 0
    assert all(label.thought == "fridge in view" for label in labels)


def test_it_turns_back_to_what_it_was_turned_away_from():
    room = Room(Within("Fridge", FRIDGE))
    expert = ExpertPolicy(room, search=True)
    assert expert.label().action.verb == "move ahead"
    room.do("rotate right")
    turned = expert.label("rotate right", "ok")
    assert turned.action.verb == "rotate left" and turned.thought == "fridge over there"


def test_what_shows_nowhere_is_walked_to_face_ahead_after_a_look_all_round():
    room = Room(Within("Fridge", FRIDGE), yaw=90, hidden=True)
    labels = walked(room)
    assert verbs(labels)[:5] == ["rotate right"] * 3 + ["move ahead"] * 2
    assert Within("Fridge", FRIDGE).verify(room.state())


def test_a_camera_that_shows_the_floor_alone_is_tilted_back_first():
    room = Room(Within("Fridge", FRIDGE), yaw=180)
    room.horizon = 60.0
    assert walked(room, most=1)[0].action.verb == "look up"


def test_who_knows_where_everything_is_turns_nowhere():
    labels = walked(Room(Within("Fridge", FRIDGE), yaw=180), search=False)
    assert verbs(labels) == ["move back"] * 6


@pytest.mark.parametrize("search", [True, False])
def test_told_to_go_near_it_goes_as_near_as_it_can_and_says_so(search):
    room = Room(Near("Fridge"), yaw=180)
    room.free = {place for place in room.free if place[1] <= 1.75}
    labels = walked(room, search)
    assert verbs(labels)[-1] == "done" and labels[-1].thought == "fridge found"
    assert room.here == (1.5, 1.75)
