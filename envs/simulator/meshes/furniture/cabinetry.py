"""Dressers, desks and stands built round what the recordings list in them.

Drawers, doors and shelves are objects of their own; the furniture is the carcass that holds them.
Without any, a dresser gets fronts that do not open.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.furniture.cupboards import front_color
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

# Object type, or ``"Rest"`` for what lies on it, and its box in the furniture's frame:
# x0, y0, z0, x1, y1, z1, metres.
Fitting = tuple[str, tuple[float, float, float, float, float, float]]
WOODS: tuple[Color, ...] = (
    (0.62, 0.43, 0.27),
    (0.38, 0.25, 0.16),
    (0.90, 0.89, 0.86),
    (0.78, 0.62, 0.42),
    (0.22, 0.20, 0.19),
)


def wood_of(m: Maker, seed: int, fittings: tuple[Fitting, ...]) -> tuple[Color, str | None]:
    """Colour and texture: those of the drawers' fronts where there are some."""
    if any(kind in ("Drawer", "Cabinet") for kind, _ in fittings):
        return front_color(seed)
    return m.pick(*WOODS), "wood"


def carcass(
    m: Maker,
    color: Color,
    texture: str | None,
    fittings: tuple[Fitting, ...],
    top: float,
    solid: bool,
) -> None:
    """Wood round the fittings, which stay hollow, up to ``top``.

    Places without a fitting are closed if ``solid``; else only narrow ones are.
    """
    x, y, z = (float(v) for v in m.half)
    boxes = [b for kind, b in fittings if kind in ("Drawer", "Cabinet", "Shelf")]
    low = min((b[1] for b in boxes), default=-y)
    foot = low if low + y > 0.06 and low < 0.3 * y else -y
    xs = sorted({-x, x, *(float(np.clip(v, -x, x)) for b in boxes for v in (b[0], b[3]))})
    ys = sorted({foot, top, *(float(np.clip(v, foot, top)) for b in boxes for v in (b[1], b[4]))})
    xs = [v for k, v in enumerate(xs) if k in (0, len(xs) - 1) or v - xs[k - 1] > 0.004]
    ys = [v for k, v in enumerate(ys) if k in (0, len(ys) - 1) or v - ys[k - 1] > 0.004]
    inner = darker(color, 0.8)
    for i in range(len(xs) - 1):
        mx = (xs[i] + xs[i + 1]) / 2
        column = [b for b in boxes if b[0] < mx < b[3]]
        for j in range(len(ys) - 1):
            my = (ys[j] + ys[j + 1]) / 2
            inside = [b for b in column if b[1] < my < b[4]]
            small = xs[i + 1] - xs[i] < 0.07 or (bool(column) and ys[j + 1] - ys[j] < 0.07)
            if inside:
                back = float(np.clip(min(b[2] for b in inside), -z + 0.012, 0.9 * z))
                m.span(
                    (xs[i], ys[j], -z), (xs[i + 1], ys[j + 1], min(back, -z + 0.03)), inner, texture
                )
            elif small or solid:
                m.span(
                    (xs[i], ys[j], -z), (xs[i + 1], ys[j + 1], z - 0.012), color, texture, cell=0.6
                )
    if foot > -y:
        legs(m, color, texture, foot)


def legs(
    m: Maker,
    color: Color,
    texture: str | None,
    top: float,
    thick: float = 0.05,
    inset: float = 0.01,
) -> None:
    """Four square legs up to a height."""
    x, y, z = (float(v) for v in m.half)
    thick = min(thick, 0.2 * min(x, z))
    for a in (-1, 1):
        for b in (-1, 1):
            m.span(
                (a * (x - inset), -y, b * (z - inset)),
                (a * (x - inset - thick), top, b * (z - inset - thick)),
                darker(color, 0.85),
                texture,
            )


def fake_front(m: Maker, x0: float, x1: float, y0: float, y1: float, color: Color, texture) -> None:
    """A drawer face that does not open."""
    z = float(m.half[2])
    gap = 0.008
    m.cushion(
        ((x0 + x1) / 2, (y0 + y1) / 2, z - 0.016),
        (x1 - x0 - gap, y1 - y0 - gap, 0.022),
        color,
        texture,
        0.008,
    )
    m.ball(
        ((x0 + x1) / 2, (y0 + y1) / 2, z - 0.003),
        (0.016, 0.016, 0.010),
        (0.75, 0.72, 0.64),
        segments=7,
        rings=4,
    )


def _slab(m: Maker, y0: float, color: Color, texture: str | None) -> None:
    x, y, z = (float(v) for v in m.half)
    m.span(
        (-x, y0, -z),
        (x, y, z),
        darker(color, 1.06) if max(color) < 0.9 else color,
        texture,
        cell=0.4,
    )
    m.surface((0, y, 0), (2 * x - 0.04, 2 * z - 0.04), 0.8)


def _top_of(m: Maker, fittings: tuple[Fitting, ...], usual: float) -> float:
    """Underside of the top: just over the highest fitting."""
    y = float(m.half[1])
    high = max((b[4] for kind, b in fittings if kind != "Rest"), default=y - usual)
    return float(np.clip(high, y - 0.06, y - 0.012))


def dresser(size: tuple, seed: int, fittings: tuple[Fitting, ...] = ()) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = wood_of(m, seed, fittings)
    top = _top_of(m, fittings, 0.03)
    _slab(m, top, color, texture)
    if any(kind != "Rest" for kind, _ in fittings):
        carcass(m, color, texture, fittings, top, solid=True)
        return m.mesh()
    foot = -y + min(0.10, 0.12 * 2 * y)
    m.span(
        (-x + 0.01, foot, -z), (x - 0.01, top, z - 0.028), darker(color, 0.92), texture, cell=0.6
    )
    legs(m, color, texture, foot)
    columns = 2 if 2 * x > 1.0 else 1
    rows = int(np.clip(round((top - foot) / 0.22), 2, 6))
    for i in range(columns):
        for j in range(rows):
            fake_front(
                m,
                -x + 0.02 + i * (2 * x - 0.04) / columns,
                -x + 0.02 + (i + 1) * (2 * x - 0.04) / columns,
                foot + 0.01 + j * (top - foot - 0.02) / rows,
                foot + 0.01 + (j + 1) * (top - foot - 0.02) / rows,
                color,
                texture,
            )
    return m.mesh()


def tv_stand(size: tuple, seed: int, fittings: tuple[Fitting, ...] = ()) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = wood_of(m, seed, fittings)
    top = _top_of(m, fittings, 0.035)
    _slab(m, top, color, texture)
    if any(kind != "Rest" for kind, _ in fittings):
        for a in (-1, 1):
            m.span((a * x, -y, -z), (a * (x - 0.025), top, z - 0.01), color, texture)
        _shelves(m, fittings, color, texture)
        m.span((-x, -y, -z), (x, top, -z + 0.015), darker(color, 0.7), texture)
        return m.mesh()
    foot = -y + min(0.08, 0.2 * y)
    legs(m, color, texture, foot)
    m.span((-x, foot, -z), (x, foot + 0.025, z), color, texture)
    m.span((-x, foot, -z), (x, top, -z + 0.015), darker(color, 0.7), texture)
    for at in (-x, -0.36 * x, 0.36 * x - 0.02, x - 0.02):
        m.span((at, foot, -z), (at + 0.02, top, z - 0.01), color, texture)
    mid = (foot + top) / 2
    m.span((-0.36 * x, mid, -z), (0.36 * x, mid + 0.02, z - 0.03), color, texture)
    for a in (-1, 1):
        x0, x1 = sorted((a * 0.36 * x, a * (x - 0.01)))
        fake_front(m, x0, x1, foot + 0.02, top, color, texture)
    return m.mesh()


def _shelves(m: Maker, fittings: tuple[Fitting, ...], color: Color, texture: str | None) -> None:
    """A board under every shelf, full width where the shelf nearly is.

    As deep as the furniture: a shelf's recorded box is less so than what stands on it.
    """
    x, y, z = (float(v) for v in m.half)
    for kind, b in fittings:
        if kind == "Shelf":
            x0, x1 = max(b[0] - 0.02, -x), min(b[3] + 0.02, x)
            m.span((x0, max(b[1] - 0.022, -y), -z + 0.003), (x1, b[1], z - 0.003), color, texture)
        elif kind in ("Drawer", "Cabinet"):
            m.span(
                (b[0] - 0.012, b[4], max(b[2], -z)),
                (b[3] + 0.012, b[4] + 0.012, z - 0.02),
                color,
                texture,
            )
            if b[1] > -y + 0.04:
                m.span(
                    (b[0] - 0.012, b[1] - 0.012, max(b[2], -z)),
                    (b[3] + 0.012, b[1], z - 0.02),
                    color,
                    texture,
                )
            for side in (b[0], b[3]):
                if abs(side) < x - 0.04:
                    m.span(
                        (side - 0.008, b[1], max(b[2], -z)),
                        (side + 0.008, b[4], z - 0.02),
                        color,
                        texture,
                    )


def shelving_unit(size: tuple, seed: int, fittings: tuple[Fitting, ...] = ()) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = wood_of(m, seed, fittings)
    open_back = m.chance(0.4)
    if open_back:
        metal = m.pick((0.20, 0.20, 0.22), (0.60, 0.61, 0.64))
        for a in (-1, 1):
            for b in (-1, 1):
                m.span((a * x, -y, b * z), (a * (x - 0.03), y, b * (z - 0.03)), metal)
    else:
        for a in (-1, 1):
            m.span((a * x, -y, -z), (a * (x - 0.025), y, z), color, texture, cell=0.6)
        m.span((-x, -y, -z), (x, y, -z + 0.012), darker(color, 0.78), texture, cell=0.6)
    m.span((-x, y - 0.025, -z), (x, y, z), color, texture)
    m.surface((0, y, 0), (2 * x - 0.06, 2 * z - 0.04), 0.4)
    if any(kind != "Rest" for kind, _ in fittings):
        _shelves(m, fittings, color, texture)
        return m.mesh()
    boards = max(2, round(2 * y / 0.36))
    gap = (2 * y - 0.07) / boards
    for k in range(boards):
        level = -y + 0.045 + gap * k
        m.span((-x + 0.01, level - 0.025, -z), (x - 0.01, level, z - 0.005), color, texture)
        m.surface((0, level, 0), (2 * x - 0.08, 2 * z - 0.04), gap - 0.04)
    return m.mesh()


def shelf(size: tuple, seed: int, fittings: tuple[Fitting, ...] = ()) -> Mesh:
    """A board at the bottom of its box, which is the room over it.

    Given a drawer as a fitting, it has the drawers' colour.
    """
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = wood_of(m, seed, fittings)
    thick = min(0.004, 0.5 * y)
    m.span((-x, -y, -z), (x, -y + thick, z), color, texture, cell=0.6)
    m.bound((-x, -y, -z), (x, y, z))
    m.surface((0, -y + thick, 0), (2 * x, 2 * z), max(2 * y - thick, 0.25))
    made = m.mesh()
    # Objects lie on the very bottom of the box: the wood shows below it, and stops no ray.
    below = Maker(size, seed)
    below.span((-x, -y - 0.014, -z), (x, -y, z), color, texture, cell=0.6, solid=False)
    return Mesh(made.parts + tuple(below.parts), made.joints, made.surfaces)


FITTED = {"Shelf": shelf, "Dresser": dresser, "TVStand": tv_stand, "ShelvingUnit": shelving_unit}
