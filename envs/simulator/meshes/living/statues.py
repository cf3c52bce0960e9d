"""Statues: busts, figures and beasts."""

from __future__ import annotations

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh


def statue(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    stone = m.pick((0.84, 0.82, 0.77), (0.45, 0.35, 0.22), (0.24, 0.25, 0.27), (0.72, 0.60, 0.34))
    wide = max(x, z) / y
    if wide > 0.75:
        _animal(m, stone)
    elif m.chance(0.6):
        _bust(m, stone)
    else:
        _figure(m, stone)
    made = m.mesh()
    return made


def _plinth(m: Maker, top: float) -> None:
    x, y, z = (float(v) for v in m.half)
    m.span((-x, -y, -z), (x, -y + 0.4 * (top + y), z), (0.16, 0.15, 0.15))
    m.span(
        (-0.85 * x, -y + 0.4 * (top + y), -0.85 * z), (0.85 * x, top, 0.85 * z), (0.22, 0.21, 0.2)
    )


def _bust(m: Maker, stone: Color) -> None:
    x, y, z = (float(v) for v in m.half)
    _plinth(m, -0.72 * y)
    m.lathe([(0, 0), (0.4, 0), (0.3, 0.12), (0.35, 0.2), (0, 0.2)], stone, 10)
    m.parts[-1].vertices[:] = m.parts[-1].vertices * (x, y, z) + (0, -0.72 * y, 0)
    m.ball((0, -0.30 * y, 0), (0.92 * x, 0.30 * y, 0.6 * z), stone, "speckle", 12, 7)
    m.rod((0, -0.02 * y, 0), 0.28 * x, 0.4 * y, stone, segments=10)
    m.ball((0, 0.44 * y, 0.02 * z), (0.50 * x, 0.46 * y, 0.58 * z), stone, "speckle", 12, 8)
    m.ball((0, 0.40 * y, 0.58 * z), (0.09 * x, 0.13 * y, 0.14 * z), stone, segments=6, rings=4)
    m.ball(
        (0, 0.62 * y, -0.05 * z), (0.58 * x, 0.38 * y, 0.62 * z), darker(stone, 0.86), "leaf", 10, 6
    )
    for a in (-1, 1):
        m.ball(
            (a * 0.2 * x, 0.50 * y, 0.50 * z),
            (0.08 * x, 0.04 * y, 0.06 * z),
            darker(stone, 0.5),
            segments=6,
            rings=3,
        )
    m.ball(
        (0, 0.22 * y, 0.52 * z),
        (0.16 * x, 0.03 * y, 0.06 * z),
        darker(stone, 0.6),
        segments=6,
        rings=3,
    )


def _figure(m: Maker, stone: Color) -> None:
    x, y, z = (float(v) for v in m.half)
    _plinth(m, -0.84 * y)
    for a in (-1, 1):
        m.tube(
            [(a * 0.3 * x, -0.84 * y, a * 0.1 * z), (a * 0.22 * x, -0.1 * y, 0)],
            0.2 * min(x, z),
            stone,
            7,
        )
    m.ball((0, 0.18 * y, 0), (0.50 * x, 0.34 * y, 0.36 * z), stone, "speckle", 10, 7)
    m.ball((0, 0.70 * y, 0), (0.26 * x, 0.17 * y, 0.28 * z), stone, "speckle", 10, 7)
    m.tube(
        [(0.42 * x, 0.38 * y, 0), (0.85 * x, 0.62 * y, 0.2 * z), (0.8 * x, 0.98 * y, 0.2 * z)],
        0.13 * min(x, z),
        stone,
        6,
    )
    m.tube(
        [(-0.42 * x, 0.38 * y, 0), (-0.85 * x, 0.02 * y, 0.3 * z), (-0.4 * x, -0.15 * y, 0.6 * z)],
        0.13 * min(x, z),
        stone,
        6,
    )


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
