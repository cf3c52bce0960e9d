"""What decorates a room: vases and the like."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
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
    """A patterned floor vase with branches in bloom."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    r = 0.72 * min(x, z)
    glaze, band = m.one_of(
        ((0.20, 0.34, 0.62), (0.95, 0.94, 0.90)),
        ((0.93, 0.91, 0.86), (0.70, 0.52, 0.22)),
        ((0.55, 0.22, 0.18), (0.92, 0.80, 0.55)),
    )
    profile = [(0, -1), (0.6, -1), (0.66, -0.97), (1, -0.62), (0.92, -0.38), (0.5, -0.16)]
    profile += [(0.44, -0.08), (0.62, 0.0), (0.52, 0.0), (0.3, -0.1), (0, -0.2)]
    m.lathe([(a * r, b * y) for a, b in profile], glaze, 18, sharp=70)
    for low, high, outer in ((-0.68, -0.62, (0.95, 1.02)), (-0.46, -0.40, (1.0, 0.96))):
        rows = [(outer[0] * r * 1.02, low * y), (outer[1] * r * 1.02, high * y)]
        m.lathe(rows, band, 18, sharp=90)
    for k in range(8):
        a = np.pi * k / 4
        at = (0.99 * r * np.cos(a), -0.54 * y, 0.99 * r * np.sin(a))
        m.ball(at, (0.13 * r, 0.035 * y, 0.13 * r), band, segments=6, rings=4)
    blossom = m.pick((0.94, 0.58, 0.66), (0.98, 0.96, 0.92), (0.96, 0.78, 0.36))
    for k in range(7):
        a, lean = 2.4 * k, 0.30 + 0.7 * float(m.rng.random())
        tip = (
            lean * x * np.cos(a),
            y * (0.66 + 0.34 * float(m.rng.random())),
            lean * z * np.sin(a),
        )
        knee = (0.3 * tip[0], 0.45 * tip[1], 0.3 * tip[2])
        m.tube([(0, -0.1 * y, 0), knee, tip], 0.007, (0.36, 0.26, 0.18), 4)
        for j in range(6):
            t = 0.25 + 0.15 * j
            side = 0.07 * (-1) ** j
            at = (
                knee[0] + t * (tip[0] - knee[0]) + side * x,
                knee[1] + t * (tip[1] - knee[1]),
                knee[2] + t * (tip[2] - knee[2]) - side * z,
            )
            m.ball(at, (0.10 * x, 0.028 * y, 0.10 * z), blossom, segments=5, rings=3)
    return m.mesh()


def table_top_decor(size: tuple, seed: int) -> Mesh:
    """A centrepiece: woven balls and a gilded one on a tray with handles."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    tray = m.pick((0.34, 0.20, 0.12), (0.16, 0.16, 0.17), (0.86, 0.84, 0.80))
    a = np.linspace(0, 2 * np.pi, 29)[:-1]
    oval = np.stack([x * np.cos(a), z * np.sin(a)], 1)
    m.prism(oval * 0.9, -y, -0.9 * y, darker(tray, 0.85), axis=1, texture="wood")
    rim = np.concatenate([oval, oval[:1]])
    rows = [[(u * s, h * y, v * s) for u, v in rim] for h, s in ((-0.95, 0.88), (-0.62, 1.0))]
    m.sheet(np.array(rows), tray, "wood")
    balls = (
        (-0.48, 0.06, (0.62, 0.46, 0.28), "wicker"),
        (0.10, -0.34, (0.90, 0.87, 0.80), "wicker"),
        (0.52, 0.14, (0.86, 0.68, 0.26), None),
        (0.02, 0.42, (0.36, 0.50, 0.50), "wicker"),
    )
    for k, (u, v, color, texture) in enumerate(balls):
        r = (1.0, 0.9, 0.74, 0.60)[k] * min(0.95 * y, 0.38 * min(x, z))
        m.ball((u * x, -0.9 * y + r, v * z), (r, r, r), color, texture, 14, 9)
    top = -0.9 * y + 2 * min(0.95 * y, 0.38 * min(x, z))
    if top < 0.9 * y:
        # A taper fills a high box.
        m.rod((-0.1 * x, -0.2 * y, 0.05 * z), 0.07 * x, 1.6 * y, (0.95, 0.92, 0.84), segments=10)
        m.rod((-0.1 * x, 0.8 * y, 0.05 * z), 0.01 * x, 0.4 * y, (0.1, 0.1, 0.1), segments=5)
    return m.mesh()


BUILDERS = {
    "Vase": vase,
    "RoomDecor": room_decor,
    "TableTopDecor": table_top_decor,
}
