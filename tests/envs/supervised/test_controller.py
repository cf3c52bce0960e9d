"""Backends that die, stall, answer garbage or lie are restarted, or given up with an error."""

from __future__ import annotations

import os
import shlex
import signal
import threading
from pathlib import Path

import pytest

from envs.supervised.controller import Deadlines
from envs.supervised.errors import (
    BackendDied,
    BackendError,
    BackendGarbage,
    BackendLied,
    BackendStalled,
)
from envs.supervised.state import state_hash
from envs.thor_env import ThorEnv
from tests.envs.supervised.toys import toys
from tests.ways import EXECUTABLE

WALK = ("MoveAhead", "RotateRight", "OpenObject", "MoveAhead", "RotateRight", "MoveAhead")


def walk(controller) -> list:
    """What is seen on a walk: pictures and places."""
    return [
        (event.frame.tobytes(), event.metadata["agent"], event.metadata["objects"])
        for event in (controller.step(name) for name in WALK)
    ]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory):
    with toys(tmp_path_factory.mktemp("unbroken")) as toy:
        return walk(toy())


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        ("die", "died"),
        ("crash", "died"),
        ("die-within", "died"),
        ("hang-up", "died"),
        ("stall", "stalled"),
        ("stop", "stalled"),
        ("drip", "stalled"),
        ("noise", "garbage"),
        ("huge", "garbage"),
        ("no-metadata", "garbage"),
        ("no-map", "garbage"),
        ("sequence", "garbage"),
        ("nan", "garbage"),
        ("twins", "garbage"),
        ("keyless", "garbage"),
        ("small-picture", "garbage"),
        ("other-action", "lied"),
    ],
)
def test_a_backend_that_fails_once_is_restarted_and_nobody_sees_it(toy, unbroken, wrong, kind):
    controller = toy(wrong)
    assert walk(controller) == unbroken
    (recovery,) = controller.recoveries
    assert (recovery.kind, recovery.doing, recovery.replayed) == (kind, "RotateRight", 4)
    assert recovery.state != state_hash(controller.last_event.metadata)


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ("die", BackendDied, "it exited with status 3; its last words: 'about to die'"),
        ("stall", BackendStalled, "no answer within 1.5 s"),
        ("noise", BackendGarbage, "the client can't read its answer"),
        ("other-action", BackendLied, "it was asked RotateRight and answered 'LookUp'"),
        ("forgets", BackendLied, "number 1, MoveAhead, failed as it had not before"),
        ("drifts", BackendLied, "after a replay of 4 actions the agent stands 0.25 m elsewhere"),
    ],
)
def test_after_two_restarts_in_vain_a_typed_error_says_what_was_wrong(toy, wrong, error, says):
    controller = toy(wrong, launches=9)
    with pytest.raises(error, match="after 2 restarts") as caught:
        walk(controller)
    message = str(caught.value)
    assert says in message and "toy_backend.py" in message and "\n" not in message
    assert Path(shlex.split(message.split("'")[1])[-1]).read_text() == "xxx"
    with pytest.raises(BackendError, match=r"reset\(\)"):
        controller.step("Pass")


def test_the_next_reset_starts_a_backend_that_was_given_up(toy):
    controller = toy("die", at=2, launches=3)
    with pytest.raises(BackendDied):
        walk(controller)
    assert controller.reset("FloorPlan2").metadata["sceneName"] == "FloorPlan2_physics"
    assert len(walk(controller)) == len(WALK)
    assert [r.doing for r in controller.recoveries] == ["RotateRight"] * 2


def test_a_failed_action_is_no_failed_backend(toy):
    controller = toy()
    for _ in range(8):
        controller.step("MoveAhead")
    assert not controller.step("MoveAhead")
    with pytest.raises(RuntimeError, match="the corridor ends here") as caught:
        controller.step("MoveAhead", raise_for_failure=True)
    assert not isinstance(caught.value, BackendError)
    os.kill(controller.unity_pid, signal.SIGKILL)
    assert controller.step("Pass").metadata["agent"]["position"]["z"] == 2.0
    assert controller.recoveries[0].replayed == 10
    with pytest.raises(ValueError, match="FloorPlan7"):
        controller.reset("FloorPlan7")


def test_a_reset_is_tried_again_too(toy):
    controller = toy()
    controller.step("MoveAhead")
    os.kill(controller.unity_pid, signal.SIGKILL)
    event = controller.reset("FloorPlan2")
    assert event.metadata["sceneName"] == "FloorPlan2_physics"
    assert event.metadata["agent"]["position"]["z"] == 0.0
    assert [(r.doing, r.replayed) for r in controller.recoveries] == [("reset", 0)]


def test_an_interrupted_step_leaves_no_half_of_it_behind(toy):
    controller = toy("stall", at=2)
    controller.step("MoveAhead")
    # A shell's background jobs are started with this signal ignored.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
        with pytest.raises(KeyboardInterrupt):
            controller.step("MoveAhead")
    finally:
        signal.signal(signal.SIGINT, usual)
    assert controller.step("MoveAhead").metadata["agent"]["position"]["z"] == 0.5
    assert [(r.kind, r.replayed) for r in controller.recoveries] == [("stalled", 1)]


@pytest.mark.parametrize("seconds", [0, -1.0, float("nan"), float("inf")])
def test_deadlines_that_never_come_are_refused(seconds):
    with pytest.raises(ValueError, match="step deadline"):
        Deadlines(step=seconds)


@pytest.mark.slow
def test_an_episode_outlives_its_backend():
    from policies.expert.policy import ExpertPolicy

    def outcome(killed: tuple[int, ...]) -> tuple:
        env = ThorEnv(backend=EXECUTABLE, split="val")
        try:
            observation, info = env.reset(seed=3)
            expert = ExpertPolicy(env, search=True)
            expert.reset(observation["instruction"], 3)
            frames, over, last, result = [], False, "", ""
            while not over:
                if len(frames) in killed:
                    os.kill(env.controller.unity_pid, signal.SIGKILL)
                action = expert.label(last, result).action
                observation, _, won, late, info = env.step(action)
                frames.append(observation["rgb"].tobytes())
                last, result = action.to_text(), "ok" if info["action_success"] else "failed"
                over = won or late
            return frames, info["success"], len(env.controller.recoveries)
        finally:
            env.close()

    whole, broken = outcome(()), outcome((0, 1))
    assert whole[1] and whole[:2] == broken[:2]
    assert (whole[2], broken[2]) == (0, 2)
