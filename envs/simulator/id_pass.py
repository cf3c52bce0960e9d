"""The pass whose colours name triangles; of a triangle follow object, depth and normal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from panda3d import core

from envs.simulator.batches import Batch
from envs.simulator.camera import Camera
from envs.simulator.meshes.mesh import holds

if TYPE_CHECKING:
    from envs.simulator.renderer import View


class _Piece:
    """One batch: its node, its rows in the triangle tables, and its corners (M, 3, 3)."""

    def __init__(self, batch: Batch, node: core.NodePath, first: int) -> None:
        self.joint, self.when, self.node, self.first = batch.joint, batch.when, node, first
        self.corners = batch.vertices[batch.faces].astype(np.float64)

    @property
    def rows(self) -> slice:
        return slice(self.first, self.first + len(self.corners))


class _Object:
    def __init__(self, node: core.NodePath) -> None:
        self.node = node
        self.joints: dict[int, core.NodePath] = {}
        self.joint_poses: dict[int, tuple[np.ndarray, np.ndarray]] = {}
        self.pieces: list[_Piece] = []
        self.position = np.zeros(3)
        self.rotation = np.eye(3)


class IdPass:
    """Mirrors the drawn objects as flat-coloured triangles."""

    def __init__(self) -> None:
        self._root = core.NodePath("ids")
        self._root.setLightOff()
        self._root.setTextureOff(1)
        self._root.setAttrib(core.ShadeModelAttrib.make(core.ShadeModelAttrib.MFlat))
        self._view: View | None = None
        self.clear()

    def clear(self) -> None:
        """Forgets every object."""
        for thing in getattr(self, "_objects", {}).values():
            thing.node.removeNode()
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

    def add(self, key: str, index: int, made: list[Batch]) -> None:
        """Adds an object's batches under its index."""
        from envs.simulator.renderer import swapped

        thing = _Object(self._root.attachNewNode(key))
        self._objects[key] = thing
        for batch in made:
            count = len(batch.faces)
            first = self._reserve(count)
            self._owner[first : first + count] = index
            data = core.GeomVertexData("i", core.GeomVertexFormat.getV3c4(), core.Geom.UHStatic)
            data.uncleanSetNumRows(count * 3)
            rows = np.zeros(count * 3, dtype=[("v", "<f4", 3), ("c", "u1", 4)])
            rows["v"] = swapped(batch.vertices[batch.faces.reshape(-1)])
            names = np.arange(first + 1, first + count + 1, dtype=np.uint32).repeat(3)
            rows["c"] = np.stack(
                [names >> 16 & 255, names >> 8 & 255, names & 255, np.full_like(names, 255)], 1
            )
            memoryview(data.modifyArray(0)).cast("B")[:] = rows.tobytes()
            triangles = core.GeomTriangles(core.Geom.UHStatic)
            triangles.addConsecutiveVertices(0, count * 3)
            triangles.closePrimitive()
            geom = core.Geom(data)
            geom.addPrimitive(triangles)
            node = core.GeomNode("batch")
            node.addGeom(geom)
            parent = thing.node
            if batch.joint is not None:
                if batch.joint not in thing.joints:
                    thing.joints[batch.joint] = thing.node.attachNewNode("joint")
                    thing.joint_poses[batch.joint] = (np.eye(3), np.zeros(3))
                parent = thing.joints[batch.joint]
            thing.pieces.append(_Piece(batch, parent.attachNewNode(node), first))
        self._stale.add(key)

    def move(self, key: str, position: np.ndarray, rotation: np.ndarray) -> None:
        """Places an object."""
        from envs.simulator.renderer import matrix

        thing = self._objects[key]
        thing.position, thing.rotation = position, rotation
        thing.node.setMat(matrix(rotation, position))
        self._stale.add(key)

    def set_joint(self, key: str, joint: int, turn: np.ndarray, shift: np.ndarray) -> None:
        """Places a joint."""
        from envs.simulator.renderer import matrix

        thing = self._objects[key]
        if joint in thing.joints:
            thing.joints[joint].setMat(matrix(turn, shift))
            thing.joint_poses[joint] = (turn, shift)
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
        """Forgets an object; its triangle names are not used again."""
        self._objects.pop(key).node.removeNode()
        self._stale.discard(key)

    def _refresh(self) -> None:
        """Recomputes the world planes of what moved."""
        for key in self._stale:
            thing = self._objects[key]
            for piece in thing.pieces:
                corners = piece.corners
                if piece.joint is not None:
                    turn, shift = thing.joint_poses[piece.joint]
                    corners = corners @ turn.T + shift
                corners = corners @ thing.rotation.T + thing.position
                # Winding is clockwise from outside, hence the order of the edges.
                normal = np.cross(corners[:, 2] - corners[:, 0], corners[:, 1] - corners[:, 0])
                length = np.linalg.norm(normal, axis=1, keepdims=True)
                normal = normal / np.maximum(length, 1e-12)
                self._normal[piece.rows] = normal
                self._offset[piece.rows] = (normal * corners[:, 0]).sum(1)
        self._stale.clear()

    def render(
        self, camera: Camera, width: int, height: int, *, depth: bool, normals: bool
    ) -> tuple[np.ndarray | None, np.ndarray, np.ndarray | None]:
        """Depth (H, W) or None, object index (H, W), normals (H, W, 3) or None."""
        from envs.simulator.renderer import View

        if self._view is None:
            self._view = View(self._root, width, height)
        self._refresh()
        shot = self._view.shoot(replace(camera, background=None))
        code = shot.view("<u4")[..., 0] & 0xFFFFFF
        # Row 0 of the tables below is nothing; a triangle's row is its code.
        count = self._count
        code[code > count] = 0
        owner = np.concatenate([[-1], self._owner[:count]]).astype(np.int32)
        index = owner[code]
        far = self._depth(camera, width, height, code) if depth else None
        facing = None
        if normals:
            table = np.concatenate([np.zeros((1, 3)), self._normal[:count]]).astype(np.float32)
            facing = table[code]
        return far, index, facing

    def _depth(self, camera: Camera, width: int, height: int, code: np.ndarray) -> np.ndarray:
        """Metres along the optical axis (H, W), from each pixel's triangle's plane.

        Along the ray of image coordinates (u, v), a plane is met at ``1 / (p u + q v + r)`` in a
        perspective view and at ``p u + q v + r`` in an orthographic one, where p, q and r belong
        to the triangle: three numbers a triangle replace three vectors a pixel.
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

    def close(self) -> None:
        """Frees the buffer."""
        if self._view is not None:
            self._view.close()
            self._view = None
