"""From an object type to its mesh."""

from __future__ import annotations

from functools import lru_cache

from envs.simulator.meshes import appliances, cupboards, food, furniture, tableware, utensils
from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.mesh import Mesh

BUILDERS = {
    **food.BUILDERS,
    **tableware.BUILDERS,
    **utensils.BUILDERS,
    **appliances.BUILDERS,
    **cupboards.BUILDERS,
    **furniture.BUILDERS,
}


def known_types() -> tuple[str, ...]:
    """Types with a shape of their own, sorted; every other type is drawn as a box."""
    return tuple(sorted({*BUILDERS, "CounterTop"}))


def _plain(size: tuple[float, float, float], seed: int) -> Mesh:
    maker = Maker(size, seed)
    x, y, z = (float(v) for v in maker.half)
    maker.span((-x, -y, -z), (x, y, z), maker.pick((0.66, 0.60, 0.52), (0.52, 0.56, 0.62)))
    maker.surface((0, y, 0), (2 * x, 2 * z), 0.6)
    return maker.mesh()


@lru_cache(maxsize=4096)
def build_mesh(
    object_type: str,
    size: tuple[float, float, float],
    seed: int = 0,
    footprint: tuple[tuple[float, float, float, float], ...] | None = None,
    asset_id: str = "",
) -> Mesh:
    """The mesh of an object, fitted to its box; equal arguments give the same mesh.

    Args:
        object_type: AI2-THOR object type; one without a shape of its own becomes a plain box.
        size: Box in the object frame, metres.
        seed: Chooses shape, colour and texture within what the type can look like.
        footprint: Rectangles (x0, z0, x1, z1) in the object frame that a top covers.
        asset_id: AI2-THOR's asset name; equal assets are given equal seeds by the caller.

    Raises:
        ValueError: If the size is not three positive, finite numbers.
    """
    if len(size) != 3 or not all(0 < s < 1e4 for s in size):
        raise ValueError(f"size must be three positive metres, not {size}.")
    if object_type == "CounterTop":
        return cupboards.counter_top(size, seed, footprint)
    builder = BUILDERS.get(object_type)
    return builder(size, seed) if builder else _plain(size, seed)
