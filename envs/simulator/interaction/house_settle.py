"""Bringing loose objects of a new house to rest.

ProcTHOR lists what is breakable a little above its place, and drops some objects from the ceiling.
What hangs just above its support is set down; what hangs higher falls.
"""

from __future__ import annotations

import numpy as np

from envs.simulator import dynamics
from envs.simulator.dynamics.landing import bottom_of
from envs.simulator.world.world import World

SET_DOWN = 0.12
TOUCHING = 0.012


def settle_loose(world: World, loose: tuple[str, ...]) -> None:
    """Brings the named objects to rest, lowest first."""
    order = sorted(
        (k for k in loose if k in world.objects), key=lambda k: (world.objects[k].low[1], k)
    )
    for key in order:
        obj = world.objects[key]
        world.collision.set_solid(key, False)
        bottom = bottom_of(obj)
        start = np.array([obj.center[0], bottom + 0.01, obj.center[2]])
        hit = world.collision.ray(start, start - np.array([0.0, 4.0, 0.0]))
        world.collision.set_solid(key, True)
        if hit is None:
            continue
        gap = bottom - float(hit.point[1])
        if gap <= TOUCHING:
            continue
        if gap <= SET_DOWN:
            lowered = obj.center - np.array([0.0, gap - 0.003, 0.0])
            world.move_with_contents(obj, lowered, obj.euler)
        else:
            world.detach(key)
            world.motion[key] = (np.zeros(3), np.zeros(3))
            obj.metadata["isMoving"] = True
    if world.auto_simulation:
        dynamics.settle(world)
