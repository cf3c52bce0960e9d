"""Where an agent can stand in a house: grid points clear of walls and furniture.

The agent is a cylinder; what it may not touch are rectangles seen from above: stretches of wall
without a doorway, and the boxes of everything between ankle and head.
"""

from __future__ import annotations

import math
from collections import deque

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.core.grid import CELL, NEIGHBOURS, cell_of
from envs.simulator.houses.house import House
from envs.simulator.houses.house_doors import FRAME
from envs.simulator.houses.house_walls import along, pieces, place_of
from envs.simulator.houses.polygons import inside
from envs.simulator.scenes.records import ObjectRecord

ANKLE, HEAD = 0.1, 1.75
_FLAT = frozenset({"Floor", "Wall", "Doorway", "Doorframe", "Window"})
MAX_POINTS = 40_000

Rect = tuple[np.ndarray, np.ndarray, np.ndarray]


def _wall_rects(house: House) -> list[Rect]:
    by_id = {w.id: w for w in house.walls}
    found = []
    for wall in house.walls:
        if wall.exterior:
            continue
        way = along(wall)
        holes = []
        for opening in house.openings:
            if opening.is_window or not (opening.openable or opening.openness > 0):
                continue
            a, b = place_of(opening, by_id[opening.wall])
            side = np.array([-way[1], way[0]])
            if max(abs((a - wall.start) @ side), abs((b - wall.start) @ side)) > 0.15:
                continue
            first, last = sorted((float((a - wall.start) @ way), float((b - wall.start) @ way)))
            first, last = max(first + FRAME, 0.0), min(last - FRAME, wall.length)
            if last > first:
                holes.append((first, last, wall.low, wall.low + opening.top))
        axes = np.array([way, [-way[1], way[0]]])
        for a_at, b_at, low, _ in pieces(wall, holes):
            if low < HEAD:
                middle = wall.start + way * (a_at + b_at) / 2
                found.append((middle, axes, np.array([(b_at - a_at) / 2, 0.01])))
    return found


def _object_rects(records: list[ObjectRecord]) -> list[Rect]:
    found = []
    for record in records:
        low = record.center[1] - record.size[1] / 2
        high = record.center[1] + record.size[1] / 2
        if record.object_type in _FLAT or low > HEAD or high < ANKLE:
            continue
        rotation = euler_matrix(record.local_rotation)
        if rotation[1, 1] > 0.99:
            axes = np.array([rotation[[0, 2], 0], rotation[[0, 2], 2]])
            half = np.array([record.local_size[0], record.local_size[2]]) / 2
        else:
            axes, half = np.eye(2), np.array([record.size[0], record.size[2]]) / 2
        found.append((np.array([record.center[0], record.center[2]]), axes, half))
    return found


def free_points(house: House, records: list[ObjectRecord]) -> np.ndarray:
    """Grid points (K, 2), x and z in metres, multiples of 0.25, where an agent fits."""
    corners = np.concatenate([r.polygon for r in house.rooms])
    low = np.ceil(corners.min(0) / CELL) * CELL
    count = np.floor((corners.max(0) - low) / CELL).astype(int) + 1
    if int(count.prod()) > MAX_POINTS:
        count = np.minimum(count, int(math.sqrt(MAX_POINTS)))
    xs, zs = low[0] + np.arange(count[0]) * CELL, low[1] + np.arange(count[1]) * CELL
    points = np.stack(np.meshgrid(xs, zs, indexing="ij"), -1).reshape(-1, 2)
    within = np.zeros(len(points), bool)
    for room in house.rooms:
        within |= inside(room.polygon, points + [1e-6, 2e-6])
    points = points[within]
    for center, axes, half in (*_wall_rects(house), *_object_rects(records)):
        local = np.abs((points - center) @ axes.T) - half
        gap = np.hypot(np.maximum(local[:, 0], 0), np.maximum(local[:, 1], 0))
        points = points[gap >= AGENT_RADIUS - 1e-6]
    return np.round(points, 4) + 0.0


def largest_part(points: np.ndarray) -> np.ndarray:
    """The largest set of grid points (K, 2) that one can walk between."""
    left = {cell_of(place): i for i, place in enumerate(points)}
    best: list[int] = []
    while left:
        first = next(iter(left))
        queue, part = deque([first]), [left.pop(first)]
        while queue:
            i, j = queue.popleft()
            for di, dj in NEIGHBOURS:
                key = (i + di, j + dj)
                if key in left:
                    part.append(left.pop(key))
                    queue.append(key)
        if len(part) > len(best):
            best = part
    return points[sorted(best)]
