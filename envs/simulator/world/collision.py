"""Collision shapes of the world: exact rays against every object's triangles.

Bullet (through ``panda3d.bullet``) holds one body for an object's fixed parts and one for each of
its joints, so that open doors are hit where they are drawn, and one for what is drawn in some
states only, so that a tidy bed is not hit where it would be rumpled. Queries are in AI2-THOR's
axes. Bodies that move by forces are in ``dynamics``.
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
from envs.simulator.meshes.mesh import Joint, Mesh, Part, holds

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


@dataclass(frozen=True)
class _Piece:
    """A shape, the joint it moves with and the states it is there in, as ``Part`` says them."""

    shape: BulletTriangleMeshShape
    joint: Joint | None
    when: str | None


@for_life()
def _pieces(mesh: Mesh) -> tuple[_Piece, ...]:
    found = []
    for index, parts in part_groups(mesh).items():
        joint = None if index is None else mesh.joints[index]
        # What is always there comes first.
        for when in sorted({part.when for part in parts}, key=lambda w: w or ""):
            shape = _shape([part for part in parts if part.when == when])
            found.append(_Piece(shape, joint, when))
    return tuple(found)


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
        self._bodies: dict[str, list[tuple[_Piece, BulletRigidBodyNode]]] = {}
        self._key_of: dict[str, str] = {}
        self._passed: set[str] = set()
        self._flags: dict[str, frozenset[str]] = {}

    def add(
        self,
        key: str,
        mesh: Mesh,
        position: np.ndarray,
        rotation: np.ndarray,
        openness: float = 0.0,
        flags: frozenset[str] = frozenset(),
    ) -> None:
        """Adds an object; ``position`` (3,) and ``rotation`` (3, 3) place its object frame.

        Args:
            key: Its name here.
            mesh: Its shape.
            position: Metres.
            rotation: Object to world.
            openness: Where its joints are.
            flags: Its true states, which say which parts are there.
        """
        bodies: list[tuple[_Piece, BulletRigidBodyNode]] = []
        for index, piece in enumerate(_pieces(mesh)):
            name = f"{key}#{index}"
            node = BulletRigidBodyNode(name)
            node.addShape(piece.shape)
            self._key_of[name] = key
            self._root.attachNewNode(node)
            self._world.attach(node)
            bodies.append((piece, node))
        self._bodies[key] = bodies
        self._flags[key] = flags
        self._mask(key)
        self.move(key, position, rotation, openness, flags)

    def move(
        self,
        key: str,
        position: np.ndarray,
        rotation: np.ndarray,
        openness: float = 0.0,
        flags: frozenset[str] | None = None,
    ) -> None:
        """Places an object's frame and its joints; ``flags`` of None leave its states."""
        for piece, node in self._bodies[key]:
            place = rotation, position
            if piece.joint is not None:
                turn, shift = joint_pose(piece.joint, openness)
                place = rotation @ turn, rotation @ shift + position
            # Rays find a body where it was attached: a moved one is attached anew.
            self._world.remove(node)
            node.setTransform(panda_transform(*place))
            self._world.attach(node)
        if flags is not None and flags != self._flags[key]:
            self._flags[key] = flags
            self._mask(key)

    def _mask(self, key: str) -> None:
        """Lets rays meet the parts that are there, of what is not passed."""
        flags, solid = self._flags[key], key not in self._passed
        for piece, node in self._bodies[key]:
            there = solid and (piece.when is None or holds(piece.when, flags))
            node.setIntoCollideMask(_ON if there else _OFF)

    def set_solid(self, key: str, solid: bool) -> None:
        """Whether rays meet the object (a held object is passed)."""
        if key in self._bodies and solid == (key in self._passed):
            (self._passed.discard if solid else self._passed.add)(key)
            self._mask(key)

    def is_solid(self, key: str) -> bool:
        """Whether rays meet the object now."""
        return key not in self._passed

    def remove(self, key: str) -> None:
        """Forgets an object; unknown keys are ignored."""
        for _, node in self._bodies.pop(key, ()):
            self._world.remove(node)
            NodePath(node).removeNode()
            self._key_of.pop(node.getName(), None)
        self._passed.discard(key)
        self._flags.pop(key, None)

    def parts(self) -> Iterator[tuple[str, BulletShape, TransformState, bool]]:
        """Every solid part: its object's key, shape, place, and whether rays meet it now.

        Sorted by key, so that what is built from it does not depend on the order of changes.
        """
        for key in sorted(self._bodies):
            for piece, node in self._bodies[key]:
                solid = not node.getIntoCollideMask().isZero()
                yield key, piece.shape, node.getTransform(), solid

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
