"""Random placement of loose objects: AI2-THOR's InitialRandomSpawn, and SetObjectPoses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.errors import ActionFailed
from envs.simulator.geometry import euler_matrix, from_vector
from envs.simulator.object_types import object_type
from envs.simulator.objects import SimObject, new_object
from envs.simulator.placement import find_place
from envs.simulator.resting import attach_where_it_stands
from envs.simulator.visibility import CLOSED_HIDES
from envs.simulator.world import World

# Objects that stay where the room's designer put them.
STAYS = frozenset(
    {
        "GarbageCan",
        "Chair",
        "Stool",
        "DiningTable",
        "SideTable",
        "CoffeeMachine",
        "Microwave",
        "Toaster",
        "ShelvingUnit",
        "HousePlant",
    }
)


def _open_to(world: World, receptacle: SimObject, visible_only: bool) -> bool:
    if receptacle.type in CLOSED_HIDES and receptacle.is_("openable"):
        return not visible_only
    return True


def random_spawn(
    world: World,
    seed: int,
    *,
    force_visible: bool = False,
    excluded_receptacles: tuple[str, ...] = (),
    excluded_ids: tuple[str, ...] = (),
    attempts: int = 5,
) -> int:
    """Moves every loose object to a random allowed receptacle with room; returns how many moved.

    Args:
        world: The room.
        seed: Same seed, same room: same places.
        force_visible: Keep out of closed furniture.
        excluded_receptacles: Object types not to put things on.
        excluded_ids: Objects to leave where they are.
        attempts: Receptacles tried for each object.
    """
    rng = np.random.default_rng(seed)
    things = [
        t
        for t in world.objects.values()
        if t.is_("pickupable")
        and t.type not in STAYS
        and t.object_id not in excluded_ids
        and t.object_id != world.held
        and not t.is_("isSliced")
    ]
    receptacles = [
        r
        for r in world.objects.values()
        if r.is_("receptacle")
        and not r.is_("pickupable")
        and r.type not in ("Floor", "Sink")
        and r.type not in excluded_receptacles
        and _open_to(world, r, force_visible)
    ]
    moved = 0
    for index in rng.permutation(len(things)):
        thing = things[index]
        allowed = object_type(thing.type).allowed_receptacles
        fitting = [r for r in receptacles if not allowed or r.type in allowed]
        fitting = [r for r in fitting if not _refuses(r, thing)]
        # Large tops hold more than a burner: choose by support area.
        weights = np.array([_area(r) for r in fitting])
        for _ in range(attempts):
            if not fitting or weights.sum() <= 0:
                break
            receptacle = fitting[int(rng.choice(len(fitting), p=weights / weights.sum()))]
            if _refuses(receptacle, thing):
                continue
            yaw = float(rng.integers(0, 4) * 90)
            found = find_place(world, thing, receptacle, rng=rng, yaws=(yaw,))
            if found is not None:
                world.detach(thing.object_id)
                world.move_with_contents(thing, *found)
                world.attach(thing.object_id, receptacle.object_id)
                moved += 1
                break
    return moved


def _refuses(receptacle: SimObject, thing: SimObject) -> bool:
    kind = object_type(receptacle.type)
    return bool(kind.only_accepts) and (
        thing.type not in kind.only_accepts or bool(receptacle.contents())
    )


def _area(receptacle: SimObject) -> float:
    return float(sum(s.size[0] * s.size[1] for s in receptacle.mesh.surfaces)) ** 0.5


def set_object_poses(world: World, poses: list[dict]) -> None:
    """Puts objects where a list says, by name; objects of the listed types that are not in it go.

    A name that is listed again gets a copy of the object, ``<objectId>_copy_<index in the list>``.
    What would be sunk into a board, or hang over one inside furniture, is put on it.

    Args:
        world: The room.
        poses: ``{"objectName", "position": {x, y, z}, "rotation": {x, y, z}}``; metres, degrees.

    Raises:
        ActionFailed: If a name is unknown or a pose is no pose; nothing moves.
    """
    named = {t.metadata["name"]: t for t in world.objects.values()}
    wanted: list[tuple[SimObject, np.ndarray, np.ndarray]] = []
    for index, pose in enumerate(poses):
        name = pose.get("objectName") if isinstance(pose, dict) else None
        if name not in named:
            raise ActionFailed(f"No object is named {name} in this scene (objectPoses[{index}]).")
        thing = named[str(name)]
        turn = pose.get("rotation")
        try:
            place = from_vector(pose["position"])
            euler = thing.euler if turn is None else from_vector(turn)
        except (KeyError, TypeError, ValueError) as error:
            raise ActionFailed(
                f"objectPoses[{index}] needs position and rotation as {{x, y, z}} of numbers."
            ) from error
        if not (np.isfinite(place).all() and np.isfinite(euler).all()):
            raise ActionFailed(f"objectPoses[{index}] must be finite numbers.")
        wanted.append((thing, place, euler))
    listed = {thing.object_id for thing, _, _ in wanted}
    kinds = {thing.type for thing, _, _ in wanted}
    for thing in list(world.objects.values()):
        if thing.type in kinds and thing.object_id not in listed:
            if thing.object_id == world.held:
                world.held = None
            world.remove(thing.object_id)
    for thing, _, _ in wanted:
        for inside in thing.contents():
            world.detach(inside)
        world.detach(thing.object_id)
    placed: list[SimObject] = []
    for index, (thing, place, euler) in enumerate(wanted):
        moved = thing if thing not in placed else _copy(world, thing, index)
        moved.metadata["parentReceptacles"] = None
        world.move_with_contents(moved, place - euler_matrix(euler) @ moved.pivot, euler)
        placed.append(moved)
    for thing in placed:
        attach_where_it_stands(world, thing, settle=True)


def _copy(world: World, thing: SimObject, index: int) -> SimObject:
    """Another of an object, empty, with an id and a name of its own."""
    record = replace(
        thing.record,
        object_id=f"{thing.object_id}_copy_{index}",
        name=f"{thing.record.name}_copy_{index}",
        parents=(),
        contents=None if thing.record.contents is None else (),
    )
    twin = new_object(record, thing.mesh)
    world.add(twin)
    return twin
