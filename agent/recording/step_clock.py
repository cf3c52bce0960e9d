"""Splits the time of a step between policy and world."""

from __future__ import annotations

import time


class StepClock:
    """Runs from when it is made.

    Attributes:
        policy: Seconds added up for the policy.
        world: Seconds added up for the world.
    """

    def __init__(self) -> None:
        self.policy = self.world = 0.0
        self._last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap."""
        before, self._last = self._last, time.perf_counter()
        return self._last - before
