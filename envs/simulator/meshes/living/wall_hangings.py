"""What hangs on walls and at windows."""

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


def _frame(
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
    _frame(m, bar, -z, front, m.pick(color), texture)
    if front < z:
        m.span((x - 0.002, -y, z - 0.002), (x, -y + 0.002, z), color)
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
        _frame(m, bar, -z, face, color, texture)
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


def window(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    frame = m.pick((0.96, 0.96, 0.95), (0.50, 0.34, 0.20), (0.24, 0.25, 0.27))
    bar = min(0.07, 0.16 * x, 0.16 * y)
    texture = "wood" if frame[0] < 0.6 and frame[0] > frame[2] + 0.1 else None
    if z > x:
        return _side_window(m, frame, texture, bar)
    # A box as deep as a bay is mostly air: the pane stands at its back, on the wall.
    at_wall = 2 * z > 0.5
    middle, half = (-z + 0.08, 0.08) if at_wall else (0.0, z)
    if at_wall:
        m.span((x - 0.002, -y, z - 0.002), (x, -y + 0.002, z), frame)
    deep = min(half, 0.06)
    for side, facing in ((1, "+z"), (-1, "-z")):
        pane, size_of = (0, 0, middle + side * 0.01), (2 * x - bar, 2 * y - bar)
        clear: Color = (0.98, 0.99, 1.0)
        m.panel(pane, size_of, "garden", facing, clear, 4, emissive=True, when="!isBroken")
        m.panel(pane, size_of, "cracks", facing, (1.4, 1.5, 1.6), 4, when="isBroken")
    _frame(m, bar, middle - half, middle + half, frame, texture)
    columns = max(1, min(3, round(2 * x / 0.7)))
    rows = max(1, min(3, round(2 * y / 0.8)))
    thin, near, far = 0.35 * bar, middle - deep, middle + deep
    for k in range(1, columns):
        at = -x + 2 * x * k / columns
        m.span((at - thin, -y + bar, near), (at + thin, y - bar, far), frame, texture)
    for k in range(1, rows):
        at = -y + 2 * y * k / rows
        m.span((-x + bar, at - thin, near), (x - bar, at + thin, far), frame, texture)
    return m.mesh()


def _side_window(m: Maker, frame: Color, texture: str | None, bar: float) -> Mesh:
    """A window whose box is wider along z: the same, turned."""
    x, y, z = (float(v) for v in m.half)
    for side, facing in ((1, "+x"), (-1, "-x")):
        m.panel(
            (side * 0.01, 0, 0),
            (2 * z - bar, 2 * y - bar),
            "garden",
            facing,
            cells=4,
            emissive=True,
        )
    for a, b in (
        ((-z, -y), (z, -y + bar)),
        ((-z, y - bar), (z, y)),
        ((-z, -y), (-z + bar, y)),
        ((z - bar, -y), (z, y)),
        ((-0.35 * bar, -y), (0.35 * bar, y)),
    ):
        m.span((-x, a[1], a[0]), (x, b[1], b[0]), frame, texture)
    return m.mesh()


def blinds(size: tuple, seed: int) -> Mesh:
    """Rolled up at the top; opening lets the slats down. A high box is that of let-down ones."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color = m.pick((0.92, 0.90, 0.84), (0.70, 0.52, 0.34), (0.78, 0.82, 0.84))
    down = 2 * y > 0.4
    fall = 2 * y if down else 1.15
    head = 0.05
    slats = 20
    packed = min(0.14, 0.75 * 2 * y) if down else 2 * y - head
    m.span((-x, y - head, -z), (x, y, z), darker(color, 0.85))
    for k in range(slats):
        start = y - head - packed * (k + 0.5) / slats
        end = y - head - (fall - head) * (k + 0.5) / slats
        joint = m.slide((0, -1, 0), start - end)
        tall = min(0.8 * packed / slats, 0.01)
        first = len(m.parts)
        m.box((0, start, 0), (2 * x - 0.01, tall, 1.8 * z), color, joint=joint)
        m.turn(first, (1, 0, 0), 12, (0, start, 0))
    joint = m.slide((0, -1, 0), fall - packed - head)
    m.span(
        (-x, y - head - packed, -0.9 * z),
        (x, y - head - packed + 0.012, 0.9 * z),
        darker(color, 0.8),
        joint=joint,
    )
    m.tube(
        [(0.85 * x, y - 0.02, z * 0.8), (0.85 * x, y - head - packed, z * 0.8)],
        0.003,
        (0.9, 0.9, 0.9),
        4,
    )
    return m.mesh(openness=1.0 if down else 0.0)


def curtains(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = m.one_of(
        ((0.72, 0.30, 0.28), "fabric"),
        ((0.40, 0.50, 0.64), "fabric"),
        ((0.88, 0.83, 0.70), "stripes"),
        ((0.50, 0.58, 0.44), "fabric"),
        ((0.86, 0.86, 0.84), "dots"),
    )
    cloth = m.pick(color)
    wide, deep, swap = (x, z, False) if x >= z else (z, x, True)
    flip = (lambda p: p[..., [2, 1, 0]]) if swap else (lambda p: p)
    rail = min(0.3 * deep, 0.02)
    ends = ((-wide, -0.50 * wide), (0.50 * wide, wide)) if wide > 0.35 else ((-wide, wide),)
    for a, b in ends:
        folds = max(2, round((b - a) / 0.14))
        u = np.linspace(0, 1, 6 * folds + 1)
        v = np.linspace(0, 1, 4)
        grid = np.zeros((len(v), len(u), 3))
        # Tied a little at the waist.
        waist = 1 - 0.18 * np.sin(np.pi * np.clip(v * 1.5, 0, 1)) * (wide > 0.35)
        outer = a if abs(a) > abs(b) else b
        grid[..., 0] = outer + ((a + (b - a) * u[None, :]) - outer) * waist[:, None]
        grid[..., 1] = (y - 0.04 - (2 * y - 0.04) * v)[:, None]
        # The cloth hangs before its rail, clear of the wall behind.
        swing = np.sin(2 * np.pi * folds * u)[None, :] * (0.75 + 0.25 * v[:, None])
        grid[..., 2] = deep * (0.46 + 0.54 * swing)
        m.sheet(flip(grid), cloth, texture, (folds / 2, 2 * y / 0.5))
    rod = np.array([[-wide, y - rail, 0.45 * deep], [wide, y - rail, 0.45 * deep]])
    m.tube([tuple(p) for p in flip(rod)], rail, (0.35, 0.25, 0.16), 8)
    for a in (-1, 1):
        tip = flip(np.array([[a * (wide - 0.02), y - 1.2 * rail, 0.45 * deep]]))[0]
        m.ball(tuple(tip), (0.02, 1.2 * rail, 0.02), (0.35, 0.25, 0.16), segments=8, rings=5)
        low = np.array([a * wide, y - 2 * rail, -deep])
        high = np.array([a * (wide - 0.02), y, 0.5 * deep])
        m.span(tuple(flip(low)), tuple(flip(high)), (0.35, 0.25, 0.16))
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
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    for share, color in (
        (1.0, (0.85, 0.12, 0.12)),
        (0.7, (0.96, 0.96, 0.96)),
        (0.4, (0.85, 0.12, 0.12)),
    ):
        m.lathe([(0, -1), (share, -1), (share, 1.5 - share), (0, 1.5 - share)], color, 24)
        part = m.parts[-1]
        part.vertices[:] = part.vertices * (x, y, z)
    return m.mesh()


BUILDERS = {
    "Painting": painting,
    "Poster": poster,
    "Mirror": mirror,
    "Window": window,
    "Blinds": blinds,
    "Curtains": curtains,
    "LightSwitch": light_switch,
    "TargetCircle": target_circle,
}
