"""Floor under the boxes of counters: in their inner corners, and before the cupboards in them.

The box of a counter that goes round a corner covers floor too. Recorded positions show most of it,
but keep a distance to the counter's front. A cell beside them is floor as well if nothing recorded
stands on it, above it or in it, and if enough of the counter is left behind it. And no counter
reaches further out than the fronts of the cupboards and drawers under it.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS
from envs.simulator.core.grid import CELL, NEIGHBOURS, Cell, cell_of

RINGS = 2
# Least depth of a counter, and how far what stands on it may reach over its front, metres.
DEPTH, OVERHANG = 0.5, 0.03
_HIGH = 1.4
# Farthest recorded position before a cupboard's front, metres.
FRONT_TO_FLOOR = 0.8


def floor_beside(
    packed: dict,
    others: list[dict],
    inside: np.ndarray,
    grid: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
) -> np.ndarray:
    """More free positions (K, 2) within the box of a counter or table, x and z in metres.

    Args:
        packed: The counter's packed record.
        others: Packed records of everything in the room.
        inside: Recorded positions (N, 2) within its box.
        grid: All recorded positions (M, 2).
        low: Corner (2,) of the box on the floor plan.
        high: The opposite corner.
    """
    evidence = [
        (
            np.array([o["center"][0], o["center"][2]]),
            np.array([o["size"][0], o["size"][2]]) / 2 - OVERHANG,
        )
        for o in others
        if o is not packed
        and o["type"] not in ("Floor", "Window", "CounterTop", "Curtains", "Blinds")
        and o["center"][1] - o["size"][1] / 2 < _HIGH
    ]
    middles = np.array([m for m, _ in evidence]).reshape(-1, 2)
    halves = np.array([h for _, h in evidence]).reshape(-1, 2)
    known = {cell_of(point) for point in grid}
    ring = [cell_of(point) for point in inside]
    found: list[Cell] = []
    for _ in range(RINGS):
        fresh = []
        for i, j in ring:
            for di, dj in NEIGHBOURS:
                key = (i + di, j + dj)
                point = np.array(key) * CELL
                if key in known or not ((point > low) & (point < high)).all():
                    continue
                step = np.array([di, dj], dtype=float)
                edge = high if (di, dj) > (0, 0) else low
                left = abs(float((edge - point) @ step)) - AGENT_RADIUS
                gap = np.abs(middles - point) - halves
                if left >= DEPTH and not (gap < AGENT_RADIUS).all(1).any():
                    known.add(key)
                    fresh.append(key)
        found += fresh
        ring = fresh
    return np.array(found, dtype=float).reshape(-1, 2) * CELL


def floor_before(
    cupboards: list[tuple[dict, int]], grid: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Corners (2,) and (2,) on the floor plan of what lies before cupboard fronts, up to the floor.

    Args:
        cupboards: Packed records of cupboards and drawers under a top, each with its front's yaw.
        grid: Recorded positions (M, 2).
    """
    strips = []
    for packed, yaw in cupboards:
        center = np.array([packed["center"][0], packed["center"][2]])
        half = np.array([packed["size"][0], packed["size"][2]]) / 2
        ahead = np.array([np.sin(np.radians(yaw)), np.cos(np.radians(yaw))]).round()
        aside = np.array([ahead[1], -ahead[0]])
        along = (grid - center) @ ahead - float(half @ np.abs(ahead))
        across = np.abs((grid - center) @ aside) - float(half @ np.abs(aside))
        reached = along[(along > 0) & (along < FRONT_TO_FLOOR) & (across < AGENT_RADIUS)]
        if not len(reached):
            continue
        edge = center + ahead * (half @ np.abs(ahead) + OVERHANG)
        far = center + ahead * (half @ np.abs(ahead) + max(float(reached.min()), OVERHANG))
        wide = np.abs(aside) * (float(half @ np.abs(aside)) - 0.01)
        ends = np.array([edge - wide, edge + wide, far - wide, far + wide])
        strips.append((ends.min(0), ends.max(0)))
    return strips
