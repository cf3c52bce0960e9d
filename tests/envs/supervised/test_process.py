"""A backend needs no home, and no program leaves one running behind it."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time

import psutil

from tests.envs.supervised.toys import TOY


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
