"""Sofas, arm chairs, stools and dog beds."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

WOODS = ((0.55, 0.36, 0.21), (0.34, 0.22, 0.14), (0.76, 0.60, 0.40), (0.15, 0.13, 0.12))
_COVERS: tuple[tuple[Color, str], ...] = (
    ((0.52, 0.55, 0.60), "fabric"),
    ((0.70, 0.62, 0.50), "fabric"),
    ((0.36, 0.22, 0.15), "leather"),
    ((0.30, 0.40, 0.55), "fabric"),
    ((0.60, 0.25, 0.22), "fabric"),
    ((0.86, 0.82, 0.74), "fabric"),
    ((0.16, 0.15, 0.16), "leather"),
    ((0.38, 0.48, 0.36), "fabric"),
)


def cover_of(m: Maker) -> tuple[Color, str]:
    color, texture = m.one_of(*_COVERS)
    return m.pick(color), texture


def seat_level(m: Maker, rest: float | None, usual: float, low: float, high: float) -> float:
    """Seat height in the object frame: where objects were seen to lie, if that is plausible."""
    y = float(m.half[1])
    if rest is not None and low <= (rest + y) / (2 * y) <= high:
        return rest
    return -y + min(usual, 0.55 * 2 * y)


def _feet(m: Maker, x: float, z: float, top: float, color: Color) -> None:
    bottom = -float(m.half[1])
    for a in (-1, 1):
        for b in (-1, 1):
            m.rod(
                (a * (x - 0.06), (bottom + top) / 2, b * (z - 0.06)),
                0.020,
                top - bottom,
                color,
                segments=6,
                top=0.030,
            )


def _upholstered(m: Maker, rest: float | None, places: int) -> Mesh:
    """A seat with arms; a deep one has a chaise on one side."""
    color, texture = cover_of(m)
    x, y, z = (float(v) for v in m.half)
    seat = seat_level(m, rest, 0.44, 0.28, 0.72)
    foot = -y + min(0.07, 0.3 * (seat + y))
    arm, back = min(0.20, 0.15 * 2 * x), min(0.24, 0.26 * 2 * z)
    soft = min(0.17, 0.45 * (seat + y))
    chaise = places > 1 and 2 * z > 1.45
    front = -z + 1.0 if chaise else z
    shade = darker(color, 0.93)
    _feet(m, x, z, foot, WOODS[1])
    m.cushion(
        (0, (foot + seat - soft) / 2, (front - z) / 2),
        (2 * x - 0.02, seat - soft - foot, front + z),
        shade,
        texture,
        0.03,
    )
    armtop = min(seat + 0.20, seat + 0.6 * (y - seat))
    side = 1 if m.chance(0.5) else -1
    for a in (-1, 1):
        if chaise and a == side:
            continue
        middle = (a * (x - arm / 2), (armtop + foot) / 2, (front - z) / 2)
        m.cushion(middle, (arm, armtop - foot, front + z), color, texture, 0.06)
    m.cushion(
        (0, (y + foot) / 2 - 0.04 * y, -z + back * 0.35),
        (2 * x - 0.04, y - foot - 0.08 * y, back * 0.7),
        shade,
        texture,
        0.06,
    )
    left = -x + (0.02 if chaise and side < 0 else arm)
    right = x - (0.02 if chaise and side > 0 else arm)
    wide = (right - left) / places
    for k in range(places):
        at = left + wide * (k + 0.5)
        middle = (at, seat - soft / 2, (front - z + back) / 2)
        m.cushion(middle, (wide - 0.012, soft, front + z - back + 0.02), color, texture, 0.05)
        _back_cushion(m, at, wide, seat, back, color, texture)
    if chaise:
        m.cushion(
            (side * (x - 0.42), (foot + seat - soft) / 2, (front + z) / 2),
            (0.84, seat - soft - foot, z - front),
            shade,
            texture,
            0.03,
        )
        _chaise_cushion(m, side * (x - 0.42), front, seat, soft, color, texture)
    m.surface(
        ((left + right) / 2, seat, (front - z + back) / 2),
        (right - left - 0.06, front + z - back - 0.08),
        0.8,
    )
    return m.mesh()


def _back_cushion(
    m: Maker, at: float, wide: float, seat: float, back: float, color: Color, texture: str | None
) -> None:
    """The cushion one leans on, tilted a little."""
    _, y, z = (float(v) for v in m.half)
    first = len(m.parts)
    m.cushion(
        (at, (seat + y) / 2, -z + back * 0.8),
        (wide - 0.02, y - seat, back * 0.62),
        color,
        texture,
        0.07,
    )
    m.turn(first, (1, 0, 0), -7, (at, seat, -z + back))


def _chaise_cushion(
    m: Maker, at: float, front: float, seat: float, soft: float, color: Color, texture: str | None
) -> None:
    """The cushion of a chaise, from the seat's ``front`` to the box's, with its surface."""
    z = float(m.half[2])
    m.cushion(
        (at, seat - soft / 2, (front + z) / 2),
        (0.84, soft, z - front + 0.01),
        color,
        texture,
        0.05,
    )
    m.surface((at, seat, (front + z) / 2), (0.7, z - front - 0.05), 0.8)


def sofa(size: tuple, seed: int, rest: float | None = None) -> Mesh:
    return _upholstered(Maker(size, seed), rest, 2 if size[0] < 1.75 else 3)


def arm_chair(size: tuple, seed: int, rest: float | None = None) -> Mesh:
    m = Maker(size, seed)
    if size[1] < 0.95 and m.chance(0.3):
        return _frame_chair(m, rest)
    return _upholstered(m, rest, 1)


def _frame_chair(m: Maker, rest: float | None) -> Mesh:
    """An open wooden arm chair with two cushions."""
    color, texture = cover_of(m)
    wood = m.pick(*WOODS)
    x, y, z = (float(v) for v in m.half)
    seat = seat_level(m, rest, 0.42, 0.28, 0.72)
    arm = min(seat + 0.22, 0.6 * y)
    for a in (-1, 1):
        m.span((a * x, -y, z - 0.05), (a * (x - 0.05), arm, z), wood, "wood")
        m.span((a * x, -y, -z + 0.1), (a * (x - 0.05), arm, -z + 0.15), wood, "wood")
        m.span((a * x, arm, -z + 0.05), (a * (x - 0.07), arm + 0.03, z), wood, "wood")
        m.span((a * x, seat - 0.16, -z + 0.1), (a * (x - 0.04), seat - 0.11, z), wood, "wood")
    m.cushion((0, seat - 0.06, 0.02), (2 * x - 0.1, 0.12, 2 * z - 0.1), color, texture, 0.04)
    first = len(m.parts)
    m.cushion((0, (seat + y) / 2, -z + 0.16), (2 * x - 0.12, y - seat, 0.13), color, texture, 0.05)
    m.span((-x + 0.05, seat - 0.1, -z + 0.06), (x - 0.05, y - 0.08, -z + 0.09), wood, "wood")
    m.turn(first, (1, 0, 0), -10, (0, seat, -z + 0.16))
    m.surface((0, seat, 0.05), (2 * x - 0.2, 2 * z - 0.3), 0.7)
    return m.mesh()


def stool(size: tuple, seed: int, rest: float | None = None) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    metal = m.pick((0.15, 0.15, 0.16), (0.72, 0.73, 0.76), WOODS[0])
    r = min(x, z)
    top = m.pick((0.62, 0.20, 0.16), (0.40, 0.27, 0.17), (0.22, 0.30, 0.42), WOODS[2])
    if m.chance(0.6):
        m.lathe(
            [(0, y - 0.06), (0.86 * r, y - 0.06), (0.9 * r, y - 0.03), (0.8 * r, y), (0, y)],
            top,
            18,
            sharp=60,
        )
    else:
        m.cushion((0, y - 0.03, 0), (1.8 * x, 0.06, 1.8 * z), top, "wood", 0.02)
    for a in (-1, 1):
        for b in (-1, 1):
            m.tube(
                [(a * 0.5 * x, y - 0.06, b * 0.5 * z), (a * 0.92 * x, -y, b * 0.92 * z)],
                0.018,
                metal,
                6,
            )
    if y > 0.25:
        m.ring((0, -0.35 * y, 0), 0.98 * r, 0.012, metal, segments=14)
    m.surface((0, y, 0), (1.2 * r, 1.2 * r), 0.5)
    return m.mesh()


def footstool(size: tuple, seed: int, rest: float | None = None) -> Mesh:
    m = Maker(size, seed)
    color, texture = cover_of(m)
    x, y, z = (float(v) for v in m.half)
    wood = m.pick(*WOODS)
    for a in (-1, 1):
        for b in (-1, 1):
            m.tube(
                [(a * 0.7 * x, 0.4 * y, b * 0.7 * z), (a * 0.88 * x, -y, b * 0.88 * z)],
                0.017,
                wood,
                6,
            )
    m.cushion((0, 0.62 * y, 0), (2 * x, 0.76 * y, 2 * z), color, texture, 0.05)
    m.ball((0, 0.97 * y, 0), (0.015, 0.03 * y, 0.015), darker(color, 0.6), segments=6, rings=3)
    m.surface((0, y, 0), (1.6 * x, 1.6 * z), 0.5)
    return m.mesh()


def ottoman(size: tuple, seed: int, rest: float | None = None) -> Mesh:
    m = Maker(size, seed)
    color, texture = cover_of(m)
    x, y, z = (float(v) for v in m.half)
    _feet(m, x, z, -0.72 * y, WOODS[1])
    m.cushion(
        (0, -0.15 * y, 0), (2 * x - 0.02, 1.2 * y, 2 * z - 0.02), darker(color, 0.9), texture, 0.03
    )
    m.cushion((0, 0.7 * y, 0), (2 * x, 0.6 * y, 2 * z), color, texture, 0.06)
    for a in (-0.5, 0, 0.5):
        for b in (-0.45, 0.45):
            m.ball(
                (a * x, 0.99 * y, b * z),
                (0.016, 0.01 * y, 0.016),
                darker(color, 0.55),
                segments=6,
                rings=3,
            )
    m.surface((0, y, 0), (1.8 * x, 1.8 * z), 0.6)
    return m.mesh()


def dog_bed(size: tuple, seed: int, rest: float | None = None) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color = m.pick((0.45, 0.33, 0.24), (0.35, 0.42, 0.52), (0.55, 0.22, 0.22))
    angle = np.linspace(0, 360, 17)
    around = np.radians(angle)
    thick = min(0.95 * y, 0.22 * min(x, z))
    grid = []
    for t in np.linspace(0, 2 * np.pi, 7):
        grid.append(
            [
                (
                    (x - thick + thick * np.cos(t)) * np.cos(a),
                    thick * np.sin(t),
                    (z - thick + thick * np.cos(t)) * np.sin(a),
                )
                for a in around
            ]
        )
    m.sheet(np.array(grid)[::-1], color, "carpet", (8, 1), both=True)
    m.lathe([(0, -0.3), (0.92, -0.3), (0.8, 0.12), (0, 0.2)], (0.88, 0.82, 0.70), 16, sharp=70)
    v = m.parts[-1].vertices
    v[:] = v * (x - thick, y, z - thick)
    m.lathe([(0, -1.0), (0.9, -1.0), (0.94, -0.6), (0, -0.6)], darker(color, 0.8), 16)
    v = m.parts[-1].vertices
    v[:] = v * (x, y, z)
    m.surface((0, 0.15 * y, 0), (1.2 * (x - thick), 1.2 * (z - thick)), 0.5)
    return m.mesh()


RESTING = {
    "Sofa": sofa,
    "ArmChair": arm_chair,
    "Stool": stool,
    "Footstool": footstool,
    "Ottoman": ottoman,
    "DogBed": dog_bed,
}
