"""What a bathroom has fixed to its floor: toilet, tub, basins and sinks."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.furniture.cabinetry import Fitting
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

WHITE: Color = (0.95, 0.95, 0.94)
CHROME: Color = (0.80, 0.81, 0.84)
_CERAMICS: tuple[Color, ...] = (WHITE, (0.90, 0.88, 0.82), (0.86, 0.90, 0.91))


def bowl_of(
    m: Maker, low: tuple, high: tuple, color: Color, taper: float = 0.82, drain: float = 0.03
) -> None:
    """An open basin between two corners: square at its rim, rounded at its floor."""
    a, b = np.asarray(low, float), np.asarray(high, float)
    middle, half = (a + b) / 2, (b - a) / 2
    angle = np.linspace(0, 2 * np.pi, 25)
    cos, sin = np.cos(angle), np.sin(angle)
    square = 1 / np.maximum(np.abs(cos), np.abs(sin))
    rows = []
    for depth, scale, power in (
        (0.0, 1.0, 0.0),
        (0.12, 0.97, 0.25),
        (0.75, 0.5 + 0.5 * taper, 0.6),
        (0.96, taper, 0.7),
        (1.0, 0.85 * taper, 0.75),
        (1.0, 0.0, 0.75),
    ):
        r = scale * (square * (1 - power) + power)
        height = b[1] - depth * (b[1] - a[1])
        rows.append(
            np.stack(
                [
                    middle[0] + half[0] * r * cos,
                    np.full_like(r, height),
                    middle[2] + half[2] * r * sin,
                ],
                1,
            )
        )
    m.sheet(np.array(rows), color)
    if drain:
        m.rod((middle[0], a[1] + 0.004, middle[2]), drain, 0.008, (0.45, 0.46, 0.48), segments=12)
        m.rod(
            (middle[0], a[1] + 0.009, middle[2]), 0.5 * drain, 0.004, (0.15, 0.15, 0.16), segments=8
        )


def _deck(
    m: Maker, hole: tuple, y0: float, y1: float, color: Color, texture: str | None = None
) -> None:
    """A slab over the whole box round a rectangular hole (x0, z0, x1, z1)."""
    x, z = float(m.half[0]), float(m.half[2])
    x0, z0, x1, z1 = hole
    for low, high in (
        ((-x, -z), (x, z0)),
        ((-x, z1), (x, z)),
        ((-x, z0), (x0, z1)),
        ((x1, z0), (x, z1)),
    ):
        if high[0] - low[0] > 0.002 and high[1] - low[1] > 0.002:
            m.span((low[0], y0, low[1]), (high[0], y1, high[1]), color, texture, cell=0.6)


def _hole(m: Maker, fittings: tuple[Fitting, ...], kind: str, margin: float) -> tuple:
    """Where the basin opens: x0, z0, x1, z1."""
    x, z = float(m.half[0]), float(m.half[2])
    for name, b in fittings:
        if name == kind:
            return max(b[0], -x), max(b[2], -z), min(b[3], x), min(b[5], z)
    margin = min(margin, 0.3 * x, 0.3 * z)
    return -x + margin, -z + margin, x - margin, z - margin


def toilet(size: tuple, seed: int) -> Mesh:
    """Tank at -z, with a place for objects; the lid opens. A wide box has a boxed-in tank."""
    m = Maker(size, seed)
    wide, y, z = (float(v) for v in m.half)
    x = min(wide, 0.28)
    color = m.pick(*_CERAMICS)
    seat = -y + 0.42 * 2 * y
    back = -z + 0.26 * 2 * z
    m.cushion(
        (0, (seat + y) / 2 + 0.01, (-z + back) / 2 + 0.01),
        (2 * wide - 0.14 * x, y - seat - 0.06, back + z - 0.03),
        color,
        None,
        0.03,
    )
    m.cushion((0, y - 0.03, (-z + back) / 2), (2 * wide, 0.06, back + z), color, None, 0.02)
    m.surface((0, y, (-z + back) / 2), (1.7 * wide, back + z - 0.03), 0.5)
    m.rod((0.7 * x, y - 0.10, back - 0.01), 0.018, 0.05, CHROME, axis=2, segments=8)
    deep = min((z - back) / 2, 0.36)
    mid = z - deep - 0.01
    _bowl(m, color, x, seat, mid, deep)
    _toilet_lid(m, color, x, seat, mid, deep)
    if wide > x + 0.05:
        # Down to the floor beside the bowl, too.
        m.cushion(
            (0, (seat - y) / 2 + 0.02, (-z + back) / 2 - 0.02),
            (2 * wide - 0.1, seat + y, back + z - 0.08),
            darker(color, 0.96),
            None,
            0.02,
        )
    return m.mesh()


def _bowl(m: Maker, color: Color, x: float, seat: float, mid: float, deep: float) -> None:
    """Foot, bowl with its water, and neck; ``mid`` and ``deep``: its middle and half depth."""
    _, y, z = (float(v) for v in m.half)
    m.lathe(
        [
            (0, -y),
            (0.62, -y),
            (0.5, -0.75 * y),
            (0.55, -0.5 * y),
            (0.97, seat - 0.03),
            (1, seat - 0.02),
            (0.80, seat - 0.02),
            (0.38, -0.42 * y),
            (0, -0.46 * y),
        ],
        color,
        18,
        sharp=70,
    )
    part = m.parts[-1]
    part.vertices[:] = part.vertices * (0.92 * x, 1, deep) + (0, 0, mid)
    m.lathe([(0.36, 0.0), (0, 0.0)], (0.66, 0.82, 0.88), 16, solid=False)
    part = m.parts[-1]
    part.vertices[:] = part.vertices * (0.92 * x, 1, deep) + (0, -0.38 * y, mid)
    # The neck carries the tank, the foot runs under the bowl.
    neck = mid - deep + 0.05
    m.cushion(
        (0, (-y + seat) / 2 + 0.015, (-z + neck) / 2 + 0.02),
        (0.9 * x, seat + y + 0.03, neck + z - 0.04),
        color,
        None,
        0.03,
    )
    m.cushion(
        (0, -0.8 * y, (neck + mid) / 2), (0.7 * x, 0.4 * y, mid - neck + 0.1), color, None, 0.03
    )


def _toilet_lid(m: Maker, color: Color, x: float, seat: float, mid: float, deep: float) -> None:
    """The seat's ring and the lid over it, on hinges behind the bowl."""
    rear = mid - deep
    lid = m.hinge((0, seat, rear + 0.03), (1, 0, 0), -98.0)
    m.lathe([(0.66, -0.018), (1.0, -0.018), (1.0, 0.0), (0.66, 0.0), (0.66, -0.018)], color, 18)
    part = m.parts[-1]
    part.vertices[:] = part.vertices * (0.96 * x, 1, deep + 0.01) + (0, seat, mid)
    m.lathe(
        [(0, 0), (0.98, 0), (1.0, 0.012), (0.9, 0.026), (0, 0.03)],
        darker(color, 0.97),
        18,
        joint=lid,
    )
    part = m.parts[-1]
    part.vertices[:] = part.vertices * (0.96 * x, 1, deep + 0.01) + (0, seat, mid)
    for a in (-1, 1):
        m.rod((a * 0.3 * x, seat + 0.015, rear + 0.03), 0.015, 0.06, CHROME, axis=0, segments=6)


def bathtub(size: tuple, seed: int, fittings: tuple[Fitting, ...] = ()) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color = m.pick(*_CERAMICS)
    hole = _hole(m, fittings, "BathtubBasin", 0.10)
    tiled = min(hole[0] + x, x - hole[2], hole[1] + z, z - hole[3]) > 0.15
    rim = 0.04
    texture = "tiles" if tiled else None
    _deck(m, hole, y - rim, y, color, texture)
    skirt = darker(color, 0.97)
    t = 0.02
    for low, high in (
        ((-x, -z), (x, -z + t)),
        ((-x, z - t), (x, z)),
        ((-x, -z + t), (-x + t, z - t)),
        ((x - t, -z + t), (x, z - t)),
    ):
        m.span((low[0], -y, low[1]), (high[0], y - rim, high[1]), skirt, texture, cell=0.6)
    if not any(kind == "BathtubBasin" for kind, _ in fittings):
        bowl_of(m, (hole[0], -y + 0.08, hole[1]), (hole[2], y - 0.001, hole[3]), color)
        m.surface((0, -y + 0.09, 0), (1.4 * x, 1.4 * z), 0.8)
    for x0, z0, x1, z1 in (
        (-x, -z, x, hole[1]),
        (-x, hole[3], x, z),
        (-x, hole[1], hole[0], hole[3]),
        (hole[2], hole[1], x, hole[3]),
    ):
        if x1 - x0 > 0.06 and z1 - z0 > 0.06:
            m.surface(((x0 + x1) / 2, y, (z0 + z1) / 2), (x1 - x0 - 0.01, z1 - z0 - 0.01), 0.6)
    return m.mesh()


def bathtub_basin(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    bowl_of(m, (-x, -y, -z), (x, y, z), m.pick((0.93, 0.94, 0.94), (0.88, 0.87, 0.83)), 0.86)
    long_x = x > z
    at = (x - 0.03, 0.55 * y, 0) if long_x else (0, 0.55 * y, z - 0.03)
    m.rod(at, 0.035, 0.02, CHROME, axis=0 if long_x else 2, segments=12)
    m.surface((0, -y + 0.008, 0), (1.5 * x, 1.5 * z), 0.8)
    return m.mesh()


def sink(size: tuple, seed: int, fittings: tuple[Fitting, ...] = ()) -> Mesh:
    """The rim; the basin in its middle is an object of its own. A tall one stands on a foot."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    tall = 2 * y > 0.45
    color = m.pick(*_CERAMICS) if tall else m.pick((0.76, 0.77, 0.80), (0.93, 0.93, 0.92))
    texture = None if tall else "steel"
    hole = _hole(m, fittings, "SinkBasin", 0.07)
    low = min(
        (b[1] for kind, b in fittings if kind == "SinkBasin"), default=y - 0.17 if tall else -y
    )
    high = max((b[4] for kind, b in fittings if kind == "SinkBasin"), default=y)
    rim = float(np.clip(high, -y + 0.02, y)) if y - high < 0.35 else y
    if rim < y - 0.01:
        # A splash board behind, up to the top of the box.
        m.span((-x, rim, -z), (x, y, -z + 0.02), color)
    _deck(m, hole, rim - 0.025, rim, color, texture)
    bottom = max(low - 0.02, -y)
    t = 0.014
    for a, b in (
        ((-x, -z), (x, -z + t)),
        ((-x, z - t), (x, z)),
        ((-x, -z + t), (-x + t, z - t)),
        ((x - t, -z + t), (x, z - t)),
    ):
        m.span((a[0], bottom, a[1]), (b[0], rim - 0.025, b[1]), darker(color, 0.97))
    if tall:
        m.span((-x, bottom, -z), (x, bottom + 0.012, z), darker(color, 0.9))
        foot = (hole[0] + hole[2]) / 2
        m.lathe(
            [
                (0, -y),
                (0.15, -y),
                (0.10, -0.6 * y),
                (0.09, bottom - 0.1),
                (0.14, bottom),
                (0, bottom),
            ],
            color,
            14,
            at=(foot, 0, -0.15 * z),
            sharp=70,
        )
    elif bottom > -y:
        m.span((hole[0], -y, hole[1]), (hole[0] + 0.01, bottom, hole[1] + 0.01), color)
    if not any(kind == "SinkBasin" for kind, _ in fittings):
        bowl_of(m, (hole[0], low + 0.01, hole[1]), (hole[2], rim, hole[3]), color)
    for x0, z0, x1, z1 in (
        (-x, -z, x, hole[1]),
        (-x, hole[3], x, z),
        (-x, hole[1], hole[0], hole[3]),
        (hole[2], hole[1], x, hole[3]),
    ):
        if x1 - x0 > 0.05 and z1 - z0 > 0.05:
            m.surface(((x0 + x1) / 2, rim, (z0 + z1) / 2), (x1 - x0 - 0.01, z1 - z0 - 0.01), 0.5)
    return m.mesh()


def sink_basin(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    bowl_of(m, (-x, -y, -z), (x, y, z), m.pick((0.70, 0.71, 0.74), (0.90, 0.90, 0.89)), 0.88, 0.035)
    m.surface((0, -y + 0.008, 0), (1.5 * x, 1.5 * z), 0.5)
    return m.mesh()


FITTED = {"Bathtub": bathtub, "Sink": sink}
BUILDERS = {"Toilet": toilet, "BathtubBasin": bathtub_basin, "SinkBasin": sink_basin}
