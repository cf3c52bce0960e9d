"""Several environments in processes: the same as alone, and nothing left behind when one fails."""

from __future__ import annotations

import multiprocessing
import os
import signal

import gymnasium
import numpy as np
import pytest

import envs  # noqa: F401  registers the ids
from envs.observations import CHARSET
from envs.thor_env import ThorEnv
from envs.vector import ThorVectorEnv, WorkerError, main
from envs.vector_worker import decoded, encoded

SMALL = {"width": 64, "height": 48, "families": ("find",), "max_steps": 3}
SCENES = ("FloorPlan401", "FloorPlan410")
EACH = [{"scene": scene} for scene in SCENES]
ACTIONS = [["look around", "goto Toilet"], ["nonsense", "goto Sink"], ["goto Sink", "look around"]]


@pytest.fixture(scope="module")
def pair():
    """Two environments, each in a room of its own."""
    with ThorVectorEnv(2, each=EACH, feedback="reason", **SMALL) as made:
        yield made


@pytest.mark.parametrize("text", ["", "put the apple in the fridge", CHARSET.replace("\0", "")])
def test_a_text_comes_back_from_its_bytes(text):
    assert decoded(encoded(text, 400)) == text


def test_each_environment_is_as_it_is_alone(pair):
    told = [pair.reset(seed=11)]
    for actions in ACTIONS:
        told.append(pair.step(actions))
    told.append(pair.step(["done", "done"]))  # the episode was over: this begins the next
    for index, scene in enumerate(SCENES):
        alone = ThorEnv(scene=scene, feedback="reason", **SMALL)
        expected = [alone.reset(seed=11 + index)]
        expected += [alone.step(actions[index]) for actions in ACTIONS]
        assert expected[-1][3]
        expected.append(alone.reset())
        for (seen, *_, info), (wanted, *_, known) in zip(told, expected, strict=True):
            assert (seen["rgb"][index] == wanted["rgb"]).all()
            assert seen["instruction"][index] == wanted["instruction"] != ""
            assert seen["feedback"][index] == wanted["feedback"]
            assert info["steps"][index] == known["steps"]
            assert info["scene"][index] == known["scene"]
        alone.close()
    assert pair.observation_space.contains(told[0][0])
    assert "state" not in told[0][1]


def test_each_can_be_given_a_task_and_be_asked_for_more(pair):
    pair.reset(seed=[3, 3])
    own = pair.call("task")
    assert [task.scene for task in own] == list(SCENES)
    observations, infos = pair.reset(options={"tasks": own[::-1]})
    assert list(infos["scene"]) == list(SCENES[::-1])
    assert observations["instruction"] == tuple(task.instruction for task in own[::-1])
    states = pair.call("state")
    assert len(states[0].objects) != len(states[1].objects)


def test_frames_are_copies_of_what_is_shared(pair):
    first, _ = pair.reset(options={"tasks": pair.call("task")})
    before = first["rgb"].copy()
    pair.step(["look around", "look around"])
    assert (first["rgb"] == before).all()
    assert not np.shares_memory(first["rgb"], pair.observations["rgb"])


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ("look around", "list of 2 actions"),
        (["done"], "not 1 actions"),
        ([], "not 0 actions"),
        (5, "list of 2 actions"),
        (["done", 5], "An action must be a text"),
    ],
)
def test_as_many_actions_are_asked_for_as_there_are_environments(pair, given, said):
    with pytest.raises(ValueError, match=said):
        pair.step(given)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"options": {"tasks": [None]}}, "1 tasks for 2 environments"),
        ({"options": {"tasks": 5}}, "a list with a Task"),
        ({"options": {"tasks": [None, "find"]}}, "a Task or None"),
        ({"options": 5}, "a dict"),
        ({"seed": [0]}, "1 seeds for 2 environments"),
        ({"seed": [0, -1]}, "seed -1"),
    ],
)
def test_as_many_tasks_and_seeds_are_asked_for_as_there_are_environments(pair, arguments, said):
    with pytest.raises(ValueError, match=said):
        pair.reset(**arguments)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"num_envs": 0}, "at least 1, not 0"),
        ({"each": [{}]}, "for 1 environments, but num_envs is 2"),
        ({"each": [{}, {"width": 100}]}, "one size"),
        ({"feedback": "loud"}, "feedback 'loud'"),
        ({"each": "ab"}, "a list of dicts"),
        ({"each": [{}, 5]}, "a dict of arguments"),
        ({"timeout": "soon"}, "timeout 'soon'"),
        ({"timeout": -1}, "timeout -1"),
        ({"width": 10**6}, "1 to 4096"),
    ],
)
def test_wrong_arguments_are_refused_before_anything_starts(options, said):
    before = len(multiprocessing.active_children())
    with pytest.raises(ValueError, match=said):
        ThorVectorEnv(**options)
    assert len(multiprocessing.active_children()) == before


def test_gymnasium_makes_it_from_an_id():
    vector = gymnasium.make_vec("ThorLivingRoom-v0", num_envs=1, scene="FloorPlan201", **SMALL)
    assert isinstance(vector.unwrapped, ThorVectorEnv)
    processes = vector.unwrapped.processes
    vector.close()
    assert [process.exitcode for process in processes] == [0]


def test_a_killed_worker_is_named_and_none_is_left():
    vector = ThorVectorEnv(2, each=EACH, **SMALL)
    os.kill(vector.processes[1].pid, signal.SIGKILL)
    with pytest.raises(WorkerError, match="worker 1 with exit code -9 is gone"):
        vector.reset(seed=0)
    assert not any(process.is_alive() for process in vector.processes)


def test_what_fails_in_a_worker_is_told_with_its_traceback():
    vector = ThorVectorEnv(2, each=[{"scene": "FloorPlan401"}, {"scene": "FloorPlan999"}], **SMALL)
    with pytest.raises(WorkerError, match="1 failed: ValueError: .*FloorPlan999") as told:
        vector.reset(seed=0)
    assert "make_controller" in told.value.__notes__[0]
    assert not any(process.is_alive() for process in vector.processes)


def test_a_worker_that_does_not_answer_in_time_is_named():
    vector = ThorVectorEnv(1, timeout=0.01, scene="FloorPlan401", **SMALL)
    with pytest.raises(WorkerError, match=r"environments \[0\] did not answer within 0.01 s"):
        vector.reset(seed=0)
    assert not any(process.is_alive() for process in vector.processes)


def test_the_command_says_in_one_line_what_is_wrong(capsys):
    assert main(["--num-envs", "0"]) == 2
    assert capsys.readouterr().err.startswith("error: num_envs")
