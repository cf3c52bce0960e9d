"""What decorates a room: vases and the like."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Mesh

# Outlines of vases, (radius, height) from below, of a vase of half extents 1.
_VASES = (
    [
        (0, -1),
        (0.5, -1),
        (1, -0.3),
        (0.85, 0.2),
        (0.4, 0.7),
        (0.55, 1),
        (0.47, 1),
        (0.3, 0.7),
        (0, 0.4),
    ],
    [
        (0, -1),
        (0.6, -1),
        (0.7, -0.9),
        (0.62, 0.3),
        (1.0, 1.0),
        (0.92, 1.0),
        (0.5, 0.2),
        (0, -0.6),
    ],
    [
        (0, -1),
        (0.75, -1),
        (1.0, -0.5),
        (0.95, 0.0),
        (0.25, 0.45),
        (0.22, 0.9),
        (0.34, 1),
        (0.26, 1),
        (0.15, 0.8),
        (0, 0.5),
    ],
    [
        (0, -1),
        (0.85, -1),
        (1.0, -0.8),
        (1.0, 0.9),
        (0.95, 1.0),
        (0.88, 0.9),
        (0.85, -0.7),
        (0, -0.8),
    ],
)


def vase(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    glaze = m.pick(
        (0.25, 0.36, 0.62),
        (0.82, 0.60, 0.35),
        (0.55, 0.22, 0.30),
        (0.86, 0.86, 0.82),
        (0.28, 0.50, 0.46),
    )
    x, y, z = (float(v) for v in m.half)
    profile = _VASES[int(m.rng.integers(4))]
    m.lathe(profile, glaze, 18, sharp=70)
    m.parts[-1].vertices[:] = m.parts[-1].vertices * (x, y, z)
    if m.chance(0.6):
        # A painted band that follows the outline.
        outer = profile[: int(np.argmax([p[1] for p in profile])) + 1]
        heights, radii = [p[1] for p in outer], [p[0] for p in outer]
        band = m.pick((0.94, 0.90, 0.80), (0.20, 0.20, 0.22), (0.80, 0.62, 0.24))
        for at in (-0.45, -0.25):
            rows = [
                (float(np.interp(at + d, heights, radii)) * 1.015, at + d)
                for d in (-0.045, 0, 0.045)
            ]
            m.lathe(rows, band, 18, sharp=90)
            m.parts[-1].vertices[:] = m.parts[-1].vertices * (x, y, z)
    return m.mesh()


def room_decor(size: tuple, seed: int) -> Mesh:
    """A tall vase with dry branches."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    r = 0.62 * min(x, z)
    glaze = m.pick((0.32, 0.26, 0.24), (0.86, 0.84, 0.78), (0.55, 0.30, 0.22))
    m.lathe(
        [
            (0, -y),
            (0.6 * r, -y),
            (r, -0.6 * y),
            (0.7 * r, -0.1 * y),
            (0.45 * r, 0.0),
            (0.6 * r, 0.06 * y),
            (0.5 * r, 0.06 * y),
            (0, -0.1 * y),
        ],
        glaze,
        18,
        sharp=70,
    )
    for k in range(9):
        a, lean = 2.4 * k, 0.35 + 0.65 * float(m.rng.random())
        tip = (lean * x * np.cos(a), y * (0.70 + 0.3 * float(m.rng.random())), lean * z * np.sin(a))
        knee = (0.35 * tip[0], 0.4 * tip[1] + 0.1 * y, 0.35 * tip[2])
        m.tube([(0, -0.05 * y, 0), knee, tip], 0.006, (0.45, 0.34, 0.22), 4)
        m.ball(
            tip,
            (0.09 * x, 0.06 * y, 0.09 * z),
            m.pick((0.86, 0.80, 0.62), (0.75, 0.55, 0.50)),
            "carpet",
            6,
            4,
        )
    return m.mesh()


def table_top_decor(size: tuple, seed: int) -> Mesh:
    """A shallow glass dish of coloured balls."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    m.lathe(
        [(0, -1), (0.4, -1), (0.45, -0.8), (1, 0.2), (0.95, 0.25), (0.4, -0.7), (0, -0.75)],
        (0.55, 0.72, 0.74),
        20,
        sharp=60,
    )
    m.parts[-1].vertices[:] = m.parts[-1].vertices * (x, y, z)
    for k in range(7):
        a, r = 2.4 * k, 0.5 * np.sqrt((k + 0.5) / 7)
        m.ball(
            (r * x * np.cos(a), (0.45 - 0.5 * r) * y + 0.1 * y, r * z * np.sin(a)),
            (0.22 * x, 0.45 * y, 0.22 * x),
            ((0.80, 0.35, 0.25), (0.90, 0.75, 0.35), (0.35, 0.50, 0.60))[k % 3],
            segments=8,
            rings=6,
        )
    return m.mesh()


BUILDERS = {
    "Vase": vase,
    "RoomDecor": room_decor,
    "TableTopDecor": table_top_decor,
}
