"""A simulated object: its record, mesh, pose and states, and its AI2-THOR metadata.

``metadata`` is one plain dict in AI2-THOR 5.0.0's key order. Its values are replaced, never
mutated, so that a shallow copy given to an event stays true for ever.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from envs.simulator.core.geometry import (
    aligned_box,
    box_corners,
    euler_matrix,
    from_vector,
    normal_degrees,
    vector,
)
from envs.simulator.meshes.joints import joint_pose
from envs.simulator.meshes.mesh import Mesh, Surface
from envs.simulator.meshes.sample_points import sample_points
from envs.simulator.scenes.records import ObjectRecord
from envs.simulator.world.initial_metadata import initial_metadata, recorded_openness
from envs.simulator.world.room_state import Traits

FLAGS = (
    "isToggled",
    "isBroken",
    "isFilledWithLiquid",
    "isDirty",
    "isUsedUp",
    "isCooked",
    "isSliced",
    "isPickedUp",
)
# How high a shelf's space is taken to be at most, metres, and where across it points are.
SHELF_SPACE = 0.15
_ACROSS = (-0.45, 0.0, 0.45)


@dataclass(eq=False)
class SimObject:
    """One object of the world.

    Attributes:
        center: Origin of the object frame in the world, (3,) metres.
        euler: Unity Euler angles of the object frame, (3,) degrees.
        size: Box in the object frame, (3,) metres.
        pivot: AI2-THOR's ``position`` in the object frame, (3,) metres.
        traits: What the metadata does not say; replaced, never mutated.
    """

    record: ObjectRecord
    mesh: Mesh
    center: np.ndarray
    euler: np.ndarray
    size: np.ndarray
    pivot: np.ndarray
    metadata: dict
    points: list[tuple[int | None, np.ndarray]] = field(default_factory=list)
    moved: bool = False
    traits: Traits = field(default_factory=Traits)
    rotation: np.ndarray = field(default_factory=lambda: np.eye(3))
    world_points: np.ndarray = field(default_factory=lambda: np.zeros((0, 3)))
    low: np.ndarray = field(default_factory=lambda: np.zeros(3))
    high: np.ndarray = field(default_factory=lambda: np.zeros(3))
    _outline: np.ndarray | None = None
    _flags: frozenset[str] | None = None

    @property
    def object_id(self) -> str:
        return self.record.object_id

    @property
    def type(self) -> str:
        return self.record.object_type

    @property
    def openness(self) -> float:
        return float(self.metadata["openness"])

    def is_(self, key: str) -> bool:
        """A boolean of the metadata, such as ``isOpen`` or ``pickupable``."""
        return bool(self.metadata[key])

    def flags(self) -> frozenset[str]:
        """The true state flags and the liquid inside, for the renderer."""
        true = frozenset(flag for flag in FLAGS if self.metadata[flag])
        liquid = self.metadata["fillLiquid"]
        return true | {liquid} if liquid else true

    def contents(self) -> list[str]:
        """Ids of what lies in or on it."""
        return list(self.metadata["receptacleObjectIds"] or ())

    def surfaces(self) -> list[tuple[Surface, np.ndarray]]:
        """The support rectangles and the world position (3,) of each one's middle."""
        found = []
        for surface in self.mesh.surfaces:
            turn, shift = np.eye(3), np.zeros(3)
            if surface.joint is not None:
                turn, shift = joint_pose(self.mesh.joints[surface.joint], self.openness)
            local = turn @ np.asarray(surface.center, dtype=float) + shift
            found.append((surface, self.rotation @ local + self.center))
        return found

    def place(self, center: np.ndarray, euler: np.ndarray) -> None:
        """Moves the object frame; position, rotation, boxes and points follow."""
        self.center, self.euler = np.asarray(center, dtype=float), np.asarray(euler, dtype=float)
        self.moved = True
        self.refresh()

    def outline(self) -> np.ndarray:
        """Points (K, 3), object frame, whose box in any rotation is about that of the mesh."""
        if self._outline is None:
            rows = [p.vertices[np.unique(p.faces)] for p in self.mesh.parts if len(p.faces)]
            points = np.concatenate(rows or [np.zeros((1, 3))]).astype(float)
            steps = np.arange(64)
            y = 1 - (2 * steps + 1) / 64
            angle = steps * np.pi * (3 - 5**0.5)
            ring = np.sqrt(1 - y * y)
            ways = np.stack([ring * np.cos(angle), y, ring * np.sin(angle)], 1)
            self._outline = points[np.unique(np.argmax(points @ ways.T, axis=0))]
        return self._outline

    def refresh(self) -> None:
        """Recomputes what depends on pose, openness and states."""
        self.rotation = euler_matrix(self.euler)
        flags = self.flags()
        if flags != self._flags:
            longest = float(max(self.record.local_size))
            self.points = [
                *sample_points(self.mesh, longest, flags),
                *_space_points(self.record, self.mesh),
            ]
            self._flags = flags
        rows = []
        for joint, points in self.points:
            if joint is not None and self.openness > 0:
                turn, shift = joint_pose(self.mesh.joints[joint], self.openness)
                points = points @ turn.T + shift
            rows.append(points @ self.rotation.T + self.center)
        self.world_points = np.concatenate(rows) if rows else self.center[None].copy()
        if not self.moved:
            center, size = np.asarray(self.record.center), np.asarray(self.record.size)
            low, high = center - size / 2, center + size / 2
        else:
            corners = box_corners(self.center, self.size, self.rotation)
            low, high = corners.min(0), corners.max(0)
            if self.rotation[1, 1] < 0.999:
                # A tilted box is much larger than what is in it.
                outline = self.outline() @ self.rotation.T + self.center
                low, high = outline.min(0), outline.max(0)
            self.metadata["position"] = vector(self.rotation @ self.pivot + self.center)
            self.metadata["rotation"] = vector([normal_degrees(a) for a in self.euler])
            if self.metadata["objectOrientedBoundingBox"] is not None:
                self.metadata["objectOrientedBoundingBox"] = {"cornerPoints": corners.tolist()}
        if self.openness > 0 and (
            self.moved or self.openness != recorded_openness(self.record.states)
        ):
            # The recorded box of what was recorded open is that of the open state.
            low = np.minimum(low, self.world_points.min(0))
            high = np.maximum(high, self.world_points.max(0))
        self.low, self.high = low, high
        self.metadata["axisAlignedBoundingBox"] = aligned_box(low, high)


def new_object(record: ObjectRecord, mesh: Mesh) -> SimObject:
    """A live object in its recorded place and state."""
    center = np.asarray(record.center, dtype=float)
    if record.obb is not None:
        center = np.asarray(record.obb, dtype=float).mean(0)
    euler = np.asarray(record.local_rotation, dtype=float)
    rotation = euler_matrix(euler)
    size = np.asarray(record.local_size, dtype=float)
    obj = SimObject(
        record=record,
        mesh=mesh,
        center=center,
        euler=euler,
        size=size,
        pivot=rotation.T @ (np.asarray(record.position, dtype=float) - center),
        metadata=initial_metadata(record),
    )
    obj.refresh()
    return obj


def _space_points(record: ObjectRecord, mesh: Mesh) -> list[tuple[int | None, np.ndarray]]:
    """Points in the space over a shelf's board, in which AI2-THOR sees a shelf too."""
    if record.object_type != "Shelf" or not mesh.surfaces:
        return []
    rows = []
    for surface in mesh.surfaces:
        high = min(surface.clearance, SHELF_SPACE)
        spread = np.array([(x, y, z) for x in _ACROSS for y in (0.4, 0.9) for z in _ACROSS])
        rows.append(np.asarray(surface.center) + spread * (surface.size[0], high, surface.size[1]))
    return [(None, np.concatenate(rows))]


@dataclass(frozen=True, eq=False)
class SeenPoints:
    """What is asked of every object at each step.

    Attributes:
        version: The ``draw_version`` of the world that it is of.
        objects: Every object, K of them.
        points: Points (N, 3) of all of them, one object's after the other's, metres.
        owners: Which object each point is of, (N,).
        begins: Where each object's points begin, (K,).
        low: Lowest corners of their boxes, (K, 3) metres.
        high: Highest corners of their boxes, (K, 3) metres.
        positions: Their positions in the metadata, (K, 3) metres.
    """

    version: int
    objects: list[SimObject]
    points: np.ndarray
    owners: np.ndarray
    begins: np.ndarray
    low: np.ndarray
    high: np.ndarray
    positions: np.ndarray


def seen_points(version: int, found: Iterable[SimObject]) -> SeenPoints:
    """The points of some objects, which have at least one each."""
    objects = list(found)
    counts = [len(t.world_points) for t in objects]
    return SeenPoints(
        version=version,
        objects=objects,
        points=np.concatenate([np.zeros((0, 3)), *(t.world_points for t in objects)]),
        owners=np.repeat(np.arange(len(objects)), counts),
        begins=np.cumsum([0, *counts])[:-1],
        low=np.array([t.low for t in objects]).reshape(-1, 3),
        high=np.array([t.high for t in objects]).reshape(-1, 3),
        positions=np.array([from_vector(t.metadata["position"]) for t in objects]).reshape(-1, 3),
    )
