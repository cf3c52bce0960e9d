"""Floor that comes free when what stood on it in the recording is pushed or taken away.

The recorded positions leave out where chairs, bins and balls stood. Once such an object is
elsewhere or gone, the cells of the same grid that it may have taken are looked at anew: those where
an upright agent fits between all that is solid now are free.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.grid import CELL
from envs.simulator.scenes.records import ObjectRecord
from envs.simulator.world.clearance import has_room
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

# What stands on the floor begins below this height; it has left if it moved this far, metres.
_ON_FLOOR, _MOVED = 0.35, 0.05
# How far round an object the recorded positions may keep away from it, metres.
_ROUND = 0.4


def freed_points(world: World) -> np.ndarray:
    """Middles (K, 2) of free grid cells, x and z in metres, that the recording has not."""
    known = world.freed
    if known is not None and known[0] == world.draw_version:
        return known[2]
    gone, moved = _left(world)
    key = (tuple(record.object_id for record in gone), moved)
    points = np.zeros((0, 2))
    if known is not None and known[1] == key:
        points = known[2]
    elif gone and len(world.grid_points):
        points = _cells(world, gone)
    world.freed = (world.draw_version, key, points)
    return points


def _left(world: World) -> tuple[list[ObjectRecord], tuple]:
    """Records of floor objects that are not where they were, and where what moved is now."""
    gone: list[ObjectRecord] = []
    moved: list[tuple] = []
    for record in world.scene.objects if world.scene is not None else ():
        if not (record.properties.get("pickupable") or record.properties.get("moveable")):
            continue
        obj = world.objects.get(record.object_id)
        if obj is not None and obj.moved:
            moved.append((record.object_id, obj.center.tobytes(), obj.euler.tobytes()))
        if record.center[1] - record.size[1] / 2 > world.floor_y + _ON_FLOOR:
            continue
        held = record.object_id in world.hands
        if obj is None or held or _is_elsewhere(obj, record):
            gone.append(record)
    return gone, tuple(moved)


def _is_elsewhere(obj: SimObject, record: ObjectRecord) -> bool:
    middle = (obj.low + obj.high) / 2
    return obj.moved and float(np.abs(middle - record.center).max()) > _MOVED


def _cells(world: World, gone: list[ObjectRecord]) -> np.ndarray:
    tried: set[tuple[int, int]] = set()
    for record in gone:
        reach = np.asarray(record.size)[[0, 2]] / 2 + _ROUND
        middle = np.asarray(record.center)[[0, 2]]
        low, high = np.ceil((middle - reach) / CELL), np.floor((middle + reach) / CELL)
        tried |= {
            (i, j)
            for i in range(int(low[0]), int(high[0]) + 1)
            for j in range(int(low[1]), int(high[1]) + 1)
        }
    free = {cell for cell in sorted(tried) if not _known(world, cell) and _fits(world, cell)}
    # Only what joins the recorded floor: behind a wall there may be room too.
    joined: list[tuple[int, int]] = []
    ring = [cell for cell in sorted(free) if any(_known(world, c) for c in _beside(cell))]
    while ring:
        joined += ring
        free -= set(ring)
        ring = sorted({c for cell in ring for c in _beside(cell)} & free)
    return np.array(joined, dtype=float).reshape(-1, 2) * CELL


def _beside(cell: tuple[int, int]) -> list[tuple[int, int]]:
    return [(cell[0] + di, cell[1] + dj) for di, dj in ((1, 0), (-1, 0), (0, 1), (0, -1))]


def _known(world: World, cell: tuple[int, int]) -> bool:
    return (round(cell[0] * CELL * 100), round(cell[1] * CELL * 100)) in world.reachable


def _fits(world: World, cell: tuple[int, int]) -> bool:
    return has_room(world, cell[0] * CELL, cell[1] * CELL)
