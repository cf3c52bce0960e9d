"""An episode is put back to where it stood, and goes on from there as it did."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from envs.faults import Fault
from envs.thor_env import ThorEnv
from policies.expert.policy import ExpertPolicy

SEED = 3


@pytest.fixture(scope="module")
def env():
    made = ThorEnv(scene="FloorPlan201", width=64, height=64, skills="honest", camera_noise=2.0)
    yield made
    made.close()


def _play(env, steps, last=("", "")):
    """What is seen and told of so many steps of the expert."""
    expert, seen = ExpertPolicy(env, search=True), []
    for _ in range(steps):
        action = expert.label(*last).action
        observation, reward, *_, info = env.step(action)
        last = action.to_text(), "ok" if info["action_success"] else "failed"
        told = (last, reward, info["goal_conditions_met"], info["fault"], info["steps"])
        seen.append((*told, observation["rgb"].sum(dtype=np.int64)))
    return seen, last


@pytest.mark.parametrize("fault", [None, Fault("stale_frame", 1), Fault("blocked_path", 0)])
def test_it_goes_on_as_before_however_often_it_is_put_back(env, fault):
    env.fault = fault
    env.reset(seed=SEED)
    _, last = _play(env, 2)
    kept = env.snapshot()
    first, _ = _play(env, 5, last)
    for _ in range(2):
        env.restore(kept)
        assert env.steps == 2
        again, _ = _play(env, 5, last)
        assert again == first


def test_two_moments_do_not_mix(env):
    env.fault = None
    env.reset(seed=SEED)
    early = env.snapshot()
    _, last = _play(env, 3)
    late = env.snapshot()
    onward, _ = _play(env, 2, last)
    env.restore(early)
    for _ in range(4):
        env.step("look around")
    env.restore(late)
    assert len(env.skills.views) == 4
    assert _play(env, 2, last)[0] == onward


def test_a_backend_without_snapshots_plays_the_actions_again(env):
    env.fault = None
    env.reset(seed=SEED)
    _, last = _play(env, 3)
    kept = replace(env.snapshot(), world=None)
    onward, _ = _play(env, 3, last)
    env.restore(kept)
    assert env.steps == 3
    assert _play(env, 3, last)[0] == onward


def test_what_another_room_was_put_in_place_of_is_refused(env):
    env.reset(seed=SEED)
    kept = env.snapshot()
    env.controller.reset("FloorPlan202")
    with pytest.raises(ValueError, match="snapshot"):
        env.restore(kept)
    env.reset(seed=SEED)


def test_without_an_episode_there_is_nothing_to_keep():
    with pytest.raises(RuntimeError, match="reset"):
        ThorEnv(width=64, height=64).snapshot()
