"""Doors and door frames of a house: a frame that lines the hole, and a leaf on hinges.

In the object frame x runs across the doorway and +z is the side the leaf opens to.
"""

from __future__ import annotations

import zlib

import numpy as np

from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Color, Mesh

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
        inner = x - frame - 0.005
        two = "double" in asset.lower()
        edges = ((-inner, 0.004 if two else inner), (inner, -0.004)) if two else ((-inner, inner),)
        for hung, free in edges:
            _leaf(maker, hung, free, paint, grain)
    return maker.mesh(fit=False)


def _leaf(maker: Maker, hung: float, free: float, paint: Color, grain: str | None) -> None:
    """A leaf from its hinges at x = ``hung`` to ``free``, with a handle on both sides."""
    _, y, z = (float(v) for v in maker.half)
    thick = min(LEAF, z)
    # Positive angles turn x away from the front: a leaf hung on the left turns back to open.
    side = 1.0 if free > hung else -1.0
    hinge = maker.hinge((hung, 0, z), (0, 1, 0), -SWING * side)
    maker.span(
        (hung, -y + 0.008, z - thick),
        (free, y - FRAME - 0.005, z),
        paint,
        texture=grain,
        joint=hinge,
        cell=0.6,
    )
    at = free - side * 0.08
    for face, out in ((z, 0.05), (z - thick, -0.05)):
        maker.span((at - 0.03, -0.03, face), (at + 0.03, 0.01, face + out), _METAL, joint=hinge)
