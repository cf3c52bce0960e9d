"""Shortest walks over the free floor.

Dijkstra over the grid with diagonals, then corners that are in sight of each other are joined, so
that the walk is as short as one for a body that need not keep to the grid, to within a few per
cent.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import replace

import numpy as np

from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.grid import CELL
from envs.simulator.dynamics.obstacles import blocking_on_way, obstacles
from envs.simulator.navigation.freed_floor import freed_points
from envs.simulator.navigation.open_floor import is_free, is_open
from envs.simulator.navigation.reachable import poses_for, reachable_positions
from envs.simulator.navigation.wide_floor import on_lattice
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

Place = tuple[float, float]
# A walk keeps this much more distance than a walker has to, metres: his bearing is rounded.
_SPARE = 0.004


def _clear(world: World, start: Place, end: Place, in_the_way: list) -> bool:
    """Whether a body can walk straight from one place to another."""
    return (
        is_open(world, start, end, spare=_SPARE) and blocking_on_way(in_the_way, start, end) is None
    )


class Walks:
    """Every shortest walk from one place.

    Walks go over the lattice of the recorded floor; a place beside it is joined to those of the
    lattice round it.
    """

    def __init__(self, world: World, start: Place) -> None:
        self._world = world
        self.in_the_way = [replace(o, radius=o.radius + _SPARE) for o in obstacles(world)]
        self.start = start
        nearby = [] if on_lattice(world, *start, CELL) else self._nearby()
        self._origin = nearby[0] if nearby else start
        found = reachable_positions(world, CELL, start=self._origin)
        lattice = [(p["x"], p["z"]) for p in found]
        self.places: list[Place] = [start, *lattice] if nearby else lattice
        first = len(self.places) - len(lattice)
        at = {self._key(place): index for index, place in enumerate(lattice, first)}
        self.lengths = [math.inf] * len(self.places)
        self._before = [-1] * len(self.places)
        self.lengths[0] = 0.0
        heap = [] if nearby else [(0.0, 0)]
        for index in (at[self._key(place)] for place in nearby if self._key(place) in at):
            self.lengths[index] = math.dist(start, self.places[index])
            self._before[index] = 0
            heap.append((self.lengths[index], index))
        heapq.heapify(heap)
        while heap:
            length, index = heapq.heappop(heap)
            if length > self.lengths[index]:
                continue
            i, j = self._key(self.places[index])
            for di in (-1, 0, 1):
                for dj in (-1, 0, 1):
                    other = at.get((i + di, j + dj))
                    # A diagonal may not cut a corner.
                    if other is None or (i + di, j) not in at or (i, j + dj) not in at:
                        continue
                    longer = length + CELL * math.hypot(di, dj)
                    if longer < self.lengths[other] - 1e-9:
                        self.lengths[other], self._before[other] = longer, index
                        heapq.heappush(heap, (longer, other))

    def _nearby(self) -> list[Place]:
        """Places of the lattice to which one can walk straight from the start, nearest first."""
        world, (x, z) = self._world, self.start
        points = [*world.grid_points.tolist(), *freed_points(world).tolist()]
        near = [(math.hypot(a - x, b - z), (a, b)) for a, b in points]
        return [
            place
            for away, place in sorted(near)
            if away < 1.5 * CELL
            and blocking_on_way(self.in_the_way, self.start, place) is None
            and is_open(world, self.start, place, wide=True)
        ]

    def _key(self, place: Place) -> tuple[int, int]:
        return (
            round((place[0] - self._origin[0]) / CELL),
            round((place[1] - self._origin[1]) / CELL),
        )

    def to(self, index: int, end: Place | None = None) -> list[Place]:
        """The corners of the walk to a place, and on to ``end``; at least two."""
        steps = [] if end is None else [end]
        while index >= 0:
            steps.append(self.places[index])
            index = self._before[index]
        steps.reverse()
        corners, at = [steps[0]], 0
        while at < len(steps) - 1:
            far = len(steps) - 1
            while far > at + 1 and not _clear(self._world, steps[at], steps[far], self.in_the_way):
                far -= 1
            corners.append(steps[far])
            at = far
        return corners if len(corners) > 1 else [*corners, *corners]


def _start(world: World, position: np.ndarray | None, allowed_error: float) -> Place:
    if position is None:
        return world.agent.x, world.agent.z
    x, z = float(position[0]), float(position[2])
    if is_free(world, x, z):
        return x, z
    points = [*world.grid_points.tolist(), *freed_points(world).tolist()]
    # The nearest point of the free floor lies on the edge of some cell.
    half = CELL / 2
    edges = [(min(max(x, a - half), a + half), min(max(z, b - half), b + half)) for a, b in points]
    error, place = min((math.dist((x, z), edge), edge) for edge in edges)
    if error > allowed_error:
        raise ActionFailed(
            f"Path cannot start at ({x:.3f}, {z:.3f}): the nearest free floor is {error:.3f} m "
            f"away; allowedError is {allowed_error:g}."
        )
    return place


def path_to_object(
    world: World,
    objects: list[SimObject],
    position: np.ndarray | None,
    yaw: float | None,
    allowed_error: float = 1e-4,
) -> list[Place]:
    """Corners of the shortest walk to where one of some objects is visible.

    Args:
        world: The room.
        objects: Candidates; the nearest on foot counts.
        position: Where to start, (3,) metres; the agent's place if None.
        yaw: If the walk would have no length, the direction that must see the object.
        allowed_error: How far from the free floor ``position`` may be, metres.

    Raises:
        ActionFailed: If no walk leads to a place from which one is visible.
    """
    walks = Walks(world, _start(world, position, allowed_error))
    distance = world.settings.visibilityDistance
    postures = [True] if world.settings.agentMode != "default" else [True, False]
    for index in np.argsort(walks.lengths, kind="stable"):
        if not math.isfinite(walks.lengths[index]):
            break
        x, z = walks.places[index]
        place = np.array([x, world.standing_y, z])
        for obj in objects:
            gap = np.clip(place, obj.low, obj.high) - place
            if math.hypot(gap[0], gap[2]) > distance:
                continue
            turns = [yaw] if yaw is not None and index == 0 else None
            if poses_for(world, obj.object_id, [place], turns, None, postures, None, max_poses=1):
                return walks.to(int(index))
    names = ", ".join(obj.object_id for obj in objects[:3])
    raise ActionFailed(f"No path to a position from which {names} is visible could be found.")


def path_to_point(
    world: World, position: np.ndarray | None, target: np.ndarray, allowed_error: float
) -> list[Place]:
    """Corners of the shortest walk to a point (3,), or to within an error of it, metres.

    Raises:
        ActionFailed: If it can't be reached so nearly.
    """
    walks = Walks(world, _start(world, position, allowed_error))
    goal = (float(target[0]), float(target[2]))
    best: tuple[float, int] | None = None
    for index, place in enumerate(walks.places):
        away = math.dist(place, goal)
        if away < 2 * CELL and _clear(world, place, goal, walks.in_the_way):
            length = walks.lengths[index] + away
            if best is None or length < best[0]:
                best = (length, index)
    if best is not None:
        last = walks.places[best[1]]
        return walks.to(best[1], goal if math.dist(last, goal) > 1e-6 else None)
    nearest = int(np.argmin([math.dist(place, goal) for place in walks.places]))
    error = math.dist(walks.places[nearest], goal)
    if error > allowed_error or not math.isfinite(walks.lengths[nearest]):
        raise ActionFailed(
            f"Path to point ({goal[0]:.3f}, {goal[1]:.3f}) could not be found: the nearest point "
            f"that can be reached is {error:.3f} m away; allowedError is {allowed_error:g}."
        )
    return walks.to(nearest)
