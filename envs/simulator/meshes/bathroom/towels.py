"""Towels, paper and the other small objects of a bathroom."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

CHROME: Color = (0.80, 0.81, 0.84)
_TOWELS: tuple[Color, ...] = (
    (0.92, 0.91, 0.88),
    (0.36, 0.55, 0.66),
    (0.74, 0.36, 0.34),
    (0.52, 0.64, 0.46),
    (0.80, 0.68, 0.48),
    (0.42, 0.38, 0.52),
)


def towel_holder(size: tuple, seed: int) -> Mesh:
    """Two bars between brackets on round plates at the wall."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    metal = m.pick(CHROME, (0.72, 0.62, 0.42), (0.86, 0.86, 0.85))
    along_x = x >= z
    long, deep = (x, z) if along_x else (z, x)
    flip = (lambda a, b, c: (a, b, c)) if along_x else (lambda a, b, c: (c, b, a))
    axis = 2 if along_x else 0
    r = min(0.44 * y, 0.16 * deep)
    for at in (0.86 * deep, 0.18 * deep):
        m.tube([flip(-long, 0, at), flip(long, 0, at)], r, metal, 8)
    for a in (-1, 1):
        end = a * (long - y)
        m.rod(flip(end, 0, -0.9 * deep), y, 0.2 * deep, darker(metal, 0.92), axis, 16)
        m.rod(flip(end, 0, 0), 0.45 * y, 1.9 * deep, metal, axis, 10)
        m.ball(flip(end, 0, 0.86 * deep), (0.8 * y,) * 3, metal, segments=10, rings=6)
        m.ball(flip(a * (long - 0.4 * y), 0, 0.86 * deep), (0.6 * y,) * 3, metal, None, 8, 5)
    m.surface((0, y, 0.55 * z if along_x else 0), (1.8 * x, 1.2 * z), 0.3)
    return m.mesh()


def hand_towel_holder(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    metal = m.pick(CHROME, (0.25, 0.25, 0.26), (0.72, 0.62, 0.42))
    along_x = x >= z
    wide, deep = (x, z) if along_x else (z, x)
    r = min(0.86 * wide, 0.72 * y)
    axis = 2 if along_x else 0
    at = (0, -y + r * 1.12, 0.3 * deep) if along_x else (0.3 * deep, -y + r * 1.12, 0)
    m.ring(at, r, 0.09 * r, metal, axis=axis, segments=18)
    back = -0.9 * deep
    post = (0, y - 0.25 * y, back) if along_x else (back, y - 0.25 * y, 0)
    m.rod(post, 0.25 * y, 0.2 * deep, metal, axis=axis, segments=14)
    end = (0, y - 0.3 * y, 0.2 * deep) if along_x else (0.2 * deep, y - 0.3 * y, 0)
    m.rod(end, 0.10 * y, 1.5 * deep, metal, axis=axis, segments=8)
    m.surface((0, y, 0), (1.6 * x, 1.6 * z), 0.3)
    return m.mesh()


def _draped(size: tuple, seed: int) -> Mesh:
    """Cloth hung over a bar: two layers joined on top."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color = m.pick(*_TOWELS)
    wide, deep, swap = (x, z, False) if x >= z else (z, x, True)
    v = np.array([-1.0, -0.6, -0.2, 0.2, 0.6, 0.9, 0.98, 1.0, 0.98, 0.9, 0.5, 0.1, -0.3, -0.75])
    side = np.array([1, 1, 1, 1, 0.95, 0.9, 0.6, 0, -0.6, -0.9, -1, -1, -1, -1.0])
    u = np.linspace(-1, 1, 11)
    grid = np.zeros((len(v), len(u), 3))
    ripple = 0.14 * np.sin(u * 7.0)[None, :] * np.clip(0.9 - v[:, None], 0, 2) / 1.9
    grid[..., 0] = u[None, :] * wide * (0.985 + 0.015 * v[:, None])
    grid[..., 1] = v[:, None] * y
    grid[..., 2] = np.clip(side[:, None] * (0.80 + ripple), -1, 1) * deep
    if swap:
        grid = grid[..., [2, 1, 0]]
    m.sheet(grid[:, ::-1] if not swap else grid, color, "bath")
    return m.mesh()


def towel(size: tuple, seed: int) -> Mesh:
    return _draped(size, seed)


def hand_towel(size: tuple, seed: int) -> Mesh:
    return _draped(size, seed + 1)


def cloth(size: tuple, seed: int) -> Mesh:
    """A rag: crumpled if its box is high, else lying with a turned corner."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = m.one_of(
        ((0.45, 0.62, 0.76), "checks"),
        ((0.88, 0.86, 0.80), "stripes"),
        ((0.80, 0.40, 0.36), "checks"),
        ((0.62, 0.72, 0.52), "terry"),
    )
    n = 10
    u, v = np.meshgrid(np.linspace(-1, 1, n), np.linspace(-1, 1, n))
    if y > 0.022:
        a, b = m.rng.uniform(2, 4, 2)
        lift = 0.5 + 0.5 * np.sin(a * u + 1.1 * v) * np.cos(b * v - 0.7 * u)
        lift = lift * (1 - 0.75 * np.maximum(np.abs(u), np.abs(v)) ** 3)
        pull = 0.9 + 0.1 * np.sin(3 * u + 2 * v)
    else:
        lift = 0.25 + 0.2 * np.sin(4 * u) * np.sin(3 * v) + 0.5 * np.clip(u + v - 1.2, 0, 1)
        pull = np.ones_like(u)
    grid = np.stack([u * x * pull, -y + 2 * y * lift, v * z * pull], -1)
    m.sheet(grid[::-1], color, texture, (3, 3), when="!isDirty")
    m.sheet(grid[::-1], darker(color, 0.6), "leaf", (1, 1), when="isDirty")
    return m.mesh()


def paper_roll(
    m: Maker, r: float, low: float, high: float, axis_offset: tuple = (0, 0, 0), tail: bool = True
) -> None:
    """A roll on its end: paper over a core; only the core when used up."""
    core = 0.36 * r
    m.lathe(
        [(core, low), (r, low), (r, high), (core, high), (core, low)],
        (0.96, 0.96, 0.95),
        20,
        at=axis_offset,
        texture="plaster",
        when="!isUsedUp",
    )
    m.lathe(
        [(core * 0.85, low), (core, low), (core, high), (core * 0.85, high), (core * 0.85, low)],
        (0.66, 0.52, 0.36),
        14,
        at=axis_offset,
    )
    for k in (0.55, 0.75):
        m.lathe(
            [(k * r, high + 0.0006), (k * r + 0.03 * r, high + 0.0006)],
            (0.84, 0.84, 0.83),
            16,
            at=axis_offset,
            when="!isUsedUp",
        )
    if tail:
        m.span(
            (axis_offset[0] + 0.97 * r, low, 0),
            (axis_offset[0] + r, high, 0.75 * r),
            (0.92, 0.92, 0.91),
            when="!isUsedUp",
        )


def toilet_paper(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    paper_roll(m, min(x, z), -y, y)
    return m.mesh()


def toilet_paper_hanger(size: tuple, seed: int) -> Mesh:
    """A bar between brackets on a wall plate, on it the tube and the last sheet of a roll."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    metal = m.pick(CHROME, (0.72, 0.62, 0.42), (0.86, 0.86, 0.85))
    along_x = x >= z
    long, deep = (x, z) if along_x else (z, x)
    flip = (lambda a, b, c: (a, b, c)) if along_x else (lambda a, b, c: (c, b, a))
    at, axis = 0.35 * deep, 0 if along_x else 2
    tube = min(0.86 * y, 0.021, 0.6 * deep)
    level = y - tube * 1.05 if y > 0.04 else 0.0
    m.rod(flip(0, level, at), 0.45 * tube, 2 * long, metal, axis, 10)
    for a in (-1, 1):
        m.span(flip(a * long, level - 0.6 * tube, -deep), flip(a * 0.9 * long, y, deep), metal)
        m.rod(flip(a * 0.96 * long, level, at), 0.9 * tube, 0.06 * long, metal, axis, 12)
    m.span(flip(-long, -0.8 * y, -deep), flip(long, y, -0.84 * deep), darker(metal, 0.94))
    brown, paper = (0.74, 0.58, 0.40), (0.97, 0.97, 0.96)
    m.rod(flip(0, level, at), tube, 1.56 * long, brown, axis, 16)
    for share in (-0.3, 0.3):
        m.rod(flip(share * long, level, at), 1.01 * tube, 0.02 * long, darker(brown, 0.8), axis, 16)
    front = at + 1.02 * tube
    rows = [
        [flip(u * 0.74 * long, h, w) for u in (-1.0, -0.5, 0.0, 0.5, 1.0)]
        for h, w in (
            (level + 1.04 * tube, at),
            (level + 0.72 * tube, at + 0.75 * tube),
            (level, front),
            ((level - y) / 2, front + 0.002),
            (-y, min(front + 0.003, deep)),
        )
    ]
    m.sheet(np.array(rows), paper, "plaster", when="!isUsedUp")
    m.surface((0, 0.3 * y, 0.5 * z if along_x else 0), (1.7 * x, 1.2 * z), 0.3)
    return m.mesh()


def plunger(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    r, y = float(min(m.half[0], m.half[2])), float(m.half[1])
    rubber = m.pick((0.70, 0.20, 0.14), (0.12, 0.12, 0.13), (0.62, 0.34, 0.20))
    m.lathe(
        [
            (0.94 * r, -y),
            (r, -0.96 * y),
            (0.92 * r, -0.72 * y),
            (0.5 * r, -0.52 * y),
            (0.2 * r, -0.48 * y),
            (0.2 * r, -0.36 * y),
            (0, -0.36 * y),
        ],
        rubber,
        18,
        sharp=60,
    )
    m.rod(
        (0, 0.3 * y, 0),
        0.13 * r,
        1.4 * y,
        m.pick((0.78, 0.60, 0.38), (0.85, 0.84, 0.80)),
        segments=10,
        texture="wood",
    )
    m.ball(
        (0, 0.97 * y, 0), (0.15 * r, 0.03 * y, 0.15 * r), (0.72, 0.54, 0.34), segments=8, rings=4
    )
    return m.mesh()


def scrub_brush(size: tuple, seed: int) -> Mesh:
    """A toilet brush standing in its cup."""
    m = Maker(size, seed)
    r, y = float(min(m.half[0], m.half[2])), float(m.half[1])
    cup = m.pick((0.92, 0.92, 0.91), (0.30, 0.48, 0.60), (0.35, 0.35, 0.37))
    m.lathe(
        [
            (0, -y),
            (0.9 * r, -y),
            (r, -0.94 * y),
            (0.78 * r, -0.5 * y),
            (0.84 * r, -0.2 * y),
            (0.74 * r, -0.2 * y),
            (0.68 * r, -0.5 * y),
            (0, -0.8 * y),
        ],
        cup,
        18,
        sharp=60,
    )
    m.ball((0, -0.22 * y, 0), (0.62 * r, 0.26 * y, 0.62 * r), (0.96, 0.96, 0.94), "carpet", 12, 6)
    m.rod((0, 0.32 * y, 0), 0.12 * r, 1.1 * y, cup, segments=8)
    m.ball((0, 0.86 * y, 0), (0.2 * r, 0.14 * y, 0.2 * r), darker(cup, 0.9), segments=8, rings=5)
    return m.mesh()


_SOAPS: tuple[tuple[Color, str], ...] = (
    ((0.95, 0.73, 0.79), "soap_pink"),
    ((0.97, 0.93, 0.79), "soap_cream"),
    ((0.75, 0.90, 0.79), "soap_green"),
    ((0.75, 0.86, 0.94), "soap_blue"),
)


def soap_bar(size: tuple, seed: int) -> Mesh:
    """An oval bar with its name pressed in, foam along it."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, print_ = _SOAPS[int(m.rng.integers(len(_SOAPS)))]
    a = np.linspace(0, 2 * np.pi, 33)
    oval = np.stack(
        [
            np.sign(np.cos(a)) * np.abs(np.cos(a)) ** 0.6,
            np.sign(np.sin(a)) * np.abs(np.sin(a)) ** 0.6,
        ],
        1,
    )
    levels = [(-0.84, 0.72), (-0.70, 0.90), (-0.25, 1.0), (0.25, 0.98), (0.66, 0.88), (0.82, 0.72)]
    rows = [[(u * s * x, h * y, v * s * z) for u, v in oval] for h, s in levels]
    m.sheet(np.array(rows), color, both=False)
    if (m.parts[-1].normals * m.parts[-1].vertices).sum() < 0:
        m.parts[-1].normals[:] *= -1
    m.prism(oval[:-1] * (0.72 * x, 0.72 * z), -y, -0.84 * y, darker(color, 0.9), axis=1)
    m.prism(oval[:-1] * (0.72 * x, 0.72 * z), 0.80 * y, 0.84 * y, (1, 1, 1), axis=1, texture=print_)
    uvs = m.parts[-1].uvs
    # Read from its front.
    uvs[:] = 1 - uvs
    foam = (0.98, 0.99, 1.0)
    for k in range(9):
        turn, r = 2.1 + 0.34 * k, (0.10, 0.16, 0.12)[k % 3]
        at = (0.84 * x * np.cos(turn), (0.55 + 0.12 * (k % 2)) * y, 0.86 * z * np.sin(turn))
        m.ball(at, (r * x * 1.4, 0.28 * y, r * x * 1.4), foam, segments=8, rings=5)
    return m.mesh()


BUILDERS = {
    "TowelHolder": towel_holder,
    "HandTowelHolder": hand_towel_holder,
    "Towel": towel,
    "HandTowel": hand_towel,
    "Cloth": cloth,
    "ToiletPaper": toilet_paper,
    "ToiletPaperHanger": toilet_paper_hanger,
    "Plunger": plunger,
    "ScrubBrush": scrub_brush,
    "SoapBar": soap_bar,
}
