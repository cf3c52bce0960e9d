"""Windows, blinds and curtains."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.living.wall_hangings import frame_bars
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh

# A box thicker than this is no window seen from its side; half of its thickness, metres.
_THIN = 0.2


def window(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    frame = m.pick((0.96, 0.96, 0.95), (0.50, 0.34, 0.20), (0.24, 0.25, 0.27))
    bar = min(0.07, 0.16 * x, 0.16 * y)
    texture = "wood" if frame[0] < 0.6 and frame[0] > frame[2] + 0.1 else None
    if z > x and x < _THIN:
        return _side_window(m, frame, texture, bar)
    # A box as deep as a bay is mostly air: the pane stands at its back, on the wall.
    at_wall = 2 * z > 0.5
    middle, half = (-z + 0.08, 0.08) if at_wall else (0.0, z)
    if at_wall:
        m.bound((-x, -y, -z), (x, y, z))
    deep = min(half, 0.06)
    for side, facing in ((1, "+z"), (-1, "-z")):
        pane, size_of = (0, 0, middle + side * 0.01), (2 * x - bar, 2 * y - bar)
        clear: Color = (0.98, 0.99, 1.0)
        m.panel(pane, size_of, "garden", facing, clear, 4, emissive=True, when="!isBroken")
        m.panel(pane, size_of, "cracks", facing, (1.4, 1.5, 1.6), 4, when="isBroken")
    frame_bars(m, bar, middle - half, middle + half, frame, texture)
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
    # Packed slats are finer than pixels: a valance hides them.
    m.span((-x, y - head - 0.97 * packed, 0.8 * z), (x, y - head, z), darker(color, 0.85))
    for k in range(slats):
        start = y - head - packed * (k + 0.5) / slats
        end = y - head - (fall - head) * (k + 0.5) / slats
        joint = m.slide((0, -1, 0), start - end)
        tall = min(0.8 * packed / slats, 0.01)
        first = len(m.parts)
        m.box((0, start, 0), (2 * x - 0.01, tall, 1.5 * z), color, joint=joint)
        m.turn(first, (1, 0, 0), 12, (0, start, 0))
    joint = m.slide((0, -1, 0), fall - packed - head)
    m.span(
        (-x, y - head - packed, -0.9 * z),
        (x, y - head - packed + 0.012, 0.75 * z),
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


BUILDERS = {
    "Window": window,
    "Blinds": blinds,
    "Curtains": curtains,
}
