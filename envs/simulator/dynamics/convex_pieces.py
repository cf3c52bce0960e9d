"""Convex shapes for moving bodies: a ball for round objects, hulls of the mesh for all others.

Most objects are one hull; furniture on legs is one hull for each piece that hangs together, so that
a chair's seat does not fill the space between its legs. Hulls keep few points: the farthest out in
a fixed set of directions.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from panda3d.bullet import BulletConvexHullShape, BulletShape, BulletSphereShape
from panda3d.core import Point3, TransformState

from envs.simulator.core.caching import for_life
from envs.simulator.meshes.joints import joint_pose
from envs.simulator.meshes.mesh import Mesh
from envs.simulator.world.objects import SimObject

MARGIN = 0.003
MAX_PIECES = 14
ROUND = frozenset(
    {"Apple", "Tomato", "Potato", "Egg", "Lettuce", "BasketBall", "SoccerBall", "TennisBall"}
)
_ROUNDEST = 1.25
_LEGGED = ("Chair", "Stool", "Table", "Desk", "Stand", "Shel", "Bed", "Cart", "Ottoman")


def _directions() -> np.ndarray:
    rows: list[tuple[float, float, float]] = []
    for k in range(48):
        # Fibonacci lattice: even over the sphere.
        y = 1 - 2 * (k + 0.5) / 48
        angle = k * np.pi * (3 - 5**0.5)
        r = (1 - y * y) ** 0.5
        rows.append((r * np.cos(angle), y, r * np.sin(angle)))
    rows += [(float(x), float(y), float(z)) for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]
    for side in (-1.0, 1.0):
        # Rims of feet and lids: nearly straight down and up.
        rows += [(0.08 * np.cos(a), side, 0.08 * np.sin(a)) for a in np.arange(12) * (np.pi / 6)]
    table = np.array(rows)
    return table / np.linalg.norm(table, axis=1, keepdims=True)


_DIRECTIONS = _directions()


@dataclass(frozen=True, eq=False)
class Piece:
    """A convex piece in the object frame: a ball if ``radius`` is set, else a hull of points."""

    points: np.ndarray
    radius: float | None = None


def outermost(points: np.ndarray) -> np.ndarray:
    """The few of (N, 3) points that span nearly the same hull."""
    chosen = np.unique(np.argmax(points @ _DIRECTIONS.T, axis=0))
    return points[chosen]


def _islands(vertices: np.ndarray, faces: np.ndarray) -> list[np.ndarray]:
    """The points of each set of faces that hang together, by place."""
    _, same = np.unique(np.round(vertices, 4), axis=0, return_inverse=True)
    same = same.reshape(-1)
    label = np.arange(int(same.max()) + 1)
    corners = same[faces]
    while True:
        low = label[corners].min(1)
        fresh = label.copy()
        for k in range(3):
            np.minimum.at(fresh, corners[:, k], low)
        fresh = fresh[fresh]
        if (fresh == label).all():
            break
        label = fresh
    owner = label[same]
    used = np.unique(faces)
    return [vertices[used[owner[used] == o]] for o in np.unique(owner[used])]


@for_life(keep=3)
def _pieces(mesh: Mesh, openness: float, whole: bool) -> tuple[Piece, ...]:
    found: list[np.ndarray] = []
    for part in mesh.parts:
        if not part.solid or not len(part.faces):
            continue
        vertices = part.vertices.astype(float)
        if part.joint is not None and openness > 0:
            turn, shift = joint_pose(mesh.joints[part.joint], openness)
            vertices = vertices @ turn.T + shift
        if whole:
            found.append(vertices[np.unique(part.faces)])
        else:
            found += _islands(vertices, part.faces)
    if not found:
        return ()
    if whole:
        return (Piece(outermost(np.concatenate(found))),)
    # The largest pieces say what touches what; the rest is trim.
    found.sort(key=lambda p: -float(np.prod(np.ptp(p, axis=0) + 0.01)))
    return tuple(Piece(outermost(p)) for p in found[:MAX_PIECES])


def pieces_of(obj: SimObject) -> tuple[Piece, ...]:
    """The convex pieces of an object as it is now, object frame, metres."""
    if obj.type in ROUND and float(obj.size.max() / obj.size.min()) < _ROUNDEST:
        return (Piece(np.zeros((1, 3)), float(obj.size.mean()) / 2),)
    whole = obj.is_("pickupable") or not any(word in obj.type for word in _LEGGED)
    found = _pieces(obj.mesh, round(obj.openness, 3), whole)
    if found:
        return found
    half = obj.size / 2
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) * half
    return (Piece(corners),)


def bullet_shape(
    piece: Piece, rotation: np.ndarray | None = None, shift: np.ndarray | None = None
) -> tuple[BulletShape, TransformState]:
    """A piece as Bullet's shape, shrunk by the margin that Bullet adds, and its local place."""
    if piece.radius is not None:
        at = np.zeros(3) if shift is None else shift
        place = TransformState.makePos(Point3(float(at[0]), float(at[2]), float(at[1])))
        return BulletSphereShape(max(piece.radius, MARGIN)), place
    points = piece.points
    if rotation is not None and shift is not None:
        points = points @ rotation.T + shift
    low, high = points.min(0), points.max(0)
    middle, half = (low + high) / 2, np.maximum((high - low) / 2, 1e-4)
    margin = min(MARGIN, 0.4 * float(half.min()))
    points = middle + (points - middle) * (1 - np.minimum(margin / half, 0.5))
    shape = BulletConvexHullShape()
    for x, y, z in points.tolist():
        shape.addPoint(Point3(x, z, y))
    shape.setMargin(margin)
    return shape, TransformState.makeIdentity()
