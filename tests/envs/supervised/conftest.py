"""A toy backend that goes wrong on request, for tests of supervision."""

from __future__ import annotations

import os
import shlex
import sys
import time
from pathlib import Path

import psutil
import pytest

from envs.backends import make_controller
from envs.supervised.controller import Deadlines, SupervisedController

TOY = Path(__file__).resolve().parents[2] / "toy_backend.py"
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
                above = [p.pid for p in process.parents()]
                if (
                    process.pid not in before
                    and process.status() != psutil.STATUS_ZOMBIE
                    and not _is_of_another_worker(above, mine)
                    and (mine in above or words == ["sleep", "1000"] or str(TOY) in words)
                ):
                    left.append(words)
            except psutil.Error:
                continue
        if not left:
            return
        assert time.monotonic() < end, f"left running: {left}"
        time.sleep(0.05)


def _is_of_another_worker(above: list[int], mine: int) -> bool:
    """Whether a process with these ancestors belongs to tests that run beside this process's."""
    side_by_side = "PYTEST_XDIST_WORKER" in os.environ
    return side_by_side and os.getppid() in above and mine not in above


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
