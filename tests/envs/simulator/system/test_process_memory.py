"""Memory that was freed goes back to the system."""

import subprocess
import sys

import pytest

FREED = """
from envs.simulator.system.process_memory import resident_mb, return_freed
before = resident_mb()
blocks = [bytes(2000) for _ in range(100_000)]
held = resident_mb() - before
kept = blocks[::100]  # so that the heap's top stays up
del blocks
print(return_freed(), held, resident_mb() - before)
"""
LARGE = """
import numpy as np
from envs.simulator.system.process_memory import map_large_blocks, resident_mb
told = {told} and map_large_blocks()
first = np.ones(30 * 2**20, np.uint8)  # when it goes, glibc keeps blocks up to its size
del first
before = resident_mb()
large = np.ones(20 * 2**20, np.uint8)
above = [bytes(2000) for _ in range(10_000)]
del large
print(told, resident_mb() - before)
"""


def run(script: str) -> tuple[bool, list[float]]:
    """What it prints in a process of its own: another's heap has holes already."""
    done = subprocess.run(
        [sys.executable, "-c", script], check=True, capture_output=True, text=True
    )
    could, *megabytes = done.stdout.split()
    return could == "True", [float(word) for word in megabytes]


def test_what_is_held_counts_and_what_was_freed_goes_back():
    could, (held, left) = run(FREED)
    assert held > 150
    if not could:
        pytest.skip("this C library cannot return memory")
    assert left < 0.25 * held


def test_a_large_block_goes_when_it_is_freed_though_others_came_after_it():
    could, (left,) = run(LARGE.format(told=True))
    if not could:
        pytest.skip("this C library cannot be told so")
    _, (usual,) = run(LARGE.format(told=False))
    assert left < usual - 15
