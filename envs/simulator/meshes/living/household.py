"""Small objects lying about a house."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker, laid
from envs.simulator.meshes.mesh import Mesh


def newspaper(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    if min(x, z) < 0.45 * max(x, z) and m.chance(0.5):
        # Rolled up, with a band.
        along = 0 if x > z else 2
        m.rod(
            (0, 0, 0),
            min(y, z if along == 0 else x),
            2 * max(x, z),
            (0.88, 0.87, 0.82),
            axis=along,
            segments=12,
            texture="news",
        )
        m.rod((0, 0, 0), 1.02 * y, 0.12 * max(x, z), (0.75, 0.25, 0.2), axis=along, segments=12)
        m.parts[0].vertices[:] = (
            m.parts[0].vertices * (1, 1, z / min(y, z)) if along == 0 else m.parts[0].vertices
        )
        return m.mesh()
    m.cushion((0, -0.3 * y, 0), (2 * x, 1.4 * y, 2 * z), (0.86, 0.85, 0.80), None, 0.5 * y)
    for k in range(3):
        m.span(
            (-x, (-0.7 + 0.4 * k) * y, z - 0.004), (x, (-0.62 + 0.4 * k) * y, z), (0.66, 0.65, 0.61)
        )
    first = len(m.parts)
    m.panel((0.02 * x, 0.95 * y, 0), (1.94 * x, 1.94 * z), "news", "+y", cells=2)
    m.turn(first, (0, 0, 1), 1.0)
    m.panel((0, 0.66 * y, 0), (2 * x, 2 * z), "news", "+y", (0.96, 0.95, 0.92), cells=2)
    m.span((-0.2 * x, 0.4 * y, -z), (0.2 * x, y, -z + 0.003), (0.86, 0.85, 0.80))
    return m.mesh()


def _keys(m: Maker) -> None:
    x, y, z = (float(v) for v in m.half)
    brass, steel = (0.80, 0.64, 0.28), (0.72, 0.73, 0.76)
    m.ring((0, 0, 0.50 * z), 0.30 * z, 0.35 * y, steel, segments=16)
    tag = m.pick((0.80, 0.15, 0.15), (0.15, 0.35, 0.70), (0.12, 0.12, 0.12))
    m.cushion((0.1 * x, 0, 0.9 * z), (0.9 * x, 1.6 * y, 0.34 * z), tag, None, 0.4 * y)
    for k, (angle, metal) in enumerate(((-24, brass), (0, steel), (24, brass))):
        first = len(m.parts)
        lift = (k - 1) * 0.5 * y
        a = np.linspace(0, 2 * np.pi, 13)[:-1]
        head = np.stack([0.32 * x * np.cos(a), 0.10 * z + 0.19 * z * np.sin(a)], 1)
        m.prism(head, lift - 0.22 * y, lift + 0.22 * y, metal, axis=1)
        m.span((-0.08 * x, lift - 0.2 * y, -z), (0.08 * x, lift + 0.2 * y, 0), metal)
        for t in (-0.9, -0.72, -0.56):
            m.span((0, lift - 0.2 * y, t * z), (0.2 * x, lift + 0.2 * y, (t + 0.09) * z), metal)
        m.turn(first, (0, 1, 0), angle, (0, 0, 0.3 * z))


def key_chain(size: tuple, seed: int) -> Mesh:
    return laid(size, seed, _keys)


def compact_disc(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    ring = np.array([(np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 33)[:-1]])
    m.prism(ring * (x, z), -y, -0.5 * y, (0.80, 0.82, 0.86), axis=1)
    m.prism(ring * (0.99 * x, 0.99 * z), -0.5 * y, 0.4 * y, (1, 1, 1), axis=1, texture="disc")
    m.prism(ring * (0.15 * x, 0.15 * z), 0.4 * y, y, (0.35, 0.36, 0.38), axis=1)
    return m.mesh()


def watch(size: tuple, seed: int) -> Mesh:
    """Lying on its side, the strap closed to a loop, the face to +z."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    strap = m.pick((0.36, 0.22, 0.14), (0.12, 0.12, 0.13), (0.70, 0.71, 0.74))
    angle = np.linspace(0, 2 * np.pi, 21)
    wide = 0.52 * y
    rows = [
        np.stack([0.98 * x * np.cos(angle), np.full(21, h), 0.86 * z * np.sin(angle) - 0.1 * z], 1)
        for h in (-wide, wide)
    ]
    m.sheet(np.array(rows), strap)
    inner = [r * (0.93, 1, 0.93) for r in rows]
    m.sheet(np.array(inner), darker(strap, 0.75))
    for rows_at in rows:
        m.sheet(np.array([rows_at, rows_at * (0.93, 1, 0.93)]), strap)
    face = np.stack([np.cos(angle[:-1]), np.sin(angle[:-1])], 1)
    metal = m.pick((0.78, 0.79, 0.82), (0.82, 0.68, 0.34))
    m.prism(face * (y, y), 0.70 * z, 0.92 * z, metal)
    m.prism(face * (0.84 * y, 0.84 * y), 0.90 * z, z, (1, 1, 1), texture="clock")
    m.parts[-1].uvs[:, 0] = 1 - m.parts[-1].uvs[:, 0]
    m.rod(
        (1.08 * y if x > 1.2 * y else 0.9 * x, 0, 0.8 * z),
        0.12 * y,
        0.16 * y,
        metal,
        axis=0,
        segments=6,
    )
    return m.mesh()


def candle(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    r = min(x, z)
    wax = m.pick((0.95, 0.91, 0.80), (0.72, 0.22, 0.20), (0.55, 0.62, 0.46), (0.60, 0.48, 0.62))
    flame = min(0.035, 0.5 * y)
    top = y - 0.3 * flame
    if y < 0.05 or m.chance(0.3):
        # In a glass.
        m.lathe(
            [
                (0, -y),
                (0.95 * r, -y),
                (r, -0.9 * y),
                (r, y),
                (0.92 * r, y),
                (0.88 * r, -0.85 * y),
                (0, -0.85 * y),
            ],
            (0.80, 0.86, 0.86),
            16,
            alpha=0.45,
        )
        m.rod((0, (-y + top - 0.1 * y) / 2, 0), 0.86 * r, top - 0.1 * y + y, wax, segments=14)
    else:
        m.lathe(
            [
                (0, -y),
                (0.98 * r, -y),
                (r, -0.98 * y),
                (0.97 * r, top),
                (0.7 * r, top - 0.05 * r),
                (0, top - 0.1 * r),
            ],
            wax,
            14,
            sharp=60,
        )
        for a, drop in ((0.3, 0.5), (2.2, 0.35), (4.4, 0.6)):
            m.ball(
                (0.95 * r * np.cos(a), top - drop * (top + y) * 0.4, 0.95 * r * np.sin(a)),
                (0.12 * r, 0.16 * (top + y), 0.12 * r),
                wax,
                segments=6,
                rings=4,
            )
    m.rod((0, y - 0.3 * flame, 0), max(0.05 * r, 0.001), 0.6 * flame, (0.12, 0.1, 0.1), segments=5)
    made = m.mesh()
    w = Maker(size, seed)
    glow: dict = {"when": "isToggled", "emissive": True, "solid": False}
    outer = [(0, -0.1), (0.22, 0.2), (0.16, 0.55), (0, 1.2)]
    w.lathe([(a * flame, y + b * flame) for a, b in outer], (1.0, 0.78, 0.25), 8, sharp=80, **glow)
    inner = [(0, -0.05), (0.25, 0.2), (0, 0.6)]
    tip = [(a * flame, y + b * flame) for a, b in inner]
    w.lathe(tip, (1.0, 0.97, 0.80), 6, sharp=80, **glow)
    return Mesh(made.parts + tuple(w.parts), made.joints, made.surfaces)


def tissue_box(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = m.one_of(
        ((0.52, 0.72, 0.80), "dots"),
        ((0.86, 0.62, 0.62), "stripes"),
        ((0.62, 0.72, 0.52), "quilt"),
        ((0.80, 0.72, 0.56), "checks"),
    )
    top = 0.45 * y
    m.span((-x, -y, -z), (x, top, z), color, texture)
    m.rod((0, top + 0.001, 0), 0.55 * min(x, z), 0.002, (0.25, 0.27, 0.30), segments=16)
    m.parts[-1].vertices[:] = m.parts[-1].vertices * (1.5 if x > z else 1, 1, 1 if x > z else 1.5)
    n = 7
    u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(0, 1, n))
    grid = np.stack(
        [
            u * (0.22 + 0.42 * v) * x,
            top + v * (y - top) * (0.8 + 0.2 * np.cos(3 * u)),
            (0.25 * np.sin(3.5 * u) * (0.4 + v) + 0.12 * v) * z,
        ],
        -1,
    )
    m.sheet(grid, (0.98, 0.98, 0.98), "plaster", when="!isUsedUp")
    m.sheet(
        grid * (0.8, 0.9, -1) + (0, 0.1 * top, 0), (0.93, 0.93, 0.94), "plaster", when="!isUsedUp"
    )
    return m.mesh()


BUILDERS = {
    "Newspaper": newspaper,
    "KeyChain": key_chain,
    "CD": compact_disc,
    "Watch": watch,
    "Candle": candle,
    "TissueBox": tissue_box,
}
