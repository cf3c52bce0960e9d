"""Whether an agent's body fits somewhere, found by rays."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.agent import AGENT_HEIGHT, AGENT_RADIUS
from envs.simulator.world.world import World

_BODY_RAYS = (0.1, 0.35, 0.6, 0.85, 1.1, 1.4, 1.7)


def has_room(world: World, x: float, z: float) -> bool:
    """Whether a standing agent fits at (x, z) metres between solid objects, on the floor.

    Rays round the agent find what is nearer than its radius; one from above finds what it would
    stand in.
    """
    feet = world.standing_y - AGENT_HEIGHT / 2
    top = np.array([x, feet + AGENT_HEIGHT, z])
    below = world.collision.ray(top, top - [0.0, AGENT_HEIGHT + 0.5, 0.0])
    if below is None or below.point[1] > feet + 0.05:
        return False
    angles = np.radians(np.arange(0, 360, 15))
    around = np.stack([np.sin(angles), np.zeros_like(angles), np.cos(angles)], 1) * AGENT_RADIUS
    for height in _BODY_RAYS:
        middle = np.array([x, feet + height, z])
        if any(world.collision.ray(middle, middle + away) is not None for away in around):
            return False
    return True
