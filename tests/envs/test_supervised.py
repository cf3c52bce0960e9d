"""Backends that die, stall, answer garbage or lie, over the real pipes."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psutil
import pytest
from ai2thor.wsgi_server import WsgiServer

from envs.backends import make_controller
from envs.supervised.controller import Deadlines, SupervisedController
from envs.supervised.errors import (
    BackendDied,
    BackendError,
    BackendGarbage,
    BackendLied,
    BackendStalled,
)
from envs.supervised.state import difference, state_hash
from envs.thor_env import ThorEnv
from tests.ways import EXECUTABLE

TOY = Path(__file__).resolve().parents[1] / "toy_backend.py"
WALK = ("MoveAhead", "RotateRight", "OpenObject", "MoveAhead", "RotateRight", "MoveAhead")
QUICK = Deadlines(start=15.0, step=1.5)


@pytest.fixture(autouse=True)
def strays():
    """No test may leave a process behind."""
    before = {p.pid for p in psutil.process_iter()}
    yield
    mine = os.getpid()
    end = time.monotonic() + 3.0
    while True:
        left = []
        for process in psutil.process_iter():
            try:
                words = process.cmdline()
                if (
                    process.pid not in before
                    and process.status() != psutil.STATUS_ZOMBIE
                    and (
                        mine in [p.pid for p in process.parents()]
                        or words == ["sleep", "1000"]
                        or str(TOY) in words
                    )
                ):
                    left.append(words)
            except psutil.Error:
                continue
        if not left:
            return
        assert time.monotonic() < end, f"left running: {left}"
        time.sleep(0.05)


@pytest.fixture()
def toy(tmp_path):
    made = []

    def make(wrong: str = "", at: int = 5, launches: int = 1, **options) -> SupervisedController:
        command = [
            sys.executable,
            str(TOY),
            "--wrong",
            wrong,
            "--at",
            str(at),
            "--launches",
            str(launches),
            "--count",
            str(tmp_path / f"lives-{len(made)}"),
        ]
        made.append(
            make_controller(shlex.join(command), width=32, height=24, deadlines=QUICK, **options)
        )
        return made[-1]

    yield make
    for controller in made:
        controller.stop()


def walk(controller) -> list:
    """What is seen on a walk: pictures and places."""
    return [
        (event.frame.tobytes(), event.metadata["agent"], event.metadata["objects"])
        for event in (controller.step(name) for name in WALK)
    ]


@pytest.fixture()
def unbroken(toy):
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


@pytest.mark.parametrize(
    ("wrong", "error", "says"),
    [
        ("never-starts", BackendDied, "last words: 'no licence'"),
        ("never-opens", BackendStalled, "no answer within 0.5 s"),
    ],
)
def test_a_backend_that_does_not_start_is_said_so_at_once(tmp_path, wrong, error, says):
    command = shlex.join(
        [sys.executable, str(TOY), "--wrong", wrong, "--count", str(tmp_path / "lives")]
    )
    begun = time.monotonic()
    with pytest.raises(error, match="starting") as caught:
        make_controller(command, deadlines=Deadlines(start=0.5 if "opens" in wrong else 9.0))
    assert says in str(caught.value) and time.monotonic() - begun < 8.0


def test_an_executable_needs_no_home(tmp_path):
    command = shlex.join([sys.executable, str(TOY), "--count", str(tmp_path / "lives")])
    code = (
        "from envs.backends import make_controller\n"
        f"c = make_controller({command!r}, supervised=True)\n"
        "print(bool(c.step('MoveAhead')))\nc.stop()"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=TOY.parents[1],
        timeout=60,
        check=False,
        env={**os.environ, "HOME": "/proc/nowhere"},
    )
    assert done.stdout == "True\n", done.stderr


@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "text/plain"])
def test_garbage_over_http_is_told_from_silence(kind):
    code = (
        "import os, time, urllib.request\n"
        "url = 'http://%(AI2THOR_HOST)s:%(AI2THOR_PORT)s/train' % os.environ\n"
        f"request = urllib.request.Request(url, b'junk', {{'Content-Type': {kind!r}}})\n"
        "try:\n    urllib.request.urlopen(request)\nexcept OSError:\n    pass\n"
        "time.sleep(1000)"
    )
    threads = threading.active_count()
    with pytest.raises(BackendGarbage, match="the client can't read its answer"):
        make_controller(
            shlex.join([sys.executable, "-c", code]), deadlines=QUICK, server_class=WsgiServer
        )
    assert threading.active_count() <= threads


@pytest.mark.slow
def test_a_stopped_simulator_over_http_is_restarted():
    controller = make_controller(
        EXECUTABLE, deadlines=Deadlines(step=4.0), width=64, height=48, server_class=WsgiServer
    )
    try:
        os.kill(controller.unity_pid, signal.SIGSTOP)
        assert controller.step("RotateRight").frame.shape == (48, 64, 3)
        assert [r.kind for r in controller.recoveries] == ["stalled"]
    finally:
        controller.stop()


@pytest.mark.parametrize("seconds", [0, -1.0, float("nan"), float("inf")])
def test_deadlines_that_never_come_are_refused(seconds):
    with pytest.raises(ValueError, match="step deadline"):
        Deadlines(step=seconds)


def test_a_program_that_forgets_to_stop_leaves_nothing_behind(tmp_path):
    command = shlex.join([sys.executable, str(TOY), "--count", str(tmp_path / "lives")])
    code = (
        "from envs.backends import make_controller\n"
        f"c = make_controller({command!r}, supervised=True)\n"
        "print(c.unity_pid)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=TOY.parents[1],
        timeout=60,
        check=True,
    )
    assert not psutil.pid_exists(int(done.stdout))


def test_a_program_that_is_killed_leaves_nothing_behind(tmp_path):
    command = shlex.join(
        [
            sys.executable,
            str(TOY),
            "--wrong",
            "stall",
            "--at",
            "1",
            "--count",
            str(tmp_path / "lives"),
        ]
    )
    code = (
        "import os, signal, threading, time\n"
        "from envs.backends import make_controller\n"
        f"c = make_controller({command!r}, supervised=True)\n"
        "threading.Thread(target=c.step, args=('Pass',), daemon=True).start()\n"
        "time.sleep(0.5)\n"
        "print(c.unity_pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=TOY.parents[1],
        timeout=60,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL
    end = time.monotonic() + 5.0
    while _lives(int(done.stdout)):
        assert time.monotonic() < end, "the backend outlived its client"
        time.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_states_are_the_same_up_to_what_physics_may_differ_by(toy):
    controller = toy()
    before = controller.step("MoveAhead").metadata
    near = {**before, "agent": {**before["agent"], "position": {"x": 0.0, "y": 0.9, "z": 0.255}}}
    assert difference(before, near) == "" and difference(before, before) == ""
    assert state_hash(before) == state_hash(dict(before))
    turned = controller.step("RotateRight").metadata
    assert difference(before, turned) == "the agent's rotation differs by 90 degrees"
    opened = controller.step("OpenObject").metadata
    assert difference(turned, opened) == "Box|+00.00|+00.90|+02.00 has isOpen True, not False"
    assert len({state_hash(m) for m in (before, turned, opened)}) == 3
    assert "only one" in difference(before, {**before, "objects": []})


@pytest.mark.slow
@pytest.mark.parametrize("server", ["fifo", "wsgi"])
def test_the_simulators_executable_killed_midway_shows_the_same_pictures(server):
    options = {"server_class": WsgiServer} if server == "wsgi" else {}
    controller = make_controller(
        EXECUTABLE, scene="FloorPlan1", supervised=True, width=64, height=48, **options
    )
    names = ("RotateRight", "MoveAhead", "LookDown", "MoveBack", "RotateLeft", "Pass")

    def seen(killed: tuple[int, ...]) -> list:
        controller.reset("FloorPlan2", renderInstanceSegmentation=True, renderDepthImage=True)
        controller.step("InitialRandomSpawn", randomSeed=4, renderImage=False)
        events = []
        for number, name in enumerate(names):
            if number in killed:
                os.kill(controller.unity_pid, signal.SIGKILL)
            events.append(controller.step(name))
        return [
            (
                e.frame.tobytes(),
                e.depth_frame.tobytes(),
                e.instance_segmentation_frame.tobytes(),
                e.metadata["objects"],
            )
            for e in events
        ]

    try:
        assert seen(()) == seen((1, 4))
        assert [r.replayed for r in controller.recoveries] == [2, 5]
    finally:
        controller.stop()


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
