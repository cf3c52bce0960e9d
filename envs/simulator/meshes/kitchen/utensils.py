"""Cutlery and other long, flat objects."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.labels import CARDS
from envs.simulator.meshes.maker import Maker, laid
from envs.simulator.meshes.mesh import Mesh

STEEL = (0.80, 0.81, 0.84)


def _flat(draw, readable: bool = False):
    def build(size: tuple, seed: int) -> Mesh:
        return laid(size, seed, draw, readable)

    return build


def _knife(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    handle = m.pick((0.10, 0.09, 0.09), (0.35, 0.20, 0.10))
    blade = [(-x, -0.15 * z), (0.9 * x, -0.15 * z), (0.9 * x, z), (0.3 * x, 0.86 * z)]
    blade += [(-0.4 * x, 0.62 * z), (-0.85 * x, 0.3 * z)]
    m.prism(blade, -0.16 * y, 0.16 * y, STEEL, axis=1)
    m.cushion((0.42 * x, 0, -0.58 * z), (1.16 * x, 2 * y, 0.84 * z), handle, None, 0.5 * y)
    for t in (-0.8, -0.56, -0.32):
        m.ball(
            (0.45 * x, 0.95 * y, t * z), (0.16 * x, 0.1 * y, 0.16 * x), STEEL, segments=6, rings=3
        )


def _butter_knife(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.span((-0.5 * x, -0.7 * y, -z), (0.5 * x, 0.7 * y, 0.05 * z), (0.70, 0.71, 0.74))
    m.ball((0, 0, 0.5 * z), (x, 0.5 * y, 0.5 * z), (0.86, 0.87, 0.90), segments=10, rings=5)
    m.ball((0, 0, -0.8 * z), (0.8 * x, y, 0.2 * z), (0.70, 0.71, 0.74), segments=8, rings=5)


def _fork(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.span((-0.32 * x, -0.4 * y, -z), (0.32 * x, 0.3 * y, 0.25 * z), STEEL)
    m.span((-x, -0.5 * y, 0.25 * z), (x, 0.6 * y, 0.48 * z), STEEL)
    for k in (-0.85, -0.28, 0.28, 0.85):
        m.span(((k - 0.14) * x, -0.2 * y, 0.48 * z), ((k + 0.14) * x, y, z), STEEL)
    m.span((-0.6 * x, -y, -z), (0.6 * x, 0.2 * y, -0.7 * z), STEEL)


def _scoop(
    m: Maker, middle: float, wide: float, deep: float, long: float, rim: float, color
) -> None:
    """An open bowl about (0, rim, middle): one shell outside, one inside."""
    arc = np.linspace(-np.pi / 2, 0, 5)
    outer = [(float(np.cos(a)), float(np.sin(a))) for a in arc]
    inner = [(0.90 * r, 0.88 * h) for r, h in reversed(outer)]
    m.lathe([*outer, *inner[:-1], (0.0, inner[-1][1])], color, 16, sharp=80)
    part = m.parts[-1]
    part.vertices[:] = part.vertices * (wide, deep, long) + (0, rim, middle)


def _spoon(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.span((-0.24 * x, 0.2 * y, -z), (0.24 * x, 0.7 * y, 0.34 * z), STEEL)
    m.span((-0.45 * x, 0.1 * y, -z), (0.45 * x, 0.8 * y, -0.62 * z), STEEL)
    _scoop(m, 0.66 * z, x, 1.6 * y, 0.34 * z, 0.6 * y, STEEL)


def _spatula(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    dark = m.pick((0.12, 0.12, 0.13), (0.75, 0.15, 0.12), (0.55, 0.36, 0.18))
    m.span((-x, -y, 0.30 * z), (x, -0.4 * y, 0.48 * z), dark)
    m.span((-x, -y, 0.90 * z), (x, -0.5 * y, z), dark)
    for k in (-0.87, -0.29, 0.29, 0.87):
        m.span(((k - 0.13) * x, -y, 0.4 * z), ((k + 0.13) * x, -0.45 * y, 0.95 * z), dark)
    m.tube(
        [(0, -0.6 * y, 0.36 * z), (0, 0.4 * y, 0.1 * z), (0, 0.7 * y, -z)],
        max(0.14 * x, 0.28 * y),
        (0.70, 0.71, 0.73),
        8,
    )
    m.rod((0, 0.66 * y, -0.7 * z), max(0.20 * x, 0.34 * y), 0.6 * z, dark, axis=2, segments=8)


def _ladle(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    metal = m.pick(STEEL, (0.16, 0.16, 0.17), (0.70, 0.71, 0.74))
    _scoop(m, 0.70 * z, x, 1.5 * y, 0.30 * z, 0.5 * y, metal)
    m.tube(
        [(0, 0.45 * y, 0.42 * z), (0, 0.75 * y, 0.1 * z), (0, 0.85 * y, -z)],
        max(0.12 * x, 0.10 * y),
        metal,
        6,
    )
    m.span((-0.2 * x, 0.7 * y, -z), (0.2 * x, y, -0.5 * z), (0.10, 0.10, 0.10))


def _pen(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    ink = m.pick((0.12, 0.20, 0.62), (0.75, 0.10, 0.10), (0.1, 0.1, 0.1))
    m.rod((0, 0, -0.05 * z), min(x, y), 1.7 * z, (0.92, 0.92, 0.92), axis=2, segments=8)
    m.rod((0, 0, -0.68 * z), min(x, y) * 1.05, 0.64 * z, ink, axis=2, segments=8)
    m.rod((0, 0, 0.9 * z), min(x, y) * 0.9, 0.2 * z, ink, axis=2, segments=8, top=0.1 * min(x, y))


def _pencil(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    m.rod((0, 0, 0), min(x, y), 1.55 * z, (0.95, 0.75, 0.12), axis=2, segments=6)
    m.rod(
        (0, 0, 0.88 * z),
        min(x, y),
        0.22 * z,
        (0.88, 0.70, 0.48),
        axis=2,
        segments=6,
        top=0.1 * min(x, y),
    )
    m.rod((0, 0, -0.9 * z), min(x, y), 0.2 * z, (0.90, 0.45, 0.50), axis=2, segments=6)


def _card(m: Maker) -> None:
    """A bank card, its face up."""
    x, y, z = (float(v) for v in m.half)
    r = 0.16 * x
    corner = [(r * np.cos(a), r * np.sin(a)) for a in np.linspace(0, np.pi / 2, 4)]
    outline = []
    for turn, (cx, cz) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        cos, sin = ((1, 0), (0, 1), (-1, 0), (0, -1))[turn]
        for u, v in corner:
            outline.append((cx * (x - r) + u * cos - v * sin, cz * (z - r) + u * sin + v * cos))
    face = CARDS[int(m.rng.integers(len(CARDS)))]
    m.prism(outline, -y, 0.7 * y, (0.80, 0.81, 0.84), axis=1)
    m.prism(outline, 0.7 * y, y, (1, 1, 1), axis=1, texture=face)
    uvs = m.parts[-1].uvs
    # Its print runs along the long side.
    uvs[:] = np.stack([uvs[:, 1], 1 - uvs[:, 0]], 1)


def _foil(m: Maker) -> None:
    """A roll of foil in its carton, a torn sheet of it hanging out over the front."""
    x, y, z = (float(v) for v in m.half)
    blue, silver = (0.10, 0.27, 0.62), (0.97, 0.98, 1.0)
    m.span((-x, -y, -z), (0.5 * x, 0.62 * y, z), blue)
    # The lid stands open behind the roll.
    m.span((-x, 0.62 * y, -z), (-0.9 * x, y, z), blue)
    m.rod((-0.25 * x, 0.36 * y, 0), 0.60 * y, 1.90 * z, silver, 2, 14, texture="crumpled")
    for a in (-1, 1):
        m.rod((-0.25 * x, 0.36 * y, a * 0.96 * z), 0.2 * y, 0.02 * z, (0.5, 0.4, 0.3), axis=2)
    low = (0.56, 0.72, 0.90, 1.0)
    rows = [
        [(t * x, h * y + 0.04 * y * (k % 2), (0.42 + 0.13 * k) * z) for k in range(-4, 5)]
        for t, h in zip((-0.25, 0.1, 0.45, 0.62), (0.97, 0.86, 0.70, 0.50), strict=True)
    ]
    rows += [
        [(t * x, (0.4 - 1.3 * t + 0.16 * (k % 2)) * y, (0.42 + 0.13 * k) * z) for k in range(-4, 5)]
        for t in low
    ]
    m.sheet(np.array(rows)[:, ::-1], silver, "crumpled", (1.4, 1.2))
    first = len(m.parts)
    m.panel((0, 0, 0), (0.98 * z, 1.52 * y), "foil_box", "+z")
    m.turn(first, (0, 1, 0), 90)
    m.parts[-1].vertices[:] += np.array((0.5 * x + 0.0004, -0.22 * y, -0.5 * z), np.float32)


BUILDERS = {
    "Knife": _flat(_knife),
    "ButterKnife": _flat(_butter_knife),
    "Fork": _flat(_fork),
    "Spoon": _flat(_spoon),
    "Spatula": _flat(_spatula),
    "Ladle": _flat(_ladle),
    "Pen": _flat(_pen),
    "Pencil": _flat(_pencil),
    "CreditCard": _flat(_card, readable=True),
    "AluminumFoil": _flat(_foil, readable=True),
}
