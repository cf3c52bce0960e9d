"""Showers: heads that run, panes that break, curtains that spread."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from envs.simulator.meshes.furniture.cabinetry import Fitting
from envs.simulator.meshes.maker import Maker, darker
from envs.simulator.meshes.mesh import Color, Mesh, Part

CHROME: Color = (0.80, 0.81, 0.84)
WATER: Color = (0.66, 0.84, 0.96)
_GLASS: Color = (0.72, 0.86, 0.88)
# How far from a pane's plane a door stands in it, and the narrowest pane beside one, metres.
_NEAR, _NARROWEST = 0.12, 0.08
# Sides of the box of a door that stands across a corner, metres.
_ACROSS = 0.25


def shower_head(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    metal = m.pick(CHROME, (0.62, 0.52, 0.36))
    r = 0.95 * min(x, 0.9 * z)
    m.tube(
        [
            (0, -y, -0.86 * z),
            (0, y - 0.10, -0.86 * z),
            (0, y - 0.03, -0.6 * z),
            (0, y - 0.01, 0),
            (0, y - 0.05, max(z - r, 0)),
            (0, y - 0.09, max(z - r, 0)),
        ],
        min(0.014, 0.14 * z),
        metal,
        8,
    )
    at = max(z - r, 0.0)
    m.lathe(
        [(0, y - 0.15), (r, y - 0.15), (r, y - 0.135), (0.25 * r, y - 0.09), (0, y - 0.09)],
        metal,
        18,
        at=(0, 0, at),
    )
    m.lathe(
        [(0, y - 0.153), (0.85 * r, y - 0.153), (0.85 * r, y - 0.15)],
        (0.35, 0.36, 0.38),
        14,
        at=(0, 0, at),
    )
    # Mixer with two handles, and the brackets that hold the pipe.
    level = -0.45 * y
    m.rod((0, level, -0.72 * z), min(0.03, 0.3 * x), 1.2 * x, metal, axis=0, segments=10)
    for a in (-1, 1):
        m.rod(
            (a * 0.72 * x, level, -0.7 * z),
            min(0.035, 0.3 * z),
            0.5 * x,
            darker(metal, 0.9),
            axis=0,
            segments=10,
        )
    for share in (-0.8, 0.6):
        m.rod((0, share * y, -0.93 * z), 0.028, 0.14 * z, metal, axis=2, segments=10)
    m.span((-x, level - 0.01, -z), (x, level + 0.01, -0.97 * z), metal)
    made = m.mesh()
    return Mesh(made.parts + tuple(_jets(size, seed, r, y, at)), made.joints, made.surfaces)


def _jets(size: tuple, seed: int, r: float, y: float, at: float) -> list[Part]:
    """Water that runs out of a shower head of radius ``r`` at ``y``, ``at`` metres ahead."""
    w = Maker(size, seed)
    for drop in range(9):
        angle, reach = 2.4 * drop, 0.75 * r * np.sqrt((drop + 0.5) / 9)
        w.tube(
            [
                (reach * np.cos(angle), y - 0.155, at + reach * np.sin(angle)),
                (1.35 * reach * np.cos(angle), y - 1.45, at + 1.35 * reach * np.sin(angle)),
            ],
            0.005,
            WATER,
            4,
            when="isToggled",
            emissive=True,
            solid=False,
            alpha=0.6,
        )
    return w.parts


def _pane(m: Maker, low: tuple, high: tuple, joint: int | None = None) -> None:
    """Glass that breaks: shards stay in the frame's lower corners."""
    glass: dict = {"alpha": 0.32, "when": "!isBroken", "joint": joint, "solid": False}
    m.span(low, high, _GLASS, cell=0.8, **glass)
    a, b = np.asarray(low, float), np.asarray(high, float)
    thin = int(np.argmin(b - a))
    wide = 2 - thin
    middle = (a[thin] + b[thin]) / 2
    for k in range(5):
        start = a[wide] + (b[wide] - a[wide]) * k / 5
        end = start + (b[wide] - a[wide]) / 5
        tip = a[1] + (b[1] - a[1]) * (0.10, 0.22, 0.06, 0.16, 0.26)[k]
        outline = [(start, a[1]), (end, a[1]), ((start + end) / 2, tip)]
        if thin == 0:
            outline = [(v, u) for u, v in outline]
        m.prism(
            outline,
            middle - 0.003,
            middle + 0.003,
            (0.80, 0.90, 0.92),
            axis=thin,
            when="isBroken",
            joint=joint,
        )


def _glazed(m: Maker, low: tuple, high: tuple, metal: Color, joint: int | None = None) -> None:
    """A framed pane standing in the xy or the zy plane."""
    a, b = np.asarray(low, float), np.asarray(high, float)
    wide = 0 if b[0] - a[0] >= b[2] - a[2] else 2
    bar = min(0.03, 0.1 * (b[wide] - a[wide]))
    for axis in (1, wide):
        for end in (False, True):
            c, d = a.copy(), b.copy()
            if end:
                c[axis] = b[axis] - bar
            else:
                d[axis] = a[axis] + bar
            m.span(tuple(c), tuple(d), metal, joint=joint)
    thin = 2 - wide
    middle = (a[thin] + b[thin]) / 2
    c, d = a + bar, b - bar
    c[thin], d[thin] = middle - 0.004, middle + 0.004
    _pane(m, tuple(c), tuple(d), joint)


def shower_door(size: tuple, seed: int) -> Mesh:
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    metal = m.pick(CHROME, (0.22, 0.22, 0.23), (0.75, 0.66, 0.45))
    flat = x >= z
    if flat:
        joint = m.hinge((-x, 0, 0), (0, 1, 0), -80.0)
        _glazed(m, (-x, -y, -0.4 * z), (x, y, 0.4 * z), metal, joint)
        for a in (-1, 1):
            m.span(
                (0.78 * x, -0.12 * y, a * z), (0.84 * x, 0.12 * y, a * 0.4 * z), metal, joint=joint
            )
    else:
        joint = m.hinge((0, 0, -z), (0, 1, 0), 80.0)
        _glazed(m, (-0.4 * x, -y, -z), (0.4 * x, y, z), metal, joint)
        for a in (-1, 1):
            m.span(
                (a * x, -0.12 * y, 0.78 * z), (a * 0.4 * x, 0.12 * y, 0.84 * z), metal, joint=joint
            )
    return m.mesh()


def shower_glass(size: tuple, seed: int, fittings: tuple[Fitting, ...] = ()) -> Mesh:
    """One pane, or panes round a corner; open where a fitting, the shower's door, stands."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    metal = m.pick(CHROME, (0.22, 0.22, 0.23), (0.75, 0.66, 0.45))
    if min(x, z) < 0.15:
        _glazed(m, (-x, -y, -z), (x, y, z), metal)
        return m.mesh()
    doors = [box for kind, box in fittings if kind == "ShowerDoor"]
    # Round a corner: the pane in front, and one on each side.
    for axis, plane, start, end in ((2, z, -x, x), (0, -x, -z, z - 0.03), (0, x, -z, z - 0.03)):
        inner = plane - 0.03 if plane > 0 else plane + 0.03
        for a, b in _beside_doors(doors, axis, plane, start, end):
            low, high = [0.0, -y, 0.0], [0.0, y, 0.0]
            low[axis], high[axis] = min(plane, inner), max(plane, inner)
            low[2 - axis], high[2 - axis] = a, b
            _glazed(m, tuple(low), tuple(high), metal)
    m.bound((-x, -y, -z), (x, y, z))
    return m.mesh()


def _beside_doors(
    doors: Sequence[tuple[float, ...]], axis: int, plane: float, start: float, end: float
) -> list[tuple[float, float]]:
    """The stretches of a pane across an axis that are not behind or before a door."""
    left = [(start, end)]
    for box in doors:
        a, b = box[2 - axis], box[5 - axis]
        if min(box[3] - box[0], box[5] - box[2]) > _ACROSS:
            # A door across a corner: nothing stands beyond it.
            if (box[axis] + box[axis + 3]) * plane < 0:
                continue
            a, b = (a, end) if a + b > 0 else (start, b)
        elif not box[axis] - _NEAR < plane < box[axis + 3] + _NEAR:
            continue
        left = [p for s, e in left for p in ((s, min(e, a)), (max(s, b), e))]
    return [(s, e) for s, e in left if e - s > _NARROWEST]


def shower_curtain(size: tuple, seed: int) -> Mesh:
    """Gathered in folds; when opened they turn and spread along the rail to both sides."""
    m = Maker(size, seed)
    x, y, z = (float(v) for v in m.half)
    color, texture = m.one_of(
        ((0.92, 0.92, 0.90), "stripes"),
        ((0.55, 0.72, 0.78), "dots"),
        ((0.86, 0.80, 0.66), "checks"),
        ((0.60, 0.46, 0.60), "stripes"),
    )
    folds = 8
    u, v = np.meshgrid(np.linspace(-1, 1, 7), np.linspace(0, 1, 4))
    for k in range(folds):
        at = -x + 2 * x * (k + 0.5) / folds
        # A fold hangs across the rail; a quarter turn about a point beside it lays it along.
        far = (k + 0.5 - folds / 2) * 1.7 * z - at
        joint = m.hinge((at + far / 2, 0, -far / 2), (0, 1, 0), 90.0)
        wave = x / folds * (1.5 * np.sin(2.6 * u + k) * (0.4 + 0.6 * v))
        grid = np.stack([np.clip(at + wave, -x, x), y - 0.05 - v * (2 * y - 0.05), u * z], -1)
        m.sheet(grid, color, texture, (1, 4), joint=joint)
        m.ring((at, y - 0.03, 0), 0.026, 0.005, CHROME, axis=0, segments=5, joint=joint)
    m.span((-x, y - 0.004, -0.02), (x, y, 0.02), CHROME)
    return m.mesh()


BUILDERS = {
    "ShowerHead": shower_head,
    "ShowerDoor": shower_door,
    "ShowerCurtain": shower_curtain,
}
# Builders that are given what stands in them.
FITTED = {"ShowerGlass": shower_glass}
