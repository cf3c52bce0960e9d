"""Moving, turning, looking and teleporting on the recorded free floor.

The free floor is the union of squares of one recorded grid cell (0.25 m) round the recorded
reachable positions, with where objects stood that are elsewhere now (``freed_floor``), less what
was moved or opened since (``dynamics.obstacles``).
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from envs.simulator.core.agent import HORIZON_RANGE, STANDING_Y
from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import normal_degrees
from envs.simulator.core.grid import CELL
from envs.simulator.dynamics.obstacles import blocking, obstacles
from envs.simulator.navigation.freed_floor import freed_points
from envs.simulator.navigation.wide_floor import fits, on_lattice
from envs.simulator.world.clearance import has_room
from envs.simulator.world.world import World

AGENT_GAP = 0.4  # between the middles of two agents, metres
_TOLERANCE = 0.005
# As finely as a walk is looked at, metres.
_STEP = 0.05


def is_free(
    world: World,
    x: float,
    z: float,
    tight: bool = False,
    wide: bool = False,
    spare: float = 0.0,
) -> bool:
    """Whether the agent's middle may stand at (x, z) metres.

    Args:
        world: The room.
        x: Metres.
        z: Metres.
        tight: Whether it needs nothing to spare.
        wide: Whether all floor counts that its body fits on (``wide_floor``).
        spare: How far from the edge of the floor it has to be, less ``_TOLERANCE``, metres.
    """
    points = world.tight_points if tight or wide else world.grid_points
    if not len(points):
        return True  # the empty scene that houses are made in
    if _is_near(points, x, z, spare) or _is_near(freed_points(world), x, z, spare):
        return True
    return wide and fits(world, x, z)


def _is_near(points: np.ndarray, x: float, z: float, spare: float) -> bool:
    """Whether (x, z) lies in the grid cell of one of some points (K, 2)."""
    gap = np.maximum(np.abs(points[:, 0] - x), np.abs(points[:, 1] - z))
    return bool(len(points)) and bool(gap.min() <= CELL / 2 + _TOLERANCE - spare)


def along(start: tuple[float, float], end: tuple[float, float]) -> list[tuple[float, float]]:
    """The places (x, z), metres, at which a straight walk is looked at; the last is its end.

    >>> along((0.0, 0.0), (0.0, 0.1))
    [(0.0, 0.05), (0.0, 0.1)]
    """
    count = max(1, math.ceil(math.dist(start, end) / _STEP - 1e-9))
    return [
        (start[0] + (end[0] - start[0]) * k / count, start[1] + (end[1] - start[1]) * k / count)
        for k in range(1, count + 1)
    ]


def _agent_at(world: World, x: float, z: float) -> str | None:
    """Name of another agent that leaves no place for one at (x, z) metres."""
    for index, other in enumerate(world.agents):
        if index == world.active:
            continue
        gap = math.hypot(other.x - x, other.z - z)
        now = math.hypot(other.x - world.agent.x, other.z - world.agent.z)
        # Two that already stand too close may part.
        if gap < AGENT_GAP - _TOLERANCE and gap < now:
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
    in_the_way = obstacles(world)
    here = (world.agent.x, world.agent.z)
    end = (here[0] + direction[0] * magnitude, here[1] + direction[2] * magnitude)
    places = along(here, end)
    # Whoever was put where there is no room may step out of there.
    wide = not on_lattice(world, *here, abs(magnitude))
    strict = is_free(world, *here, tight=force, wide=wide)
    for k, (x, z) in enumerate(places, start=1):
        agent = None if through_agents else _agent_at(world, x, z)
        name = agent or blocking(in_the_way, x, z, here)
        checked = name is None and (strict or k == len(places))
        if checked and not is_free(world, x, z, tight=force, wide=wide):
            name = _blocker(world, direction * (1 if magnitude >= 0 else -1), abs(magnitude))
        if name is not None:
            world.collided = [name]
            delta = direction * magnitude
            raise ActionFailed(
                f"{name} is blocking Agent {world.active} from moving by "
                f"({delta[0]:.4f}, 0.0000, {delta[2]:.4f})."
            )
    x, z = end
    if _snaps(world) and abs(magnitude / CELL - round(magnitude / CELL)) < 1e-6:
        x, z = round(x * 1000) / 1000, round(z * 1000) / 1000
    world.agent = replace(world.agent, x=float(x), z=float(z))
    world.carry()


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
            if all(is_free(world, *place, wide=True) for place in along(here, (x, z))):
                world.agent = replace(world.agent, x=round(x, 4) + 0.0, z=round(z, 4) + 0.0)
                return


def rotate(world: World, degrees: float, force: bool = False) -> None:
    """Turns clockwise by ``degrees``.

    Raises:
        ActionFailed: If snapToGrid is on, the angle is not a multiple of 90, and ``force`` is off.
    """
    if not force and world.settings.snapToGrid and abs(degrees / 90 - round(degrees / 90)) > 1e-6:
        raise ActionFailed(
            f"rotateStepDegrees (=={degrees:g}) must be a multiple of 90 while snapToGrid is on; "
            "initialise with snapToGrid=False for other angles."
        )
    world.agent = replace(world.agent, yaw=normal_degrees(world.agent.yaw + degrees))
    world.carry()


def look(world: World, degrees: float, force: bool = False) -> None:
    """Tilts the camera, down positive.

    Raises:
        ActionFailed: If the horizon would leave [-30, 60] degrees, or with ``force`` [-90, 90].
    """
    horizon = world.agent.horizon + degrees
    low, high = (-90.0, 90.0) if force else HORIZON_RANGE
    if horizon > high + 0.01:
        raise ActionFailed("can't look down beyond 60 degrees below the forward horizon")
    if horizon < low - 0.01:
        raise ActionFailed("can't look up beyond 30 degrees above the forward horizon")
    world.agent = replace(world.agent, horizon=float(horizon))
    world.carry()


def set_standing(world: World, standing: bool) -> None:
    """Stands up or crouches.

    Raises:
        ActionFailed: If the agent already does.
    """
    if world.agent.standing == standing:
        raise ActionFailed(f"Already {'standing' if standing else 'crouching'}.")
    world.agent = replace(world.agent, standing=standing)
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
        _check_look(world, yaw, tilt)
        _check_place(world, x, y, z)
    world.agent = replace(
        agent,
        x=x,
        y=world.standing_y if not force else y,
        z=z,
        yaw=normal_degrees(yaw),
        horizon=tilt,
        standing=agent.standing if standing is None else bool(standing),
    )
    world.carry()


def _check_look(world: World, yaw: float, tilt: float) -> None:
    """Refuses a yaw or a horizon, in degrees, that a teleport may not bring about."""
    low, high = HORIZON_RANGE
    if not low - 0.01 <= tilt <= high + 0.01:
        raise ActionFailed(
            f"Each horizon must be in [{low:g}:{high:g}], got {tilt:g}. Horizon is down positive."
        )
    if world.settings.snapToGrid and abs(yaw / 90 - round(yaw / 90)) > 1e-3:
        raise ActionFailed(f"Rotation {yaw:g} must be a multiple of 90 while snapToGrid is on.")


def _check_place(world: World, x: float, y: float, z: float) -> None:
    """Refuses a position, in metres, that a teleport may not lead to."""
    # Programs written for rooms whose floor is at 0 give the usual height everywhere.
    if min(abs(y - world.standing_y), abs(y - STANDING_Y)) > 0.06:
        raise ActionFailed(
            f"After teleporting, the agent would settle at y={world.standing_y:g}, not {y:g}; "
            "the difference may be at most 0.05."
        )
    place = np.array([x, z])
    if (place < world.low[[0, 2]]).any() or (place > world.high[[0, 2]]).any():
        raise ActionFailed(
            f"Scene bounds do not contain target position: ({x:.4f}, {y:.4f}, {z:.4f})."
        )
    if not (is_free(world, x, z, wide=True) or has_room(world, x, z)):
        raise ActionFailed(
            f"Cannot teleport to ({x:.3f}, {y:.3f}, {z:.3f}): the position is not free floor."
        )
    stands = blocking(obstacles(world), x, z)
    if stands is not None and math.hypot(x - world.agent.x, z - world.agent.z) > _TOLERANCE:
        raise ActionFailed(
            f"Cannot teleport to ({x:.3f}, {y:.3f}, {z:.3f}): {stands} is in the way."
        )
    for index, other in enumerate(world.agents):
        if index != world.active and math.hypot(other.x - x, other.z - z) < AGENT_GAP:
            raise ActionFailed(
                f"Cannot teleport to ({x:.3f}, {y:.3f}, {z:.3f}): Agent {index} stands there."
            )
