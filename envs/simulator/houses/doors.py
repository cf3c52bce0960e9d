"""Doors and door frames of a house: a frame that lines the hole, and a leaf on hinges.

In the object frame x runs across the doorway and +z is the side the leaf opens to.
"""

from __future__ import annotations

import zlib

import numpy as np

from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Mesh

FRAME = 0.05
LEAF = 0.035
SWING = 90.0
_PAINTS = (
    ((0.93, 0.92, 0.90), None),
    ((0.60, 0.43, 0.30), "wood"),
    ((0.42, 0.29, 0.21), "wood"),
    ((0.74, 0.58, 0.42), "wood"),
)
_METAL = (0.72, 0.71, 0.68)


def door_mesh(size: tuple[float, float, float], asset: str, leaf: bool) -> Mesh:
    """A door fitted to its box, metres; without a leaf it is a bare frame."""
    pick = zlib.crc32(asset.encode())
    paint, grain = _PAINTS[pick % len(_PAINTS)]
    maker = Maker(size, pick)
    x, y, z = (float(v) for v in np.asarray(size) / 2)
    frame = min(FRAME, x / 4)
    maker.span((-x, -y, -z), (-x + frame, y, z), paint, texture=grain)
    maker.span((x - frame, -y, -z), (x, y, z), paint, texture=grain)
    maker.span((-x + frame, y - frame, -z), (x - frame, y, z), paint, texture=grain)
    if leaf:
        edge, thick = -x + frame + 0.005, min(LEAF, z)
        # Positive angles turn x away from the front, so a leaf that opens forward turns back.
        hinge = maker.hinge((edge, 0, z), (0, 1, 0), -SWING)
        right = x - frame - 0.005
        maker.span(
            (edge, -y + 0.008, z - thick), (right, y - frame - 0.005, z), paint, texture=grain,
            joint=hinge, cell=0.6,
        )
        for side in (z, z - thick):
            reach = 0.05 if side == z else -0.05
            low, high = sorted((side, side + reach))
            maker.span(
                (right - 0.11, -0.03, low), (right - 0.05, 0.01, high), _METAL, joint=hinge
            )
    return maker.mesh(fit=False)
