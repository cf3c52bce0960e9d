"""The pass whose colours name planes; of a plane follow object, depth and normal.

Triangles of one batch that lie in one plane share a name, and so their corners: less to transform.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from panda3d import core

from envs.simulator.core.caching import for_life
from envs.simulator.core.camera import Camera
from envs.simulator.meshes.mesh import holds
from envs.simulator.rendering.batches import Batch
from envs.simulator.rendering.offscreen import View, matrix, swapped

# The software rasteriser puts corners on whole pixels: finer ones make truer edges.
_FINE = 2
# Names are shared by planes nearer than a twentieth of a millimetre, corners by a hundredth.
_SAME_PLANE, _SAME_POINT = 2e4, 1e5


@dataclass(frozen=True, eq=False)
class _Planes:
    """A batch as corners that know their plane.

    Attributes:
        corners: (V, 3) float32, Panda's axes.
        plane_of: (V,) index of the corner's plane.
        faces: (M, 3) uint32 into the corners.
        kept: (M,) which of the batch's faces these are; those of no area are left out.
        normals: (P, 3) of the planes, object frame.
        offsets: (P,) of the planes: normal times any point.
    """

    corners: np.ndarray
    plane_of: np.ndarray
    faces: np.ndarray
    kept: np.ndarray
    normals: np.ndarray
    offsets: np.ndarray


@for_life()
def _planes(batch: Batch) -> _Planes:
    """The planes of a batch; triangles that differ by less than depth's exactness share one."""
    points = batch.vertices[batch.faces].astype(np.float64)
    # Winding is clockwise from outside, hence the order of the edges.
    normals = np.cross(points[:, 2] - points[:, 0], points[:, 1] - points[:, 0])
    length = np.linalg.norm(normals, axis=1)
    flat = length > 1e-12
    points, faces, normals = points[flat], batch.faces[flat], normals[flat] / length[flat, None]
    offsets = (normals * points[:, 0]).sum(1)
    exact = np.concatenate([normals, offsets[:, None]], axis=1)
    _, first, plane = _same(np.round(exact * _SAME_PLANE).astype(np.int64))
    _, spot, welded = _same(np.round(batch.vertices * _SAME_POINT).astype(np.int64))
    pairs = plane[:, None] * len(spot) + welded[faces]
    names, faces = np.unique(pairs.ravel(), return_inverse=True)
    return _Planes(
        swapped(batch.vertices[spot[names % max(len(spot), 1)]]),
        (names // max(len(spot), 1)).astype(np.int32),
        faces.reshape(-1, 3).astype(np.uint32),
        np.flatnonzero(flat),
        normals[first],
        offsets[first],
    )


def _same(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Unique rows of integers, where each first is, and each row's number among them."""
    if not len(rows):
        empty = np.zeros(0, np.int64)
        return rows, empty, empty
    low = rows.min(0)
    spans = (rows.max(0) - low + 1).astype(np.float64)
    if spans.prod() < 2**62:
        keys = np.ravel_multi_index(tuple((rows - low).T), tuple(int(v) for v in spans))
        _, first, inverse = np.unique(keys, return_index=True, return_inverse=True)
    else:
        _, first, inverse = np.unique(rows, axis=0, return_index=True, return_inverse=True)
    return rows[first], first, inverse.ravel()


class _Piece:
    """One batch: its node, and its rows in the plane tables."""

    def __init__(self, batch: Batch, planes: _Planes, node: core.NodePath, first: int) -> None:
        self.joint, self.when, self.node, self.first = batch.joint, batch.when, node, first
        self.batch, self.planes = batch, planes

    @property
    def rows(self) -> slice:
        return slice(self.first, self.first + len(self.planes.offsets))


class _Object:
    def __init__(self, node: core.NodePath) -> None:
        self.node = node
        self.joints: dict[int, core.NodePath] = {}
        self.joint_poses: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self.pieces: list[_Piece] = []
        self.position = np.zeros(3)
        self.rotation = np.eye(3)


def _colors(names: np.ndarray) -> np.ndarray:
    """Packed vertex colours, red first in memory, of names; red is the name's highest byte."""
    return (
        (names >> 16 & 255) | (names & 0xFF00) | ((names & 255) << 16) | np.int64(0xFF000000)
    ).astype(np.uint32)


class IdPass:
    """Mirrors the drawn objects in flat colours."""

    def __init__(self, pipe: str = "software") -> None:
        self._pipe = pipe
        self._root = core.NodePath("ids")
        self._root.setLightOff()
        self._root.setTextureOff(1)
        self._root.setAttrib(core.ShadeModelAttrib.make(core.ShadeModelAttrib.MFlat))
        self._views: dict[tuple[int, int], View] = {}
        self.clear()

    def clear(self) -> None:
        """Forgets every object."""
        for obj in getattr(self, "_objects", {}).values():
            obj.node.removeNode()
        self._objects: dict[str, _Object] = {}
        self._count = 0
        self._owner = np.full(1024, -1, np.int32)
        self._normal = np.zeros((1024, 3))
        self._offset = np.zeros(1024)
        self._stale: set[str] = set()

    def _reserve(self, count: int) -> int:
        first = self._count
        self._count += count
        while self._count > len(self._owner):
            grow = len(self._owner)
            self._owner = np.concatenate([self._owner, np.full(grow, -1, np.int32)])
            self._normal = np.concatenate([self._normal, np.zeros((grow, 3))])
            self._offset = np.concatenate([self._offset, np.zeros(grow)])
        return first

    def add(self, key: str, index: int, made: Sequence[Batch]) -> None:
        """Adds an object's batches under its index."""
        obj = _Object(self._root.attachNewNode(key))
        self._objects[key] = obj
        for batch in made:
            planes = _planes(batch)
            first = self._reserve(len(planes.offsets))
            self._owner[first : first + len(planes.offsets)] = index
            count = len(planes.corners)
            data = core.GeomVertexData("i", core.GeomVertexFormat.getV3c4(), core.Geom.UHStatic)
            data.uncleanSetNumRows(count)
            rows = np.empty(count, dtype=[("v", "<f4", 3), ("c", "<u4")])
            rows["v"] = planes.corners
            rows["c"] = _colors(planes.plane_of + first + 1)
            memoryview(data.modifyArray(0)).cast("B")[:] = rows.tobytes()
            triangles = core.GeomTriangles(core.Geom.UHStatic)
            triangles.setIndexType(core.Geom.NTUint32)
            indices = triangles.modifyVertices()
            indices.uncleanSetNumRows(planes.faces.size)
            memoryview(indices).cast("B")[:] = planes.faces.tobytes()
            geom = core.Geom(data)
            geom.addPrimitive(triangles)
            node = core.GeomNode("batch")
            node.addGeom(geom)
            parent = obj.node
            if batch.joint is not None:
                if batch.joint not in obj.joints:
                    obj.joints[batch.joint] = obj.node.attachNewNode("joint")
                    obj.joint_poses[batch.joint] = (np.eye(3), np.zeros(3))
                parent = obj.joints[batch.joint]
            obj.pieces.append(_Piece(batch, planes, parent.attachNewNode(node), first))
        self._stale.add(key)

    def move(self, key: str, position: np.ndarray, rotation: np.ndarray) -> None:
        """Places an object."""
        obj = self._objects[key]
        obj.position, obj.rotation = position, rotation
        obj.node.setMat(matrix(rotation, position))
        self._stale.add(key)

    def set_joint(self, key: str, joint: int, turn: np.ndarray, shift: np.ndarray) -> None:
        """Places a joint."""
        obj = self._objects[key]
        if joint in obj.joints:
            obj.joints[joint].setMat(matrix(turn, shift))
            obj.joint_poses[joint] = (turn, shift)
            self._stale.add(key)

    def set_flags(self, key: str, flags: frozenset[str]) -> None:
        """Shows the batches whose state flag holds."""
        for piece in self._objects[key].pieces:
            if piece.when is not None:
                if holds(piece.when, flags):
                    piece.node.show()
                else:
                    piece.node.hide()

    def set_visible(self, key: str, on: bool) -> None:
        """Shows or hides an object."""
        if on:
            self._objects[key].node.show()
        else:
            self._objects[key].node.hide()

    def remove(self, key: str) -> None:
        """Forgets an object; its names are not used again."""
        self._objects.pop(key).node.removeNode()
        self._stale.discard(key)

    def _refresh(self) -> None:
        """Recomputes the world planes of what moved."""
        for key in self._stale:
            obj = self._objects[key]
            for piece in obj.pieces:
                normals, offsets = piece.planes.normals, piece.planes.offsets
                if piece.joint is not None:
                    turn, shift = obj.joint_poses[piece.joint]
                    normals = normals @ turn.T
                    offsets = offsets + normals @ shift
                normals = normals @ obj.rotation.T
                self._normal[piece.rows] = normals
                self._offset[piece.rows] = offsets + normals @ obj.position
        self._stale.clear()

    def names(self, camera: Camera, width: int, height: int) -> np.ndarray:
        """The name (H, W) of the plane each pixel shows, 0 for nothing."""
        fine = 1 if self._pipe == "egl" else _FINE
        view = self._views.get((width, height))
        if view is None:
            view = View.of(self._root, width * fine, height * fine, self._pipe)
            self._views[width, height] = view
        # Of each square of fine pixels the first is read, sampled in the square's middle.
        shot = view.shoot(replace(camera, background=None), sample=fine / 2)
        code = shot.view("<u4")[::fine, ::fine, 0] & 0xFFFFFF
        code[code > self._count] = 0
        return code

    def render(
        self, camera: Camera, width: int, height: int, *, depth: bool, normals: bool
    ) -> tuple[np.ndarray | None, np.ndarray, np.ndarray | None]:
        """Depth (H, W) or None, object index (H, W), normals (H, W, 3) or None."""
        code = self.names(camera, width, height)
        self._refresh()
        # Row 0 of the tables below is nothing; a plane's row is its code.
        count = self._count
        owner = np.concatenate([[-1], self._owner[:count]]).astype(np.int32)
        index = owner[code]
        far = self._depth(camera, width, height, code) if depth else None
        facing = None
        if normals:
            table = np.concatenate([np.zeros((1, 3)), self._normal[:count]]).astype(np.float32)
            facing = table[code]
        return far, index, facing

    def _depth(self, camera: Camera, width: int, height: int, code: np.ndarray) -> np.ndarray:
        """Metres along the optical axis (H, W), from each pixel's plane.

        Along the ray of image coordinates (u, v), a plane is met at ``1 / (p u + q v + r)`` in a
        perspective view and at ``p u + q v + r`` in an orthographic one, where p, q and r belong
        to the plane: three numbers a plane replace three vectors a pixel.
        """
        count = self._count
        across, up, ahead = (self._normal[:count] @ camera.axes).T
        away = self._offset[:count] - self._normal[:count] @ np.asarray(camera.position)
        u, v = camera.coordinates(width, height)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            if camera.orthographic_size is None:
                planes = (across / away, up / away, ahead / away)
            else:
                planes = (-across / ahead, -up / ahead, away / ahead)
            p, q, r = (np.concatenate([[0.0], plane])[code] for plane in planes)
            p *= u[None, :]
            q *= v[:, None]
            p += q
            p += r
            far = p if camera.orthographic_size is not None else np.divide(1.0, p, out=p)
        far[(code == 0) | ~np.isfinite(far)] = camera.far
        return np.clip(far, 0.0, camera.far).astype(np.float32)

    def node_of(self, key: str) -> core.NodePath:
        """The node under which an object's flat colours are drawn."""
        return self._objects[key].node

    def triangles(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What is drawn now: world corners (M, 3, 3), each one's plane's name (M,), owner (M,)."""
        corners, names = [np.zeros((0, 3, 3))], [np.zeros(0, np.int64)]
        for obj in self._objects.values():
            for piece in obj.pieces:
                if piece.node.isHidden():
                    continue
                points = piece.batch.vertices.astype(np.float64)
                if piece.joint is not None:
                    turn, shift = obj.joint_poses[piece.joint]
                    points = points @ turn.T + shift
                points = points @ obj.rotation.T + obj.position
                planes = piece.planes
                corners.append(points[piece.batch.faces[planes.kept]])
                names.append(planes.plane_of[planes.faces[:, 0]] + piece.first + 1)
        every = np.concatenate(names)
        return np.concatenate(corners), every, self._owner[every - 1]

    def close(self) -> None:
        """Frees the buffers."""
        for view in self._views.values():
            view.close()
        self._views = {}
