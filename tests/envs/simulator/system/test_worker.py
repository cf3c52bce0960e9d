"""A worker is gone, without a word, when its parent is, however that ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from envs.simulator.system.worker import Worker
from tests.sources import ROOT

PARENT = """
import time
from envs.simulator.system.worker import Worker
from tests.envs.simulator.system.test_worker import dawdle
worker = Worker(dawdle, {folder!r})
print(worker.pid, flush=True)
time.sleep(60)
"""


def dawdle(connection, folder: str) -> None:
    """A worker that says that it has begun, and is busy for long."""
    Path(folder, "begun").touch()
    time.sleep(60)


def echo(connection, word: str) -> None:
    """A worker that gives back what it is sent, and its first word."""
    while (said := connection.recv()) is not None:
        connection.send((word, said))


@pytest.mark.parametrize("begun", [False, True], ids=["while it starts", "while it works"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_worker_ends_with_its_parent(tmp_path, begun, number):
    with (tmp_path / "said").open("w") as said:
        parent = subprocess.Popen(
            [sys.executable, "-c", PARENT.format(folder=str(tmp_path))],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    assert parent.stdout is not None
    worker = psutil.Process(int(parent.stdout.readline()))
    while begun and not (tmp_path / "begun").exists():
        time.sleep(0.02)
    parent.send_signal(number)
    parent.communicate()
    gone, _ = psutil.wait_procs([worker], timeout=2)
    assert gone
    assert (tmp_path / "said").read_text() == ""


def test_a_worker_works_and_ends_when_asked():
    worker = Worker(echo, "yes")
    worker.send(3)
    assert worker.connection.recv() == ("yes", 3)
    os.kill(worker.pid, signal.SIGINT)  # as Ctrl-C sends it to all of a terminal
    worker.send(4)
    assert worker.connection.recv() == ("yes", 4)
    worker.end()
    assert worker.exit_code == 0


def test_a_killed_worker_is_heard_of_at_once():
    worker = Worker(echo, "yes")
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.connection.poll(5)
    worker.send("nobody hears it")
    worker.end()
    assert worker.exit_code == -signal.SIGKILL
