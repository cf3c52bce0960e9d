"""Actions that ask: positions, poses, paths, rays, what is visible; and what the metadata lists."""
# ruff: noqa: N802, N803

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import BY_ID, Form, Marks, forms
from envs.simulator.core.errors import INVALID_ARGUMENT, ActionFailed, shown
from envs.simulator.core.geometry import from_vector, vector
from envs.simulator.navigation import guide, paths, reachable
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import contents_of
from envs.simulator.world.visibility import (
    can_see,
    in_reach,
    in_viewport,
    project,
    ray_through,
    visible_ids,
)

MOST_POSITIONS = 20000
MOST_ANGLES = 720
FARTHEST = 1e5


class QueryActions(ActionGroup):
    """Nothing changes."""

    group = "query"
    defaults = Marks(query=True, timeless=True)

    def GetReachablePositions(
        self,
        gridSize: float | None = None,
        maxStepCount: int | None = None,
        directionsRelativeAgent: bool = False,
    ) -> list:
        """Positions that can be walked to from here in steps of the grid."""
        step = self.world.settings.gridSize if gridSize is None else gridSize
        return reachable.reachable_positions(
            self.world, step, maxStepCount, directionsRelativeAgent
        )

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
        """Poses, for TeleportFull, from which an object is visible."""
        return reachable.poses_for(
            self.world,
            objectId,
            None if positions is None else self._positions(positions),
            _numbers(rotations, "rotations"),
            _numbers(horizons, "horizons"),
            _flags(standings, "standings"),
            maxDistance,
            maxPoses,
        )

    def PositionsFromWhichItemIsInteractable(
        self,
        objectId: str,
        positions: list | None = None,
        horizon: float | None = None,
        standing: bool | None = None,
    ) -> dict:
        """GetInteractablePoses by its older name, as one list for each of x, y, z and so on."""
        poses = self.GetInteractablePoses(
            objectId,
            positions,
            horizons=None if horizon is None else [horizon],
            standings=None if standing is None else [standing],
        )
        return {
            key: [pose.get(key, True) for pose in poses]
            for key in ("x", "y", "z", "rotation", "standing", "horizon")
        }

    # ---- paths ----
    @forms(BY_ID, Form(("objectType",)))
    def GetShortestPath(
        self,
        objectId: str | None = None,
        objectType: str | None = None,
        position: dict | None = None,
        rotation: dict | None = None,
        allowedError: float = 0.0001,
    ) -> dict:
        """Corners of the shortest walk to where an object, or one of a type, is visible."""
        objects = self._candidates(objectId, objectType)
        start = None if position is None else self._vector(position, default=self.world.standing_y)
        yaw = None if rotation is None else float(self._angles(rotation)[1])
        walk = paths.path_to_object(self.world, objects, start, yaw, allowedError)
        return self._corners(walk)

    @forms(Form(("target",)), Form(("x", "y", "z")))
    def GetShortestPathToPoint(
        self,
        target: dict | None = None,
        position: dict | None = None,
        x: float | None = None,
        y: float | None = None,
        z: float | None = None,
        allowedError: float = 0.0001,
    ) -> dict:
        """Corners of the shortest walk to a point, or to within allowedError metres of it."""
        goal = self._vector({"x": x, "y": y, "z": z} if target is None else target, "target")
        start = None if position is None else self._vector(position)
        return self._corners(paths.path_to_point(self.world, start, goal, allowedError))

    @forms(BY_ID, Form(("objectType",)), Form(("position",)))
    def ObjectNavExpertAction(
        self,
        objectId: str | None = None,
        objectType: str | None = None,
        position: dict | None = None,
    ) -> str | None:
        """Name of the next action on the shortest way to see an object, or to a position."""
        if position is not None:
            target = self._vector(position, default=self.world.standing_y)
            return guide.next_action_to_place(self.world, target)
        return guide.next_action_to_object(self.world, self._candidates(objectId, objectType))

    def _candidates(self, object_id: str | None, type_name: str | None) -> list[SimObject]:
        if object_id is not None:
            return [self._target(object_id, force=True)]
        objects = [t for t in self.world.objects.values() if t.type == type_name]
        if not objects:
            raise ActionFailed(f"No object of type {shown(type_name)} is in this scene.")
        return objects

    # ---- rays ----
    def GetObjectInFrame(self, x: float, y: float, checkVisible: bool = False) -> str:
        """Id of the object at an image point."""
        return self._target(None, x, y, not checkVisible).object_id

    def GetCoordinateFromRaycast(self, x: float, y: float) -> dict:
        """The point that is seen at an image point."""
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ActionFailed(f"x and y must be in [0:1], got ({x:g}, {y:g}).")
        hit = self.world.collision.ray(*ray_through(self.world, x, y))
        if hit is None:
            raise ActionFailed(f"Raycast through ({x:g}, {y:g}) did not hit anything.")
        return vector(hit.point)

    def PerformRaycast(self, origin: dict, destination: dict) -> dict:
        """What is first between two points; the id of walls and the like is empty."""
        start, end = self._vector(origin, "origin"), self._vector(destination, "destination")
        if np.linalg.norm(end - start) < 1e-6:
            raise ActionFailed("origin and destination are the same point.")
        hit = self.world.collision.ray(start, end)
        if hit is None:
            raise ActionFailed(f"Nothing is between {shown(origin)} and {shown(destination)}.")
        return {
            "objectId": hit.key if hit.key in self.world.objects else "",
            "hitPoint": vector(hit.point),
            "hitDistance": hit.distance,
        }

    def WorldToViewportPoint(self, position: dict) -> dict:
        """Image point, origin top left, and depth z of a place in view."""
        point, agent = self._vector(position), self.world.agent
        uv, depth = project(self.world, point[None], agent.eye, agent.eye_rotation)
        if not in_viewport(self.world, point[None], agent.eye, agent.eye_rotation)[0]:
            raise ActionFailed(f"Point {shown(position)} is not in the viewport.")
        return vector((uv[0, 0], uv[0, 1], depth[0]))

    # ---- objects ----
    def GetVisibleObjects(self, maxDistance: float | None = None) -> list:
        """Ids of the objects that are visible now."""
        if maxDistance is None:
            return sorted(visible_ids(self.world))
        if not 0 < maxDistance <= FARTHEST:
            raise ActionFailed(f"maxDistance must be in (0:{FARTHEST:g}], not {maxDistance:g}.")
        agent = self.world.agent
        return sorted(
            obj.object_id
            for obj in self.world.objects.values()
            if can_see(self.world, obj, agent.eye, agent.eye_rotation, maxDistance)
        )

    def GetObjectMetadata(self, objectIds: list) -> list:
        """Full metadata of some objects, also of those a filter leaves out."""
        objects = [self._known(name) for name in objectIds]
        seen, place = visible_ids(self.world), self.world.agent.position
        rows = []
        for obj in objects:
            visible = obj.object_id in seen
            away = float(np.linalg.norm(from_vector(obj.metadata["position"]) - place))
            row = dict(obj.metadata)
            row.update(visible=visible, isInteractable=visible, distance=away)
            rows.append(row)
        return rows

    def ObjectTypeToObjectIds(self, objectType: str) -> list:
        """Ids of all objects of a type."""
        return [t.object_id for t in self.world.objects.values() if t.type == objectType]

    def DistanceToObject(self, objectId: str) -> float:
        """Horizontal metres from the agent to an object."""
        obj = self._target(objectId, None, None, True)
        place = from_vector(obj.metadata["position"]) - self.world.agent.position
        return float(np.hypot(place[0], place[2]))

    def GetVisibilityPoints(self, objectId: str) -> list:
        """Points of an object of which one must be seen for it to be visible."""
        return [vector(p) for p in self._target(objectId, force=True).world_points]

    def GetSpawnCoordinatesAboveReceptacle(self, objectId: str, anywhere: bool = True) -> list:
        """Points on a receptacle, for PlaceObjectAtPoint; without anywhere only those in view."""
        obj = self._target(objectId, None, None, True)
        if not obj.is_("receptacle"):
            raise ActionFailed(f"{objectId} is not a receptacle.")
        points = []
        for surface, middle in obj.surfaces():
            for u in _spread(surface.size[0]):
                for v in _spread(surface.size[1]):
                    points.append(middle + u * obj.rotation[:, 0] + v * obj.rotation[:, 2])
        if not anywhere:
            points = [p for p in points if self._in_view(p, obj)]
        return [vector(p) for p in points]

    def Get2DSemanticHull(self, objectId: str) -> list:
        """Convex outline [[x, z], ...] of an object seen from above."""
        return _hull(self._target(objectId, force=True).world_points[:, [0, 2]])

    @forms(Form((), ("objectIds",)), Form(("objectTypes",)))
    def Get2DSemanticHulls(
        self, objectIds: list | None = None, objectTypes: list | None = None
    ) -> dict:
        """Convex outlines seen from above, by id: of all objects, or of some ids or types."""
        objects = list(self.world.objects.values())
        if objectIds is not None:
            objects = [self._known(name) for name in objectIds]
        elif objectTypes is not None:
            objects = [t for t in objects if t.type in objectTypes]
        return {t.object_id: _hull(t.world_points[:, [0, 2]]) for t in objects}

    def _positions(self, values: list) -> list[np.ndarray]:
        if len(values) > MOST_POSITIONS:
            raise ActionFailed(f"positions has {len(values)} entries; {MOST_POSITIONS} may be.")
        for value in values:
            if not isinstance(value, dict):
                raise ActionFailed(
                    f"positions must hold vectors x, y, z, not {shown(value)}.", INVALID_ARGUMENT
                )
        standing = {"y": self.world.standing_y}
        return [self._vector({**standing, **value}, "positions") for value in values]

    def _in_view(self, point: np.ndarray, receptacle: SimObject) -> bool:
        agent, above = self.world.agent, point + [0.0, 0.01, 0.0]
        if not in_viewport(self.world, point[None], agent.eye, agent.eye_rotation)[0]:
            return False
        if not in_reach(point[None], agent.eye, self.world.settings.visibilityDistance)[0]:
            return False
        hit = self.world.collision.ray(agent.eye, above)
        return hit is None or hit.key in contents_of(self.world, receptacle)

    def _corners(self, walk: list[paths.Place]) -> dict:
        return {"corners": [vector((x, self.world.floor_y, z)) for x, z in walk]}


class FilterActions(ActionGroup):
    """Which objects the metadata lists; actions see every object all the same."""

    group = "query"

    def SetObjectFilter(self, objectIds: list) -> None:
        """The metadata lists these objects only."""
        self._list_only(frozenset(_names("objectIds", objectIds)))

    def SetObjectFilterForType(self, objectTypes: list) -> None:
        """The metadata lists objects of these types only."""
        type_names = _names("objectTypes", objectTypes)
        found = [k for k, t in self.world.objects.items() if t.type in type_names]
        self._list_only(frozenset(found))

    def ResetObjectFilter(self) -> None:
        """The metadata lists every object again."""
        self._list_only(None)

    def _list_only(self, ids: frozenset[str] | None) -> None:
        self.world.rules = replace(self.world.rules, listed=ids)


def _names(argument: str, values: list) -> list[str]:
    wrong = next((v for v in values if not isinstance(v, str)), None)
    if wrong is not None:
        raise ActionFailed(f"{argument} must hold names, not {shown(wrong)}.", INVALID_ARGUMENT)
    return values


def _numbers(values: list | None, name: str) -> list[float] | None:
    if values is None:
        return None
    if len(values) > MOST_ANGLES:
        raise ActionFailed(f"{name} has {len(values)} entries; {MOST_ANGLES} may be.")
    for value in values:
        number = isinstance(value, (int, float)) and not isinstance(value, bool)
        if not number or not abs(value) < 1e6:
            raise ActionFailed(f"{name} must hold numbers, not {shown(value)}.", INVALID_ARGUMENT)
    return [float(value) for value in values]


def _flags(values: list | None, name: str) -> list[bool] | None:
    if values is None:
        return None
    if len(values) > 2 or not all(isinstance(value, bool) for value in values):
        raise ActionFailed(
            f"{name} must hold true, false or both, not {shown(values)}.", INVALID_ARGUMENT
        )
    return [bool(value) for value in values]


def _spread(length: float, spacing: float = 0.2) -> np.ndarray:
    """Offsets round 0 that cover a length, metres."""
    count = max(1, int(length / spacing))
    return (np.arange(count) + 0.5) / count * length - length / 2


def _hull(points: np.ndarray) -> list[list[float]]:
    """Convex hull of points (N, 2), counter-clockwise, closed by its first point's repetition."""
    unique = sorted({(round(float(x), 5), round(float(z), 5)) for x, z in points})
    if len(unique) < 3:
        return [list(p) for p in unique]

    def half(rows: list[tuple[float, float]]) -> list[tuple[float, float]]:
        kept: list[tuple[float, float]] = []
        for p in rows:
            while len(kept) > 1:
                (ax, az), (bx, bz) = kept[-2], kept[-1]
                if (bx - ax) * (p[1] - az) - (bz - az) * (p[0] - ax) > 0:
                    break
                kept.pop()
            kept.append(p)
        return kept[:-1]

    ring = half(unique) + half(unique[::-1])
    return [list(p) for p in (*ring, ring[0])]
