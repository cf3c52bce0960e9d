"""Taking objects out of a room, making new ones, changing their size and their mass."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator import dynamics
from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import box_corners, euler_matrix, triple
from envs.simulator.core.object_types import object_type, object_types
from envs.simulator.interaction import hand
from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.scenes.records import ObjectRecord
from envs.simulator.world.objects import SimObject, new_object
from envs.simulator.world.world import World

SMALLEST, LARGEST = 0.005, 20.0
CIRCLE_SIZES = {0: 0.4, 1: 0.7, 2: 1.0}


def take_out(world: World, objects: list[SimObject], keep: bool = False) -> None:
    """Takes objects out of the room; what stood on them falls.

    Args:
        world: The room.
        objects: What goes.
        keep: Whether ``bring_back`` may bring them back.

    Raises:
        ActionFailed: If a floor is among them; nothing changes.
    """
    floor = next((obj.object_id for obj in objects if obj.type == "Floor"), None)
    if floor is not None:
        raise ActionFailed(f"{floor} carries the room and can't be taken out.")
    for obj in objects:
        if obj.object_id not in world.objects:
            continue
        held = [i for i, key in enumerate(world.hands) if key == obj.object_id]
        world.remove(obj.object_id)
        obj.metadata["isPickedUp"] = False
        obj.metadata["isMoving"] = False
        if obj.metadata["receptacleObjectIds"]:
            obj.metadata["receptacleObjectIds"] = []
        for index in held:
            hand.rest(world, index)
        if keep:
            world.disabled = {**world.disabled, obj.object_id: obj}
    if world.auto_simulation:
        dynamics.settle(world)


def bring_back(world: World, object_id: str) -> SimObject:
    """Brings a disabled object back to where it was.

    Raises:
        ActionFailed: If none of that id is disabled.
    """
    obj = world.disabled.get(object_id)
    if obj is None:
        if object_id in world.objects:
            raise ActionFailed(f"{object_id} is enabled already.")
        raise ActionFailed(f"objectId: {object_id} is not the objectId of a disabled object.")
    world.disabled = {k: v for k, v in world.disabled.items() if k != object_id}
    world.add(obj)
    return obj


def object_id_at(world: World, type_name: str, place: np.ndarray) -> str:
    """AI2-THOR's id of an object of a type at a place (3,), unused in this room."""
    parts = []
    for value in place:
        text = f"{abs(value):05.2f}"
        sign = "" if text == "00.00" and value < 0 else "-" if value < 0 else "+"
        parts.append(f"{sign}{text}")
    made = "|".join((type_name, *parts))
    taken = {*world.objects, *world.disabled}
    if made in taken:
        made = next(f"{made}_{n}" for n in range(1, len(taken) + 2) if f"{made}_{n}" not in taken)
    return made


def create(
    world: World, type_name: str, center: np.ndarray, euler: np.ndarray, variant: int = 0
) -> SimObject:
    """A new object of a type, with its middle at (3,) metres, turned by (3,) degrees.

    Raises:
        ActionFailed: If the type is unknown, can't be picked up, or has no known size.
    """
    rules = object_type(type_name)
    if type_name not in object_types() or not rules.pickupable or rules.size is None:
        names = sorted(n for n, t in object_types().items() if t.pickupable and t.size is not None)
        raise ActionFailed(
            f"Failed to create an object of type {type_name[:60]!r}: use a pickupable type, one of "
            f"{', '.join(names)}."
        )
    return _make(world, type_name, center, euler, rules.size, variant)


def _make(
    world: World,
    type_name: str,
    center: np.ndarray,
    euler: np.ndarray,
    size: tuple[float, float, float],
    variant: int,
) -> SimObject:
    rules = object_type(type_name)
    rotation = euler_matrix(euler)
    corners = box_corners(center, np.asarray(size), rotation)
    low, high = corners.min(0), corners.max(0)
    object_id = object_id_at(world, type_name, center)
    used = {t.metadata["name"] for t in (*world.objects.values(), *world.disabled.values())}
    name = next(
        f"{type_name}_{n:08x}" for n in range(len(used) + 1) if f"{type_name}_{n:08x}" not in used
    )
    record = ObjectRecord(
        object_id=object_id,
        object_type=type_name,
        name=name,
        asset_id=f"{type_name}_{variant}",
        position=triple(center),
        rotation=triple(euler),
        center=triple((low + high) / 2),
        size=triple(high - low),
        local_size=size,
        local_rotation=triple(euler),
        obb=tuple(triple(corner) for corner in corners) if rules.pickupable else None,
        properties=dict.fromkeys(rules.properties, True),
        states={"temperature": "RoomTemp"},
        mass=rules.mass,
        materials=rules.materials or None,
        parents=(),
        contents=() if rules.receptacle else None,
        controlled=(object_id,) if rules.toggleable else None,
        footprint=None,
    )
    made = new_object(record, build_mesh(type_name, size, seed=variant))
    world.add(made)
    return made


def target_circle(world: World, place: np.ndarray, variation: int) -> SimObject:
    """A flat ring on the floor at (3,) metres; variation 0 is small, 1 medium, 2 large."""
    width = CIRCLE_SIZES[variation]
    size = (width, 0.01, width)
    center = place + np.array([0.0, 0.006, 0.0])
    return _make(world, "TargetCircle", center, np.zeros(3), size, variation)


def scale(world: World, obj: SimObject, factor: float) -> SimObject:
    """Makes an object larger or smaller by a factor; its underside stays where it is.

    Raises:
        ActionFailed: If it would become absurdly small or large, or is no loose object.
    """
    size = obj.size * factor
    if not (obj.is_("pickupable") or obj.is_("moveable")):
        raise ActionFailed(f"{obj.object_id} is part of the room and cannot be scaled.")
    if factor <= 0 or size.min() < SMALLEST * factor or size.max() > LARGEST:
        raise ActionFailed(
            f"scale must be greater than 0 and leave {obj.object_id} under {LARGEST:g} m, "
            f"not {factor:g}."
        )
    if size.max() < SMALLEST:
        raise ActionFailed(f"scale {factor:g} would leave nothing of {obj.object_id}.")
    record = replace(obj.record, local_size=triple(size))
    made = new_object(record, world.mesh_of(record))
    made.metadata.update(obj.metadata)
    made.pivot = obj.pivot * factor
    made.traits = obj.traits
    # In the hand it grows about its middle, elsewhere up from where it stands.
    grown = 0.0 if obj.object_id in world.hands else (factor - 1) * (obj.center - obj.low)[1]
    made.place(obj.center + [0.0, grown, 0.0], obj.euler)
    world.swap(made)
    return made


def fasten(world: World, parent: SimObject, child: SimObject) -> None:
    """Makes a child move with its parent.

    Raises:
        ActionFailed: If that would be a circle.
    """
    up: str | None = parent.object_id
    holders = dict(world.rules.fastened)
    while up is not None:
        if up == child.object_id:
            raise ActionFailed(
                f"{child.object_id} cannot have {parent.object_id} as parent: that is a circle."
            )
        up = holders.get(up)
    kept = tuple(pair for pair in world.rules.fastened if pair[0] != child.object_id)
    added = (child.object_id, parent.object_id)
    world.rules = replace(world.rules, fastened=(*kept, added))
    child.traits = replace(child.traits, kinematic=True)


def unfasten(world: World, child: SimObject) -> None:
    """Lets a child be on its own again.

    Raises:
        ActionFailed: If it has no parent.
    """
    if child.object_id not in dict(world.rules.fastened):
        raise ActionFailed(f"{child.object_id} has no parent object.")
    kept = tuple(pair for pair in world.rules.fastened if pair[0] != child.object_id)
    world.rules = replace(world.rules, fastened=kept)
    child.traits = replace(child.traits, kinematic=False)
