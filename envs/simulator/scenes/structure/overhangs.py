"""Where a counter reaches over the cupboards under it."""

from __future__ import annotations

import numpy as np

from envs.simulator.scenes.records import Rectangle

# Farthest that a counter reaches over the front of a cupboard, metres.
_OVERHANG = 0.1
# Farthest that it reaches over the side of one that stands at its end, metres.
_LEDGE = 0.06


def overhangs(
    rectangles: list[Rectangle], fronts: list[tuple[np.ndarray, np.ndarray, float]]
) -> list[Rectangle]:
    """Strips (x0, z0, x1, z1) along a counter's ends that reach over the cupboards under it.

    The base stands back there as the cupboards do, or it would hide their fronts. At their sides it
    closes the counter's end, unless a cupboard's own side all but does: AI2-THOR 5.0.0 sees
    cupboards there from the end (FloorPlan5).

    Args:
        rectangles: What the counter covers.
        fronts: Corners (3,), (3,) of the cupboards and drawers under it, and their fronts' yaw.
    """
    strips: list[Rectangle] = []
    for a, b, yaw in fronts:
        low, high = a[[0, 2]], b[[0, 2]]
        front = ((1, 1), (0, 1), (1, 0), (0, 0))[round(yaw / 90) % 4]
        for axis, end in (front, (1 - front[0], 0), (1 - front[0], 1)):
            ahead = (axis, end) == front
            side = float((low, high)[end][axis])
            sign = 2 * end - 1
            point = (low + high) / 2
            point[axis] = side + sign * 0.003
            for r in rectangles:
                if not _covered([r], point):
                    continue
                edge = r[axis + 2 * end]
                beyond = point.copy()
                beyond[axis] = edge + sign * 0.02
                farthest = _OVERHANG if ahead else _LEDGE
                if not 0.004 < sign * (edge - side) < farthest or _covered(rectangles, beyond):
                    continue
                strip = list(r)
                strip[axis + 2 * (1 - end)] = side
                if not ahead:
                    # No longer than the cupboard is deep.
                    strip[1 - axis], strip[3 - axis] = float(low[1 - axis]), float(high[1 - axis])
                strips.append((strip[0], strip[1], strip[2], strip[3]))
    return strips


def _covered(rectangles: list[Rectangle], point: np.ndarray) -> bool:
    return any(r[0] < point[0] < r[2] and r[1] < point[1] < r[3] for r in rectangles)
