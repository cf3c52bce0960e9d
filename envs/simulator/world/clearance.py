"""Whether an agent's body fits somewhere, found by rays."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.agent import AGENT_HEIGHT, AGENT_RADIUS
from envs.simulator.world.world import World

_BODY_RAYS = (0.1, 0.35, 0.6, 0.85, 1.1, 1.4, 1.7)
# Less than the body's radius: meshes are fuller than what they stand for, and walls inferred.
SLIM_RADIUS, SLIM_BY_WALLS = 0.155, 0.05
_INFERRED = frozenset({"Wall", "Door"})


def has_room(world: World, x: float, z: float, slim: bool = False) -> bool:
    """Whether a standing agent fits at (x, z) metres between solid objects, on the floor.

    Rays round the agent find what is nearer than its radius; one from above finds what it would
    stand in.

    Args:
        world: The room.
        x: Metres.
        z: Metres.
        slim: Whether it may come a little closer than its radius.
    """
    feet = world.standing_y - AGENT_HEIGHT / 2
    top = np.array([x, feet + AGENT_HEIGHT, z])
    below = world.collision.ray(top, top - [0.0, AGENT_HEIGHT + 0.5, 0.0])
    if below is None or below.point[1] > feet + 0.05:
        return False
    angles = np.radians(np.arange(0, 360, 15))
    around = np.stack([np.sin(angles), np.zeros_like(angles), np.cos(angles)], 1)
    around *= SLIM_RADIUS if slim else AGENT_RADIUS
    for height in _BODY_RAYS:
        middle = np.array([x, feet + height, z])
        for away in around:
            hit = world.collision.ray(middle, middle + away)
            if hit is None:
                continue
            if not slim or world.fixtures.get(hit.key) not in _INFERRED:
                return False
            if hit.distance < SLIM_BY_WALLS:
                return False
    return True
