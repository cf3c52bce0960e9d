"""House plants of several habits, and the can that waters them."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

_GREENS: tuple[Color, ...] = (
    (0.22, 0.50, 0.20),
    (0.32, 0.60, 0.26),
    (0.16, 0.40, 0.20),
    (0.45, 0.62, 0.32),
)
_POTS: tuple[Color, ...] = (
    (0.76, 0.40, 0.25),
    (0.92, 0.92, 0.90),
    (0.30, 0.36, 0.42),
    (0.55, 0.42, 0.30),
)


def _leaf(m: Maker, base: tuple, tip: tuple, wide: float, color: Color, droop: float = 0.0) -> None:
    """A pointed leaf from base to tip, folded along its rib."""
    a, b = np.asarray(base, float), np.asarray(tip, float)
    along = b - a
    side = np.cross(along, (0, 1, 0))
    if np.linalg.norm(side) < 1e-6:
        side = np.array([1.0, 0, 0])
    side = side / np.linalg.norm(side)
    rows = []
    for t, w in ((0.0, 0.15), (0.3, 0.85), (0.6, 1.0), (1.0, 0.03)):
        middle = a + along * t - np.array([0, droop * t * t, 0])
        rows.append(
            [middle - side * wide * w, middle - (0, 0.25 * wide * w, 0), middle + side * wide * w]
        )
    m.sheet(np.array(rows), color, "leaf")


def house_plant(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    r = 0.5 * min(x, z)
    tall = y > 2.0 * max(x, z)
    rim = -y + min(0.30 * 2 * y, 1.5 * r if not tall else 1.9 * r)
    pot = m.pick(*_POTS)
    m.lathe(
        [
            (0, -y),
            (0.72 * r, -y),
            (r, rim - 0.1 * (rim + y)),
            (1.08 * r, rim - 0.1 * (rim + y)),
            (1.08 * r, rim),
            (0.94 * r, rim),
            (0, rim - 0.1 * (rim + y)),
        ],
        pot,
        14,
    )
    m.rod(
        (0, rim - 0.03 * y, 0),
        0.9 * r,
        0.02,
        (0.26, 0.18, 0.11),
        segments=12,
        when="!isFilledWithLiquid",
    )
    m.rod(
        (0, rim - 0.03 * y, 0),
        0.9 * r,
        0.02,
        (0.13, 0.09, 0.06),
        segments=12,
        when="isFilledWithLiquid",
    )
    kind = int(m.rng.integers(4))
    green = m.pick(*_GREENS)
    if tall and kind < 2:
        _tree(m, rim, green)
    elif kind == 0:
        _cactus(m, rim, green)
    elif kind == 1:
        _swords(m, rim, green)
    else:
        _bush(m, rim, green, kind == 3)
    return m.mesh()


def _bush(m: Maker, rim: float, green: Color, broad: bool) -> None:
    x, y, z = (float(v) for v in m.half)
    count = 12 if broad else 16
    for k in range(count):
        a = 2.399 * k
        lift = 0.15 + 0.85 * ((k * 7) % count) / count
        reach = 0.98 * np.sqrt(1 - 0.72 * lift**2)
        tip = (reach * x * np.cos(a), rim + lift * (y - rim), reach * z * np.sin(a))
        base = (0.22 * tip[0], rim + 0.35 * lift * (y - rim), 0.22 * tip[2])
        m.tube([(0, rim - 0.03, 0), base], 0.006, darker(green, 0.8), 3)
        shade = darker(green, 0.8 + 0.4 * float(m.rng.random()))
        _leaf(m, base, tip, (0.30 if broad else 0.17) * min(x, z), shade, 0.06 * y)


def _swords(m: Maker, rim: float, green: Color) -> None:
    """Upright leaves, as of a snake plant."""
    x, y, z = (float(v) for v in m.half)
    for k in range(13):
        a, out = 2.399 * k, 0.25 + 0.75 * (k % 4) / 3
        tip = (
            out * x * np.cos(a),
            rim + (1.05 - 0.45 * out) * (y - rim) * (0.9 + 0.1 * (k % 3)),
            out * z * np.sin(a),
        )
        base = (0.25 * tip[0], rim - 0.02, 0.25 * tip[2])
        _leaf(m, base, tip, 0.13 * min(x, z), darker(green, 0.85 + 0.35 * (k % 3) / 2))


def _tree(m: Maker, rim: float, green: Color) -> None:
    x, y, z = (float(v) for v in m.half)
    crown = rim + 0.45 * (y - rim)
    m.tube(
        [(0, rim - 0.02, 0), (0.06 * x, crown, 0.03 * z), (0, 0.8 * y, 0)],
        0.09 * min(x, z),
        (0.42, 0.30, 0.20),
        7,
    )
    for k in range(17):
        a, lift = 2.399 * k, (k % 6) / 5
        reach = 0.98 * np.sqrt(1 - 0.7 * lift**2)
        base = (0.1 * x * np.cos(a), crown + 0.7 * lift * (y - crown), 0.1 * z * np.sin(a))
        tip = (
            reach * x * np.cos(a),
            crown + (0.1 + 0.9 * lift) * (y - crown),
            reach * z * np.sin(a),
        )
        _leaf(
            m,
            base,
            tip,
            0.24 * min(x, z),
            darker(green, 0.8 + 0.4 * float(m.rng.random())),
            0.05 * y,
        )


def _cactus(m: Maker, rim: float, green: Color) -> None:
    x, y, z = (float(v) for v in m.half)
    r = 0.32 * min(x, z)
    m.lathe(
        [(r, rim - 0.02), (1.05 * r, rim + 0.5 * (y - rim)), (0.8 * r, y - 0.25 * r), (0, y)],
        green,
        14,
        texture="stripes",
        sharp=80,
    )
    for a, low, high in ((1, 0.3, 0.72), (-1, 0.42, 0.9)):
        p, q = rim + low * (y - rim), rim + high * (y - rim)
        m.tube(
            [
                (a * 0.6 * r, p, 0),
                (a * 0.75 * x, p + 0.02, 0),
                (a * 0.84 * x, p + 0.3 * (q - p), 0),
                (a * 0.84 * x, q, 0),
            ],
            0.5 * r,
            green,
            8,
        )
        m.ball((a * 0.84 * x, q, 0), (0.5 * r, 0.5 * r, 0.5 * r), green, segments=8, rings=5)
    m.ball(
        (0, y - 0.05 * r, 0), (0.4 * r, 0.25 * r, 0.4 * r), (0.90, 0.40, 0.55), segments=8, rings=5
    )
    m.bound((-x, rim, -z), (x, y, z))


def watering_can(size: tuple, seed: int) -> Mesh:
    """A long spout with a rose to +z, one handle from the top to the back."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    paint = m.pick((0.18, 0.52, 0.34), (0.20, 0.44, 0.70), (0.82, 0.30, 0.22), (0.66, 0.70, 0.74))
    dark = darker(paint, 0.8)
    r = min(x, 0.46 * z)
    at, top = -0.26 * z, 0.22 * y
    can = [(0, -y), (0.96 * r, -y), (r, -0.94 * y), (0.94 * r, top - 0.04 * y), (0.90 * r, top)]
    m.lathe([*can, (0.80 * r, top)], paint, 18, at=(0, 0, at))
    for h in (-0.84 * y, top - 0.14 * y):
        m.lathe([(1.0 * r, h), (1.03 * r, h + 0.04 * y), (r, h + 0.08 * y)], dark, 18, (0, 0, at))
    # Covered in front, open behind.
    m.lathe([(0.80 * r, top), (0.5 * r, top + 0.02 * y)], dark, 18, at=(0, 0, at))
    m.rod((0, top - 0.06 * y, at), 0.8 * r, 0.02 * y, (0.10, 0.14, 0.14), segments=16)
    m.rod(
        (0, top - 0.03 * y, at),
        0.78 * r,
        0.004,
        (0.40, 0.62, 0.75),
        segments=14,
        solid=False,
        when="isFilledWithLiquid",
    )
    tip = (0.0, 0.66 * y, 0.80 * z)
    m.tube([(0, -0.66 * y, at + 0.7 * r), (0, -0.30 * y, at + 1.3 * r), tip], 0.15 * r, paint, 8)
    m.tube([(0, -0.1 * y, at + 0.9 * r), (0, 0.1 * y, at + 1.55 * r)], 0.06 * r, dark, 6)
    first = len(m.parts)
    m.rod((0, 0.74 * y, 0.80 * z), 0.16 * r, 0.26 * y, paint, segments=14, top=0.52 * r)
    m.rod((0, 0.885 * y, 0.80 * z), 0.52 * r, 0.03 * y, darker(paint, 1.25), segments=14)
    for k in range(9):
        a, far = 2.4 * k, 0.40 * r * np.sqrt((k + 0.3) / 9)
        hole = (far * np.cos(a), 0.90 * y, 0.80 * z + far * np.sin(a))
        m.ball(hole, (0.05 * r, 0.02 * y, 0.05 * r), (0.08, 0.1, 0.1), segments=5, rings=3)
    m.turn(first, (1, 0, 0), 48, tip)
    grip = [(0, top - 0.02 * y, at + 0.84 * r)]
    for k in range(11):
        a = np.pi * (0.16 + 0.98 * k / 10)
        grip.append((0, 0.12 * y + 0.85 * y * np.sin(a), at - 0.12 * r + 0.98 * r * np.cos(a)))
    grip.append((0, -0.62 * y, at - 0.96 * r))
    m.tube(grip, 0.10 * r, dark, 7)
    return m.mesh()


BUILDERS = {"HousePlant": house_plant, "WateringCan": watering_can}
