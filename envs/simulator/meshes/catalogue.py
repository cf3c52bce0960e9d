"""From an object type to its mesh."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from envs.simulator.meshes.bathroom import fixtures, laundry, showers, towels
from envs.simulator.meshes.breakage import SHATTERS, shattering
from envs.simulator.meshes.furniture import (
    beds,
    bins,
    boxes,
    cabinetry,
    chairs,
    cupboards,
    lamps,
    seats,
    tables,
)
from envs.simulator.meshes.furniture.cabinetry import Fitting
from envs.simulator.meshes.kitchen import (
    appliances,
    bottles,
    cookware,
    food,
    fridges,
    shakers,
    tableware,
    utensils,
)
from envs.simulator.meshes.living import (
    decor,
    electronics,
    household,
    plants,
    sports,
    statues,
    toys_and_clothes,
    wall_hangings,
    windows,
)
from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Mesh
from envs.simulator.meshes.raised import TOPPED, raised, rise_over_top
from envs.simulator.meshes.turning import front_yaw, turned, turned_fittings

Size = tuple[float, float, float]

# Builders of (size, seed).
BUILDERS: dict[str, Callable[..., Mesh]] = {
    name: build
    for module in (
        appliances,
        fixtures,
        beds,
        bins,
        boxes,
        cupboards,
        electronics,
        food,
        fridges,
        household,
        lamps,
        laundry,
        decor,
        sports,
        toys_and_clothes,
        plants,
        showers,
        statues,
        bottles,
        cookware,
        shakers,
        tableware,
        towels,
        utensils,
        wall_hangings,
        windows,
    )
    for name, build in module.BUILDERS.items()
}
# Builders that also take what the furniture holds, or how high objects lie on it.
FITTED: dict[str, Callable[..., Mesh]] = {
    **cabinetry.FITTED,
    **tables.FITTED,
    **fixtures.FITTED,
    **cupboards.FITTED,
    **showers.FITTED,
}
RESTING: dict[str, Callable[..., Mesh]] = {**seats.RESTING, **beds.RESTING}
_SPECIAL = ("Box", "Chair", "CounterTop", "Desk", "DiningTable")
HOSTS = frozenset({*FITTED, *RESTING, "Chair", "Desk", "DiningTable"})
"""Types whose shape depends on the fittings given."""


def known_types() -> tuple[str, ...]:
    """Types with a shape of their own, sorted; every other type is drawn as a box."""
    return tuple(sorted({*BUILDERS, *FITTED, *RESTING, *_SPECIAL}))


def _plain(size: Size, seed: int) -> Mesh:
    maker = Maker(size, seed)
    x, y, z = (float(v) for v in maker.half)
    maker.span((-x, -y, -z), (x, y, z), maker.pick((0.66, 0.60, 0.52), (0.52, 0.56, 0.62)))
    maker.surface((0, y, 0), (2 * x, 2 * z), 0.6)
    return maker.mesh()


def _rest(fittings: tuple[Fitting, ...], low: float) -> float | None:
    """How high objects lie on it: the middle one of those that are off the floor."""
    heights = sorted(b[1] for kind, b in fittings if kind == "Rest" and b[1] > low + 0.15)
    return heights[(len(heights) - 1) // 2] if heights else None


def _special(
    object_type: str, size: Size, seed: int, footprint: Any, asset_id: str, fittings: Any
) -> Mesh:
    rest = _rest(fittings, -size[1] / 2)
    if object_type == "CounterTop":
        return cupboards.counter_top(size, seed, footprint)
    if object_type == "Box":
        return boxes.box(size, seed, lidded="Decorative" in asset_id)
    if object_type == "Chair":
        return chairs.chair(size, seed, rest, office="office" in asset_id)
    if object_type == "Desk":
        return tables.desk(size, seed, fittings, footprint, rest)
    return tables.dining_table(size, seed, fittings, footprint)


@lru_cache(maxsize=768)
def build_mesh(
    object_type: str,
    size: tuple[float, float, float],
    seed: int = 0,
    footprint: tuple[tuple[float, float, float, float], ...] | None = None,
    asset_id: str = "",
    fittings: tuple[Fitting, ...] = (),
) -> Mesh:
    """The mesh of an object, fitted to its box; equal arguments give the same mesh.

    Args:
        object_type: AI2-THOR object type; one without a shape of its own becomes a plain box.
        size: Box in the object frame, metres. A laptop's, box's or blind's is that of its open
            state where it was recorded open.
        seed: Chooses shape, colour and texture within what the type can look like.
        footprint: Rectangles (x0, z0, x1, z1) in the object frame that a top covers.
        asset_id: AI2-THOR's asset name; equal assets are given equal seeds by the caller.
        fittings: For ``HOSTS``: drawers, cabinets, shelves and basins inside, and as ``"Rest"``
            what lies on it, as ``"Head"`` a bed's pillows, each with its box in the object frame.

    Raises:
        ValueError: If the size is not three positive, finite numbers.
    """
    if len(size) != 3 or not all(0 < s < 1e4 for s in size):
        raise ValueError(f"size must be three positive metres, not {size}.")
    yaw = front_yaw(object_type, asset_id, size, fittings)
    if not yaw:
        return _build(object_type, size, seed, footprint, asset_id, fittings)
    across = size if yaw == 180 else (size[2], size[1], size[0])
    within = turned_fittings(fittings, yaw)
    return turned(_build(object_type, across, seed, None, asset_id, within), yaw)


def _build(
    object_type: str, size: Size, seed: int, footprint: Any, asset_id: str, fittings: Any
) -> Mesh:
    """The mesh with its front along +z."""
    rise = rise_over_top(size, fittings) if object_type in TOPPED else 0.0
    if rise:

        def lower(smaller: Size, variant: int, within: Any) -> Mesh:
            return _build(object_type, smaller, variant, footprint, asset_id, within)

        return raised(lower, size, seed, fittings, rise, footprint)
    if object_type in _SPECIAL:
        return _special(object_type, size, seed, footprint, asset_id, fittings)
    if object_type in FITTED:
        return FITTED[object_type](size, seed, fittings)
    if object_type == "Bed":
        lying = tuple(box for kind, box in fittings if kind == "Rest")
        return beds.bed(size, seed, _rest(fittings, -size[1] / 2), lying)
    if object_type in RESTING:
        return RESTING[object_type](size, seed, _rest(fittings, -size[1] / 2))
    builder = BUILDERS.get(object_type)
    if builder is None:
        return _plain(size, seed)
    mesh = builder(size, seed)
    return shattering(mesh, size, seed) if object_type in SHATTERS else mesh
