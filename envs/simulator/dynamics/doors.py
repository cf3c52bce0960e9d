"""Doors and drawers that move into loose things push them away."""

from __future__ import annotations

import numpy as np

from envs.simulator.dynamics.body import contents_of
from envs.simulator.dynamics.engine import Engine
from envs.simulator.dynamics.motion import settle
from envs.simulator.dynamics.obstacles import leaves
from envs.simulator.objects import SimObject
from envs.simulator.world import World

DEEP = 0.003


def make_way(world: World, thing: SimObject) -> None:
    """Moves loose things out of the doors and drawers of an object that was opened or closed.

    Only what was moved since the room was loaded: recorded things may lie in our doors by a
    little, and stay where they are recorded.
    """
    boxes = [(points.min(0), points.max(0)) for points, _ in leaves(thing)]
    inside = {i.object_id for i in contents_of(world, thing)}
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
    if not near:
        return
    still = (np.zeros(3), np.zeros(3))
    engine = Engine(world, dict.fromkeys(near, still))
    hit = [k for k in near if engine.overlaps(k).get(thing.object_id, 0.0) > DEEP]
    for key in hit:
        world.motion[key] = still
        world.objects[key].metadata["isMoving"] = True
    if hit and world.auto_simulation:
        settle(world)
