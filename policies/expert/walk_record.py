"""What one episode's walk in primitive moves goes by: its strides, and what was looked at."""

from __future__ import annotations

import math
from typing import Any

from policies.expert.strides import Strides

# Views from within so many metres are as good as from here: little else is seen from a step aside.
AROUND = 1.5
TURNS = (90, 180, 270)


class WalkRecord:
    """One episode's.

    Args:
        controller: Any backend's, in the agent's present room.
        move: Metres of a move.

    Attributes:
        strides: Where moves lead.
        noticed: Ids of what has come into view.
    """

    def __init__(self, controller: Any, move: float) -> None:
        self.strides = Strides(controller, move)
        self.noticed: set[str] = set()
        self._looked: list[tuple[float, float, int]] = []

    def unlooked(self) -> tuple[int, ...]:
        """By how many degrees to the right to turn for a view not had around here; now it is."""
        x, z, yaw = self.strides.pose
        if (x, z, yaw) not in self._looked:
            self._looked.append((x, z, yaw))
        near = [one for one in self._looked if math.dist(one[:2], (x, z)) < AROUND]
        known = {turned for _, _, turned in near}
        return tuple(turn for turn in TURNS if (yaw + turn) % 360 not in known)
