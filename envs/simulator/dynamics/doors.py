"""Doors and drawers that move into loose objects push them away."""

from __future__ import annotations

import numpy as np

from envs.simulator.dynamics.body import contents_of
from envs.simulator.dynamics.engine import Engine
from envs.simulator.dynamics.landing import SUNK
from envs.simulator.dynamics.motion import settle
from envs.simulator.dynamics.obstacles import leaves
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import sunk_in
from envs.simulator.world.world import World

DEEP = 0.003


def make_way(world: World, obj: SimObject) -> None:
    """Moves loose objects out of the doors and drawers of an object that was opened or closed.

    Only what was moved since the room was loaded: recorded objects may lie in our doors by a
    little, and stay where they are recorded. What a drawer carried into something is let go.
    """
    boxes = [(points.min(0), points.max(0)) for points, _ in leaves(obj)]
    inside = {i.object_id for i in contents_of(world, obj)}
    hit = [key for key in sorted(inside) if _is_jammed(world, obj, world.objects[key])]
    near = [
        key
        for key, other in world.objects.items()
        if other.moved
        and other.is_("pickupable")
        and not other.traits.kinematic
        and key not in inside
        and key not in world.hands
        and any((other.low < high).all() and (other.high > low).all() for low, high in boxes)
    ]
    if not near and not hit:
        return
    still = (np.zeros(3), np.zeros(3))
    if near:
        engine = Engine(world, dict.fromkeys(near, still))
        hit += [
            key
            for key in near
            if engine.overlaps(key).get(obj.object_id, 0.0) > DEEP
            or _reaches_into(world, world.objects[key]) == obj.object_id
        ]
    for key in hit:
        world.motion[key] = still
        world.objects[key].metadata["isMoving"] = True
    if hit and world.auto_simulation:
        settle(world)


def _is_jammed(world: World, drawer: SimObject, item: SimObject) -> bool:
    """Whether what lies in a drawer that was moved is in something else now."""
    if drawer.object_id in item.record.parents or item.traits.kinematic:
        return False
    return _reaches_into(world, item) not in (None, drawer.object_id)


def _reaches_into(world: World, obj: SimObject) -> str | None:
    found = sunk_in(world, obj, obj.center, obj.euler)
    return found[0] if found is not None and found[1] > SUNK else None
