"""Chairs: of wood, padded, moulded, and for offices."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.furniture.seats import WOODS, cover_of, seat_level
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Mesh


def chair(size: tuple, seed: int, rest: float | None = None, office: bool = False) -> Mesh:
    m = Maker(size, seed)
    if office:
        return _office_chair(m, rest)
    kind = int(m.rng.choice(4, p=(0.40, 0.25, 0.20, 0.15)))
    return (_wood_chair, _parsons_chair, _shell_chair, _wood_chair)[kind](m, rest)


def _wood_chair(m: Maker, rest: float | None) -> Mesh:
    wood = m.pick(*WOODS, (0.88, 0.86, 0.82))
    x, y, z = (float(v) for v in m.half)
    seat = seat_level(m, rest, 0.46, 0.35, 0.68)
    leg = min(0.045, 0.2 * x)
    for a in (-1, 1):
        m.span((a * x, -y, z), (a * (x - leg), seat - 0.03, z - leg), wood, "wood")
        m.span((a * x, -y, -z), (a * (x - leg), y, -z + leg), wood, "wood")
        m.span(
            (a * (x - 0.005), seat - 0.10, -z + leg),
            (a * (x - leg + 0.01), seat - 0.03, z - leg),
            darker(wood, 0.9),
            "wood",
        )
        m.span(
            (a * (x - 0.01), -0.6 * y, -z + leg),
            (a * (x - leg + 0.015), -0.6 * y + 0.025, z - leg),
            darker(wood, 0.9),
            "wood",
        )
    padded = m.chance(0.5)
    cover = m.pick((0.75, 0.22, 0.18), (0.86, 0.78, 0.62), (0.30, 0.42, 0.55), (0.4, 0.5, 0.36))
    m.cushion(
        (0, seat - 0.02, 0.005),
        (2 * x - 0.01, 0.04, 2 * z - 0.01),
        cover if padded else wood,
        "fabric" if padded else "wood",
        0.018,
    )
    back = (-z + 0.008, -z + leg - 0.008)
    if m.chance(0.5):
        for low in (0.30, 0.60, 0.84):
            level = seat + (y - seat) * low
            m.span(
                (-x + leg, level, back[0]),
                (x - leg, level + 0.14 * (y - seat), back[1]),
                wood,
                "wood",
            )
    else:
        m.span((-x + leg, y - 0.14 * (y - seat), back[0]), (x - leg, y, back[1]), wood, "wood")
        m.span(
            (-x + leg, seat + 0.16 * (y - seat), back[0]),
            (x - leg, seat + 0.24 * (y - seat), back[1]),
            wood,
            "wood",
        )
        for k in np.linspace(-0.66, 0.66, 5):
            m.span(
                (k * x - 0.013, seat + 0.2 * (y - seat), back[0] + 0.004),
                (k * x + 0.013, y - 0.1 * (y - seat), back[1] - 0.004),
                wood,
                "wood",
            )
    m.surface((0, seat, 0.02), (2 * x - 0.1, 2 * z - 0.14), 0.5)
    return m.mesh()


def _parsons_chair(m: Maker, rest: float | None) -> Mesh:
    color, texture = cover_of(m)
    wood = m.pick(*WOODS)
    x, y, z = (float(v) for v in m.half)
    seat = seat_level(m, rest, 0.47, 0.35, 0.68)
    for a in (-1, 1):
        for b in (-1, 1):
            m.span(
                (a * (x - 0.01), -y, b * (z - 0.01)),
                (a * (x - 0.05), seat - 0.09, b * (z - 0.05)),
                wood,
                "wood",
            )
    m.cushion((0, seat - 0.055, 0), (2 * x, 0.11, 2 * z), color, texture, 0.035)
    first = len(m.parts)
    m.cushion(
        (0, (seat + y) / 2 - 0.02, -z + 0.05),
        (2 * x - 0.01, y - seat + 0.04, 0.09),
        color,
        texture,
        0.04,
    )
    m.turn(first, (1, 0, 0), -4, (0, seat, -z + 0.05))
    m.surface((0, seat, 0.04), (2 * x - 0.1, 2 * z - 0.18), 0.5)
    return m.mesh()


def _shell_chair(m: Maker, rest: float | None) -> Mesh:
    """A moulded shell on thin legs."""
    color = m.pick((0.92, 0.92, 0.90), (0.16, 0.17, 0.18), (0.80, 0.30, 0.22), (0.30, 0.55, 0.60))
    legs = m.one_of((0.70, 0.71, 0.74), WOODS[2], (0.12, 0.12, 0.13))
    x, y, z = (float(v) for v in m.half)
    seat = seat_level(m, rest, 0.46, 0.35, 0.68)
    for a in (-1, 1):
        for b in (-1, 1):
            m.tube(
                [(a * 0.55 * x, seat - 0.03, b * 0.5 * z), (a * 0.95 * x, -y, b * 0.95 * z)],
                0.016,
                legs,
                6,
            )
    profile = [
        (z, seat - 0.03),
        (0.8 * z, seat),
        (-0.35 * z, seat - 0.012),
        (-0.72 * z, seat + 0.05),
        (-0.9 * z, seat + 0.3 * (y - seat)),
        (-z, y),
    ]
    across = np.linspace(-1, 1, 5)
    grid = np.array(
        [
            [
                (u * x * (0.96 - 0.10 * (k > 3)), h + 0.05 * u**4, d + 0.04 * z * u**2 * (k > 2))
                for u in across
            ]
            for k, (d, h) in enumerate(profile)
        ]
    )
    m.sheet(grid, color)
    m.sheet(grid - (0, 0.012, 0), darker(color, 0.9))
    m.surface((0, seat, 0.05), (1.4 * x, 1.2 * z), 0.5)
    return m.mesh()


def _office_chair(m: Maker, rest: float | None) -> Mesh:
    color, texture = m.one_of(
        ((0.14, 0.14, 0.15), "fabric"),
        ((0.20, 0.30, 0.48), "fabric"),
        ((0.40, 0.26, 0.18), "leather"),
    )
    x, y, z = (float(v) for v in m.half)
    seat = seat_level(m, rest, 0.47, 0.35, 0.68)
    metal, r = (0.22, 0.22, 0.24), 0.95 * min(x, z)
    for k in range(5):
        a = k * 2 * np.pi / 5 + np.pi / 2
        tip = (r * np.cos(a), -y + 0.06, r * np.sin(a))
        m.tube([(0, -y + 0.11, 0), tip], 0.020, metal, 5)
        m.ball(
            (tip[0], -y + 0.028, tip[2]),
            (0.028, 0.028, 0.028),
            (0.1, 0.1, 0.1),
            segments=6,
            rings=4,
        )
    m.rod((0, (-y + 0.1 + seat) / 2, 0), 0.028, seat + y - 0.12, metal, segments=8)
    m.cushion((0, seat - 0.04, 0.04 * z), (1.7 * x, 0.09, 1.7 * z), color, texture, 0.04)
    m.span((-0.03, seat - 0.05, -0.85 * z), (0.03, seat + 0.3 * (y - seat), -0.95 * z), metal)
    m.cushion(
        (0, seat + 0.58 * (y - seat), -0.86 * z),
        (1.5 * x, 0.84 * (y - seat), 0.08),
        color,
        texture,
        0.04,
    )
    if m.chance(0.7):
        for a in (-1, 1):
            m.span((a * 0.94 * x, seat, -0.1 * z), (a * 0.86 * x, seat + 0.2, 0.05 * z), metal)
            m.cushion(
                (a * 0.9 * x, seat + 0.21, 0), (0.07, 0.035, 0.9 * z), (0.1, 0.1, 0.1), None, 0.015
            )
    m.surface((0, seat, 0.1 * z), (1.3 * x, 1.2 * z), 0.5)
    return m.mesh()
