"""Furniture whose box rises over its top: built up to where objects lie, with a back board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from envs.simulator.core.geometry import triple
from envs.simulator.meshes.furniture.cabinetry import Fitting
from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Mesh

TOPPED = frozenset({"CoffeeTable", "Desk", "Dresser", "SideTable", "TVStand"})
_LEAST, _MOST = 0.008, 0.2
_THINNEST = 0.02


def rise_over_top(size: tuple[float, float, float], fittings: tuple[Fitting, ...]) -> float:
    """How far the box rises over where most objects lie on it, or 0."""
    y = size[1] / 2
    heights = sorted(b[1] for kind, b in fittings if kind == "Rest" and b[1] > y - _MOST)
    rise = y - heights[(len(heights) - 1) // 2] if heights else 0.0
    return rise if rise > _LEAST else 0.0


def raised(
    build: Callable[..., Mesh],
    size: tuple[float, float, float],
    seed: int,
    fittings: tuple[Fitting, ...],
    rise: float,
    footprint: tuple[tuple[float, float, float, float], ...] | None = None,
) -> Mesh:
    """The furniture built lower by ``rise``, with a board along its back up to the box's top.

    Of a top that covers but some rectangles (x0, z0, x1, z1), those at the back have the board.
    """
    x, y, z = (s / 2 for s in size)
    # A box that is a mere slab lies wholly over what stands on the furniture.
    height = max(size[1] - rise, min(size[1], _THINNEST))
    drop = y - rise - height / 2
    down = np.array([0.0, drop, 0.0])
    lower: list[Fitting] = []
    for kind, (x0, y0, z0, x1, y1, z1) in fittings:
        lower.append((kind, (x0, y0 - drop, z0, x1, y1 - drop, z1)))
    made = build((size[0], height, size[2]), seed, tuple(lower))
    m = Maker(size, seed)
    first = made.parts[0]
    for x0, z0, x1, _ in footprint or ((-x, -z, x, z),):
        if z0 < -z + 0.02:
            back = (x0, y - rise - 0.01, -z), (x1, y, -z + min(0.015, z))
            m.span(*back, first.color, first.texture)
    return Mesh(
        tuple(replace(p, vertices=(p.vertices + down).astype(np.float32)) for p in made.parts)
        + tuple(m.parts),
        tuple(replace(j, origin=triple(np.asarray(j.origin) + down)) for j in made.joints),
        tuple(replace(s, center=triple(np.asarray(s.center) + down)) for s in made.surfaces),
    )
