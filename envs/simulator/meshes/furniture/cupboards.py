"""Cabinets, drawers, tops, shelves and the floor."""

from __future__ import annotations

from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Color, Mesh

_FRONTS = (
    (0.90, 0.88, 0.82),
    (0.60, 0.40, 0.24),
    (0.42, 0.28, 0.18),
    (0.55, 0.64, 0.66),
    (0.78, 0.62, 0.42),
    (0.86, 0.86, 0.86),
)
_WOODEN = (1, 2, 4)
_TOPS = (
    ((0.52, 0.50, 0.50), "granite"),
    ((0.93, 0.92, 0.89), "marble"),
    ((0.66, 0.45, 0.26), "wood"),
    ((0.32, 0.33, 0.36), "granite"),
    ((0.80, 0.76, 0.68), "marble"),
)


def front_color(seed: int) -> tuple[Color, str | None]:
    """Colour and texture of the cupboard fronts of a style."""
    color, texture, _ = _style(Maker((1.0, 1.0, 1.0), seed))
    return color, texture


def _style(m: Maker) -> tuple[tuple, str | None, tuple]:
    index = int(m.rng.integers(len(_FRONTS)))
    grip = ((0.25, 0.24, 0.24), (0.80, 0.80, 0.82), (0.62, 0.48, 0.24))[int(m.rng.integers(3))]
    return _FRONTS[index], "wood" if index in _WOODEN else None, grip


def _front(
    m: Maker, low: tuple, high: tuple, color: tuple, texture: str | None, joint: int
) -> None:
    """A framed door or drawer face: a raised border round a recessed field."""
    (x0, y0, z0), (x1, y1, z1) = low, high
    field = z1 - 0.35 * (z1 - z0)
    rim = min(0.055, 0.22 * (x1 - x0), 0.22 * (y1 - y0))
    dark = tuple(c * 0.88 for c in color)
    m.span((x0, y0, z0), (x1, y1, field), dark, texture, joint=joint)
    for a, b in (
        ((x0, y0), (x1, y0 + rim)),
        ((x0, y1 - rim), (x1, y1)),
        ((x0, y0 + rim), (x0 + rim, y1 - rim)),
        ((x1 - rim, y0 + rim), (x1, y1 - rim)),
    ):
        m.span((a[0], a[1], field), (b[0], b[1], z1), color, texture, joint=joint)


def cabinet(size: tuple, seed: int, fittings: tuple = ()) -> Mesh:
    """A cupboard; under a basin its body ends below it."""
    m = Maker(size, seed)
    color, texture, grip = _style(m)
    x, y, z = (float(v) for v in m.half)
    wall, door, handle = 0.018, min(0.03, 0.3 * z), 0.018
    front = z - door - handle
    inner = tuple(c * 0.9 for c in color)
    low = min((b[1] for kind, b in fittings if kind == "SinkBasin"), default=y)
    top = low - 0.006 if low > 0.2 * y else y
    m.span((-x, -y, -z), (-x + wall, top, front), color, texture)
    m.span((x - wall, -y, -z), (x, top, front), color, texture)
    m.span((-x + wall, top - wall, -z), (x - wall, top, front), color, texture)
    m.span((-x + wall, -y, -z), (x - wall, -y + wall, front), inner, texture)
    m.span((-x + wall, -y + wall, -z), (x - wall, top - wall, -z + wall), inner, texture)
    depth = front + z - wall
    boards = 2 if y > 0.3 else 1
    for k in range(boards):
        level = -y + wall + (top + y - 2 * wall) * k / boards
        if k:
            m.span(
                (-x + wall, level - wall, -z + wall),
                (x - wall, level, front - 0.02),
                inner,
                texture,
            )
        m.surface(
            (0, level, (-z + wall + front) / 2),
            (2 * x - 2 * wall - 0.02, depth - 0.03),
            (top + y - 2 * wall) / boards - 0.03,
        )
    gap = 0.004
    doors = [(-x + gap, -gap, -1), (gap, x - gap, 1)] if 2 * x > 0.62 else [(-x + gap, x - gap, -1)]
    for a, b, side in doors:
        edge = a if side < 0 else b
        hinge = m.hinge((edge, 0, front), (0, 1, 0), -100.0 if side < 0 else 100.0)
        _front(m, (a, -y + gap, front), (b, y - gap, z - handle), color, texture, hinge)
        at = b - 0.045 if side < 0 else a + 0.045
        length = min(0.07, 0.3 * y)
        m.span((at - 0.008, -length, z - handle), (at + 0.008, length, z), grip, joint=hinge)
    return m.mesh()


def drawer(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    color, texture, grip = _style(m)
    x, y, z = (float(v) for v in m.half)
    wall, face, handle = 0.012, min(0.025, 0.3 * z), 0.02
    front = z - face - handle
    slide = m.slide((0, 0, 1), 0.8 * 2 * z)
    inner = (0.80, 0.70, 0.54)
    top = 0.45 * y
    m.span((-x + 0.01, -y, -z), (x - 0.01, -y + wall, front), inner, joint=slide)
    # At a counter's end its side shows, and is of one colour with the cupboards'.
    m.span((-x + 0.01, -y, -z), (-x + 0.01 + wall, top, front), color, texture, joint=slide)
    m.span((x - 0.01 - wall, -y, -z), (x - 0.01, top, front), color, texture, joint=slide)
    m.span((-x + 0.01, -y, -z), (x - 0.01, top, -z + wall), inner, joint=slide)
    _front(m, (-x, -y, front), (x, y, z - handle), color, texture, slide)
    wide = min(0.10, 0.45 * x)
    m.span((-wide, -0.01, z - 0.006), (wide, 0.01, z), grip, joint=slide)
    for side in (-1, 1):
        m.span(
            (side * wide - 0.006, -0.008, z - handle),
            (side * wide + 0.006, 0.008, z),
            grip,
            joint=slide,
        )
    m.surface(
        (0, -y + wall, (-z + front) / 2),
        (2 * x - 0.06, front + z - 0.04),
        2 * y - 0.02,
        joint=slide,
    )
    return m.mesh()


def counter_top(size: tuple, seed: int, footprint: tuple | None = None) -> Mesh:
    m = Maker(size, seed)
    color, texture = _TOPS[int(m.rng.integers(len(_TOPS)))]
    x, y, z = (float(v) for v in m.half)
    rectangles = footprint or ((-x, -z, x, z),)
    for x0, z0, x1, z1 in rectangles:
        m.span((x0, -y, z0), (x1, y, z1), color, texture, cell=0.3)
        m.surface(((x0 + x1) / 2, y, (z0 + z1) / 2), (x1 - x0, z1 - z0), 0.55)
    return m.mesh(fit=footprint is None)


def floor(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    kind = int(m.rng.integers(3))
    color, texture = (
        ((0.80, 0.72, 0.60), "tiles"),
        ((0.66, 0.48, 0.31), "planks"),
        ((0.74, 0.75, 0.76), "tiles"),
    )[kind]
    x, y, z = (float(v) for v in m.half)
    m.box((0, 0, 0), (2 * x, 2 * y, 2 * z), color, texture, cell=0.28)
    m.surface((0, y, 0), (2 * x, 2 * z), 2.0)
    return m.mesh()


BUILDERS = {
    "Drawer": drawer,
    "Floor": floor,
}
FITTED = {"Cabinet": cabinet}
