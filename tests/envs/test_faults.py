"""Every fault does what it says, once, and the expert makes it good."""

from __future__ import annotations

from dataclasses import replace

import pytest

from envs.actions import Action
from envs.faults import KINDS, Fault
from envs.tasks.base import Task
from envs.tasks.goals import Contained, Every
from envs.thor_env import ThorEnv
from training.evaluation.freeze import solve

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


# From here the apple is out of view.
FAR = replace(TASK, start=(0.0, 1.75, 0.0, 30.0))


@pytest.fixture(scope="module")
def env():
    made = ThorEnv(split="all", room="any", varied=False)
    yield made
    made.close()


def test_an_unknown_fault_names_the_known_ones():
    with pytest.raises(ValueError, match="blocked_path"):
        Fault("earthquake", 0)


@pytest.mark.parametrize("kind", KINDS)
def test_the_expert_makes_a_fault_good(env, kind):
    played = (solve(env, FAR, Fault(kind, seed), search=True) for seed in range(1, 9))
    success = next((won for won, _, struck in played if struck), None)
    assert success is not None, "it never struck"
    assert success


def _to_the_apple(env, fault):
    env.fault = fault
    env.reset(seed=0, options={"task": TASK})
    env.skills.seen.update(
        o["objectId"]
        for o in env.controller.last_event.metadata["objects"]
        if o["objectType"] == "Apple"
    )
    return env.step(Action("goto", "Apple"))[4]


def test_a_wrong_thing_is_taken_instead_of_the_meant_one(env):
    assert _to_the_apple(env, None)["action_success"]
    near = {
        o["objectType"]
        for o in env.controller.last_event.metadata["objects"]
        if o["visible"] and o["pickupable"]
    }
    _to_the_apple(env, Fault("wrong_object", 1))
    info = env.step(Action("pick up", "Apple"))[4]
    held = env.controller.last_event.metadata["inventoryObjects"]
    assert info["action_success"] and info["fault"] == "wrong_object"
    assert held[0]["objectType"] in near - {"Apple"}


def test_a_blocked_way_is_free_the_next_time(env):
    fault = Fault("blocked_path", 1)
    env.fault = fault
    env.reset(seed=0, options={"task": TASK})
    fault._when = 1
    info = env.step(Action("goto", "Fridge"))[4]
    assert not info["action_success"] and info["fault"] == "blocked_path"
    assert "blocked" in info["error"]
    assert env.step(Action("goto", "Fridge"))[4]["action_success"]


def test_a_primitive_move_is_blocked_once():
    env = ThorEnv(
        split="all",
        room="any",
        varied=False,
        action_level="primitive",
        fault=Fault("blocked_path", 1),
    )
    env.reset(seed=0, options={"task": TASK})
    env.fault._when = 1
    moves = [env.step("move ahead")[4]["action_success"] for _ in range(2)]
    env.close()
    assert moves == [False, True]
