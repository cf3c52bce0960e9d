"""Where an agent can stand: the recorded grid made walkable, or one found from boxes.

Some recorded grids fall into parts that no step joins, and some lack the very place the agent
stood at; the fewest cells that mend it are added. RoboTHOR's rooms have no recorded grid: there a
cell is free if the agent's disc meets neither a box nor a wall, and the start leads to it.
"""

from __future__ import annotations

import heapq

import numpy as np

from envs.simulator.core.agent import AGENT_HEIGHT, AGENT_RADIUS
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.core.grid import CELL, NEIGHBOURS, Cell, cell_of

_ENOUGH = 0.96
# A step over furniture costs as much as going round it by this many cells.
_THROUGH = 6.0


def walkable(grid: np.ndarray, start: tuple[float, float], packed: list[dict]) -> np.ndarray:
    """The recorded cells (K, 2) with the start, and joined where too many could not be reached."""
    cells = {cell_of(p) for p in grid}
    here = min(cells, key=lambda c: abs(c[0] - start[0] / CELL) + abs(c[1] - start[1] / CELL))
    begun = cell_of(start)
    if abs(begun[0] - here[0]) + abs(begun[1] - here[1]) == 1:
        cells.add(begun)
    reached = _reached(cells, here)
    solid = [o for o in packed if o["type"] != "Floor"]
    while len(reached) < _ENOUGH * len(cells):
        path = _bridge(cells - reached, reached, solid)
        if not path:
            break
        cells |= set(path)
        reached = _reached(cells, here)
    added = sorted(cells - {cell_of(p) for p in grid})
    return np.concatenate([grid, np.array(added, dtype=float).reshape(-1, 2) * CELL])


def floor_from_boxes(
    packed: list[dict],
    walls: list[tuple[np.ndarray, np.ndarray]],
    low: np.ndarray,
    high: np.ndarray,
    start: tuple[float, float],
) -> np.ndarray:
    """Free cells (K, 2) of a room without a recorded grid.

    Args:
        packed: Its objects.
        walls: Corners of the free-standing walls.
        low: Lower inner corner (3,) of the room.
        high: Upper inner corner (3,).
        start: x and z of a place known to be free.
    """
    low, high = low[[0, 2]], high[[0, 2]]
    xs = np.arange(
        np.ceil((low[0] + AGENT_RADIUS) / CELL), np.floor((high[0] - AGENT_RADIUS) / CELL) + 1
    )
    zs = np.arange(
        np.ceil((low[1] + AGENT_RADIUS) / CELL), np.floor((high[1] - AGENT_RADIUS) / CELL) + 1
    )
    points = np.stack(np.meshgrid(xs, zs, indexing="ij"), -1).reshape(-1, 2) * CELL
    free = np.ones(len(points), bool)
    for obj in packed:
        free &= ~near_object(points, obj)
    for a, b in walls:
        gap = np.maximum(a[[0, 2]] - points, points - b[[0, 2]])
        free &= np.linalg.norm(np.clip(gap, 0, None), axis=1) > AGENT_RADIUS - 0.02
    cells = {cell_of(p) for p in points[free]} | {cell_of(start)}
    found = sorted(_reached(cells, cell_of(start)))
    return np.array(found, dtype=float) * CELL


def near_object(points: np.ndarray, obj: dict) -> np.ndarray:
    """Which points (K, 2) lie so near an object that the agent's body would touch it."""
    low = obj["center"][1] - obj["size"][1] / 2
    top = obj["center"][1] + obj["size"][1] / 2
    if obj["type"] == "Floor" or low > AGENT_HEIGHT or top < 0.03:
        return np.zeros(len(points), bool)
    if "obb" in obj and all(abs((obj["rotation"][k] + 45) % 90 - 45) < 5 for k in (0, 2)):
        corners = np.array(obj["obb"])
        center = corners.mean(0)
        turn = euler_matrix((0.0, obj["rotation"][1], 0.0))
        half = np.ptp((corners - center) @ turn, axis=0) / 2
        away = (points - center[[0, 2]]) @ turn[np.ix_([0, 2], [0, 2])]
        gap = np.abs(away) - half[[0, 2]]
    else:
        half = np.array([obj["size"][0], obj["size"][2]]) / 2
        gap = np.abs(points - [obj["center"][0], obj["center"][2]]) - half
    return np.linalg.norm(np.clip(gap, 0, None), axis=1) < AGENT_RADIUS - 0.02


def _reached(cells: set[Cell], start: Cell) -> set[Cell]:
    found, queue = {start}, [start]
    while queue:
        i, j = queue.pop()
        for di, dj in NEIGHBOURS:
            key = (i + di, j + dj)
            if key in cells and key not in found:
                found.add(key)
                queue.append(key)
    return found


def _bridge(island: set[Cell], mainland: set[Cell], solid: list[dict]) -> list[Cell]:
    """The cheapest cells that join a part of the floor to the rest, furniture being dear."""
    cost = dict.fromkeys(mainland, 0.0)
    back: dict[Cell, Cell] = {}
    queue = [(0.0, c) for c in sorted(mainland)]
    heapq.heapify(queue)
    reach = [v for c in island | mainland for v in c]
    low, high = min(reach) - 2, max(reach) + 2
    lattice = np.arange(low, high + 1)
    spots = np.stack(np.meshgrid(lattice, lattice, indexing="ij"), -1).reshape(-1, 2)
    filled = np.zeros(len(spots), bool)
    for obj in solid:
        filled |= near_object(spots * CELL, obj)
    dear = {(int(i), int(j)) for i, j in spots[filled]} - island
    # Single cells are not worth a passage through furniture.
    sizable = {c for c in island if len(_reached(island, c)) > 2}
    while queue:
        so_far, here = heapq.heappop(queue)
        if here in sizable:
            path = []
            while here in back:
                path.append(here)
                here = back[here]
            return [c for c in path if c not in island]
        if so_far > cost[here]:
            continue
        for di, dj in NEIGHBOURS:
            key = (here[0] + di, here[1] + dj)
            if not (low <= key[0] <= high and low <= key[1] <= high):
                continue
            step = 1.0 + _THROUGH * (key in dear)
            if so_far + step < cost.get(key, np.inf):
                cost[key], back[key] = so_far + step, here
                heapq.heappush(queue, (so_far + step, key))
    return []
