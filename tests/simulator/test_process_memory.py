"""Memory that was freed goes back to the system."""

import subprocess
import sys

import pytest

from envs.simulator.process_memory import resident_mb, return_freed


def test_what_is_held_counts_and_what_was_freed_goes_back():
    return_freed()
    before = resident_mb()
    blocks = [bytes(2000) for _ in range(100_000)]
    held = resident_mb()
    assert held - before > 150
    # Every hundredth stays, so that the heap's top stays up.
    kept = blocks[::100]
    del blocks
    if not return_freed():
        pytest.skip("this C library cannot return memory")
    assert resident_mb() - before < 0.25 * (held - before)
    assert len(kept) == 1000


LARGE = """
import numpy as np
from envs.simulator.process_memory import map_large_blocks, resident_mb
told = {told} and map_large_blocks()
first = np.ones(30 * 2**20, np.uint8)  # when it goes, glibc keeps blocks up to its size
del first
before = resident_mb()
large = np.ones(20 * 2**20, np.uint8)
above = [bytes(2000) for _ in range(10_000)]
del large
print(told, resident_mb() - before)
"""


def test_a_large_block_goes_when_it_is_freed_though_others_came_after_it():
    def left(told: bool) -> tuple[bool, float]:
        done = subprocess.run([sys.executable, "-c", LARGE.format(told=told)], check=True,
                              capture_output=True, text=True)
        took, megabytes = done.stdout.split()
        return took == "True", float(megabytes)

    took, megabytes = left(True)
    if not took:
        pytest.skip("this C library cannot be told so")
    assert megabytes < left(False)[1] - 15
