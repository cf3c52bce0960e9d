"""Floor the agent can stand on beyond the recorded positions.

The recorded positions keep a distance from walls and furniture that AI2-THOR's agent does not: on
recorded walks it went closer. A cell of the same grid next to them is free if the agent's cylinder,
standing there, meets no recorded furniture and no inferred wall, base or body.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.scenes.bases import world_footprint
from envs.simulator.scenes.records import Fixture, SceneRecord

CELL = 0.25
# A little less than the agent's radius of 0.2 m: boxes are larger than what they hold.
CLEARANCE = 0.185
RINGS = 3
# Heights between which furniture stops the agent, metres.
ANKLE, HEAD = 0.12, 1.55
_PASSED = frozenset({"Floor", "Rug", "Ceiling", "Ground", "Window", "Blinds", "ShowerHead"})


def cells_beside(scene: SceneRecord, fixtures: tuple[Fixture, ...]) -> np.ndarray:
    """Free cells (K, 2), x and z in metres, within three cells of the recorded ones.

    Args:
        scene: The room; without recorded positions nothing is added.
        fixtures: Its inferred parts.
    """
    if not len(scene.reachable):
        return np.zeros((0, 2))
    low, high = _obstacles(scene, fixtures)
    known = {(round(x / CELL), round(z / CELL)) for x, z in scene.reachable}
    found: list[tuple[int, int]] = []
    ring = sorted(known)
    for _ in range(RINGS):
        beside = sorted(
            {(i + di, j + dj) for i, j in ring for di, dj in ((1, 0), (-1, 0), (0, 1), (0, -1))}
            - known
        )
        if not beside:
            break
        known.update(beside)
        points = np.array(beside) * CELL
        gap = np.maximum(low[None] - points[:, None], points[:, None] - high[None])
        free = (np.linalg.norm(np.maximum(gap, 0.0), axis=2) > CLEARANCE).all(1)
        ring = [cell for cell, ok in zip(beside, free, strict=True) if ok]
        found += ring
    return np.array(found, dtype=float).reshape(-1, 2) * CELL


def _obstacles(scene: SceneRecord, fixtures: tuple[Fixture, ...]) -> tuple[np.ndarray, np.ndarray]:
    """Corners (K, 2) and (K, 2) on the floor plan of everything that stops the agent."""
    boxes: list[tuple[np.ndarray, np.ndarray]] = []
    for thing in (*scene.objects, *fixtures):
        if thing.object_type in _PASSED:
            continue
        center, size = np.asarray(thing.center), np.asarray(thing.size)
        if center[1] + size[1] / 2 < ANKLE or center[1] - size[1] / 2 > HEAD:
            continue
        if not isinstance(thing, Fixture):
            if thing.properties.get("pickupable"):
                continue
            if thing.footprint is not None:
                for x0, z0, x1, z1 in world_footprint(thing):
                    boxes.append((np.array([x0, z0]), np.array([x1, z1])))
                continue
        boxes.append((center[[0, 2]] - size[[0, 2]] / 2, center[[0, 2]] + size[[0, 2]] / 2))
    if not boxes:
        return np.zeros((0, 2)), np.zeros((0, 2))
    return np.array([b[0] for b in boxes]), np.array([b[1] for b in boxes])
