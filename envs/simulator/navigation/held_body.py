"""The body of what the agent holds: it goes where the agent goes, and must not run into things.

The hand gives way a little, as when it takes something: an object collides where the middle lines
of its box meet something solid, or where one of their ends would pass through it on the way. What
it is in already it may leave.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from envs.simulator.core.agent import Agent
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import SHRINK, blocking, name_of
from envs.simulator.world.world import World

# As finely as a turn is looked at, degrees.
_TURN = 15.0
# So many things an object may be in before it is moved.
_MOST_IN = 8


def held_name(world: World) -> str:
    """Name of what the acting agent holds."""
    held = world.objects.get(world.held or "")
    return "" if held is None else str(held.metadata["name"])


def held_object_stands_in(world: World, agent: Agent) -> str | None:
    """Name of what the held object would be in if the acting agent were in a pose, or None."""
    obj = world.objects.get(world.held or "")
    if obj is None:
        return None
    key = blocking(world, obj, *agent.hold_pose, core=True)
    return None if key is None else name_of(world, key)


def held_object_meets(world: World, end: Agent, degrees: float | None = None) -> str | None:
    """Name of what the held object would meet on the acting agent's way to a pose, or None.

    Args:
        world: The room.
        end: The pose; the way there is straight.
        degrees: How far the agent turns clockwise, where it does; all the way round may be meant.
    """
    obj = world.objects.get(world.held or "")
    if obj is None:
        return None
    ignored: list[str] = []
    center, euler = world.agent.hold_pose
    while (key := blocking(world, obj, center, euler, ignored, core=True)) is not None:
        ignored.append(key)
        if len(ignored) > _MOST_IN:
            return None
    before = _ends(obj, center, euler)
    for agent in _between(world.agent, end, degrees):
        center, euler = agent.hold_pose
        after = _ends(obj, center, euler)
        found = _passed(world, before, after, ignored)
        found = found or blocking(world, obj, center, euler, ignored, core=True)
        if found is not None:
            return name_of(world, found)
        before = after
    return None


def _between(start: Agent, end: Agent, degrees: float | None) -> list[Agent]:
    """The poses on the way, the last one among them."""
    turn = (end.yaw - start.yaw + 180.0) % 360.0 - 180.0 if degrees is None else degrees
    tilt = end.horizon - start.horizon
    count = max(1, math.ceil(max(abs(turn), abs(tilt)) / _TURN))
    return [
        *(
            replace(
                end,
                x=start.x + (end.x - start.x) * k / count,
                z=start.z + (end.z - start.z) * k / count,
                yaw=start.yaw + turn * k / count,
                horizon=start.horizon + tilt * k / count,
            )
            for k in range(1, count)
        ),
        end,
    ]


def _ends(obj: SimObject, center: np.ndarray, euler: np.ndarray) -> np.ndarray:
    """The middle of an object's box and the ends of its middle lines, (7, 3) metres."""
    inner = np.maximum(obj.size - 2 * SHRINK, obj.size * 0.5) / 2
    steps = np.concatenate([np.zeros((1, 3)), np.diag(inner), -np.diag(inner)])
    return steps @ euler_matrix(euler).T + center


def _passed(world: World, before: np.ndarray, after: np.ndarray, ignored: list[str]) -> str | None:
    """Key of the first thing that lies between some points (N, 3) and where they go, or None."""
    for start, end in zip(before, after, strict=True):
        if np.abs(end - start).max() < 1e-6:
            continue
        hit = world.collision.ray(start, end)
        if hit is not None and hit.key not in ignored:
            return hit.key
    return None
