"""Whether an agent's body fits somewhere, found by rays."""

from __future__ import annotations

import numpy as np

from envs.simulator.world.world import World

CELL = 0.25
BODY_RADIUS = 0.2
BODY_HEIGHT = 1.8
_BODY_RAYS = (0.1, 0.35, 0.6, 0.85, 1.1, 1.4, 1.7)


def has_room(world: World, x: float, z: float) -> bool:
    """Whether a standing agent fits at (x, z) metres between solid things, on the floor.

    Rays round the agent find what is nearer than its radius; one from above finds what it would
    stand in.
    """
    feet = world.standing_y - 0.9
    top = np.array([x, feet + BODY_HEIGHT, z])
    below = world.collision.ray(top, top - [0.0, BODY_HEIGHT + 0.5, 0.0])
    if below is None or below.point[1] > feet + 0.05:
        return False
    angles = np.radians(np.arange(0, 360, 15))
    around = np.stack([np.sin(angles), np.zeros_like(angles), np.cos(angles)], 1) * BODY_RADIUS
    for height in _BODY_RAYS:
        middle = np.array([x, feet + height, z])
        if any(world.collision.ray(middle, middle + away) is not None for away in around):
            return False
    return True
