"""Toys and clothes that lie about."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker, paler
from envs.simulator.meshes.mesh import Color, Mesh

_FUR: tuple[Color, ...] = (
    (0.62, 0.42, 0.24),
    (0.82, 0.68, 0.48),
    (0.90, 0.88, 0.84),
    (0.42, 0.28, 0.18),
)


def teddy_bear(size: tuple, seed: int) -> Mesh:
    """Sitting, looking to +z."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    fur = m.pick(*_FUR)
    pale = paler(fur, 0.18)
    m.ball((0, -0.38 * y, -0.15 * z), (0.62 * x, 0.55 * y, 0.62 * z), fur, "carpet", 10, 7)
    m.ball((0, -0.42 * y, 0.12 * z), (0.40 * x, 0.38 * y, 0.42 * z), pale, "carpet", 8, 5)
    m.ball((0, 0.42 * y, -0.1 * z), (0.56 * x, 0.44 * y, 0.52 * z), fur, "carpet", 10, 7)
    m.ball((0, 0.30 * y, 0.32 * z), (0.25 * x, 0.18 * y, 0.22 * z), pale, "carpet", 8, 5)
    dark = (0.08, 0.06, 0.05)
    m.ball((0, 0.38 * y, 0.52 * z), (0.09 * x, 0.06 * y, 0.06 * z), dark, segments=8, rings=4)
    for a in (-1, 1):
        m.ball(
            (a * 0.22 * x, 0.53 * y, 0.36 * z),
            (0.06 * x, 0.05 * y, 0.05 * z),
            dark,
            segments=6,
            rings=4,
        )
        m.ball(
            (a * 0.44 * x, 0.78 * y, -0.1 * z), (0.20 * x, 0.20 * y, 0.12 * z), fur, "carpet", 8, 6
        )
        m.ball(
            (a * 0.44 * x, 0.77 * y, 0.0), (0.11 * x, 0.11 * y, 0.06 * z), pale, segments=7, rings=4
        )
        m.ball(
            (a * 0.66 * x, -0.20 * y, 0.15 * z), (0.24 * x, 0.40 * y, 0.24 * z), fur, "carpet", 8, 6
        )
        m.ball(
            (a * 0.50 * x, -0.80 * y, 0.50 * z),
            (0.26 * x, 0.20 * y, 0.50 * z),
            fur,
            "carpet",
            10,
            6,
        )
        m.ball(
            (a * 0.50 * x, -0.78 * y, 0.95 * z),
            (0.20 * x, 0.20 * y, 0.06 * z),
            pale,
            segments=7,
            rings=4,
        )
    if m.chance(0.4):
        m.ball(
            (0, 0.06 * y, 0.30 * z),
            (0.22 * x, 0.09 * y, 0.08 * z),
            (0.80, 0.15, 0.18),
            segments=8,
            rings=4,
        )
    return m.mesh()


def boots(size: tuple, seed: int) -> Mesh:
    """A pair of high boots side by side, toes to +z."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    rubber = m.pick((0.20, 0.36, 0.26), (0.62, 0.16, 0.14), (0.16, 0.16, 0.18), (0.85, 0.70, 0.20))
    for a in (-1, 1):
        at = a * 0.52 * x
        w = 0.44 * x
        m.lathe(
            [
                (0, -0.9 * y),
                (0.92, -0.9 * y),
                (0.8, -0.4 * y),
                (1.0, 0.8 * y),
                (1.04, y),
                (0.9, y),
                (0.7, -0.3 * y),
                (0, -0.5 * y),
            ],
            rubber,
            12,
            sharp=70,
        )
        part = m.parts[-1]
        part.vertices[:] = part.vertices * (w, 1, 0.52 * z) + (at, 0, -0.44 * z)
        m.ball((at, -0.9 * y, 0.12 * z), (w, 0.36 * y, 0.86 * z), rubber, segments=10, rings=6)
        foot = m.parts[-1].vertices
        foot[:, 1] = np.maximum(foot[:, 1], -0.94 * y)
        m.cushion(
            (at, -0.95 * y, 0.02 * z), (2 * w, 0.1 * y, 1.96 * z), (0.10, 0.10, 0.10), None, 0.02
        )
        m.ring((at, 0.97 * y, -0.44 * z), 0.95 * w, 0.05 * w, darker(rubber, 0.7), segments=12)
    return m.mesh()


BUILDERS = {
    "TeddyBear": teddy_bear,
    "Boots": boots,
}
