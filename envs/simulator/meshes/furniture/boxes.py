"""Objects that open: boxes, books, hampers, safes."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh
from envs.simulator.meshes.prints import COVERS


def box(size: tuple, seed: int, lidded: bool = False) -> Mesh:
    """A cardboard box whose four flaps open outwards; sized with its flaps open."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    if lidded:
        return _gift_box(m)
    card = m.pick((0.74, 0.57, 0.38), (0.66, 0.50, 0.33), (0.82, 0.68, 0.48), (0.86, 0.84, 0.80))
    out = min(0.12, 0.28 * min(x, z))
    bx, bz, t = x - out, z - out, 0.006
    top, inner = y - 0.06 * y, darker(card, 0.82)
    m.span((-bx, -y, -bz), (bx, -y + t, bz), inner)
    for a in (-1, 1):
        m.span((a * bx, -y, -bz), (a * (bx - t), top, bz), card)
        m.span((-bx, -y, a * bz), (bx, top, a * (bz - t)), card)
    m.panel((0.45 * bx, -0.1 * y, bz + 0.004), (0.5 * bx, 0.4 * y), None, "+z", (0.94, 0.93, 0.90))
    m.panel(
        (0.45 * bx, -0.02 * y, bz + 0.008), (0.36 * bx, 0.06 * y), None, "+z", (0.25, 0.25, 0.27)
    )
    m.panel((-0.5 * bx, -0.1 * y, bz + 0.004), (0.16 * bx, 0.5 * y), None, "+z", darker(card, 0.7))
    # Flaps meet over the opening when closed, and hang out when open.
    for a in (-1, 1):
        for axis, half, across in ((0, bx, bz), (2, bz, bx)):
            length = min(half, out / np.cos(np.radians(28))) if axis == 0 else half
            length = min(length, half)
            line = (0, 0, 1) if axis == 0 else (1, 0, 0)
            sign = -1 if axis == 0 else 1
            origin = (a * bx, top, 0) if axis == 0 else (0, top, a * bz)
            swing = a * sign * (200.0 if length <= 1.2 * out else 250.0)
            joint = m.hinge(origin, line, swing)
            lift = 0.003 if axis == 0 else 0.007
            if axis == 0:
                low, high = (
                    (a * bx, top + lift - 0.003, -across),
                    (a * (bx - length), top + lift, across),
                )
            else:
                low, high = (
                    (-across, top + lift - 0.003, a * bz),
                    (across, top + lift, a * (bz - length)),
                )
            m.span(low, high, darker(card, 1.05), joint=joint)
    m.surface((0, -y + t, 0), (2 * bx - 0.03, 2 * bz - 0.03), 2 * y)
    return m.mesh(openness=1.0)


def _gift_box(m: Maker) -> Mesh:
    """A box with a lid, closed at rest."""
    x, y, z = (float(v) for v in m.half)
    color, texture = m.one_of(
        ((0.55, 0.38, 0.24), "wicker"),
        ((0.36, 0.46, 0.56), "dots"),
        ((0.78, 0.74, 0.66), "fabric"),
        ((0.62, 0.32, 0.30), "stripes"),
    )
    bx, bz, t, split = 0.96 * x, 0.96 * z, 0.008, 0.55 * y
    m.span((-bx, -y, -bz), (bx, -y + t, bz), darker(color, 0.7))
    for a in (-1, 1):
        m.span((a * bx, -y, -bz), (a * (bx - t), split, bz), color, texture)
        m.span((-bx, -y, a * bz), (bx, split, a * (bz - t)), color, texture)
    lid = m.hinge((0, split, -z), (1, 0, 0), -105.0)
    shade = darker(color, 0.85)
    m.span((-x, y - t, -z), (x, y, z), shade, texture, joint=lid)
    for a in (-1, 1):
        m.span((a * x, split - 0.04, -z), (a * (x - t), y, z), shade, texture, joint=lid)
        m.span((-x, split - 0.04, a * z), (x, y, a * (z - t)), shade, texture, joint=lid)
    m.surface((0, -y + t, 0), (1.8 * bx, 1.8 * bz), 1.4 * y)
    return m.mesh()


def book(size: tuple, seed: int) -> Mesh:
    """Lying; the cover turns about the spine at -x."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    name = COVERS[int(m.rng.integers(len(COVERS)))]
    cover: Color = {
        "cover_red": (0.59, 0.13, 0.14),
        "cover_blue": (0.13, 0.24, 0.47),
        "cover_green": (0.16, 0.38, 0.25),
        "cover_yellow": (0.89, 0.67, 0.20),
        "cover_white": (0.93, 0.92, 0.89),
    }[name]
    board = min(0.12 * 2 * y, 0.004)
    m.span((-x, -y, -z), (x, -y + board, z), cover)
    m.span(
        (-x + 0.005, -y + board, -z + 0.005), (x - 0.006, y - board, z - 0.005), (0.95, 0.94, 0.88)
    )
    for k in range(3):
        level = -y + board + (2 * y - 2 * board) * (k + 1) / 4
        m.span(
            (-x + 0.006, level - 0.0004, -z + 0.0045),
            (x - 0.0055, level + 0.0004, z - 0.0045),
            (0.80, 0.78, 0.72),
        )
    m.span((-x, -y, -z), (-x + 0.005, y, z), cover)
    m.panel(
        (0, y - board + 0.0015, 0), (1.9 * x, 1.9 * z), "news", "+y", (1.0, 0.99, 0.95), cells=2
    )
    hinge = m.hinge((-x, y - board, 0), (0, 0, 1), 165.0)
    m.span((-x, y - board, -z), (x, y - min(0.002, 0.2 * y), z), cover, joint=hinge)
    m.panel((0, y, 0), (2 * x, 2 * z), name, "+y", cells=2, joint=hinge)
    return m.mesh()


def laundry_hamper(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = m.one_of(
        ((0.78, 0.62, 0.42), "wicker"),
        ((0.88, 0.85, 0.78), "wicker"),
        ((0.55, 0.60, 0.66), "fabric"),
        ((0.36, 0.25, 0.17), "wicker"),
    )
    top, t = y - 0.07, 0.012
    m.span((-0.94 * x, -y, -0.94 * z), (0.94 * x, -y + 0.015, 0.94 * z), darker(color, 0.7))
    for a in (-1, 1):
        m.span((a * 0.97 * x, -y, -0.97 * z), (a * (0.97 * x - t), top, 0.97 * z), color, texture)
        m.span((-0.97 * x, -y, a * 0.97 * z), (0.97 * x, top, a * (0.97 * z - t)), color, texture)
        m.span((-x, -0.9 * y, a * z), (x, -0.82 * y, a * 0.96 * z), darker(color, 0.75), texture)
        m.span((a * x, -0.9 * y, -z), (a * 0.96 * x, -0.82 * y, z), darker(color, 0.75), texture)
    lid = m.hinge((0, top, -z), (1, 0, 0), -100.0)
    m.cushion(
        (0, (top + y) / 2, 0),
        (2 * x, y - top, 2 * z),
        darker(color, 0.88),
        texture,
        0.02,
        joint=lid,
    )
    m.span(
        (-0.14 * x, top + 0.01, z - 0.004), (0.14 * x, y - 0.015, z), darker(color, 0.5), joint=lid
    )
    for a in (-1, 1):
        m.span((a * x, 0.35 * y, -0.25 * z), (a * 0.96 * x, 0.5 * y, 0.25 * z), darker(color, 0.45))
    m.surface((0, -y + 0.016, 0), (1.7 * x, 1.7 * z), 1.7 * y)
    return m.mesh()


def safe(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    steel, wall = m.pick((0.30, 0.32, 0.35), (0.20, 0.28, 0.24), (0.48, 0.49, 0.50)), 0.03
    front = z - 0.075
    inner = darker(steel, 0.6)
    m.span((-x, -y, -z), (-x + wall, y, front), steel)
    m.span((x - wall, -y, -z), (x, y, front), steel)
    m.span((-x, y - wall, -z), (x, y, front), steel)
    m.span((-x, -y, -z), (x, -y + wall, front), steel)
    m.span((-x, -y, -z), (x, y, -z + wall), inner)
    m.surface((0, -y + wall, 0), (2 * x - 2 * wall, 2 * z - 0.14), 2 * y - 2 * wall)
    _safe_door(m, steel, front)
    for share in (-0.6, 0.6):
        m.rod((-x + 0.015, share * y, z - 0.04), 0.014, 0.1, (0.5, 0.5, 0.52), segments=8)
    return m.mesh()


def _safe_door(m: Maker, steel: Color, front: float) -> None:
    """The door of a safe on its hinge at ``front``, with dial and three-armed handle."""
    x, y, z = (float(v) for v in m.half)
    hinge = m.hinge((-x, 0, front), (0, 1, 0), -100.0)
    m.cushion(
        (0, 0, (front + z - 0.035) / 2),
        (2 * x, 2 * y, z - 0.035 - front),
        steel,
        None,
        0.012,
        joint=hinge,
    )
    m.cushion(
        (0, 0, z - 0.036), (1.7 * x, 1.7 * y, 0.008), darker(steel, 1.15), None, 0.004, joint=hinge
    )
    r = 0.20 * min(x, y)
    m.rod(
        (0.35 * x, 0.3 * y, z - 0.025),
        r,
        0.03,
        (0.14, 0.14, 0.15),
        axis=2,
        segments=18,
        joint=hinge,
    )
    m.rod(
        (0.35 * x, 0.3 * y, z - 0.012),
        0.72 * r,
        0.024,
        (0.80, 0.80, 0.82),
        axis=2,
        segments=14,
        joint=hinge,
    )
    m.span(
        (0.35 * x - 0.003, 0.3 * y, z - 0.002),
        (0.35 * x + 0.003, 0.3 * y + 0.6 * r, z),
        (0.8, 0.1, 0.1),
        joint=hinge,
    )
    for k in range(3):
        first = len(m.parts)
        m.span(
            (0.35 * x - 1.5 * r, -0.3 * y - 0.01, z - 0.03),
            (0.35 * x + 1.5 * r, -0.3 * y + 0.01, z - 0.015),
            (0.80, 0.80, 0.82),
            joint=hinge,
        )
        m.turn(first, (0, 0, 1), 60.0 * k, (0.35 * x, -0.3 * y, 0))


BUILDERS = {"Book": book, "LaundryHamper": laundry_hamper, "Safe": safe}
