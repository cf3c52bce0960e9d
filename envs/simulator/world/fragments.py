"""What objects turn into: slices, a cracked egg, shards.

Pieces are new objects with ids like ``Apple|-00.47|+01.15|+00.48|AppleSliced_0``. A broken object
keeps its id and its box; its look and its states change.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import box_corners, triple
from envs.simulator.core.object_types import object_type
from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.scenes.appearance import standard_variant
from envs.simulator.scenes.records import ObjectRecord
from envs.simulator.world.effects import set_state
from envs.simulator.world.objects import SimObject, new_object
from envs.simulator.world.world import World

# How many slices an object falls into.
SLICES = {"Apple": 6, "Bread": 8, "Lettuce": 6, "Potato": 6, "Tomato": 6}
CRACKED_SIZE = (0.12, 0.02, 0.12)


def slice_object(world: World, thing: SimObject) -> list[str]:
    """Replaces an object by its pieces, whose ids it returns; an egg cracks into one.

    Raises:
        ActionFailed: If it can't be sliced, or is held.
    """
    if not thing.is_("sliceable"):
        raise ActionFailed(f"{thing.object_id} Does not have the CanBeSliced property!")
    if thing.object_id == world.held:
        raise ActionFailed("target object cannot be sliced if it is in the agent's hand")
    return _replace_by_pieces(world, thing)


def _replace_by_pieces(world: World, thing: SimObject) -> list[str]:
    parents = list(thing.metadata["parentReceptacles"] or ())
    if thing.type == "Egg":
        ids = [_piece(world, thing, "EggCracked", 0, 1)]
    else:
        count = SLICES.get(thing.type, 6)
        ids = [_piece(world, thing, f"{thing.type}Sliced", k, count) for k in range(count)]
    world.remove(thing.object_id)
    for piece in ids:
        for parent in parents:
            if parent in world.objects:
                world.attach(piece, parent)
    return ids


def _piece(world: World, thing: SimObject, kind: str, index: int, count: int) -> str:
    size = thing.size.copy()
    along = int(np.argmax(size[[0, 2]])) * 2
    offset, rotation, euler = np.zeros(3), thing.rotation, thing.euler
    if count > 1:
        width = size[along] / count
        offset[along] = (index + 0.5) * width - size[along] / 2
        size[along] = width * 0.86
        center = thing.center + rotation @ offset
    else:
        # A cracked egg lies flat where the egg was, however that was turned.
        size, rotation, euler = np.array(CRACKED_SIZE), np.eye(3), np.zeros(3)
        center = np.array([thing.center[0], thing.low[1] + size[1] / 2, thing.center[2]])
    corners = box_corners(center, size, rotation)
    low, high = corners.min(0), corners.max(0)
    record = ObjectRecord(
        object_id=f"{thing.object_id}|{kind}_{index}",
        object_type=kind,
        name=f"{thing.metadata['name']}_{kind}_{index}",
        asset_id="",
        position=triple(center),
        rotation=triple(euler),
        center=triple((low + high) / 2),
        size=triple(high - low),
        local_size=triple(size),
        local_rotation=triple(euler),
        obb=tuple(triple(corner) for corner in corners),
        properties={"pickupable": True, "cookable": object_type(kind).cookable},
        states={
            "isSliced": True,
            "temperature": thing.metadata["temperature"],
            "isCooked": bool(thing.metadata["isCooked"]),
        },
        mass=float(thing.metadata["mass"]) / count,
        materials=("Food",),
        parents=(),
        contents=None,
        controlled=None,
        footprint=None,
    )
    mesh = build_mesh(
        kind, triple(size), seed=standard_variant(record.asset_id or record.object_type) + index
    )
    made = new_object(record, mesh)
    made.traits = thing.traits
    world.add(made)
    return record.object_id


def break_object(world: World, thing: SimObject) -> None:
    """Breaks an object: it spills and switches off; an egg cracks.

    Raises:
        ActionFailed: If it can't break or is broken already.
    """
    if not thing.is_("breakable"):
        raise ActionFailed(f"{thing.object_id} does not have the property CanBreak!")
    if thing.is_("isBroken"):
        raise ActionFailed(f"{thing.object_id} is already broken!")
    if thing.type == "Egg":
        if thing.object_id == world.held:
            raise ActionFailed("an egg cannot be cracked while it is in the agent's hand")
        _replace_by_pieces(world, thing)
        return
    changes: dict[str, object] = {"isBroken": True, "isFilledWithLiquid": False, "fillLiquid": None}
    if thing.is_("toggleable"):
        changes["isToggled"] = False
    set_state(world, thing, **changes)
