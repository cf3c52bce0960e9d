"""The grid of AI2-THOR's reachable positions: square cells on multiples of a quarter metre."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

# Edge of a cell, metres.
CELL = 0.25
# Steps to the four cells beside one.
NEIGHBOURS = ((1, 0), (-1, 0), (0, 1), (0, -1))
Cell = tuple[int, int]


def cell_of(place: np.ndarray | Sequence[float]) -> Cell:
    """The cell nearest to a place (2,), x and z in metres."""
    return round(float(place[0]) / CELL), round(float(place[1]) / CELL)
