"""Statues: busts, figures and beasts."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh


def statue(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    # Stone and metal of one colour all over, so that nobody takes it for a doll.
    stone = m.pick((0.90, 0.89, 0.86), (0.80, 0.77, 0.70), (0.44, 0.34, 0.20), (0.46, 0.56, 0.50))
    wide = max(x, z) / y
    if wide > 0.75:
        _animal(m, stone)
    elif wide > 0.4 and m.chance(0.6):
        _bust(m, stone)
    else:
        _figure(m, stone)
    made = m.mesh()
    return made


def _plinth(m: Maker, top: float) -> None:
    """A square base of two steps with a brass plate on its front."""
    x, y, z = (float(v) for v in m.half)
    step = -y + 0.45 * (top + y)
    m.span((-x, -y, -z), (x, step, z), (0.30, 0.29, 0.28), "marble")
    m.span((-0.84 * x, step, -0.84 * z), (0.84 * x, top, 0.84 * z), (0.38, 0.37, 0.36), "marble")
    middle, tall = (step + top) / 2, top - step
    m.panel((0, middle, 0.845 * z), (0.7 * x, 0.6 * tall), None, "+z", (0.84, 0.68, 0.30))


def _scaled(m: Maker, since: int, by: tuple, at: tuple = (0, 0, 0)) -> None:
    """Stretches what was added since there were so many parts."""
    for part in m.parts[since:]:
        part.vertices[:] = part.vertices * by + at
        normals = part.normals / by
        part.normals[:] = normals / np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)


def _bust(m: Maker, stone: Color) -> None:
    """Head and shoulders cut off at the chest, as carved in antiquity."""
    x, y, z = (float(v) for v in m.half)
    _plinth(m, -0.70 * y)
    shade = darker(stone, 0.88)
    first = len(m.parts)
    m.lathe([(0.30, -0.70), (0.34, -0.66), (0.18, -0.60), (0.16, -0.50), (0.3, -0.42)], shade, 14)
    chest = [(0.2, -0.52), (0.62, -0.36), (0.92, -0.18), (0.98, -0.06), (0.80, 0.02), (0.40, 0.08)]
    m.lathe([*chest, (0.27, 0.12), (0.25, 0.26), (0.2, 0.30)], stone, 16, sharp=70)
    m.parts[-1].vertices[:, 2] *= 0.66
    # A fold of cloth over one shoulder.
    m.tube([(-0.86, -0.10, 0.3), (-0.1, -0.30, 0.62), (0.7, -0.36, 0.3)], 0.07, shade, 7)
    m.tube([(-0.74, 0.0, 0.2), (-0.1, -0.16, 0.56), (0.66, -0.26, 0.36)], 0.06, stone, 7)
    m.ball((0, 0.58, 0.05), (0.42, 0.36, 0.50), stone, segments=16, rings=10)
    m.ball((0, 0.36, 0.30), (0.24, 0.12, 0.26), stone, segments=10, rings=6)
    m.ball((0, 0.52, 0.55), (0.07, 0.11, 0.12), stone, segments=8, rings=5)
    m.ball((0, 0.64, 0.50), (0.30, 0.035, 0.09), stone, segments=8, rings=4)
    m.ball((0, 0.40, 0.52), (0.11, 0.025, 0.05), shade, segments=8, rings=4)
    for a in (-1, 1):
        m.ball((a * 0.15, 0.58, 0.51), (0.07, 0.035, 0.04), shade, segments=8, rings=4)
        m.ball((a * 0.42, 0.54, 0.02), (0.05, 0.10, 0.10), stone, segments=6, rings=5)
    # Curls.
    for k in range(22):
        turn, up = 2.399 * k, 0.25 + 0.75 * (k + 0.5) / 22
        out = np.cos(np.arcsin(up))
        at = np.array(
            [out * np.cos(turn) * 0.44, 0.62 + 0.33 * up, out * np.sin(turn) * 0.50 - 0.03]
        )
        m.ball(tuple(at), (0.13, 0.075, 0.14), shade, segments=6, rings=4)
    _scaled(m, first, (x, y, z))


def _figure(m: Maker, stone: Color) -> None:
    """A standing figure in a long robe, one arm raised."""
    x, y, z = (float(v) for v in m.half)
    _plinth(m, -0.80 * y)
    shade = darker(stone, 0.9)
    first = len(m.parts)
    robe = [(0.62, -0.80), (0.58, -0.70), (0.44, -0.30), (0.36, 0.02), (0.46, 0.26), (0.40, 0.40)]
    m.lathe([*robe, (0.16, 0.47), (0.13, 0.56)], stone, 28, sharp=80)
    v = m.parts[-1].vertices
    turn = np.arctan2(v[:, 2], v[:, 0])
    fold = 1 + 0.09 * np.sin(9 * turn) * np.clip(0.1 - v[:, 1], 0, 0.9)
    v[:, 0], v[:, 2] = v[:, 0] * fold, v[:, 2] * fold * 0.8
    m.ring((0, 0.03, 0), 0.36, 0.035, shade, segments=16)
    m.parts[-1].vertices[:, 2] *= 0.82
    m.ball((0, 0.66, 0.02), (0.16, 0.13, 0.17), stone, segments=12, rings=8)
    m.ball((0, 0.71, -0.04), (0.185, 0.12, 0.18), shade, segments=10, rings=7)
    m.ball((0, 0.655, 0.18), (0.03, 0.03, 0.05), stone, segments=6, rings=4)
    m.tube([(0.38, 0.33, 0), (0.66, 0.44, 0.16), (0.70, 0.74, 0.22)], 0.085, stone, 8)
    m.ball((0.71, 0.86, 0.22), (0.09, 0.12, 0.07), stone, segments=8, rings=6)
    m.ball((0.72, 0.95, 0.22), (0.14, 0.05, 0.14), shade, segments=8, rings=5)
    m.tube([(-0.40, 0.33, 0), (-0.56, 0.02, 0.22), (-0.22, -0.04, 0.44)], 0.085, stone, 8)
    _scaled(m, first, (x, y, z))


def _animal(m: Maker, stone: Color) -> None:
    """A standing horse-like beast, longer than high."""
    x, y, z = (float(v) for v in m.half)
    swap = z > x
    long, side = (z, x) if swap else (x, z)
    put = (lambda u, h, w: (w, h, u)) if swap else (lambda u, h, w: (u, h, w))
    m.span(put(-long, -y, -side), put(long, -0.86 * y, side), (0.2, 0.18, 0.16))
    m.ball(
        put(-0.05 * long, 0.0, 0), put(0.60 * long, 0.30 * y, 0.5 * side), stone, "speckle", 12, 7
    )
    for u in (-0.5, 0.4):
        for w in (-0.5, 0.5):
            m.tube(
                [put(u * long, -0.1 * y, w * side * 0.7), put(u * long, -0.88 * y, w * side * 0.8)],
                0.11 * y,
                stone,
                6,
            )
    m.tube([put(0.4 * long, 0.1 * y, 0), put(0.68 * long, 0.66 * y, 0)], 0.17 * y, stone, 7)
    first = len(m.parts)
    m.ball(
        put(0.78 * long, 0.70 * y, 0),
        put(0.24 * long, 0.17 * y, 0.34 * side),
        stone,
        segments=10,
        rings=6,
    )
    for w in (-0.2, 0.2):
        m.ball(
            put(0.64 * long, 0.90 * y, w * side),
            put(0.05 * long, 0.12 * y, 0.08 * side),
            stone,
            segments=6,
            rings=4,
        )
    m.turn(first, put(0, 0, 1), -18 if not swap else 18, put(0.7 * long, 0.7 * y, 0))
    m.tube(
        [
            put(-0.6 * long, 0.12 * y, 0),
            put(-0.9 * long, -0.1 * y, 0),
            put(-0.94 * long, -0.4 * y, 0),
        ],
        0.06 * y,
        darker(stone, 0.85),
        5,
    )


BUILDERS = {"Statue": statue}
