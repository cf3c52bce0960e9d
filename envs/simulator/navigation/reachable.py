"""Where the agent can walk to, and from where it can touch an object."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from envs.simulator.core.agent import HAND
from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import vector
from envs.simulator.core.grid import CELL
from envs.simulator.dynamics.obstacles import blocking_on_way, obstacles
from envs.simulator.navigation.freed_floor import freed_points
from envs.simulator.navigation.held_body import held_object_stands_in
from envs.simulator.navigation.open_floor import is_open, is_within_bounds
from envs.simulator.navigation.wide_floor import walks_wide
from envs.simulator.world.objects import SimObject
from envs.simulator.world.visibility import interactable_poses
from envs.simulator.world.world import World

FINEST_GRID = 0.05
MOST_POSITIONS = 20000
FARTHEST = 1e5
_HORIZONS = (-30.0, 0.0, 30.0, 60.0)
_AXES = ((1, 0), (0, 1), (-1, 0), (0, -1))


def reachable_positions(
    world: World,
    grid: float,
    max_steps: int | None = None,
    relative: bool = False,
    start: tuple[float, float] | None = None,
) -> list[dict]:
    """Positions that can be walked to in steps of ``grid`` metres: a flood fill.

    Args:
        world: The room.
        grid: Length of a step, metres.
        max_steps: Most steps from the start, or None.
        relative: Whether steps go along the agent's own axes instead of the world's.
        start: Where to begin, (x, z) metres; the agent's place if None.

    Raises:
        ActionFailed: If the steps are too small or the count of steps is negative.
    """
    if not grid >= FINEST_GRID:
        raise ActionFailed(f"gridSize must be at least {FINEST_GRID:g} metres, not {grid:g}.")
    if max_steps is not None and max_steps < 0:
        raise ActionFailed(f"maxStepCount must not be negative, not {max_steps}.")
    origin = (world.agent.x, world.agent.z) if start is None else start
    yaw = math.radians(world.agent.yaw) if relative else 0.0
    ahead, right = (math.sin(yaw), math.cos(yaw)), (math.cos(yaw), -math.sin(yaw))
    on_grid = (round(origin[0] * 100), round(origin[1] * 100)) in world.reachable
    straight = abs(math.sin(2 * yaw)) < 1e-9
    freed = {(round(x * 100), round(z * 100)) for x, z in freed_points(world)}
    exact = abs(grid - CELL) < 1e-6 and on_grid and straight
    seen = {(0, 0)}
    queue: deque[tuple[int, int, int]] = deque([(0, 0, 0)])
    found: list[tuple[float, float]] = []
    in_the_way = obstacles(world)
    while queue and len(found) < MOST_POSITIONS:
        i, j, steps = queue.popleft()
        here = _at(origin, right, ahead, i * grid, j * grid)
        found.append(here)
        if max_steps is not None and steps >= max_steps:
            continue
        for di, dj in _AXES:
            key = (i + di, j + dj)
            if key in seen:
                continue
            x, z = _at(origin, right, ahead, key[0] * grid, key[1] * grid)
            if blocking_on_way(in_the_way, here, (x, z)) is not None:
                continue
            place = (round(x * 100), round(z * 100))
            if exact:
                is_reached = place in world.reachable or place in freed
            else:
                wide = walks_wide(world, here, (x, z), grid)
                is_reached = is_within_bounds(world, x, z) and is_open(
                    world, here, (x, z), wide=wide
                )
            if is_reached:
                seen.add(key)
                queue.append((*key, steps + 1))
    return [vector((round(x, 4), world.standing_y, round(z, 4))) for x, z in found]


def _at(
    origin: tuple[float, float],
    right: tuple[float, float],
    ahead: tuple[float, float],
    across: float,
    along: float,
) -> tuple[float, float]:
    x = origin[0] + right[0] * across + ahead[0] * along
    return x, origin[1] + right[1] * across + ahead[1] * along


def _object(world: World, object_id: str) -> SimObject:
    obj = world.objects.get(object_id)
    if obj is None:
        raise ActionFailed(f"objectId: {object_id} is not the objectId on any object in the scene!")
    return obj


def poses_for(
    world: World,
    object_id: str,
    positions: Sequence[np.ndarray] | None = None,
    rotations: Sequence[float] | None = None,
    horizons: Sequence[float] | None = None,
    standings: Sequence[bool] | None = None,
    max_distance: float | None = None,
    max_poses: int | None = None,
) -> list[dict]:
    """AI2-THOR's GetInteractablePoses: poses from which an object is visible.

    Args:
        world: The room.
        object_id: The object.
        positions: Agent positions (3,), metres; every reachable one if None.
        rotations: Yaws in degrees; if None the four that a grid agent has.
        horizons: Camera tilts in degrees, down positive.
        standings: Postures.
        max_distance: Metres; ``visibilityDistance`` if None.
        max_poses: Most poses to return.

    Raises:
        ActionFailed: If there is no such object, or an argument is out of range.
    """
    obj = _object(world, object_id)
    distance = world.settings.visibilityDistance if max_distance is None else max_distance
    if not 0 < distance <= FARTHEST:
        raise ActionFailed(f"maxDistance must be in (0:{FARTHEST:g}], not {distance:g}.")
    if max_poses is not None and max_poses <= 0:
        raise ActionFailed(f"maxPoses must be greater than 0, not {max_poses}.")
    low, high = world.settings.horizons
    for tilt in horizons or ():
        if not low - 0.01 <= tilt <= high + 0.01:
            raise ActionFailed(f"Each horizon must be in [{low:g}:{high:g}], not {tilt:g}.")
    if positions is None:
        found = reachable_positions(world, world.settings.gridSize)
        positions = [np.array([p["x"], p["y"], p["z"]]) for p in found]
    nearest = [np.clip(p, obj.low, obj.high) - p for p in positions]
    near = [p for p, d in zip(positions, nearest, strict=True) if np.hypot(d[0], d[2]) <= distance]
    postures = [True, False] if world.settings.agentMode == "default" else [True]
    usual = [h for h in _HORIZONS if low <= h <= high]
    default = np.arange(0, 360, max(world.settings.rotateStepDegrees, 1.0))
    poses = interactable_poses(
        world,
        obj,
        near,
        [float(r) for r in (default if rotations is None else rotations)],
        [float(h) for h in (usual if horizons is None else horizons)],
        postures if standings is None else list(standings),
        distance,
        None if world.held else max_poses,
    )
    if world.held:
        poses = [pose for pose in poses if _holds_free(world, pose)][:max_poses]
    if world.settings.agentMode != "default":
        # What can't crouch takes no posture either.
        poses = [{k: v for k, v in pose.items() if k != "standing"} for pose in poses]
    return poses


def _holds_free(world: World, pose: dict) -> bool:
    """Whether what the acting agent holds would be free of everything at a pose."""
    agent = replace(
        world.agent,
        x=pose["x"],
        y=pose["y"],
        z=pose["z"],
        yaw=pose["rotation"],
        horizon=pose["horizon"],
        standing=pose["standing"],
        hand=HAND,
        wrist=(0.0, 0.0, 0.0),
    )
    return held_object_stands_in(world, agent) is None
