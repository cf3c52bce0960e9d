"""Actions that only ask: positions, poses, rays, what is visible."""
# ruff: noqa: N802, N803

from __future__ import annotations

import numpy as np

from envs.simulator import navigation
from envs.simulator.actions.base import ActionGroup
from envs.simulator.errors import ActionFailed
from envs.simulator.geometry import from_vector, vector
from envs.simulator.visibility import ray_through, visible_ids


class QueryActions(ActionGroup):
    """Nothing changes."""

    group = "query"

    def GetReachablePositions(
        self,
        gridSize: float | None = None,
        maxStepCount: int | None = None,
        directionsRelativeAgent: bool = False,
    ) -> list:
        step = self.world.settings.gridSize if gridSize is None else gridSize
        return navigation.reachable_positions(self.world, step, maxStepCount)

    def GetInteractablePoses(
        self,
        objectId: str,
        positions: list | None = None,
        rotations: list | None = None,
        horizons: list | None = None,
        standings: list | None = None,
        maxDistance: float | None = None,
        maxPoses: int | None = None,
    ) -> list:
        return navigation.poses_for(
            self.world, objectId, positions, rotations, horizons, standings, maxDistance, maxPoses
        )

    def GetObjectInFrame(self, x: float, y: float, checkVisible: bool = False) -> str:
        return self._target(None, x, y, not checkVisible).object_id

    def GetCoordinateFromRaycast(self, x: float, y: float) -> dict:
        hit = self.world.collision.ray(*ray_through(self.world, x, y))
        if hit is None:
            raise ActionFailed(f"Raycast through ({x:g}, {y:g}) did not hit anything.")
        return vector(hit.point)

    def GetVisibleObjects(self) -> list:
        return sorted(visible_ids(self.world))

    def ObjectTypeToObjectIds(self, objectType: str) -> list:
        return [t.object_id for t in self.world.objects.values() if t.type == objectType]

    def DistanceToObject(self, objectId: str) -> float:
        thing = self._target(objectId, None, None, True)
        place = from_vector(thing.metadata["position"]) - self.world.agent.position
        return float(np.hypot(place[0], place[2]))

    def GetSpawnCoordinatesAboveReceptacle(self, objectId: str, anywhere: bool = True) -> list:
        thing = self._target(objectId, None, None, True)
        points = []
        for surface, middle in thing.surfaces():
            for u in _spread(surface.size[0]):
                for v in _spread(surface.size[1]):
                    points.append(
                        vector(middle + u * thing.rotation[:, 0] + v * thing.rotation[:, 2])
                    )
        return points


def _spread(length: float, spacing: float = 0.2) -> np.ndarray:
    """Offsets round 0 that cover a length, metres."""
    count = max(1, int(length / spacing))
    return (np.arange(count) + 0.5) / count * length - length / 2
