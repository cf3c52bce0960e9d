"""Collision shapes of the world: exact rays against every object's triangles.

Bullet (through ``panda3d.bullet``) holds one body for an object's fixed parts and one for each of
its joints, so that open doors are hit where they are drawn. Queries are in AI2-THOR's axes.
Bodies that move by forces are in ``dynamics``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from panda3d.bullet import (
    BulletRigidBodyNode,
    BulletShape,
    BulletTriangleMesh,
    BulletTriangleMeshShape,
    BulletWorld,
)
from panda3d.core import (
    BitMask32,
    Geom,
    GeomTriangles,
    GeomVertexData,
    GeomVertexFormat,
    Mat4,
    NodePath,
    Point3,
    TransformState,
)

from envs.simulator.core.caching import for_life
from envs.simulator.meshes.joints import joint_pose, part_groups
from envs.simulator.meshes.mesh import Joint, Mesh, Part

_SWAP = np.array([[1, 0, 0], [0, 0, 1], [0, 1, 0]], dtype=float)
_ON = BitMask32.bit(0)
_OFF = BitMask32.allOff()


@dataclass(frozen=True)
class Hit:
    """What a ray met first: the object's key, the point (3,), the distance in metres.

    ``normal`` (3,) points out of the surface, of length 1.
    """

    key: str
    point: np.ndarray
    distance: float
    normal: np.ndarray


def _shape(parts: list[Part]) -> BulletTriangleMeshShape:
    corners = np.concatenate([part.vertices[part.faces.reshape(-1)] for part in parts])
    data = GeomVertexData("c", GeomVertexFormat.getV3(), Geom.UHStatic)
    data.uncleanSetNumRows(len(corners))
    swapped = np.ascontiguousarray(corners[:, [0, 2, 1]], dtype=np.float32)
    memoryview(data.modifyArray(0)).cast("B")[:] = swapped.tobytes()
    triangles = GeomTriangles(Geom.UHStatic)
    triangles.addConsecutiveVertices(0, len(corners))
    triangles.closePrimitive()
    geom = Geom(data)
    geom.addPrimitive(triangles)
    mesh = BulletTriangleMesh()
    mesh.addGeom(geom)
    return BulletTriangleMeshShape(mesh, dynamic=False)


@for_life()
def _shapes(mesh: Mesh) -> dict[int | None, BulletTriangleMeshShape]:
    return {joint: _shape(parts) for joint, parts in part_groups(mesh).items()}


def panda_transform(rotation: np.ndarray, translation: np.ndarray) -> TransformState:
    """Panda's transform of a rotation (3, 3) and translation (3,) in AI2-THOR's axes."""
    turned = _SWAP @ rotation @ _SWAP
    x, y, z = _SWAP @ translation
    rows = turned.T
    return TransformState.makeMat(
        Mat4(
            *map(float, rows[0]),
            0,
            *map(float, rows[1]),
            0,
            *map(float, rows[2]),
            0,
            float(x),
            float(y),
            float(z),
            1,
        )
    )


class CollisionWorld:
    """Every object's solid triangles, by key."""

    def __init__(self) -> None:
        self._world = BulletWorld()
        self._root = NodePath("collision")
        self._bodies: dict[str, list[tuple[Joint | None, BulletRigidBodyNode]]] = {}
        self._pose: dict[str, tuple[np.ndarray, np.ndarray, float]] = {}
        self._key_of: dict[str, str] = {}

    def add(
        self,
        key: str,
        mesh: Mesh,
        position: np.ndarray,
        rotation: np.ndarray,
        openness: float = 0.0,
    ) -> None:
        """Adds an object; ``position`` (3,) and ``rotation`` (3, 3) place its object frame."""
        bodies: list[tuple[Joint | None, BulletRigidBodyNode]] = []
        for index, shape in _shapes(mesh).items():
            name = f"{key}#{index}"
            node = BulletRigidBodyNode(name)
            node.addShape(shape)
            node.setIntoCollideMask(_ON)
            self._key_of[name] = key
            self._root.attachNewNode(node)
            self._world.attach(node)
            bodies.append((None if index is None else mesh.joints[index], node))
        self._bodies[key] = bodies
        self.move(key, position, rotation, openness)

    def move(
        self, key: str, position: np.ndarray, rotation: np.ndarray, openness: float = 0.0
    ) -> None:
        """Places an object's frame and its joints."""
        self._pose[key] = (position, rotation, openness)
        for joint, node in self._bodies[key]:
            turn, shift = (np.eye(3), np.zeros(3)) if joint is None else joint_pose(joint, openness)
            # Rays find a body where it was attached: a moved one is attached anew.
            self._world.remove(node)
            node.setTransform(panda_transform(rotation @ turn, rotation @ shift + position))
            self._world.attach(node)

    def set_solid(self, key: str, solid: bool) -> None:
        """Whether rays meet the object (a held object is passed)."""
        for _, node in self._bodies.get(key, ()):
            node.setIntoCollideMask(_ON if solid else _OFF)

    def is_solid(self, key: str) -> bool:
        """Whether rays meet the object now."""
        bodies = self._bodies.get(key, [])
        return not bodies or not bodies[0][1].getIntoCollideMask().isZero()

    def remove(self, key: str) -> None:
        """Forgets an object; unknown keys are ignored."""
        for _, node in self._bodies.pop(key, ()):
            self._world.remove(node)
            NodePath(node).removeNode()
            self._key_of.pop(node.getName(), None)
        self._pose.pop(key, None)

    def parts(self) -> Iterator[tuple[str, BulletShape, TransformState, bool]]:
        """Every solid part: its object's key, shape, place, and whether rays meet it now.

        Sorted by key, so that what is built from it does not depend on the order of changes.
        """
        for key in sorted(self._bodies):
            for _, node in self._bodies[key]:
                solid = not node.getIntoCollideMask().isZero()
                yield key, node.getShape(0), node.getTransform(), solid

    def first(
        self, origin: tuple[float, float, float], target: tuple[float, float, float]
    ) -> tuple[str, float] | None:
        """Id of the first object between two points and what share of the way it is, or None."""
        result = self._world.rayTestClosest(
            Point3(origin[0], origin[2], origin[1]), Point3(target[0], target[2], target[1]), _ON
        )
        if not result.hasHit():
            return None
        return self._key_of[result.getNode().getName()], result.getHitFraction()

    def ray(self, origin: np.ndarray, target: np.ndarray) -> Hit | None:
        """The first object between two points (3,), or None."""
        start = Point3(float(origin[0]), float(origin[2]), float(origin[1]))
        end = Point3(float(target[0]), float(target[2]), float(target[1]))
        result = self._world.rayTestClosest(start, end, _ON)
        if not result.hasHit():
            return None
        at = result.getHitPos()
        point = np.array([at[0], at[2], at[1]])
        normal = result.getHitNormal()
        return Hit(
            self._key_of[result.getNode().getName()],
            point,
            float(np.linalg.norm(point - origin)),
            np.array([normal[0], normal[2], normal[1]]),
        )
