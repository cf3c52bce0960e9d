"""Tables of all kinds and desks."""

from __future__ import annotations

from envs.simulator.meshes.furniture.cabinetry import (
    Fitting,
    _shelves,
    carcass,
    fake_front,
    legs,
    wood_of,
)
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

Rectangles = tuple[tuple[float, float, float, float], ...] | None
_METAL: tuple[Color, ...] = ((0.16, 0.16, 0.17), (0.74, 0.75, 0.78))
_GLASS: Color = (0.70, 0.86, 0.86)


def _inside(fittings: tuple[Fitting, ...]) -> tuple[Fitting, ...]:
    return tuple(f for f in fittings if f[0] != "Rest")


def _boards(m: Maker, tops: list, y0: float, y1: float, color: Color, texture: str | None) -> None:
    for x0, z0, x1, z1 in tops:
        m.span((x0, y0, z0), (x1, y1, z1), color, texture, cell=0.4)
        m.surface(((x0 + x1) / 2, y1, (z0 + z1) / 2), (x1 - x0 - 0.04, z1 - z0 - 0.04), 0.7)


def _pedestal(m: Maker, color: Color, texture: str | None, thick: float) -> Mesh:
    """A round table on one leg."""
    x, y, z = (float(v) for v in m.half)
    m.lathe([(0, -thick), (0.93, -thick), (1, -0.4 * thick), (1, 0), (0, 0)], color, 22)
    part = m.parts[-1]
    part.vertices[:] = part.vertices * (x, 1, z) + (0, y, 0)
    r = min(x, z)
    if y > 0.28:
        m.rod(
            (0, -0.05 * y, 0),
            0.07 * r + 0.02,
            1.8 * y,
            darker(color, 0.85),
            segments=10,
            texture=texture,
        )
        for k in range(4):
            m.tube(
                [
                    (0, -0.72 * y, 0),
                    ((0.6, 0, -0.6, 0)[k] * r, -y + 0.02, (0, 0.6, 0, -0.6)[k] * r),
                ],
                0.028,
                darker(color, 0.8),
                6,
            )
    else:
        for a in (-1, 1):
            for b in (-1, 1):
                m.tube(
                    [(0.5 * a * x, y - thick, 0.5 * b * z), (0.66 * a * x, -y, 0.66 * b * z)],
                    0.022,
                    darker(color, 0.85),
                    6,
                )
    m.surface((0, y, 0), (1.5 * x, 1.5 * z), 0.7)
    return m.mesh()


_LINEN: tuple[Color, ...] = ((0.78, 0.28, 0.24), (0.30, 0.46, 0.60), (0.90, 0.88, 0.82))


def _laid(
    m: Maker, top: tuple[float, float, float, float], y0: float, y: float, wood: Color
) -> None:
    """A board with a cloth along its middle, let in so that nothing lies on top of anything."""
    x0, z0, x1, z1 = top
    color, skin = m.pick(*_LINEN), y - 0.003
    m.span((x0, y0, z0), (x1, skin, z1), wood, "wood", cell=0.4)
    m.surface(((x0 + x1) / 2, y, (z0 + z1) / 2), (x1 - x0 - 0.04, z1 - z0 - 0.04), 0.7)
    along = 0.90 if x1 - x0 >= z1 - z0 else 0.34
    bands = []
    for share, cloth in ((1.0, wood), (1.0, darker(color, 0.7)), (0.86, color)):
        wide, deep = (along, 0.34) if along > 0.5 else (0.34, 0.90)
        wide, deep = (1.0, 1.0) if cloth is wood else (wide * share, deep * share)
        half = ((x1 - x0) * wide / 2, (z1 - z0) * deep / 2)
        bands.append((half, cloth))
    cx, cz = (x0 + x1) / 2, (z0 + z1) / 2
    for ((a, b), cloth), (c, d) in zip(
        bands, [half for half, _ in bands[1:]] + [(0, 0)], strict=True
    ):
        texture = "wood" if cloth is wood else "fabric"
        if not c:
            m.span((cx - a, skin, cz - b), (cx + a, y, cz + b), cloth, texture, cell=0.4)
            break
        for side in (-1, 1):
            m.span((cx - a, skin, cz + side * d), (cx + a, y, cz + side * b), cloth, texture, 0.4)
            m.span((cx + side * c, skin, cz - d), (cx + side * a, y, cz + d), cloth, texture, 0.4)


def dining_table(
    size: tuple, seed: int, fittings: tuple[Fitting, ...] = (), footprint: Rectangles = None
) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    wood = m.pick((0.62, 0.42, 0.25), (0.42, 0.28, 0.17), (0.78, 0.62, 0.42), (0.90, 0.89, 0.86))
    thick = min(0.045, 0.12 * y)
    if footprint is None and abs(x - z) < 0.08 * x and m.chance(0.6):
        return _pedestal(m, wood, "wood", thick)
    tops = list(footprint or ((-x, -z, x, z),))
    tops.sort(key=lambda t: (t[2] - t[0]) * (t[3] - t[1]))
    _boards(m, tops[:-1], y - thick, y, wood, "wood")
    _laid(m, tops[-1], y - thick, y, wood)
    if footprint is not None:
        for x0, z0, x1, z1 in footprint:
            for px in (x0 + 0.05, x1 - 0.05):
                for pz in (z0 + 0.05, z1 - 0.05):
                    m.span(
                        (px - 0.03, -y, pz - 0.03),
                        (px + 0.03, y - thick, pz + 0.03),
                        darker(wood, 0.85),
                        "wood",
                    )
        return m.mesh(fit=False)
    if x > 0.65 and m.chance(0.3):
        for a in (-1, 1):
            m.span(
                (a * 0.72 * x, -y, -0.8 * z),
                (a * 0.80 * x, y - thick, 0.8 * z),
                darker(wood, 0.85),
                "wood",
            )
        m.span(
            (-0.74 * x, -0.3 * y, -0.03),
            (0.74 * x, -0.3 * y + 0.09, 0.03),
            darker(wood, 0.8),
            "wood",
        )
    else:
        legs(m, wood, "wood", y - thick, 0.065, 0.03)
        m.span(
            (-x + 0.07, y - thick - 0.08, -z + 0.07),
            (x - 0.07, y - thick, z - 0.07),
            darker(wood, 0.8),
            "wood",
        )
    return m.mesh()


def coffee_table(size: tuple, seed: int, fittings: tuple[Fitting, ...] = ()) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    inside = _inside(fittings)
    color, texture = wood_of(m, seed, inside)
    thick = min(0.035, 0.25 * y)
    if inside:
        _boards(m, [(-x, -z, x, z)], y - thick, y, color, texture)
        legs(m, color, texture, y - thick, 0.06)
        _shelves(m, inside, color, texture)
        return m.mesh()
    kind = float(m.rng.random())
    if abs(x - z) < 0.12 * x and kind < 0.35:
        return _pedestal(m, color, texture, thick)
    if kind > 0.72:
        metal = m.pick(*_METAL)
        m.span((-x, y - 0.015, -z), (x, y, z), _GLASS, alpha=0.45, cell=0.5)
        m.surface((0, y, 0), (2 * x - 0.06, 2 * z - 0.06), 0.7)
        legs(m, metal, None, y - 0.015, 0.035, 0.02)
        for a in (-1, 1):
            m.span(
                (-x + 0.03, y - 0.045, a * (z - 0.04)), (x - 0.03, y - 0.015, a * (z - 0.02)), metal
            )
            m.span(
                (a * (x - 0.04), y - 0.045, -z + 0.03), (a * (x - 0.02), y - 0.015, z - 0.03), metal
            )
        m.span((-x + 0.05, -0.45 * y, -z + 0.05), (x - 0.05, -0.45 * y + 0.015, z - 0.05), metal)
        return m.mesh()
    _boards(m, [(-x, -z, x, z)], y - thick, y, color, texture)
    legs(m, color, texture, y - thick, 0.06, 0.02)
    if kind > 0.3:
        m.span(
            (-x + 0.04, -0.4 * y, -z + 0.04),
            (x - 0.04, -0.4 * y + 0.02, z - 0.04),
            darker(color, 0.9),
            texture,
            cell=0.5,
        )
    else:
        m.span(
            (-x + 0.03, y - thick - 0.06, -z + 0.03),
            (x - 0.03, y - thick, z - 0.03),
            darker(color, 0.85),
            texture,
        )
    return m.mesh()


def side_table(size: tuple, seed: int, fittings: tuple[Fitting, ...] = ()) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    inside = _inside(fittings)
    color, texture = wood_of(m, seed, inside)
    thick = min(0.03, 0.1 * y)
    if inside:
        high = max(b[4] for _, b in inside)
        top = min(max(high, y - 0.05), y - 0.012)
        _boards(m, [(-x, -z, x, z)], top, y, color, texture)
        carcass(m, color, texture, inside, top, solid=False)
        low = min(b[1] for _, b in inside)
        if low > -y + 0.12:
            legs(m, color, texture, top, 0.04, 0.005)
        return m.mesh()
    kind = float(m.rng.random())
    if abs(x - z) < 0.1 * x and kind < 0.35:
        return _pedestal(m, color, texture, thick)
    _boards(m, [(-x, -z, x, z)], y - thick, y, color, texture)
    legs(m, color, texture, y - thick, 0.04, 0.01)
    if kind < 0.75:
        drop = min(0.16, 0.4 * y)
        m.span(
            (-x + 0.015, y - thick - drop, -z + 0.015),
            (x - 0.015, y - thick, z - 0.028),
            darker(color, 0.92),
            texture,
        )
        fake_front(m, -x + 0.03, x - 0.03, y - thick - drop, y - thick, color, texture)
    m.span(
        (-x + 0.02, -0.55 * y, -z + 0.02),
        (x - 0.02, -0.55 * y + 0.02, z - 0.02),
        darker(color, 0.9),
        texture,
    )
    return m.mesh()


def desk(
    size: tuple,
    seed: int,
    fittings: tuple[Fitting, ...] = (),
    footprint: Rectangles = None,
    rest: float | None = None,
) -> Mesh:
    """A desk; a tall one carries a hutch of shelves over its top."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    inside = _inside(fittings)
    color, texture = wood_of(m, seed, inside)
    level = y
    if 2 * y > 1.0:
        seen = rest is not None and 0.5 < rest + y < 0.95
        level = rest if rest is not None and seen else -y + 0.75
    thick = 0.03
    tops = list(footprint or ((-x, -z, x, z),))
    _boards(m, tops, level - thick, level, color, texture)
    low = tuple(f for f in inside if f[1][4] < level + 0.02 and f[0] != "Shelf")
    if low:
        _pedestals(m, low, level - thick, color, texture)
    for x0, z0, x1, z1 in tops:
        for px in (x0, x1 - 0.045):
            for pz in (z0, z1 - 0.045):
                covered = any(b[0] - 0.05 < px + 0.02 < b[3] + 0.05 for _, b in low)
                if not covered:
                    m.span(
                        (px, -y, pz),
                        (px + 0.045, level - thick, pz + 0.045),
                        darker(color, 0.85),
                        texture,
                    )
    _shelves(m, tuple(f for f in inside if f[0] == "Shelf"), color, texture)
    if level < y - 0.12:
        _hutch(m, level, inside, color, texture)
    elif not low and not inside:
        _drawn_drawers(m, level - thick, color, texture)
    if level == y:
        _grommet(m, y)
    m.span(
        (-x + 0.05, -0.1 * y, -z + 0.01),
        (x - 0.05, level - thick, -z + 0.025),
        darker(color, 0.85),
        texture,
    )
    return m.mesh()


def _grommet(m: Maker, top: float) -> None:
    """The hole for cables at the back of a desk's top, within its thickness."""
    x, z = float(m.half[0]), float(m.half[2])
    m.rod((0.55 * x, top - 0.0005, -z + 0.09), 0.035, 0.003, (0.24, 0.24, 0.25), segments=16)
    m.rod((0.55 * x, top + 0.0005, -z + 0.09), 0.026, 0.003, (0.05, 0.05, 0.05), segments=14)


def _hutch(
    m: Maker, level: float, inside: tuple[Fitting, ...], color: Color, texture: str | None
) -> None:
    """Shelves over a desk's top at ``level``, up to the top of its box."""
    x, y, z = (float(v) for v in m.half)
    deep = min(0.30, z)
    for a in (-1, 1):
        m.span((a * x, level, -z), (a * (x - 0.025), y, -z + deep), color, texture)
    m.span((-x, level, -z), (x, y, -z + 0.012), darker(color, 0.8), texture, cell=0.6)
    m.span((-x, y - 0.025, -z), (x, y, -z + deep), color, texture)
    m.surface((0, y, -z + deep / 2), (2 * x - 0.06, deep - 0.04), 0.4)
    if not any(f[0] == "Shelf" and f[1][1] > level for f in inside):
        mid = (level + y) / 2
        m.span((-x, mid, -z), (x, mid + 0.02, -z + deep), color, texture)


def _drawn_drawers(m: Maker, under: float, color: Color, texture: str | None) -> None:
    """Three drawers that do not open, on the right below a desk's top."""
    x, y, z = (float(v) for v in m.half)
    m.span(
        (0.35 * x, -0.9 * y, -z + 0.02),
        (x - 0.05, under, z - 0.028),
        darker(color, 0.92),
        texture,
    )
    for k in range(3):
        step = (under + 0.9 * y) / 3
        low, high = -0.9 * y + k * step, -0.9 * y + (k + 1) * step
        fake_front(m, 0.36 * x, x - 0.06, low, high, color, texture)


def _pedestals(m: Maker, low: tuple[Fitting, ...], top: float, color: Color, texture) -> None:
    """Sides and backs round the drawers under a desk's top."""
    y, z = float(m.half[1]), float(m.half[2])
    for x0, x1 in sorted({(round(b[0], 2), round(b[3], 2)) for _, b in low}):
        column = [b for _, b in low if abs(b[0] - x0) < 0.02 and abs(b[3] - x1) < 0.02]
        bottom = min(b[1] for b in column)
        deep = max(-z, min(b[2] for b in column) - 0.01)
        foot = -y if bottom + y < 0.35 else bottom - 0.015
        for side in (x0 - 0.012, x1):
            m.span((side, foot, deep), (side + 0.012, top, z - 0.015), color, texture)
        levels = sorted({round(v, 3) for b in column for v in (b[1], b[4])})
        for level in levels:
            if level < top - 0.01:
                m.span((x0, level - 0.006, deep), (x1, level + 0.006, z - 0.02), color, texture)


FITTED = {"CoffeeTable": coffee_table, "SideTable": side_table}
"""Builders that take the objects held."""
