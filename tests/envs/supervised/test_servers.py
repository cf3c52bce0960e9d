"""Backends over pipes and HTTP: starts that fail, garbage, silence, a kill midway."""

from __future__ import annotations

import os
import shlex
import signal
import sys
import threading
import time

import pytest
from ai2thor.wsgi_server import WsgiServer

from envs.backends import make_controller
from envs.supervised.controller import Deadlines
from envs.supervised.errors import BackendDied, BackendGarbage, BackendStalled
from tests.envs.supervised.toys import QUICK, TOY
from tests.ways import EXECUTABLE


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
