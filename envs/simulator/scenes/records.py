"""Typed records of a recorded room: what AI2-THOR 5.0.0 reports at start, and the free floor."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from envs.simulator.core.geometry import Triple
from envs.simulator.meshes.mesh import Mesh

Rectangle = tuple[float, float, float, float]


@dataclass(frozen=True)
class ObjectRecord:
    """One object as recorded.

    Attributes:
        position: AI2-THOR's pivot, metres.
        rotation: Recorded Unity Euler angles, degrees.
        center: Middle of the axis-aligned box, metres.
        size: Extent of the axis-aligned box, metres.
        local_size: Extent of the box in the object frame, metres.
        local_rotation: Euler angles of the object frame; its +z is the object's front.
        obb: Corners (8, 3) of the oriented box, bottom four first, or None.
        footprint: Rectangles (x0, z0, x1, z1) in the object frame that a top really covers.
    """

    object_id: str
    object_type: str
    name: str
    asset_id: str
    position: Triple
    rotation: Triple
    center: Triple
    size: Triple
    local_size: Triple
    local_rotation: Triple
    obb: tuple[Triple, ...] | None
    properties: dict[str, bool]
    states: dict[str, object]
    mass: float
    materials: tuple[str, ...] | None
    parents: tuple[str, ...]
    contents: tuple[str, ...] | None
    controlled: tuple[str, ...] | None
    footprint: tuple[Rectangle, ...] | None


@dataclass(frozen=True, eq=False)
class Fixture:
    """A part of the room that the metadata does not list: wall, ceiling, counter base.

    Attributes:
        key: Unique in the room, for example ``"Wall|0"``.
        object_type: Structure name, for example ``"Wall"``.
        center: Origin of its frame, metres.
        size: Extent in its frame, metres.
        yaw: Degrees.
        mesh: Its shape.
    """

    key: str
    object_type: str
    center: Triple
    size: Triple
    yaw: float
    mesh: Mesh


@dataclass(frozen=True, eq=False)
class SceneRecord:
    """One room.

    Attributes:
        name: AI2-THOR scene name without ``_physics``.
        reachable: (K, 2) x and z of the recorded grid positions, metres.
        floor_y: Height of the floor that agents stand on, metres.
        agent_start: x, y, z, yaw.
        openable_poses: A good pose (x, z, yaw, horizon) to open each receptacle, by id.
        bounds: Middle and extent of the room's box.
        stood: (N, 2) x and z of more places where AI2-THOR's agent was recorded to stand, metres.
    """

    name: str
    objects: tuple[ObjectRecord, ...]
    reachable: np.ndarray
    floor_y: float
    agent_start: tuple[float, float, float, float]
    openable_poses: dict[str, tuple[float, float, float, float]]
    bounds: tuple[Triple, Triple]
    stood: np.ndarray = field(default_factory=lambda: np.zeros((0, 2)))

    @property
    def walked(self) -> np.ndarray:
        """All places (K + N, 2) where the agent is known to fit; nothing inferred may be there."""
        return np.concatenate([self.reachable, self.stood])
