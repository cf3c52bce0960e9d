"""Fridges: freezer on top, freezer below, two doors side by side, two doors over a deep freezer."""

from __future__ import annotations

from dataclasses import dataclass

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

_WALL = 0.04
_SPLIT = 0.62
"""Where the floor of the upper room is, of the height."""
_WIDE = 0.75
_FINISHES: tuple[tuple[Color, str | None], ...] = (
    ((0.94, 0.95, 0.95), None),
    ((0.80, 0.81, 0.84), "steel"),
    ((0.92, 0.90, 0.84), None),
    ((0.17, 0.18, 0.20), None),
    ((0.72, 0.20, 0.18), None),
)


@dataclass(frozen=True)
class _Door:
    """A door's corners on the front, metres, and the side it is hung at."""

    low: tuple[float, float]
    high: tuple[float, float]
    hung: float


def _doors(m: Maker, form: str) -> list[_Door]:
    """No door of a wide fridge is wider than half of it: it has to swing past who opens it."""
    x, y = float(m.half[0]), float(m.half[1])
    gap, wide = 0.004, 2 * x > _WIDE
    split = {"below": -0.24 * y, "french": -0.24 * y}.get(form, -y + _SPLIT * 2 * y)

    def pair(low: float, high: float) -> list[_Door]:
        return [_Door((-x, low), (-gap, high), -x), _Door((gap, low), (x, high), x)]

    if form == "beside":
        return pair(-y, y)
    if form == "french":
        return [*pair(split + gap, y), *pair(-0.64 * y + gap, split - gap), *pair(-y, -0.64 * y)]
    if wide:
        return [*pair(-y, split - gap), *pair(split + gap, y)]
    return [_Door((-x, -y), (x, split - gap), -x), _Door((-x, split + gap), (x, y), -x)]


def fridge(size: tuple, seed: int) -> Mesh:
    """One of the forms that its width allows."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    paint, texture = m.one_of(*_FINISHES)
    if 2 * x > 0.9:
        form = m.one_of("french", "beside", "above")
    else:
        form = m.one_of("above", "below", "above")
    front = z - min(0.07, 0.35 * z)
    _body(m, paint, texture, front)
    for door in _doors(m, form):
        _hang(m, door, paint, texture, front)
    if form == "beside":
        _dispenser(m, -0.58 * x, 0.22 * y, z - 0.02)
    elif texture is None:
        _held_by_magnets(m, z - 0.02, y)
    return m.mesh()


def _body(m: Maker, paint: Color, texture: str | None, front: float) -> None:
    """The case with two rooms, one over the other, and shelves."""
    x, y, z = (float(v) for v in m.half)
    wall, split = _WALL, -y + _SPLIT * 2 * y
    m.span((-x, -y, -z), (-x + wall, y, front), paint, texture, cell=0.7)
    m.span((x - wall, -y, -z), (x, y, front), paint, texture, cell=0.7)
    m.span((-x, y - wall, -z), (x, y, front), paint, texture)
    m.span((-x, -y, -z), (x, -y + wall, front), darker(paint, 0.6))
    m.span((-x + wall, -y + wall, -z), (x - wall, y - wall, -z + wall), (0.96, 0.97, 1.0))
    floor = ((-x + wall, split - 0.02, -z + wall), (x - wall, split + 0.02, front))
    m.span(*floor, (0.94, 0.95, 0.97))
    depth = front + z - wall
    for k in range(3):
        level = -y + wall + (split + y - wall) * k / 3
        if k:
            shelf = ((-x + wall, level - 0.012, -z + wall), (x - wall, level, front - 0.05))
            m.span(*shelf, (0.80, 0.88, 0.92))
        m.surface(
            (0, level, (-z + wall + front - 0.05) / 2),
            (2 * x - 2 * wall - 0.04, depth - 0.1),
            (split + y - wall) / 3 - 0.03,
        )
    m.surface(
        (0, split + 0.02, (-z + wall + front) / 2),
        (2 * x - 2 * wall - 0.04, depth - 0.08),
        y - wall - split - 0.03,
    )


def _hang(m: Maker, door: _Door, paint: Color, texture: str | None, front: float) -> None:
    """One door with its lining and grip."""
    z = float(m.half[2])
    (left, low), (right, high) = door.low, door.high
    hinge = m.hinge((door.hung, 0, front), (0, 1, 0), -110.0 if door.hung < 0 else 110.0)
    m.span((left, low, front), (right, high, z - 0.02), paint, texture, cell=0.7, joint=hinge)
    lining = ((left + 0.04, low + 0.05, front - 0.01), (right - 0.04, high - 0.05, front))
    m.span(*lining, (0.97, 0.97, 0.98), joint=hinge)
    metal = (0.80, 0.81, 0.84) if sum(paint) < 1.5 else (0.46, 0.47, 0.50)
    grip = right - 0.06 if door.hung < 0 else left + 0.06
    bar = (
        (grip - 0.014, low + 0.16 * (high - low)),
        (grip + 0.014, high - 0.16 * (high - low)),
    )
    (a, b), (c, d) = bar
    m.cushion(
        ((a + c) / 2, (b + d) / 2, z - 0.005), (c - a, d - b, 0.01), metal, None, 0.004, joint=hinge
    )
    for edge in (b, d - 0.03):
        m.span((a, edge, z - 0.02), (c, edge + 0.03, z - 0.008), darker(metal, 0.8), joint=hinge)


def _dispenser(m: Maker, x: float, y: float, z: float) -> None:
    """Where water and ice come out of the door."""
    joint = 0
    wide, tall = 0.24, 0.36
    m.span(
        (x - wide / 2, y - tall / 2, z),
        (x + wide / 2, y + tall / 2, z + 0.006),
        (0.1,) * 3,
        joint=joint,
    )
    m.span(
        (x - 0.4 * wide, y - 0.42 * tall, z),
        (x + 0.4 * wide, y + 0.14 * tall, z + 0.008),
        (0.30, 0.32, 0.35),
        joint=joint,
    )
    m.span(
        (x - 0.03, y - 0.1 * tall, z),
        (x + 0.03, y + 0.12 * tall, z + 0.016),
        (0.75,) * 3,
        joint=joint,
    )
    m.panel(
        (x, y + 0.32 * tall, z + 0.0075), (0.7 * wide, 0.2 * tall), "degrees", "+z", joint=joint
    )


def _held_by_magnets(m: Maker, z: float, y: float) -> None:
    """A note and magnets on the door that reaches highest."""
    x = float(m.half[0])
    doors = [
        k
        for k, p in enumerate(m.parts)
        if p.joint is not None and p.vertices[:, 1].max() > y - 0.01
    ]
    part = m.parts[doors[0]]
    joint, left, right = (
        part.joint,
        float(part.vertices[:, 0].min()),
        float(part.vertices[:, 0].max()),
    )
    low = max(float(part.vertices[:, 1].min()), -0.1 * y)
    at, level = left + 0.45 * (right - left), (low + y) / 2
    size = min(0.15, 0.4 * (right - left), 0.5 * (y - low))
    m.panel((at, level, z + 0.001), (0.8 * size, size), "note", "+z", joint=joint)
    spots = (
        ((at, level + 0.45 * size), (0.85, 0.16, 0.14)),
        ((at - 0.75 * size, level + 0.2 * size), (0.16, 0.40, 0.80)),
        ((at - 0.70 * size, level - 0.35 * size), (0.98, 0.76, 0.16)),
    )
    for (u, v), color in spots:
        if left + 0.02 < u < min(right, x) - 0.02:
            m.rod((u, v, z + 0.005), 0.022, 0.01, color, axis=2, segments=10, joint=joint)


BUILDERS = {"Fridge": fridge}
