"""Floor the agent can stand on beyond the recorded positions.

The recorded positions keep more distance from walls and furniture than AI2-THOR's agent needs: on
recorded walks, whose moves were forced, it went closer. A cell of the same grid next to them can be
stood on if the agent's cylinder meets no recorded furniture and no inferred wall, base or body.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.grid import CELL, NEIGHBOURS, Cell, cell_of
from envs.simulator.scenes.records import Fixture, SceneRecord
from envs.simulator.scenes.structure.counter_bases import world_footprint
from envs.simulator.scenes.structure.room_fixtures import plan_of
from envs.simulator.scenes.structure.room_plan import standing_walls

# Less than ``AGENT_RADIUS``, metres: boxes are larger than what they hold, and walls inferred.
CLEARANCE, WALL_CLEARANCE = 0.155, 0.1
RINGS = 3
# Heights between which furniture stops the agent, metres.
ANKLE, HEAD = 0.12, 1.55
_PASSED = frozenset(
    {
        "Floor",
        "Ceiling",
        "Ground",
        "Window",
        "Blinds",
        "Curtains",
        "Painting",
        "Poster",
        "ShowerHead",
        "TowelHolder",
        "HandTowelHolder",
        "ToiletPaperHanger",
    }
)


def cells_beside(scene: SceneRecord, fixtures: tuple[Fixture, ...]) -> np.ndarray:
    """Free cells (K, 2), x and z in metres, within three cells of the recorded ones.

    Args:
        scene: The room; without recorded positions nothing is added.
        fixtures: Its inferred parts.
    """
    if not len(scene.reachable):
        return np.zeros((0, 2))
    low, high, least = _obstacles(scene, fixtures)
    known = {cell_of(place) for place in scene.reachable}
    found: list[Cell] = []
    ring = sorted(known)
    for _ in range(RINGS):
        beside = sorted({(i + di, j + dj) for i, j in ring for di, dj in NEIGHBOURS} - known)
        if not beside:
            break
        known.update(beside)
        points = np.array(beside) * CELL
        gap = np.maximum(low[None] - points[:, None], points[:, None] - high[None])
        free = (np.linalg.norm(np.maximum(gap, 0.0), axis=2) > least).all(1)
        ring = [cell for cell, ok in zip(beside, free, strict=True) if ok]
        found += ring
    return np.array(found, dtype=float).reshape(-1, 2) * CELL


def _obstacles(
    scene: SceneRecord, fixtures: tuple[Fixture, ...]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Low and high corners (K, 2) on the floor plan of what stops the agent, clearances (K,)."""
    rows: list[tuple[float, float, float, float, float]] = []
    for low, high in standing_walls(plan_of(scene), HEAD):
        x0, z0, x1, z1 = (float(v) for v in (*low, *high))
        rows.append((x0, z0, x1, z1, WALL_CLEARANCE))
    for obj in scene.objects:
        if obj.properties.get("pickupable") or obj.object_type in _PASSED:
            continue
        center, half = np.asarray(obj.center), np.asarray(obj.size) / 2
        if center[1] + half[1] < ANKLE or center[1] - half[1] > HEAD:
            continue
        if obj.footprint is not None:
            rows += [(*rectangle, CLEARANCE) for rectangle in world_footprint(obj)]
        else:
            rows.append(_row(center - half, center + half))
    for fixture in fixtures:
        if fixture.object_type in _PASSED or fixture.object_type == "Wall":
            continue
        for part in fixture.mesh.parts:
            # Each part by itself: a base that goes round a corner leaves the corner free.
            points = part.vertices + np.asarray(fixture.center)
            if points[:, 1].max() >= ANKLE and points[:, 1].min() <= HEAD:
                rows.append(_row(points.min(0), points.max(0)))
    table = np.array(rows, dtype=float).reshape(-1, 5)
    return table[:, :2], table[:, 2:4], table[:, 4]


def _row(low: np.ndarray, high: np.ndarray) -> tuple[float, float, float, float, float]:
    return float(low[0]), float(low[2]), float(high[0]), float(high[2]), CLEARANCE
