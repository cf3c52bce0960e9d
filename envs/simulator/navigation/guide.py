"""The next action of an agent that walks the shortest way: to a place, or to see an object.

Each answer is worked out afresh from where the agent is, so it may be asked again at any time, and
others may move meanwhile.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.grid import CELL
from envs.simulator.dynamics.obstacles import blocking_on_way, obstacles
from envs.simulator.navigation.open_floor import Place, is_open
from envs.simulator.navigation.paths import Walks, path_to_object
from envs.simulator.navigation.wide_floor import walks_wide
from envs.simulator.world.objects import SimObject
from envs.simulator.world.visibility import can_see
from envs.simulator.world.world import World

# So near a place the agent is there; how far a wanted place may be from free floor, metres.
THERE, FARTHEST = 0.01, 0.75
# Farther than any room is long, metres.
ANYWHERE = 1000.0
# How far LookUp and LookDown tilt, degrees.
_TILT = 30.0


def next_action_to_place(world: World, target: np.ndarray) -> str | None:
    """Name of the next action on the way to the walkable place nearest to a point (3,), or None.

    Raises:
        ActionFailed: If the agent can't get near it.
    """
    wanted = (float(target[0]), float(target[2]))
    walks = Walks(world, (world.agent.x, world.agent.z))
    reached = [p for p, n in zip(walks.places, walks.lengths, strict=True) if math.isfinite(n)]
    goal = min(reached, key=lambda place: math.dist(place, wanted))
    if math.dist(goal, wanted) > FARTHEST:
        raise ActionFailed(
            f"Path to point ({wanted[0]:.3f}, {wanted[1]:.3f}) could not be found: the nearest "
            f"place that can be reached is {math.dist(goal, wanted):.3f} m away."
        )
    return _towards(world, goal)


def next_action_to_object(world: World, objects: list[SimObject]) -> str | None:
    """Name of the next action on the way to where one of some objects is visible, or None.

    Raises:
        ActionFailed: If no walk leads to such a place.
    """
    agent, distance = world.agent, world.settings.visibilityDistance
    if _sees(world, objects, agent.yaw, agent.horizon, distance):
        return None
    goal = path_to_object(world, objects, None, None)[-1]
    step = _towards(world, goal)
    if step is None:
        # From beside the goal it may be out of reach: one goes nearer then, or looks there.
        step = _look(world, objects, distance) or _closer(world, objects)
        step = step or _look(world, objects, ANYWHERE)
    return step


def _sees(
    world: World, objects: list[SimObject], yaw: float, horizon: float, distance: float
) -> bool:
    agent = replace(world.agent, yaw=yaw, horizon=horizon)
    return any(can_see(world, obj, agent.eye, agent.eye_rotation, distance) for obj in objects)


def _headings(world: World) -> list[tuple[int, float]]:
    """How often to turn, right positive, and the yaw then; the fewest turns first."""
    step = world.settings.rotateStepDegrees
    count = max(1, round(360.0 / step))
    turns = [k if k <= count // 2 else k - count for k in range(count)]
    return [(k, world.agent.yaw + k * step) for k in sorted(turns, key=lambda k: (abs(k), -k))]


def _turn(turns: int) -> str:
    return "RotateRight" if turns > 0 else "RotateLeft"


def _towards(world: World, goal: Place) -> str | None:
    """The turn or move that leads nearest to a goal; None if the agent is there."""
    here, grid = (world.agent.x, world.agent.z), world.settings.gridSize
    if math.dist(here, goal) <= THERE:
        return None
    walks, in_the_way = Walks(world, goal), obstacles(world)
    now = _left(walks, here)
    best: tuple[float, int] | None = None
    detour: tuple[float, int] | None = None
    for turns, yaw in _headings(world):
        angle = math.radians(yaw)
        there = (here[0] + math.sin(angle) * grid, here[1] + math.cos(angle) * grid)
        left = _left(walks, there)
        nearer = left <= now - 1e-3
        rival = best if nearer else detour
        if rival is not None and left > rival[0] - 1e-3:
            continue
        if blocking_on_way(in_the_way, here, there) is None and is_open(
            world, here, there, wide=walks_wide(world, here, there, grid)
        ):
            best, detour = ((left, turns), detour) if nearer else (best, (left, turns))
    if best is None and math.dist(here, goal) < grid:
        # Steps of the grid don't lead nearer.
        return None
    # Like AI2-THOR's, the guide takes the best step there is, be it a detour.
    step = best or detour
    if step is None:
        raise ActionFailed(f"No step is open from ({here[0]:.3f}, {here[1]:.3f}).")
    return "MoveAhead" if step[1] == 0 else _turn(step[1])


def _closer(world: World, objects: list[SimObject]) -> str | None:
    """The turn or move that leads straight nearest to one of some objects, if any leads nearer."""
    here, grid, in_the_way = (
        (world.agent.x, world.agent.z),
        world.settings.gridSize,
        obstacles(world),
    )

    def away(place: Place) -> float:
        return min(math.dist(place, (t.center[0], t.center[2])) for t in objects)

    best, nearest = None, away(here) - 1e-3
    for turns, yaw in _headings(world):
        angle = math.radians(yaw)
        there = (here[0] + math.sin(angle) * grid, here[1] + math.cos(angle) * grid)
        if away(there) > nearest or blocking_on_way(in_the_way, here, there) is not None:
            continue
        if is_open(world, here, there, wide=walks_wide(world, here, there, grid)):
            best, nearest = turns, away(there) - 1e-3
    if best is None:
        return None
    return "MoveAhead" if best == 0 else _turn(best)


def _left(walks: Walks, place: Place) -> float:
    """Metres from a place to where all of some walks begin."""
    near = [
        length + math.dist(place, other)
        for other, length in zip(walks.places, walks.lengths, strict=True)
        if math.dist(place, other) < 1.5 * CELL
    ]
    return min(near, default=math.inf)


def _look(world: World, objects: list[SimObject], distance: float) -> str | None:
    """The turn or tilt that brings one of some objects into view soonest, from where one is.

    None if no turn does, or it is in view already; it may be ``distance`` metres away.
    """
    low, high = world.settings.horizons
    tilts = [
        (k, world.agent.horizon + k * _TILT)
        for k in (0, 1, -1, 2, -2, 3, -3)
        if low - 0.01 <= world.agent.horizon + k * _TILT <= high + 0.01
    ]
    ways = [
        (abs(turns) + abs(tilts_down), turns, tilts_down, yaw, horizon)
        for turns, yaw in _headings(world)
        for tilts_down, horizon in tilts
    ]
    for _, turns, tilts_down, yaw, horizon in sorted(ways, key=lambda way: way[0]):
        if _sees(world, objects, yaw, horizon, distance):
            if turns:
                return _turn(turns)
            return {0: None, 1: "LookDown", -1: "LookUp"}[int(np.sign(tilts_down))]
    return None
