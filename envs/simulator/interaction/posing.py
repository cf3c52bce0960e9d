"""Putting an object somewhere by coordinates, and letting it come to rest there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from envs.simulator import dynamics
from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import aligned_extent, euler_matrix
from envs.simulator.interaction import hand
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import blocking, contents_of, name_of
from envs.simulator.world.resting import attach_where_it_stands
from envs.simulator.world.world import World

# What hangs less than this over its support counts as standing on it, metres.
STANDS = 0.02
OUTSIDE = 0.1
# Recorded places may lie a little inside our boards: what is sunk is tried this much higher.
LIFTS = (0.0, 0.02, 0.04, 0.06)


def put_at(
    world: World,
    obj: SimObject,
    centers: Sequence[np.ndarray],
    euler: np.ndarray,
    *,
    force: bool = False,
    kinematic: bool = False,
) -> None:
    """Moves an object to the first free one of several places; it falls if nothing carries it.

    Args:
        world: The room.
        obj: The object; a held one leaves the hand.
        centers: Where the middle of its box may be, (3,) metres each.
        euler: Unity Euler angles of its frame, (3,) degrees.
        force: Whether it may overlap other objects and leave the room.
        kinematic: Whether it stays even where nothing carries it.

    Raises:
        ActionFailed: If no place is free; nothing moves.
    """
    reason = "no position was given"
    chosen: np.ndarray | None = None
    for center in centers:
        for lift in (0.0,) if force else LIFTS:
            raised = center + np.array([0.0, lift, 0.0])
            refused = None if force else _refusal(world, obj, raised, euler)
            if refused is None:
                chosen = raised
                break
            reason = refused if lift == 0.0 else reason
        if chosen is not None:
            break
    if chosen is None:
        raise ActionFailed(f"{obj.object_id} cannot be placed there: {reason}.")
    leave_hand(world, obj)
    world.detach(obj.object_id)
    world.motion.pop(obj.object_id, None)
    obj.metadata["isMoving"] = False
    obj.traits = replace(obj.traits, kinematic=kinematic)
    world.move_with_contents(obj, chosen, euler)
    rest(world, obj)


def _refusal(world: World, obj: SimObject, center: np.ndarray, euler: np.ndarray) -> str | None:
    if (center < world.low - OUTSIDE).any() or (center > world.high + OUTSIDE).any():
        return f"({center[0]:.2f}, {center[1]:.2f}, {center[2]:.2f}) is outside the scene bounds"
    key = blocking(world, obj, center, euler)
    return None if key is None else f"it would collide with {name_of(world, key)}"


def leave_hand(world: World, obj: SimObject) -> None:
    """Takes an object out of whichever hand holds it."""
    if obj.object_id not in world.hands:
        return
    index = world.hands.index(obj.object_id)
    world.hands[index] = None
    hand.rest(world, index)
    obj.metadata["isPickedUp"] = False
    for key in contents_of(world, obj):
        world.collision.set_solid(key, True)


def rest(world: World, obj: SimObject) -> None:
    """Says on what an object stands; if on nothing, it falls, unless it is fixed in the air."""
    attach_where_it_stands(world, obj)
    bottom = np.array([obj.center[0], obj.low[1], obj.center[2]])
    under = world.collision.ray(bottom + [0.0, 0.005, 0.0], bottom - [0.0, STANDS, 0.0])
    carried = under is not None and under.key != obj.object_id
    loose = obj.is_("pickupable") or obj.is_("moveable")
    if not carried and loose and not obj.traits.kinematic:
        dynamics.release(world, obj, np.zeros(3))


def centers_of_pivots(obj: SimObject, pivots: Sequence[np.ndarray], euler: np.ndarray) -> list:
    """Box middles (3,) that put the object's pivot at each of some positions (3,)."""
    return [pivot - euler_matrix(euler) @ obj.pivot for pivot in pivots]


def center_above(obj: SimObject, point: np.ndarray, euler: np.ndarray) -> np.ndarray:
    """Box middle (3,) that puts the object's underside on a point (3,)."""
    extent = aligned_extent(obj.size, euler_matrix(euler))
    return point + np.array([0.0, extent[1] / 2 + 0.004, 0.0])
