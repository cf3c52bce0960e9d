"""Lamps for desks and floors: their shades glow when they are on."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker, paler
from envs.simulator.meshes.mesh import Color, Mesh

_METALS: tuple[Color, ...] = ((0.15, 0.15, 0.16), (0.72, 0.66, 0.52), (0.76, 0.77, 0.80))


def _shade(m: Maker, low: float, high: float, r0: float, r1: float, color: Color) -> None:
    """A lamp shade that glows when on; open below, with its bulb."""
    profile = [
        (r0, low),
        (r1, high),
        (0.25 * r1, high),
        (0.25 * r1, high - 0.01),
        (0.94 * r1, high - 0.01),
        (0.95 * r0, low + 0.002),
    ]
    bulb = (0, low + 0.3 * (high - low), 0)
    for when, lit in (("!isToggled", False), ("isToggled", True)):
        glow = paler(darker(color, 0.5), 0.55)
        tint = (glow[0], glow[1] * 0.93, glow[2] * 0.72)
        m.lathe(profile, tint if lit else color, 18, texture="fabric", when=when, emissive=lit)
        m.ball(
            bulb,
            (0.3 * r0, 0.3 * r0, 0.3 * r0),
            (1.0, 0.97, 0.82) if lit else (0.9, 0.9, 0.88),
            segments=8,
            rings=5,
            when=when,
            emissive=lit,
        )


_SHADES: tuple[Color, ...] = (
    (0.90, 0.86, 0.76),
    (0.94, 0.94, 0.92),
    (0.72, 0.30, 0.24),
    (0.42, 0.52, 0.56),
)


def desk_lamp(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    r = min(x, z)
    wide = max(x, z) > 1.5 * r
    if wide or m.chance(0.2):
        return _arm_lamp(m)
    shade = m.pick(*_SHADES)
    low = 0.1 * y
    kind = int(m.rng.integers(3))
    if kind == 0:
        metal = m.pick(*_METALS)
        m.lathe(
            [
                (0, -y),
                (0.6 * r, -y),
                (0.55 * r, -0.93 * y),
                (0.1 * r, -0.88 * y),
                (0.07 * r, low),
                (0, low),
            ],
            metal,
            14,
        )
    elif kind == 1:
        glaze = m.pick((0.30, 0.45, 0.60), (0.86, 0.84, 0.78), (0.62, 0.36, 0.28))
        m.lathe(
            [
                (0, -y),
                (0.4 * r, -y),
                (0.62 * r, -0.65 * y),
                (0.5 * r, -0.3 * y),
                (0.12 * r, -0.05 * y),
                (0.08 * r, low),
                (0, low),
            ],
            glaze,
            16,
            sharp=70,
        )
    else:
        wood = m.pick((0.55, 0.38, 0.24), (0.35, 0.24, 0.16))
        m.lathe(
            [
                (0, -y),
                (0.55 * r, -y),
                (0.5 * r, -0.9 * y),
                (0.18 * r, -0.85 * y),
                (0.28 * r, -0.5 * y),
                (0.15 * r, -0.2 * y),
                (0.1 * r, low),
                (0, low),
            ],
            wood,
            12,
            texture="wood",
        )
    m.rod((0, 0.4 * y, 0), 0.05 * r, 0.9 * y, (0.5, 0.5, 0.5), segments=6)
    _shade(m, low, y, r, 0.62 * r, shade)
    return m.mesh()


def _arm_lamp(m: Maker) -> Mesh:
    """A reading lamp on a jointed arm."""
    x, y, z = (float(v) for v in m.half)
    paint = m.pick((0.16, 0.16, 0.17), (0.75, 0.20, 0.18), (0.80, 0.80, 0.82), (0.20, 0.42, 0.45))
    along = np.array([1.0, 0, 0]) * x if x >= z else np.array([0, 0, 1.0]) * z
    r = min(x, z)
    base, elbow, tip = -0.55 * along, -0.75 * along, 0.45 * along
    m.rod((base[0], -y + 0.012, base[2]), 0.7 * r, 0.024, paint, segments=16, top=0.62 * r)
    m.tube([(base[0], -y, base[2]), (elbow[0], 0.25 * y, elbow[2])], 0.012, paint, 6)
    m.ball(
        (elbow[0], 0.25 * y, elbow[2]), (0.02, 0.02, 0.02), darker(paint, 0.7), segments=8, rings=5
    )
    m.tube(
        [(elbow[0], 0.25 * y, elbow[2]), (tip[0] * 0.8, 0.86 * y, tip[2] * 0.8)], 0.012, paint, 6
    )
    first = len(m.parts)
    m.lathe(
        [
            (0.72 * r, -0.20 * y),
            (0.3 * r, 0.14 * y),
            (0, 0.16 * y),
            (0.01 * r, 0.12 * y),
            (0.68 * r, -0.19 * y),
        ],
        paint,
        14,
        at=(tip[0], 0.78 * y, tip[2]),
    )
    for when, lit in (("!isToggled", False), ("isToggled", True)):
        color = (1.0, 0.95, 0.75) if lit else (0.9, 0.9, 0.88)
        m.ball(
            (tip[0], 0.64 * y, tip[2]),
            (0.4 * r, 0.12 * y, 0.4 * r),
            color,
            segments=8,
            rings=5,
            when=when,
            emissive=lit,
        )
    m.turn(first, (0, 0, 1) if x >= z else (-1, 0, 0), 18, (tip[0], 0.78 * y, tip[2]))
    return m.mesh()


def floor_lamp(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    r = min(x, z)
    metal = m.pick(*_METALS)
    shade = m.pick(*_SHADES)
    low = y - min(0.34, 0.32 * 2 * y)
    if m.chance(0.3):
        for k in range(3):
            a = k * 2 * np.pi / 3 + np.pi / 6
            m.tube(
                [(0, 0.25 * y, 0), (0.9 * r * np.cos(a), -y, 0.9 * r * np.sin(a))],
                0.016,
                (0.55, 0.38, 0.24),
                6,
            )
        m.rod((0, (0.25 * y + low) / 2, 0), 0.014, low - 0.25 * y, metal, segments=6)
    else:
        m.lathe(
            [(0, -y), (0.62 * r, -y), (0.58 * r, -y + 0.03), (0.06 * r, -y + 0.05), (0, -y + 0.05)],
            metal,
            18,
        )
        m.rod((0, (-y + low) / 2, 0), 0.014, low + y, metal, segments=8)
    m.rod((0, low + 0.06, 0), 0.012, 0.3, metal, segments=6)
    if m.chance(0.25):
        # An uplight: a bowl open to the ceiling.
        m.lathe(
            [(0.1 * r, low + 0.1), (r, y), (0.95 * r, y), (0.1 * r, low + 0.12)],
            shade,
            18,
            when="!isToggled",
        )
        m.lathe(
            [(0.1 * r, low + 0.1), (r, y), (0.95 * r, y), (0.1 * r, low + 0.12)],
            (1.0, 0.93, 0.72),
            18,
            when="isToggled",
            emissive=True,
        )
    else:
        _shade(m, low, y, r, m.one_of(0.7, 0.98, 0.5) * r, shade)
    return m.mesh()


BUILDERS = {"DeskLamp": desk_lamp, "FloorLamp": floor_lamp}
