"""What objects turn into: slices, a cracked egg, shards.

Pieces are new objects with ids like ``Apple|-00.47|+01.15|+00.48|AppleSliced_0``. A broken object
keeps its id and its box; its appearance and its states change.
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


def slice_object(world: World, obj: SimObject) -> list[str]:
    """Replaces an object by its pieces, whose ids it returns; an egg cracks into one.

    Raises:
        ActionFailed: If it can't be sliced, or is held.
    """
    if not obj.is_("sliceable"):
        raise ActionFailed(f"{obj.object_id} Does not have the CanBeSliced property!")
    if obj.object_id == world.held:
        raise ActionFailed("target object cannot be sliced if it is in the agent's hand")
    return _replace_by_pieces(world, obj)


def _replace_by_pieces(world: World, obj: SimObject) -> list[str]:
    parents = list(obj.metadata["parentReceptacles"] or ())
    if obj.type == "Egg":
        ids = [_piece(world, obj, "EggCracked", 0, 1)]
    else:
        count = SLICES.get(obj.type, 6)
        ids = [_piece(world, obj, f"{obj.type}Sliced", k, count) for k in range(count)]
    world.remove(obj.object_id)
    for piece in ids:
        for parent in parents:
            if parent in world.objects:
                world.attach(piece, parent)
    return ids


def _piece(world: World, obj: SimObject, piece_type: str, index: int, count: int) -> str:
    size = obj.size.copy()
    along = int(np.argmax(size[[0, 2]])) * 2
    offset, rotation, euler = np.zeros(3), obj.rotation, obj.euler
    if count > 1:
        width = size[along] / count
        offset[along] = (index + 0.5) * width - size[along] / 2
        size[along] = width * 0.86
        center = obj.center + rotation @ offset
    else:
        # A cracked egg lies flat where the egg was, however that was turned.
        size, rotation, euler = np.array(CRACKED_SIZE), np.eye(3), np.zeros(3)
        center = np.array([obj.center[0], obj.low[1] + size[1] / 2, obj.center[2]])
    corners = box_corners(center, size, rotation)
    low, high = corners.min(0), corners.max(0)
    record = ObjectRecord(
        object_id=f"{obj.object_id}|{piece_type}_{index}",
        object_type=piece_type,
        name=f"{obj.metadata['name']}_{piece_type}_{index}",
        asset_id="",
        position=triple(center),
        rotation=triple(euler),
        center=triple((low + high) / 2),
        size=triple(high - low),
        local_size=triple(size),
        local_rotation=triple(euler),
        obb=tuple(triple(corner) for corner in corners),
        properties={"pickupable": True, "cookable": object_type(piece_type).cookable},
        states={
            "isSliced": True,
            "temperature": obj.metadata["temperature"],
            "isCooked": bool(obj.metadata["isCooked"]),
        },
        mass=float(obj.metadata["mass"]) / count,
        materials=("Food",),
        parents=(),
        contents=None,
        controlled=None,
        footprint=None,
    )
    mesh = build_mesh(
        piece_type,
        triple(size),
        seed=standard_variant(record.asset_id or record.object_type) + index,
    )
    made = new_object(record, mesh)
    made.traits = obj.traits
    world.add(made)
    return record.object_id


def break_object(world: World, obj: SimObject) -> None:
    """Breaks an object: it spills and switches off; an egg cracks.

    Raises:
        ActionFailed: If it can't break or is broken already.
    """
    if not obj.is_("breakable"):
        raise ActionFailed(f"{obj.object_id} does not have the property CanBreak!")
    if obj.is_("isBroken"):
        raise ActionFailed(f"{obj.object_id} is already broken!")
    if obj.type == "Egg":
        if obj.object_id == world.held:
            raise ActionFailed("an egg cannot be cracked while it is in the agent's hand")
        _replace_by_pieces(world, obj)
        return
    changes: dict[str, object] = {"isBroken": True, "isFilledWithLiquid": False, "fillLiquid": None}
    if obj.is_("toggleable"):
        changes["isToggled"] = False
    set_state(world, obj, **changes)
