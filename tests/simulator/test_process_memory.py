"""Memory that was freed goes back to the system."""

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
