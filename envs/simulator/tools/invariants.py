"""What is true of every room after every action.

Objects that nobody moved are as recorded and are not looked at: AI2-THOR's recordings have objects
in several receptacles, and some that lean or hang.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np

from envs.simulator.dynamics.body import extent, parts_of
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import contents_of, sunk_in
from envs.simulator.world.placement import HANGERS
from envs.simulator.world.world import World

# How far below its lowest point there may be nothing, metres.
GAP = 0.06
OUTSIDE = 0.15
SLIP = 1e-3
# How far an object may reach into what carries or bounds it, metres.
SUNK = 0.025


def violations(
    world: World,
    resting: bool = True,
    excused: Collection[str] = (),
    stood: Collection[str] = (),
) -> list[str]:
    """What is wrong with a room, one line each; empty if nothing is.

    Args:
        world: The room.
        resting: Whether to look at where objects are too.
        excused: Ids of what was put in the air or into something on purpose.
        stood: Ids of what ``standing`` found in the fresh room: it must not float later, even where
            nobody moved it.
    """
    found = [*_numbers(world), *_containment(world), *_hands(world)]
    if resting and not found:
        found += _places(world, excused, stood)
    return found


def standing(world: World) -> frozenset[str]:
    """Ids of the loose objects that something solid carries."""
    loose = [t for t in world.objects.values() if t.is_("pickupable") or t.is_("moveable")]
    return frozenset(t.object_id for t in loose if is_carried(world, t))


def _numbers(world: World) -> list[str]:
    wrong = []
    for obj in world.objects.values():
        numbers = np.concatenate([obj.center, obj.euler, obj.low, obj.high])
        if not np.isfinite(numbers).all():
            wrong.append(f"{obj.object_id} has a pose that is not finite")
        if (obj.high - obj.low).min() < -1e-6:
            wrong.append(f"{obj.object_id} has a box turned inside out")
    for index, agent in enumerate(world.agents):
        if not np.isfinite([agent.x, agent.y, agent.z, agent.yaw, agent.horizon]).all():
            wrong.append(f"agent {index} has a pose that is not finite")
    return wrong


def _containment(world: World) -> list[str]:
    wrong = []
    holders: dict[str, list[str]] = {}
    for obj in world.objects.values():
        for inside in obj.contents():
            holders.setdefault(inside, []).append(obj.object_id)
            if inside not in world.objects:
                wrong.append(f"{obj.object_id} holds {inside}, which is not in the room")
    for obj in world.objects.values():
        parents = list(obj.metadata["parentReceptacles"] or ())
        listed = holders.get(obj.object_id, [])
        if not obj.moved:
            continue
        if len(parents) > 1 or len(listed) > 1:
            wrong.append(f"{obj.object_id} is in several receptacles: {parents} {listed}")
        elif sorted(parents) != sorted(listed):
            wrong.append(f"{obj.object_id} says it is in {parents}, but is listed by {listed}")
    return wrong


def _hands(world: World) -> list[str]:
    wrong = []
    for index, held in enumerate(world.hands):
        if held is None:
            continue
        obj = world.objects.get(held)
        if obj is None:
            wrong.append(f"agent {index} holds {held}, which is not in the room")
            continue
        place, _ = world.agents[index].hold_pose
        if float(np.abs(obj.center - place).max()) > SLIP:
            wrong.append(f"{held} is not where the hand of agent {index} is")
        if obj.metadata["parentReceptacles"]:
            wrong.append(f"{held} is in a hand and in {obj.metadata['parentReceptacles']}")
    for obj in world.objects.values():
        if obj.is_("isPickedUp") != (obj.object_id in world.hands):
            wrong.append(f"{obj.object_id} is picked up or not, against what the hands say")
    return wrong


def _places(world: World, excused: Collection[str], stood: Collection[str]) -> list[str]:
    wrong = []
    low, high = extent(world)
    low, high = low - OUTSIDE, high + OUTSIDE
    carried: set[str] = set()
    for held in world.hands:
        if held is not None:
            carried |= contents_of(world, world.objects[held])
    fastened = {child for child, _ in world.rules.fastened}
    for key, obj in world.objects.items():
        loose = obj.is_("pickupable") or obj.is_("moveable")
        if not loose or key in carried or key in fastened or key in excused:
            continue
        if obj.traits.kinematic or obj.is_("isMoving"):
            continue
        if not obj.moved:
            if key in stood and not is_carried(world, obj):
                wrong.append(f"{key} was left floating at {obj.center.round(2)}")
            continue
        if (obj.center < low).any() or (obj.center > high).any():
            wrong.append(f"{key} is outside the room, at {obj.center.round(2)}")
        elif not (hangs(world, obj) or _rides(world, obj) or is_carried(world, obj)):
            wrong.append(f"{key} floats at {obj.center.round(2)}")
        else:
            inside = buried_in(world, obj)
            if inside is not None:
                wrong.append(f"{key} is in {inside}, at {obj.center.round(2)}")
    return wrong


def hangs(world: World, obj: SimObject) -> bool:
    """Whether an object hangs on a hook, a rail or a roll holder."""
    parents = obj.metadata["parentReceptacles"] or ()
    return any(world.objects[p].type in HANGERS for p in parents if p in world.objects)


def _rides(world: World, obj: SimObject) -> bool:
    """Whether it goes with loose furniture it was recorded in, where it may lie in a heap."""
    parents = set(obj.metadata["parentReceptacles"] or ()) & set(obj.record.parents)
    return any(
        world.objects[p].is_("moveable") or world.objects[p].is_("pickupable") for p in parents
    )


def buried_in(world: World, obj: SimObject) -> str | None:
    """Key of a wall or of fixed furniture that an object reaches into, too deep to be rounding.

    Where it lies as recorded, furniture may be of another shape here.
    """
    parts = [part.object_id for part in parts_of(world, obj)]
    found = sunk_in(world, obj, obj.center, obj.euler, parts)
    if found is None or found[1] < SUNK:
        return None
    key = found[0]
    if not obj.is_("pickupable") and world.fixtures.get(key) != "Wall":
        return None  # Chairs are recorded under tables, and where inferred counters have a foot.
    recorded = set(obj.metadata["parentReceptacles"] or ()) & set(obj.record.parents)
    return None if key in recorded or hangs(world, obj) else f"{key} by {found[1]:.3f} m"


def is_carried(world: World, obj: SimObject) -> bool:
    """Whether something solid is right below some part of an object."""
    own = [key for key in contents_of(world, obj) if world.collision.is_solid(key)]
    for key in own:
        world.collision.set_solid(key, False)
    try:
        points = obj.world_points
        bottom = float(points[:, 1].min()) if len(points) else float(obj.low[1])
        half = (obj.high - obj.low) / 2
        middle = (obj.high + obj.low) / 2
        starts = [
            np.array(
                [middle[0] + u * half[0], max(middle[1], bottom + 0.02), middle[2] + v * half[2]]
            )
            for u in (0.0, 0.9, -0.9, 0.5, -0.5)
            for v in (0.0, 0.9, -0.9, 0.5, -0.5)
        ]
        starts += [point + [0.0, 0.02, 0.0] for point in points if point[1] < bottom + 0.02]
        for start in starts:
            end = np.array([start[0], bottom - GAP, start[2]])
            if world.collision.ray(start, end) is not None:
                return True
        return False
    finally:
        for key in own:
            world.collision.set_solid(key, True)
