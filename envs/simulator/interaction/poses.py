"""SetObjectPoses: the whole arrangement of some types of objects, by name."""

from __future__ import annotations

import numpy as np

from envs.simulator import dynamics
from envs.simulator.core.errors import ActionFailed, shown
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.interaction import editing
from envs.simulator.interaction.posing import leave_hand
from envs.simulator.interaction.spawn import copy_of
from envs.simulator.world.objects import SimObject
from envs.simulator.world.resting import attach_where_it_stands
from envs.simulator.world.world import World

LARGEST = 1e4


def set_object_poses(world: World, poses: list, stationary: bool = True) -> None:
    """Puts objects where a list says, by name; objects of the listed types that are not in it go.

    A name that is listed again gets a copy of the object, ``<objectId>_copy_<index in the list>``.
    What would be sunk into a board, or hang over one inside furniture, is put on it.

    Args:
        world: The room.
        poses: ``{"objectName", "position": {x, y, z}, "rotation": {x, y, z}}``; metres, degrees.
        stationary: Whether they stay as put; otherwise they settle by gravity.

    Raises:
        ActionFailed: If a name is unknown or a pose is no pose; nothing moves.
    """
    named = {t.metadata["name"]: t for t in world.objects.values()}
    wanted = [_wanted(named, pose, index) for index, pose in enumerate(poses)]
    listed = {obj.object_id for obj, _, _ in wanted}
    type_names = {obj.type for obj, _, _ in wanted}
    gone = [t for t in world.objects.values() if t.type in type_names and t.object_id not in listed]
    editing.take_out(world, gone)
    for obj, _, _ in wanted:
        leave_hand(world, obj)
        for inside in obj.contents():
            world.detach(inside)
            if inside not in listed:
                world.let_fall(world.objects[inside])
        world.detach(obj.object_id)
    placed: list[SimObject] = []
    for index, (obj, place, euler) in enumerate(wanted):
        moved = obj if obj not in placed else copy_of(world, obj, index)
        moved.metadata["parentReceptacles"] = None
        world.move_with_contents(moved, place - euler_matrix(euler) @ moved.pivot, euler)
        placed.append(moved)
    for obj in placed:
        attach_where_it_stands(world, obj, settle=True)
    if not stationary:
        for obj in placed:
            if obj.is_("pickupable") or obj.is_("moveable"):
                world.let_fall(obj)
    if world.motion and world.auto_simulation:
        dynamics.settle(world)


def _wanted(
    named: dict[str, SimObject], pose: object, index: int
) -> tuple[SimObject, np.ndarray, np.ndarray]:
    """Object, position (3,) and Euler angles (3,) of one entry of the list."""
    name = pose.get("objectName") if isinstance(pose, dict) else None
    if not isinstance(pose, dict) or not isinstance(name, str) or name not in named:
        raise ActionFailed(
            f"No object is named {shown(name)} in this scene (objectPoses[{index}]); use a "
            "'name' of the metadata."
        )
    turn = pose.get("rotation")
    place = _numbers(pose.get("position"), index)
    return named[name], place, named[name].euler if turn is None else _numbers(turn, index)


def _numbers(value: object, index: int) -> np.ndarray:
    parts = [value.get(axis) for axis in "xyz"] if isinstance(value, dict) else [None]
    good = [
        float(part)
        for part in parts
        if isinstance(part, (int, float)) and not isinstance(part, bool) and abs(part) < LARGEST
    ]
    if len(good) != 3:
        raise ActionFailed(
            f"objectPoses[{index}] needs position and rotation as {{x, y, z}} of finite numbers, "
            f"not {shown(value)}."
        )
    return np.array(good)
