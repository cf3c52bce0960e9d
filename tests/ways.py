"""Controllers by every way into the embedded simulator, for tests."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

from ai2thor.controller import Controller
from ai2thor.wsgi_server import WsgiServer

from envs.backends import make_controller

ROOT = Path(__file__).resolve().parents[1]
# The tree under test, whatever else is installed and wherever the test runs.
EXECUTABLE = shlex.join(["env", f"PYTHONPATH={ROOT}", sys.executable, "-m", "envs.simulator"])
WAYS = ("in-process", "fifo", "wsgi", "supervised", "supervised-wsgi")


def open_controller(way: str, **options) -> Controller:
    """A controller on the embedded simulator by one of ``WAYS``."""
    options = {"scene": "FloorPlan1", "server_timeout": 60.0, **options}
    if way == "in-process":
        return make_controller("embedded", **options)
    if way.endswith("wsgi"):
        options["server_class"] = WsgiServer
    if way.startswith("supervised"):
        return make_controller(EXECUTABLE, supervised=True, **options)
    return Controller(local_executable_path=EXECUTABLE, x_display="0", **options)
