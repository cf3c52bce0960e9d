"""Beds and pillows. A bed's head is at +z."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.furniture.seats import WOODS
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

_BLANKETS: tuple[tuple[Color, str], ...] = (
    ((0.36, 0.46, 0.62), "quilt"),
    ((0.70, 0.32, 0.30), "stripes"),
    ((0.86, 0.83, 0.76), "quilt"),
    ((0.40, 0.52, 0.44), "checks"),
    ((0.52, 0.42, 0.58), "dots"),
    ((0.80, 0.62, 0.36), "stripes"),
)


Box = tuple[float, float, float, float, float, float]
# A mattress may be as low as this, metres.
_LOWEST = 0.3
# What lies over a bunk bed's foot lower than this lies on its lower berth, metres.
_LOWER_BERTH = 1.2


def bed(size: tuple, seed: int, rest: float | None = None, lying: tuple[Box, ...] = ()) -> Mesh:
    """A bed up to where objects rest on it; its folds spare what is ``lying`` there."""
    m = Maker(size, seed)
    wood = m.pick(*WOODS, (0.90, 0.89, 0.86))
    y = float(m.half[1])
    if 2 * y > 1.5:
        _posts(m, wood)
        if m.half[0] > 0.75:
            _canopy(m, wood, rest, lying)
            return m.mesh()
        over = y + rest if rest is not None else 0.0
        low = -y + (over if _LOWEST < over < _LOWER_BERTH else 0.46)
        high = -y + over if _LOWER_BERTH < over < 2 * y - 0.1 else y - 0.30
        _berth(m, wood, low, max(y - 0.75, low + 0.1), False, lying)
        _berth(m, wood, high, y - 0.02, False, lying)
        _ladder(m, wood)
        return m.mesh()
    level = 0.5 if rest is None else (rest + y) / (2 * y)
    top = (
        -y + float(np.clip(level, min(0.4, _LOWEST / (2 * y)), 0.92)) * 2 * y
        if rest is not None
        else -y + min(0.55, 1.3 * y)
    )
    _berth(m, wood, top, y, True, lying)
    return m.mesh()


def _posts(m: Maker, wood: Color) -> None:
    x, y, z = (float(v) for v in m.half)
    for a in (-1, 1):
        for b in (-1, 1):
            m.span((a * x, -y, b * z), (a * (x - 0.07), y, b * (z - 0.07)), wood, "wood")
        m.span((a * x, y - 0.12, -z), (a * (x - 0.025), y - 0.05, z), wood, "wood")


def _canopy(m: Maker, wood: Color, rest: float | None, lying: tuple[Box, ...]) -> None:
    """A wide bed between four posts joined on top."""
    x, y, z = (float(v) for v in m.half)
    for b in (-z, z - 0.06):
        m.span((-x, y - 0.09, b), (x, y - 0.03, b + 0.06), wood, "wood")
    m.span((-x, -y + 0.2, z - 0.06), (x, 0.25 * y, z - 0.02), wood, "wood", cell=0.6)
    seen = rest is not None and 0.3 < rest + y < 0.9
    _berth(m, wood, rest if rest is not None and seen else -y + 0.58, 0.2 * y, False, lying)


def _ladder(m: Maker, wood: Color) -> None:
    x, y, z = (float(v) for v in m.half)
    for b in (-z + 0.12, -z + 0.48):
        m.span((x - 0.03, -y, b), (x, y, b + 0.04), darker(wood, 0.85), "wood")
    for k in range(5):
        level = -y + 0.3 + k * (2 * y - 0.5) / 5
        m.span(
            (x - 0.03, level, -z + 0.12), (x, level + 0.03, -z + 0.52), darker(wood, 0.85), "wood"
        )


def _berth(
    m: Maker, wood: Color, top: float, crown: float, legs: bool, lying: tuple[Box, ...]
) -> None:
    """Frame, mattress and cover at a height; messy when dirty."""
    top -= 0.026
    x, y, z = (float(v) for v in m.half)
    rail = min(0.16, 0.5 * (top + y))
    base = top - 0.20
    foot = -y + min(0.16, 0.4 * (top + y))
    if legs:
        for a in (-1, 1):
            m.span((a * x, -y, -z), (a * (x - 0.07), foot, -z + 0.07), wood, "wood")
        m.span((-x, -y, z - 0.06), (x, crown, z), wood, "wood", cell=0.6)
        m.cushion(
            (0, (top + crown) / 2 + 0.03, z - 0.065),
            (2 * x - 0.16, 0.62 * (crown - top), 0.03),
            darker(wood, 0.88),
            "wood",
            0.012,
        )
        base = max(foot, -y)
        rail = max(0.05, top - 0.20 - base)
    m.span((-x, base, -z), (x, base + rail, z - 0.05), darker(wood, 0.92), "wood", cell=0.7)
    sheet, quilt = (0.94, 0.93, 0.90), m.one_of(*_BLANKETS)
    deep = top - base - rail
    m.cushion(
        (0, base + rail + deep / 2, -0.02),
        (2 * x - 0.05, deep, 2 * z - 0.1),
        sheet,
        "plaster",
        0.06,
    )
    fold = z - min(0.72, 0.34 * 2 * z)
    cover = m.pick(quilt[0])
    drop = 0.75 * deep
    m.cushion(
        (0, top + 0.012 - drop / 2, (fold - z) / 2 - 0.0),
        (2 * x, drop + 0.03, fold + z),
        cover,
        quilt[1],
        0.05,
        when="!isDirty",
    )
    m.cushion(
        (0, top + 0.026, fold - 0.10),
        (2 * x - 0.01, 0.035, 0.22),
        sheet,
        "plaster",
        0.015,
        when="!isDirty",
    )
    unmade = _folds(m, top, fold, top - 0.5 * deep, lying)
    m.sheet(unmade, cover, quilt[1], (2 * x / 0.5, 2.5), when="isDirty")
    clear = 0.7 if crown >= y - 0.1 else crown - top
    m.surface((0, top + 0.026, -0.02), (2 * x - 0.2, 2 * z - 0.3), max(clear, 0.3))


def _folds(m: Maker, top: float, fold: float, hem: float, lying: tuple[Box, ...]) -> np.ndarray:
    """The cover of an unmade bed, points (15, 15, 3): it lies in folds, thrown to the foot."""
    x, _, z = (float(v) for v in m.half)
    u, v = np.meshgrid(np.linspace(-1, 1, 15), np.linspace(0, 1, 15))
    wave = 0.065 + 0.026 * np.sin(5 * u + 7 * v) + 0.022 * np.sin(11 * v - 4 * u)
    edge = fold - 0.12 - 0.30 * np.sin(2.2 * u + 0.6) * v
    grid = np.stack([u * (x - 0.005) * (1 - 0.05 * v), top + wave, -z + 0.03 + (edge + z) * v], -1)
    for x0, y0, z0, x1, _, z1 in lying:
        if abs(y0 - top) < 0.12:
            by = np.maximum(np.abs(grid[..., 0] - (x0 + x1) / 2) - (x1 - x0) / 2, 0)
            by = np.maximum(by, np.abs(grid[..., 2] - (z0 + z1) / 2) - (z1 - z0) / 2)
            # Pressed flat as far as a cell of the folds reaches.
            grid[..., 1] = np.where(by < 0.15, np.minimum(grid[..., 1], y0 - 0.004), grid[..., 1])
    grid[0, :, 1] = grid[:, 0, 1] = grid[:, -1, 1] = hem
    return grid[::-1]


def pillow(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    color, texture = m.one_of(
        ((0.93, 0.92, 0.90), "fabric"),
        ((0.48, 0.58, 0.70), "stripes"),
        ((0.76, 0.38, 0.34), "fabric"),
        ((0.82, 0.70, 0.42), "checks"),
        ((0.42, 0.54, 0.44), "dots"),
        ((0.60, 0.50, 0.62), "quilt"),
    )
    order = [int(k) for k in np.argsort(m.size)]
    thin = order[0]
    others = [k for k in range(3) if k != thin]
    wide, deep = float(m.size[others[0]]), float(m.size[others[1]])
    m.pillow((0, 0, 0), (wide, float(m.size[thin]), deep), m.pick(color), texture, cells=8)
    if thin != 1:
        # Standing: the bag's thin axis is turned to the box's.
        part = m.parts.pop()
        back = np.argsort([others[0], thin, others[1]])
        m.add(
            (part.vertices[:, back], part.normals[:, back], part.uvs, part.faces),
            part.color,
            texture,
        )
    return m.mesh()


RESTING = {"Bed": bed}
BUILDERS = {"Pillow": pillow}
