"""What hangs on walls: pictures, mirrors, switches."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh
from envs.simulator.meshes.pictures import POSTERS, art_for

_FRAMES: tuple[tuple[Color, str | None], ...] = (
    ((0.30, 0.20, 0.13), "wood"),
    ((0.10, 0.10, 0.11), None),
    ((0.76, 0.62, 0.32), None),
    ((0.93, 0.92, 0.90), None),
    ((0.62, 0.46, 0.30), "wood"),
)


def frame_bars(
    m: Maker, bar: float, low: float, high: float, color: Color, texture: str | None
) -> None:
    """Four bars round the box's xy rectangle, from ``low`` to ``high`` along z."""
    x, y = float(m.half[0]), float(m.half[1])
    for a, b in (
        ((-x, -y), (x, -y + bar)),
        ((-x, y - bar), (x, y)),
        ((-x, -y + bar), (-x + bar, y - bar)),
        ((x - bar, -y + bar), (x, y - bar)),
    ):
        m.span((a[0], a[1], low), (b[0], b[1], high), color, texture)


def painting(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = m.one_of(*_FRAMES)
    bar = min(0.045, 0.16 * x, 0.16 * y)
    front = min(z, -z + 0.06)
    frame_bars(m, bar, -z, front, m.pick(color), texture)
    if front < z:
        m.bound((-x, -y, -z), (x, y, z))
    m.panel((0, 0, -z), (1.9 * x, 1.9 * y), None, "-z", (0.5, 0.4, 0.3))
    art = art_for(x, y)
    name = art[int(m.rng.integers(len(art)))]
    deep = front + z
    at = -z + 0.6 * deep
    wide, tall = 2 * x - 2 * bar, 2 * y - 2 * bar
    if m.chance(0.45) and min(wide, tall) > 0.25:
        # A mat round the picture, not behind it: layers so close would flicker.
        edge, paper = 0.14 * min(wide, tall), (0.95, 0.94, 0.90)
        for side in (-1, 1):
            across = (0, side * (tall - edge) / 2, at)
            m.panel(across, (wide, edge), None, "+z", paper)
            upright = (side * (wide - edge) / 2, 0, at)
            m.panel(upright, (edge, tall - 2 * edge), None, "+z", paper)
        wide, tall = wide - 2 * edge, tall - 2 * edge
    m.panel((0, 0, at), (wide, tall), name, "+z", cells=3)
    return m.mesh()


def poster(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    name = POSTERS[int(m.rng.integers(len(POSTERS)))]
    # The box may be deeper than paper: the sheet lies in its middle.
    flat_x = x >= z
    facings = ("+z", "-z") if flat_x else ("+x", "-x")
    wide = x if flat_x else z
    for sign, facing in zip((1, -1), facings, strict=True):
        at = (0, 0, sign * 0.004) if flat_x else (sign * 0.004, 0, 0)
        m.panel(at, (2 * wide, 2 * y), name, facing, cells=3)
    for a in (-1, 1):
        for b in (-1, 1):
            pin = (a * 0.94 * wide, b * (y - 0.05 * wide))
            low = (
                (pin[0] - 0.006, pin[1] - 0.006, -z)
                if flat_x
                else (-x, pin[1] - 0.006, pin[0] - 0.006)
            )
            high = (
                (pin[0] + 0.006, pin[1] + 0.006, z)
                if flat_x
                else (x, pin[1] + 0.006, pin[0] + 0.006)
            )
            m.span(low, high, (0.8, 0.2, 0.2))
    return m.mesh()


def mirror(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = m.one_of(*_FRAMES[1:], ((0.76, 0.77, 0.80), None), _FRAMES[0])
    oval = 0.55 < x / y < 0.95 and m.chance(0.3)
    deep = min(z, 0.03)
    # A deep box is mostly air: the glass stands at the wall.
    face = -z + 2 * deep
    if oval:
        ring = np.array([(np.cos(a), np.sin(a)) for a in np.linspace(0, 2 * np.pi, 25)[:-1]])
        m.prism(ring * (x, y), -z, face - 0.45 * deep, color)
        m.prism(
            ring * (0.9 * x, 0.92 * y),
            face - 0.3 * deep,
            face,
            (1, 1, 1),
            texture="mirror",
            when="!isBroken",
            emissive=True,
        )
        m.prism(
            ring * (0.9 * x, 0.92 * y),
            face - 0.3 * deep,
            face,
            (1, 1, 1),
            texture="cracks",
            when="isBroken",
        )
    else:
        bar = min(0.05, 0.14 * x, 0.14 * y)
        frame_bars(m, bar, -z, face, color, texture)
        m.panel((0, 0, -z), (1.9 * x, 1.9 * y), None, "-z", (0.4, 0.35, 0.3))
        wide, tall = 2 * x - 2 * bar, 2 * y - 2 * bar
        at = face - 0.5 * deep
        m.panel((0, 0, at), (wide, tall), "mirror", "+z", cells=3, when="!isBroken", emissive=True)
        m.panel((0, 0, at), (wide, tall), "cracks", "+z", cells=3, when="isBroken")
    for k, r in ((-0.3, 0.14), (0.25, 0.2), (0.1, 0.09)):
        m.panel(
            (k * x * 1.5, k * y, face + 0.001),
            (r * x * 2, r * y * 2),
            "leaf",
            "+z",
            (0.62, 0.60, 0.55),
            when="isDirty&!isBroken",
        )
    if z > 0.06:
        m.span((-x, -y, -z), (x, -y + 0.015, z), darker(color, 0.9), texture)
    return m.mesh()


def light_switch(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    plate = m.pick((0.97, 0.96, 0.92), (0.80, 0.80, 0.80), (0.88, 0.82, 0.70))
    m.cushion((0, 0, -0.45 * z), (2 * x, 2 * y, 1.1 * z), plate, None, 0.3 * z)
    m.span((-0.34 * x, -0.42 * y, 0), (0.34 * x, 0.42 * y, 0.25 * z), darker(plate, 0.8))
    # A rocker whose raised half tells its state; a small lamp shows while on.
    m.span(
        (-0.28 * x, 0.0, 0.2 * z), (0.28 * x, 0.36 * y, z), darker(plate, 0.97), when="isToggled"
    )
    m.span(
        (-0.28 * x, -0.36 * y, 0.2 * z),
        (0.28 * x, 0.0, 0.45 * z),
        darker(plate, 0.7),
        when="isToggled",
    )
    m.span(
        (-0.28 * x, -0.36 * y, 0.2 * z), (0.28 * x, 0.0, z), darker(plate, 0.9), when="!isToggled"
    )
    m.span(
        (-0.28 * x, 0.0, 0.2 * z),
        (0.28 * x, 0.36 * y, 0.45 * z),
        darker(plate, 0.6),
        when="!isToggled",
    )
    m.span(
        (-0.1 * x, 0.12 * y, 0.9 * z),
        (0.1 * x, 0.2 * y, 1.004 * z),
        (0.35, 1.0, 0.4),
        when="isToggled",
        emissive=True,
    )
    return m.mesh()


def target_circle(size: tuple, seed: int) -> Mesh:
    """Rings side by side in one plane: discs on one another would flicker."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    red, white = (0.85, 0.12, 0.12), (0.96, 0.96, 0.96)
    for profile, color in (
        ([(0, -1), (1.0, -1), (1.0, 1)], red),
        ([(1.0, 1), (0.7, 1)], red),
        ([(0.7, 1), (0.4, 1)], white),
        ([(0.4, 1), (0, 1)], red),
    ):
        m.lathe(profile, color, 24)
        part = m.parts[-1]
        part.vertices[:] = part.vertices * (x, y, z)
    return m.mesh()


BUILDERS = {
    "Painting": painting,
    "Poster": poster,
    "Mirror": mirror,
    "LightSwitch": light_switch,
    "TargetCircle": target_circle,
}
