"""Honest skills: what the agent has to say itself, on a real room."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from envs.actions import Action
from envs.faults import Fault
from envs.observations import object_type_of
from envs.tasks.base import Task
from envs.tasks.goals import Contained, Every, Openness
from envs.thor_env import ThorEnv
from policies.expert.policy import run_episode

TASK = Task(
    "pick_and_place",
    "FloorPlan1",
    "put the apple in the fridge",
    Every((Contained("Apple", "Fridge"),)),
    "Apple",
    "Fridge",
    spawn_seed=3,
    start=(-1.0, -1.5, 0.0, 30.0),
)
OPEN = replace(TASK, family="open", goal=Every((Openness("Fridge", True),)), target="Fridge")


@pytest.fixture(scope="module")
def env():
    made = ThorEnv(split="all", room="any", varied=False, skills="honest")
    yield made
    made.close()


def _begin(env, task=TASK):
    env.fault = None
    env.reset(seed=0, options={"task": task})


def _seen_loose(env):
    """Id of the loose object that fills most of the present view."""
    loose = {
        o["objectId"]
        for o in env.controller.last_event.metadata["objects"]
        if o["pickupable"] and not o["isPickedUp"]
    }
    view = env.skills.view
    return max(loose, key=view.pixels)


def _look_until_something_loose_is_seen(env):
    for _ in range(8):
        found = _seen_loose(env)
        if env.skills.view.pixels(found) > 200:
            return found
        env.step("look around")
    raise AssertionError("this room is bare")


def test_an_unknown_mode_names_the_known_ones():
    with pytest.raises(ValueError, match="helped, honest"):
        ThorEnv(skills="generous")


def test_a_loose_object_is_not_gone_to_without_saying_where_it_was_seen(env):
    _begin(env)
    kind = object_type_of(_look_until_something_loose_is_seen(env))
    *_, info = env.step(Action("goto", kind))
    assert not info["action_success"] and "say where you saw" in info["error"]
    assert env.step("goto Fridge")[4]["action_success"]


def test_a_point_of_an_earlier_view_leads_to_what_was_seen_there(env):
    _begin(env)
    found = _look_until_something_loose_is_seen(env)
    number, point = len(env.skills.views) - 1, env.skills.view.interior(found)
    env.step("goto Fridge")
    action = Action("goto", object_type_of(found), point, number)
    *_, info = env.step(action.to_text())
    assert info["action_success"], info["error"]
    assert env.skills.at == found


def test_a_point_leads_to_whatever_is_there_whatever_it_is_called(env):
    _begin(env)
    found = _look_until_something_loose_is_seen(env)
    other = "Bowl" if object_type_of(found) != "Bowl" else "Mug"
    view = env.skills.view
    point = view.interior(found)
    radius = env.skills.point_radius * view.index.shape[1]
    assert view.near(point, (other,), radius) is None
    assert env.step(Action("goto", other, point))[4]["action_success"]
    assert env.skills.at == found


def test_bare_floor_and_views_that_never_were_lead_nowhere(env):
    _begin(env)
    floor = next(
        (i for i in env.skills.view.ids if object_type_of(i) == "Floor"),
        "",
    )
    point = env.skills.view.interior(floor)
    assert "at that point" in env.step(Action("goto", "Apple", point))[4]["error"]
    assert "views" in env.step("goto Apple at (0.50, 0.50) of view 60")[4]["error"]


def test_what_has_been_moved_since_is_no_longer_gone_to_there(env):
    _begin(env)
    found = _look_until_something_loose_is_seen(env)
    number, point = len(env.skills.views) - 1, env.skills.view.interior(found)
    fridge = next(
        o for o in env.controller.last_event.metadata["objects"] if o["objectType"] == "Fridge"
    )
    env.controller.step("PickupObject", objectId=found, forceAction=True)
    action = Action("goto", object_type_of(found), point, number)
    assert "at that point" in env.step(action)[4]["error"], "it is in the hand"
    env.controller.step("OpenObject", objectId=fridge["objectId"], forceAction=True)
    env.controller.step("PutObject", objectId=fridge["objectId"], forceAction=True)
    assert "no longer where" in env.step(action)[4]["error"]


def test_where_two_of_a_type_are_in_reach_a_point_has_to_say_which(env):
    _begin(env)
    env.step("goto Cabinet")
    several = [
        o
        for o in env.controller.last_event.metadata["objects"]
        if o["objectType"] == "StoveKnob" and o["visible"]
    ]
    if len(several) < 2:
        env.step("goto StoveBurner")
        several = [
            o
            for o in env.controller.last_event.metadata["objects"]
            if o["objectType"] == "StoveKnob" and o["visible"]
        ]
    assert len(several) > 1
    assert "more than one" in env.step("toggle on StoveKnob")[4]["error"]
    which = max(several, key=lambda o: env.skills.view.pixels(o["objectId"]))["objectId"]
    point = env.skills.view.interior(which)
    assert env.step(Action("toggle on", "StoveKnob", point))[4]["action_success"]
    assert env.step("goto Fridge")[4]["action_success"]
    assert env.step("open Fridge")[4]["action_success"], "the only one needs no point"


def test_an_episode_ends_when_it_is_said_to_be_done_and_not_before(env):
    _begin(env, OPEN)
    env.step("goto Fridge")
    _, reward, terminated, _, info = env.step("open Fridge")
    assert info["goal_reached"] and not info["success"]
    assert reward == 0.0 and not terminated
    _, reward, terminated, _, info = env.step("done")
    assert terminated and info["success"] and reward == 1.0


def test_done_too_early_is_lost(env):
    _begin(env, OPEN)
    *_, terminated, _, info = env.step("done")
    assert terminated and not info["success"] and not info["goal_reached"]


def test_the_wrong_object_is_taken_though_two_of_its_type_are_near(env):
    _begin(env)
    env.fault = Fault("wrong_object", 1)
    won, _, _, log = run_episode(env, 0, True, TASK)
    assert won and env.fault.report() == "wrong_object", log


@pytest.mark.parametrize("search", [False, True])
@pytest.mark.parametrize("seed", [0, *(pytest.param(k, marks=pytest.mark.slow) for k in (1, 2))])
def test_the_expert_succeeds_and_says_so(env, seed, search):
    env.fault = None
    won, _, family, log = run_episode(env, seed, search)
    assert won, (family, log)
    assert re.match("done ok", log[-1])
