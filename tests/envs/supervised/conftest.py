"""What tests of supervision share: a toy backend, and that no process is left behind."""

from __future__ import annotations

import os
import time

import psutil
import pytest

from tests.envs.supervised.toys import TOY, toys


@pytest.fixture(autouse=True)
def strays():
    """No test may leave a process behind."""
    before = set(psutil.pids())
    yield
    mine = os.getpid()
    end = time.monotonic() + 3.0
    while True:
        left = []
        for process in psutil.process_iter():
            if process.pid in before:
                continue
            try:
                words = process.cmdline()
                above = [p.pid for p in process.parents()]
                if (
                    process.status() != psutil.STATUS_ZOMBIE
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
    with toys(tmp_path) as make:
        yield make
