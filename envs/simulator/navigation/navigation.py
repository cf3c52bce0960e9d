"""Moving, turning, looking and teleporting on the recorded free floor.

The free floor is the union of squares of one recorded grid cell (0.25 m) round the recorded
reachable positions, with where objects stood that are elsewhere now (``freed_floor``), less what
was moved or opened since (``dynamics.obstacles``).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from envs.simulator.core.agent import STANDING_Y, Agent
from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import normal_degrees
from envs.simulator.dynamics.obstacles import blocking, blocking_on_way, distance_to, obstacles
from envs.simulator.navigation.held_body import (
    held_name,
    held_object_meets,
    held_object_stands_in,
)
from envs.simulator.navigation.open_floor import TOLERANCE, is_free, is_open, is_within_bounds
from envs.simulator.navigation.wide_floor import walks_wide
from envs.simulator.world.clearance import has_room
from envs.simulator.world.world import World

AGENT_GAP = 0.4  # between the middles of two agents, metres
# Longer than any room, metres.
FARTHEST = 1e4
# How far off its grid a teleport may lead an agent that keeps to one, metres.
OFF_GRID = 0.011


def _agent_on_way(world: World, start: tuple[float, float], end: tuple[float, float]) -> str | None:
    """Name of another agent that leaves no place for one on a straight way, metres."""
    for index, other in enumerate(world.agents):
        if index == world.active:
            continue
        gap = distance_to(start, end, (other.x, other.z))
        now = math.hypot(other.x - start[0], other.z - start[1])
        # Two that already stand too close may part.
        if gap < AGENT_GAP - TOLERANCE and gap < now - 1e-9:
            return f"Agent {index}"
    return None


def _blocker(world: World, direction: np.ndarray, magnitude: float) -> str:
    for height in (0.25, 0.6, 0.95, 1.4):
        start = np.array([world.agent.x, height, world.agent.z])
        hit = world.collision.ray(start, start + direction * (magnitude + 0.45))
        if hit is not None and hit.key != world.held:
            obj = world.objects.get(hit.key)
            return obj.metadata["name"] if obj else world.fixtures.get(hit.key, hit.key)
    return "Wall"


def move(
    world: World,
    magnitude: float,
    bearing: float,
    force: bool = False,
    through_agents: bool = False,
) -> None:
    """Walks ``magnitude`` metres in a direction ``bearing`` degrees clockwise from ahead.

    The recorded positions keep a distance that leaves room for what the agent holds; ``force``
    ignores that need, as in AI2-THOR, and lets it go wherever its own body fits.

    Raises:
        ActionFailed: If something is in the way; the agent stays where it was.
    """
    angle = math.radians(world.agent.yaw + bearing)
    direction = np.array([math.sin(angle), 0.0, math.cos(angle)])
    here = (world.agent.x, world.agent.z)
    end = (here[0] + direction[0] * magnitude, here[1] + direction[2] * magnitude)
    wide = walks_wide(world, here, end, world.settings.gridSize)
    name = None if through_agents else _agent_on_way(world, here, end)
    name = name or blocking_on_way(obstacles(world), here, end)
    if name is None and not is_open(world, here, end, tight=force, wide=wide):
        name = _blocker(world, direction * (1 if magnitude >= 0 else -1), abs(magnitude))
    goal = _on_grid(world, here, end, force, wide)
    moved = replace(world.agent, x=goal[0], z=goal[1])
    with_held = ""
    if name is None and not force and (name := held_object_meets(world, moved)) is not None:
        with_held = f" with {held_name(world)}"
    if name is not None:
        world.collided = [name]
        delta = direction * magnitude
        raise ActionFailed(
            f"{name} is blocking Agent {world.active} from moving by "
            f"({delta[0]:.4f}, 0.0000, {delta[2]:.4f}){with_held}."
        )
    world.agent = moved
    world.carry()


def _on_grid(
    world: World, here: tuple[float, float], end: tuple[float, float], tight: bool, wide: bool
) -> tuple[float, float]:
    """Where a move ends: on the agent's grid where it keeps to one, if there is room, metres."""
    if not _snaps(world):
        return float(end[0]), float(end[1])
    grid = world.settings.gridSize
    x, z = (round(round(v / grid) * grid, 6) + 0.0 for v in end)
    if math.dist((x, z), end) < 1e-3 or is_open(world, here, (x, z), tight=tight, wide=True):
        return x, z
    return round(end[0], 3) + 0.0, round(end[1], 3) + 0.0


def _snaps(world: World) -> bool:
    """Whether the agent keeps to the grid; the LoCoBot's noise takes it off."""
    settings = world.settings
    noisy = settings.agentMode == "locobot" and settings.movementGaussianSigma > 0
    return settings.snapToGrid and not noisy


def to_grid(world: World) -> None:
    """Brings the agent to the grid of its own steps, as AI2-THOR does when it is initialised.

    Of the four corners of the cell round it, lower ones first, it goes to the first that it can
    walk to; where there is none it stays.
    """
    grid, here = world.settings.gridSize, (world.agent.x, world.agent.z)
    if not world.settings.snapToGrid:
        return
    low = [math.floor(v / grid + 1e-4) * grid for v in here]
    sides = [[a] if abs(a - v) < 1e-3 else [a, a + grid] for a, v in zip(low, here, strict=True)]
    for x in sides[0]:
        for z in sides[1]:
            if is_open(world, here, (x, z), wide=True):
                world.agent = replace(world.agent, x=round(x, 4) + 0.0, z=round(z, 4) + 0.0)
                return


def rotate(world: World, degrees: float, force: bool = False) -> None:
    """Turns clockwise by ``degrees``.

    Raises:
        ActionFailed: If what is held would hit something, and ``force`` is off.
    """
    turned = replace(world.agent, yaw=normal_degrees(world.agent.yaw + degrees))
    way = f"{'Right' if degrees >= 0 else 'Left'} {abs(degrees):g}"
    _turn_to(world, turned, way, force, degrees)


def look(world: World, degrees: float, force: bool = False) -> None:
    """Tilts the camera, down positive.

    Raises:
        ActionFailed: If the horizon would leave its range, with ``force`` [-90, 90] degrees; or if
            what is held would hit something, and ``force`` is off.
    """
    horizon = world.agent.horizon + degrees
    low, high = (-90.0, 90.0) if force else world.settings.horizons
    if horizon > high + 0.01:
        raise ActionFailed(f"can't look down beyond {high:g} degrees below the forward horizon")
    if horizon < low - 0.01:
        raise ActionFailed(f"can't look up beyond {-low:g} degrees above the forward horizon")
    way = f"{'down' if degrees >= 0 else 'up'} {abs(degrees):g}"
    _turn_to(world, replace(world.agent, horizon=float(horizon)), way, force)


def _turn_to(
    world: World, turned: Agent, way: str, force: bool, degrees: float | None = None
) -> None:
    name = None if force else held_object_meets(world, turned, degrees)
    if name is not None:
        world.collided = [name]
        raise ActionFailed(
            f"a held item: {held_name(world)} will collide with something ({name}) "
            f"if agent rotates {way} degrees"
        )
    world.agent = turned
    world.carry()


def set_standing(world: World, standing: bool) -> None:
    """Stands up or crouches.

    Raises:
        ActionFailed: If the agent already does, or what it holds would hit something.
    """
    if world.agent.standing == standing:
        raise ActionFailed(f"Already {'standing' if standing else 'crouching'}.")
    moved = replace(world.agent, standing=standing)
    name = held_object_meets(world, moved)
    if name is not None:
        way = "standing" if standing else "crouching"
        raise ActionFailed(f"{name} is blocking the Agent from {way} with {held_name(world)}.")
    world.agent = moved
    world.carry()


def teleport(
    world: World,
    position: np.ndarray | None,
    rotation: np.ndarray | None,
    horizon: float | None,
    standing: bool | None,
    force: bool,
) -> None:
    """Puts the agent elsewhere; whatever is None stays as it is.

    Args:
        world: The room.
        position: (3,) metres.
        rotation: Euler angles (3,), degrees.
        horizon: Degrees, down positive.
        standing: Posture.
        force: Whether to skip every check.

    Raises:
        ActionFailed: If the pose is not allowed; nothing moves.
    """
    agent = world.agent
    x, y, z = agent.x, agent.y, agent.z
    if position is not None:
        x, y, z = (float(v) for v in position)
    yaw = agent.yaw if rotation is None else float(rotation[1])
    tilt = agent.horizon if horizon is None else float(horizon)
    if not force:
        if rotation is not None and (np.abs((rotation[[0, 2]] + 180) % 360 - 180) > 0.01).any():
            raise ActionFailed("No agents currently supports non-zero pitch or roll rotations.")
        _check_horizon(world, tilt)
        _check_place(world, x, y, z)
    moved = replace(
        agent,
        x=x,
        y=world.standing_y if not force else y,
        z=z,
        yaw=normal_degrees(yaw),
        horizon=tilt,
        standing=agent.standing if standing is None else bool(standing),
    )
    if not force and (name := held_object_stands_in(world, moved)) is not None:
        raise ActionFailed(f"Cannot teleport due to hand object collision with {name}.")
    world.agent = moved
    world.carry()


def _check_horizon(world: World, tilt: float) -> None:
    """Refuses a horizon, in degrees, that a teleport may not bring about."""
    low, high = world.settings.horizons
    if not low - 0.01 <= tilt <= high + 0.01:
        raise ActionFailed(
            f"Each horizon must be in [{low:g}:{high:g}], got {tilt:g}. Horizon is down positive."
        )


def _check_place(world: World, x: float, y: float, z: float) -> None:
    """Refuses a position, in metres, that a teleport may not lead to."""
    # Programs written for rooms whose floor is at 0 give the usual height everywhere.
    if min(abs(y - world.standing_y), abs(y - STANDING_Y)) > 0.06:
        raise ActionFailed(
            f"After teleporting, the agent would settle at y={world.standing_y:g}, not {y:g}; "
            "the difference may be at most 0.05."
        )
    if not is_within_bounds(world, x, z):
        raise ActionFailed(
            f"Scene bounds do not contain target position: ({x:.4f}, {y:.4f}, {z:.4f})."
        )
    if _snaps(world) and not _is_on_grid(world, x, z):
        raise ActionFailed(
            f"Cannot teleport to ({x:.3f}, {y:.3f}, {z:.3f}): the position is not on the grid of "
            f"size {world.settings.gridSize:g} while snapToGrid is on."
        )
    if not (is_free(world, x, z, wide=True) or has_room(world, x, z)):
        raise ActionFailed(
            f"Cannot teleport to ({x:.3f}, {y:.3f}, {z:.3f}): the position is not free floor."
        )
    stands = blocking(obstacles(world), x, z)
    if stands is not None and math.hypot(x - world.agent.x, z - world.agent.z) > TOLERANCE:
        raise ActionFailed(
            f"Cannot teleport to ({x:.3f}, {y:.3f}, {z:.3f}): {stands} is in the way."
        )
    for index, other in enumerate(world.agents):
        if index != world.active and math.hypot(other.x - x, other.z - z) < AGENT_GAP:
            raise ActionFailed(
                f"Cannot teleport to ({x:.3f}, {y:.3f}, {z:.3f}): Agent {index} stands there."
            )


def _is_on_grid(world: World, x: float, z: float) -> bool:
    """Whether (x, z) metres is on the grid of the room, or on that of the agent's own steps."""
    grid = world.settings.gridSize
    for a, b in ((0.0, 0.0), (world.agent.x, world.agent.z)):
        off = [abs((v - o) / grid - round((v - o) / grid)) * grid for v, o in ((x, a), (z, b))]
        if max(off) <= OFF_GRID:
            return True
    return False
