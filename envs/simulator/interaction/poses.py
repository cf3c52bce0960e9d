"""SetObjectPoses: the whole arrangement of the loose objects, by name."""

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
# As near as this to its recorded pose an object lies as it did there, metres and degrees.
_SAME_PLACE, _SAME_TURN = 0.005, 1.0


def set_object_poses(
    world: World, poses: list, stationary: bool = True, skip_moveable: bool = False
) -> None:
    """Puts objects where a list says, by name; every other pickupable or moveable object goes.

    A name that is listed again gets a copy of the object, ``<objectId>_copy_<index in the list>``.
    What would be sunk into a board, or hang over one inside furniture, is put on it. An empty
    list changes nothing.

    Args:
        world: The room.
        poses: ``{"objectName", "position": {x, y, z}, "rotation": {x, y, z}}``; metres, degrees.
        stationary: Whether they stay as put; otherwise they settle by gravity, unless they were
            recorded at rest in that very pose.
        skip_moveable: Whether moveable furniture is left alone, listed or not.

    Raises:
        ActionFailed: If a name is unknown or a pose is no pose; nothing moves.
    """
    if not poses:
        return
    loose = [t for t in world.objects.values() if t.is_("pickupable") or t.is_("moveable")]
    left = [t for t in loose if skip_moveable and not t.is_("pickupable")]
    named = {t.metadata["name"]: t for t in loose}
    listed = [_wanted(named, pose, index) for index, pose in enumerate(poses)]
    wanted = [row for row in listed if row[0] not in left]
    kept = {obj.object_id for obj, _, _ in wanted} | {obj.object_id for obj in left}
    editing.take_out(world, [t for t in loose if t.object_id not in kept])
    for obj, _, _ in wanted:
        leave_hand(world, obj)
        for inside in obj.contents():
            world.detach(inside)
            if inside not in kept:
                world.let_fall(world.objects[inside])
        world.detach(obj.object_id)
    placed = _place(world, wanted)
    resting = [_as_recorded(world, obj) for obj in placed]
    for obj, rests in zip(placed, resting, strict=True):
        attach_where_it_stands(world, obj, settle=not rests)
        if not (stationary or rests):
            world.let_fall(obj)
    if world.motion and world.auto_simulation:
        dynamics.settle(world)


def _place(world: World, wanted: list[tuple[SimObject, np.ndarray, np.ndarray]]) -> list[SimObject]:
    """Puts each object, or a copy of one that has been put already, at its position (3,)."""
    placed: list[SimObject] = []
    for index, (obj, place, euler) in enumerate(wanted):
        moved = obj if obj not in placed else copy_of(world, obj, index)
        moved.metadata["parentReceptacles"] = None
        world.move_with_contents(moved, place - euler_matrix(euler) @ moved.pivot, euler)
        placed.append(moved)
    return placed


def _as_recorded(world: World, obj: SimObject, above: frozenset[str] = frozenset()) -> bool:
    """Whether an object, and all that carried it, is where it lay when the room was recorded.

    It lay at rest there, also where the shapes of this simulator would not hold it. Things are
    recorded that lie in each other: what is ``above`` is not asked again.
    """
    record = obj.record
    place = np.asarray(record.position) - [obj.metadata["position"][k] for k in "xyz"]
    turn = np.asarray(record.rotation) - [obj.metadata["rotation"][k] for k in "xyz"]
    if np.abs(place).max() > _SAME_PLACE:
        return False
    if np.abs((turn + 180.0) % 360.0 - 180.0).max() > _SAME_TURN:
        return False
    above |= {obj.object_id}
    carriers = [world.objects.get(key) for key in record.parents if key not in above]
    return all(other is not None and _as_recorded(world, other, above) for other in carriers)


def _wanted(
    named: dict[str, SimObject], pose: object, index: int
) -> tuple[SimObject, np.ndarray, np.ndarray]:
    """Object, position (3,) and Euler angles (3,) of one entry of the list."""
    name = pose.get("objectName") if isinstance(pose, dict) else None
    if not isinstance(pose, dict) or not isinstance(name, str) or name not in named:
        raise ActionFailed(
            f"No Pickupable or Moveable object of name {shown(name)} found in scene "
            f"(objectPoses[{index}]); use a 'name' of the metadata."
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
