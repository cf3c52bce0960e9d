"""Walks are in their setting's limits, and move as far as it says."""

from __future__ import annotations

import math

import pytest

from envs.tasks.base import scenes_of
from envs.tasks.navigation_suites import (
    WALKS,
    Walk,
    sample_walk,
    sample_walks,
    steps_to,
    strides,
)
from envs.thor_env import ThorEnv
from training.evaluation.freeze import solve

LINE = {(k, 0): {"x": 0.25 * k, "z": 0.0} for k in range(9)}


def test_a_stride_needs_every_cell_on_its_way():
    assert strides((0, 0), 2, LINE) == [(2, 0)]
    broken = {cell: place for cell, place in LINE.items() if cell != (1, 0)}
    assert strides((0, 0), 2, broken) == []


def test_moves_are_counted_to_near_enough():
    walk = Walk(distance=0.5, move=0.5, max_steps=9)
    assert steps_to(LINE, (0.0, 0.0), walk) == {
        (0, 0): 0,
        (1, 0): 0,
        (2, 0): 0,
        (3, 0): 1,
        (4, 0): 1,
        (5, 0): 2,
        (6, 0): 2,
        (7, 0): 3,
        (8, 0): 3,
    }


@pytest.mark.parametrize("name", WALKS)
def test_the_expert_walks_there_in_time(name):
    walk = WALKS[name]
    env = ThorEnv(
        split="all",
        room="any",
        varied=False,
        action_level="primitive",
        max_steps=walk.max_steps,
        move=walk.move,
    )
    task = sample_walk(env.controller, 3, "val", walk)
    assert task is not None and task == sample_walk(env.controller, 3, "val", walk)
    won, steps, _ = solve(env, task, None, search=False)
    agent = env.controller.last_event.metadata["agent"]["position"]
    env.close()
    assert won and walk.shortest <= steps <= walk.max_steps
    assert math.dist((agent["x"], agent["z"]), task.goal.conditions[0].place) <= walk.distance


def test_walks_in_one_arrangement_are_different_and_of_fitting_length():
    env = ThorEnv(split="all", room="any", action_level="primitive", width=64, height=64)
    walk = WALKS["nav-eb"]
    tasks = sample_walks(env.controller, 5, 6, walk, "train", "bathroom")
    assert tasks == sample_walks(env.controller, 5, 6, walk, "train", "bathroom")
    won, steps, _ = solve(env, tasks[-1], None, search=True)
    env.close()
    assert len(set(map(str, tasks))) == len(tasks) == 6
    arrangements = {(task.scene, task.appearance_seed, task.spawn_seed) for task in tasks}
    assert len(arrangements) == 1 and arrangements.pop()[0] in scenes_of("train", "bathroom")
    assert won and walk.shortest <= steps <= walk.max_steps == env.max_steps


def test_a_move_is_as_long_as_asked_for():
    env = ThorEnv(split="all", room="any", varied=False, action_level="primitive", move=0.5)
    task = sample_walk(env.controller, 3, "val", WALKS["nav-vagen"])
    env.reset(seed=0, options={"task": task})
    before = env.controller.last_event.metadata["agent"]["position"]
    moved = next(
        verb
        for verb in ("move ahead", "move back", "move left", "move right")
        if env.step(verb)[4]["action_success"]
    )
    after = env.controller.last_event.metadata["agent"]["position"]
    env.close()
    gap = math.dist((before["x"], before["z"]), (after["x"], after["z"]))
    assert moved and gap == pytest.approx(0.5, abs=1e-3)
    with pytest.raises(ValueError, match="move"):
        ThorEnv(move=0)
