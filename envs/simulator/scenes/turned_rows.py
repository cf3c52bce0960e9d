"""Rows of drawers and cupboards that stand at an angle to the room.

Their recorded boxes are square to the room, and their recorded yaw does not tell the angle: the row
does. Neighbours of one size stand side by side, so the line through their middles is the row's
direction, their distance its members' width, and a box's sides give the depth that turns into it.
"""

from __future__ import annotations

import math
from itertools import combinations

import numpy as np

from envs.simulator.core.geometry import Triple, triple
from envs.simulator.scenes.frames import box_before_turn, forward

_TYPES = ("Drawer", "Cabinet")
# Boxes of one row differ by less than this, and those of neighbours overlap by more, metres.
_ALIKE, _OVERLAP = 0.03, 0.05
# Rows run at least this much aslant, degrees.
_ASLANT = 15.0

Frame = tuple[Triple, Triple]


def turned_rows(packed: list[dict], grid: np.ndarray) -> dict[str, Frame]:
    """By id of a drawer or cupboard in a turned row: its size and Euler angles.

    Args:
        packed: Everything in the room.
        grid: Recorded positions (M, 2), which are before the fronts.
    """
    drawers = [o for o in packed if o["type"] == "Drawer" and "obb" not in o]
    found: dict[str, Frame] = {}
    for row in _rows(drawers):
        middles = np.array([_middle(o) for o in row])
        away = middles - middles.mean(0)
        along = np.linalg.svd(away)[2][0]
        steps = np.diff(np.sort(away @ along))
        wide, yaw = float(np.median(steps)), math.degrees(math.atan2(along[0], along[1])) + 90
        before = grid[np.abs(grid - middles.mean(0)).max(1) < 1.2] - middles.mean(0)
        if len(before) and (before @ forward(yaw)).mean() < 0:
            yaw += 180
        frame = _frame(row[0], wide, yaw)
        found.update({o["id"]: frame for o in row})
        for other in packed:
            if other["type"] == "Cabinet" and "obb" not in other and _under(other, row):
                found[other["id"]] = _frame(other, wide, yaw)
    return found


def _rows(drawers: list[dict]) -> list[list[dict]]:
    """Drawers of one size whose boxes cut into one another aslant, row by row."""
    joined = {i: {i} for i in range(len(drawers))}
    for i, j in combinations(range(len(drawers)), 2):
        a, b = drawers[i], drawers[j]
        alike = np.abs(np.subtract(a["size"], b["size"])).max() < _ALIKE
        level = abs(a["center"][1] - b["center"][1]) < _ALIKE
        gap = np.abs(_middle(a) - _middle(b))
        overlap = (_side(a) + _side(b)) / 2 - gap
        aslant = math.degrees(math.atan2(gap.min(), max(gap.max(), 1e-6))) > _ASLANT
        if alike and level and aslant and (overlap > _OVERLAP).all():
            joined[i] |= joined[j]
            for k in joined[i]:
                joined[k] = joined[i]
    return [
        [drawers[k] for k in sorted(s)]
        for s in {id(s): s for s in joined.values()}.values()
        if len(s) > 1
    ]


def _middle(packed: dict) -> np.ndarray:
    return np.array([packed["center"][0], packed["center"][2]])


def _side(packed: dict) -> np.ndarray:
    return np.array([packed["size"][0], packed["size"][2]])


def _under(cupboard: dict, row: list[dict]) -> bool:
    """Whether a cupboard stands right below a drawer of a row."""
    return any(
        (np.abs(_middle(cupboard) - _middle(o)) < _side(o) / 2 - _OVERLAP).all()
        and cupboard["center"][1] < o["center"][1]
        for o in row
    )


def _frame(packed: dict, wide: float, yaw: float) -> Frame:
    """The box that turns into a recorded one, of a width if the sides alone do not tell."""
    x, y, z = packed["size"]
    c, s = abs(math.cos(math.radians(yaw))), abs(math.sin(math.radians(yaw)))
    solved = box_before_turn(x, z, yaw)
    if solved[0] == solved[1]:
        solved = wide, ((x - wide * c) / s + (z - wide * s) / c) / 2
    size = np.maximum((min(solved[0], wide), y, solved[1]), 0.05)
    return triple(size), (0.0, float(yaw % 360), 0.0)
