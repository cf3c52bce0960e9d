"""Walks in primitive moves: straight there, or as somebody walks who has to see.

Who searches turns right until what is walked to shows itself, keeps it before him, and goes: to the
side where it is far off the middle of the picture, else ahead. The way itself is the shortest over
the floor as it is, so that it leads round furniture which a picture may not show; and where nothing
was seen in any direction, it is that way which is walked, face ahead, until something is.
"""

from __future__ import annotations

import math
from dataclasses import replace

from envs.actions import Action
from envs.tasks.base import Task
from envs.tasks.goals import Near
from envs.tasks.object_names import name_of
from envs.tasks.published.eb_navigation import Within
from policies.expert.parts import NOTICED_PIXELS, Label, Parts
from policies.expert.strides import SIDES, Place
from policies.expert.walk_record import WalkRecord

# A walk goes so much nearer than it has to, metres: places are known to a tenth of a millimetre.
SPARE = 0.001
# Degrees off the middle from which on it moves to that side, and from which on it turns there: the
# camera sees 45 to either side, and a turn is of 90.
ASIDE, TURNED_TO = 25.0, 50.0
# Degrees below the horizon between which a camera shows the room: beyond, it is tilted back.
HIGHEST, LOWEST = -15.0, 45.0
# Who is told to go near goes so near, metres, and then as long as a move leads so much nearer.
BESIDE, WORTH_A_MOVE = 0.6, 0.1
# Objects of a type this near to each other, metres, are walked to as one.
ONE_SPOT = 0.6


def walk_within(parts: Parts, goal: Within) -> Label:
    """Takes the next step of a walk to within a distance of a place."""
    if parts.env.action_level == "skill":
        nearest = min(parts.objects(), key=lambda o: math.dist(_place_of(o), goal.place))
        return parts.goto_this(nearest["objectId"])
    items = _standing_at(parts.objects(goal.target), goal.place)
    walk = _Walk(parts, goal.target, items, goal.place, goal.distance - SPARE)
    return walk.next_step() or Label(Action("done"), f"{name_of(goal.target)} not here")


def walk_near(parts: Parts, task: Task, goal: Near) -> Label:
    """Takes the next step of a walk up to something, and says it is done."""
    items = parts.objects(goal.target)
    x, z, _ = parts.walk.strides.pose if parts.walk is not None else (0.0, 0.0, 0)
    known = parts.walk.noticed if parts.walk is not None else set()
    items.sort(key=lambda o: (o["objectId"] not in known, math.dist(_place_of(o), (x, z))))
    if not items:
        return Label(Action("done"), f"{name_of(goal.target)} not here")
    place = _place_of(items[0])
    walk = _Walk(parts, goal.target, _standing_at(items, place), place, BESIDE)
    label = walk.next_step()
    arrived = task.goal.verify(replace(parts.env.state(), done=True))
    if label is None or (arrived and walk.is_noticed and not walk.leads_nearer(label)):
        return Label(Action("done"), f"{name_of(goal.target)} found")
    return label


def _standing_at(items: list[dict], place: Place) -> list[dict]:
    """Those of some objects that are at a place: a sink and its basin are one to the eye."""
    return [o for o in items if math.dist(_place_of(o), place) <= ONE_SPOT]


def _place_of(item: dict) -> Place:
    return float(item["position"]["x"]), float(item["position"]["z"])


class _Walk:
    """One step of a walk.

    Args:
        parts: In the present state.
        target: Object type.
        items: AI2-THOR's dicts of what is walked to; none where the room has no such thing.
        place: x and z of it, metres.
        distance: From which on it is near enough.

    Raises:
        ValueError: If the episode's walk is not recorded.
    """

    def __init__(
        self, parts: Parts, target: str, items: list[dict], place: Place, distance: float
    ) -> None:
        if parts.walk is None:
            raise ValueError("A walk in primitive moves needs Parts(walk=...) of its episode.")
        self.parts, self.place, self.distance = parts, place, distance
        self.record: WalkRecord = parts.walk
        self.name = name_of(target)
        self.ids = [str(o["objectId"]) for o in items]
        self.record.strides.note(parts.ok, parts.last)

    @property
    def is_noticed(self) -> bool:
        """Whether it has come into view in this episode."""
        return not self.parts.search or bool(self.record.noticed.intersection(self.ids))

    def _too_far(self, at: Place) -> float:
        return max(0.0, math.dist(at, self.place) - self.distance)

    def next_step(self) -> Label | None:
        """The next step; None where there is nowhere better to go."""
        moves = self.record.strides.best_moves(self._too_far)
        if not self.parts.search:
            return Label(Action(moves[0]), f"{self.name} next") if moves else None
        shown = max(map(self.parts.env.skills.view.pixels, self.ids), default=0)
        if shown >= NOTICED_PIXELS:
            self.record.noticed.update(self.ids)
        if not self.is_noticed:
            return self._look_for(moves)
        if not moves:
            return None
        said = f"{self.name} in view" if shown >= NOTICED_PIXELS else f"{self.name} over there"
        aside = self._aside()
        if abs(aside) > TURNED_TO:
            return Label(Action("rotate right" if aside > 0 else "rotate left"), said)
        sideways = "move right" if aside > 0 else "move left"
        likes = (sideways, "move ahead") if abs(aside) > ASIDE else ("move ahead", sideways)
        return Label(Action(min(moves, key=(*likes, *SIDES).index)), said)

    def _look_for(self, moves: tuple[str, ...]) -> Label | None:
        """Looks in all four directions, then goes where it must be."""
        said = f"{self.name} not here"
        agent = self.parts.env.controller.last_event.metadata["agent"]
        tilt = float(agent["cameraHorizon"])
        if not HIGHEST < tilt < LOWEST:
            return Label(Action("look up" if tilt > 0 else "look down"), said)
        turns = self.record.unlooked()
        if turns:
            return Label(Action("rotate left" if turns == (270,) else "rotate right"), said)
        if not moves or "move ahead" in moves:
            return Label(Action("move ahead"), said) if moves else None
        return Label(Action("rotate left" if moves[0] == "move left" else "rotate right"), said)

    def _aside(self) -> float:
        """Degrees by which the place is to the right of straight ahead, from -180 to 180."""
        x, z, yaw = self.record.strides.pose
        towards = math.degrees(math.atan2(self.place[0] - x, self.place[1] - z))
        return (towards - yaw + 180.0) % 360.0 - 180.0

    def leads_nearer(self, label: Label) -> bool:
        """Whether a step is a turn, or a move that is worth it."""
        x, z, yaw = self.record.strides.pose
        if label.action.verb not in SIDES:
            return abs(self._aside()) > TURNED_TO
        angle = math.radians(yaw + 90 * SIDES.index(label.action.verb))
        far = self.parts.env.move
        end = (x + far * math.sin(angle), z + far * math.cos(angle))
        return math.dist(end, self.place) < math.dist((x, z), self.place) - WORTH_A_MOVE
