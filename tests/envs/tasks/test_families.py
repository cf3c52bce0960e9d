"""Every family can be sampled in its rooms, begins undone, and is done by the expert."""

from __future__ import annotations

import pytest

from envs.tasks.base import room_of, scenes_of
from envs.tasks.registry import FAMILY_NAMES
from envs.tasks.sampler import sample_task
from envs.thor_env import ThorEnv
from policies.expert.policy import ExpertPolicy


@pytest.fixture(scope="module")
def env():
    made = ThorEnv(split="all", room="any", families=FAMILY_NAMES)
    yield made
    made.close()


def play(env, task, search=True):
    env.reset(seed=0, options={"task": task})
    expert, last, outcome, log = ExpertPolicy(env, search=search), "", "", []
    for _ in range(env.max_steps):
        label = expert.label(last, outcome)
        *_, terminated, truncated, info = env.step(label.action)
        last, outcome = label.action.to_text(), "ok" if info["action_success"] else "failed"
        log.append(f"{last} {outcome} {info['error']}")
        if terminated or truncated:
            break
    return info, log


@pytest.mark.parametrize(
    ("family", "room"),
    [
        ("search", "bedroom"),
        pytest.param("stack", "living_room", marks=pytest.mark.slow),
        pytest.param("pick_two", "bathroom", marks=pytest.mark.slow),
        ("examine", "bedroom"),
        ("clean", "kitchen"),
        ("heat", "kitchen"),
        ("cool", "kitchen"),
        ("navigate", "living_room"),
        ("composite", "bedroom"),
    ],
)
def test_sampled_tasks_begin_undone_and_the_expert_does_them(env, family, room):
    task = sample_task(env.controller, 5, "test", family=family, room=room)
    assert task.family == family and room_of(task.scene) == room
    assert task.scene in scenes_of("test", room)
    _, info = env.reset(seed=0, options={"task": task})
    assert not info["success"]
    info, log = play(env, task, search=False)
    assert info["success"], (task.instruction, log)
    assert info["goal_conditions_met"] == info["goal_conditions"]


@pytest.mark.slow
@pytest.mark.parametrize("room", ["living_room", "bedroom", "bathroom"])
@pytest.mark.parametrize("seed", range(4))
def test_the_searching_expert_succeeds_in_other_rooms(env, room, seed):
    task = sample_task(env.controller, seed, "all", room=room, varied=False)
    info, log = play(env, task)
    assert info["success"], (task.instruction, log)
