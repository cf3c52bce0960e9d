"""Mirrors that reflect: the room from behind the glass, drawn through it as through a window.

What a point of the glass shows to an eye is what the eye's mirror image sees through that point. So
the picture whose frame is the glass itself, taken from there, lies on the glass corner to corner.
One more, small picture is drawn for each mirror that is in view; depth and ids know nothing of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from panda3d import core

from envs.simulator.core.camera import Camera
from envs.simulator.rendering.batches import Batch
from envs.simulator.rendering.offscreen import View
from envs.simulator.rendering.panda_geometry import panda_texture

GLASS = "mirror"
"""The texture that marks a mirror's glass, and what it shows to whom it does not reflect."""
# Light that comes back.
_TINT = (0.88, 0.92, 0.93)
# Smaller ones show their plain glass, as a share of the picture.
_LEAST = 0.004
_MOST = 2
_NEAR, _FAR = 0.02, 30.0
_SIZES = (64, 128)
_FINE_SIZES = (128, 256, 512)
Place = Callable[[], tuple[np.ndarray, np.ndarray]]


@dataclass(frozen=True, eq=False)
class Pane:
    """The glass in the object frame, metres: its picture's lower left corner, edges and facing."""

    corner: np.ndarray
    across: np.ndarray
    up: np.ndarray
    normal: np.ndarray

    def placed(self, position: np.ndarray, rotation: np.ndarray) -> Pane:
        """The same in the world."""
        turned = (v @ rotation.T for v in (self.across, self.up, self.normal))
        return Pane(self.corner @ rotation.T + position, *turned)

    @property
    def corners(self) -> np.ndarray:
        """(4, 3)."""
        a, b = self.across, self.up
        return self.corner + np.array([a * 0, a, a + b, b])


def pane_of(batch: Batch) -> Pane | None:
    """The glass of a batch if it is a mirror's: its largest face and how the texture lies on it."""
    if batch.texture != GLASS or not len(batch.faces):
        return None
    points, uvs = batch.vertices.astype(float), batch.uvs.astype(float)
    a, b, c = (points[batch.faces[:, k]] for k in range(3))
    areas = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    facing = batch.normals[batch.faces].mean(1)
    # Of two faces as large, the one to the object's front.
    normal = facing[np.argmax(areas.round(9) + 1e-6 * facing[:, 2])].astype(float)
    flat = batch.normals @ normal > 0.99
    known = np.column_stack([np.ones(flat.sum()), uvs[flat]])
    (corner, across, up), *_ = np.linalg.lstsq(known, points[flat], rcond=None)
    if min(np.linalg.norm(across), np.linalg.norm(up)) < 1e-3:
        return None
    return Pane(corner, across, up, normal / np.linalg.norm(normal))


def extent(pane: Pane, camera: Camera, width: int, height: int) -> tuple[float, float]:
    """Pixels across and down that a pane covers at most; (0, 0) if it is not in view."""
    eye = np.asarray(camera.position, dtype=float)
    if camera.orthographic_size is not None or (eye - pane.corner) @ pane.normal < _NEAR:
        return 0.0, 0.0
    x, y, z = ((pane.corners - eye) @ camera.axes).T
    tall = camera.half_height
    wide = tall * width / height
    for side, reach in ((x, wide), (y, tall)):
        if (side > reach * z).all() or (-side > reach * z).all():
            return 0.0, 0.0
    if (z < 0.05).any():
        return float(width), float(height)
    u, v = np.clip(x / z / wide, -1, 1), np.clip(y / z / tall, -1, 1)
    return float(np.ptp(u) / 2 * width), float(np.ptp(v) / 2 * height)


class _Mirror:
    def __init__(self, pane: Pane, path: core.NodePath, place: Place, fine: bool) -> None:
        self.pane, self.path, self.place, self.fine = pane, path, place, fine
        self.picture = core.Texture("reflection")
        self.picture.setMinfilter(core.SamplerState.FTLinear)
        self.picture.setMagfilter(core.SamplerState.FTLinear)
        self.picture.setWrapU(core.SamplerState.WMClamp)
        self.picture.setWrapV(core.SamplerState.WMClamp)
        self.reflects = False


class Mirrors:
    """The mirrors of one scene graph."""

    def __init__(self, root: core.NodePath, pipe: str) -> None:
        self._root, self._pipe = root, pipe
        self._mirrors: dict[str, list[_Mirror]] = {}
        self._views: dict[tuple[int, int], View] = {}

    def add(
        self, key: str, batch: Batch, path: core.NodePath, place: Place, fine: bool = False
    ) -> None:
        """Notes a batch if it is a mirror's glass.

        Args:
            key: Its object's.
            batch: Its triangles.
            path: Its node.
            place: Tells where its object is.
            fine: Whether it reflects in more pixels.
        """
        pane = pane_of(batch)
        if pane is not None:
            self._mirrors.setdefault(key, []).append(_Mirror(pane, path, place, fine))

    def remove(self, key: str) -> None:
        """Forgets an object's mirrors."""
        self._mirrors.pop(key, None)

    def clear(self) -> None:
        """Forgets every mirror."""
        self._mirrors = {}

    def close(self) -> None:
        """Frees the buffers."""
        for view in self._views.values():
            view.close()
        self._views = {}

    def reflect(self, camera: Camera, width: int, height: int) -> int:
        """Draws what a camera sees in the largest mirrors in its view; how many that are."""
        seen: list[tuple[float, int, _Mirror, Pane, tuple[float, float]]] = []
        for mirror in (m for some in self._mirrors.values() for m in some):
            pane = mirror.pane.placed(*mirror.place())
            size = extent(pane, camera, width, height)
            covered = 0.0 if _hidden(mirror.path) else size[0] * size[1]
            if covered > _LEAST * width * height:
                seen.append((covered, len(seen), mirror, pane, size))
            elif mirror.reflects:
                mirror.path.setTexture(panda_texture(GLASS, mirror.fine))
                mirror.path.clearColorScale()
                mirror.reflects = False
        largest = sorted(seen, reverse=True, key=lambda s: s[:2])[:_MOST]
        for _, _, mirror, pane, size in largest:
            self._draw(mirror, pane, camera, size)
        return len(largest)

    def _draw(self, mirror: _Mirror, pane: Pane, camera: Camera, size: tuple) -> None:
        sizes = _FINE_SIZES if mirror.fine else _SIZES
        wide, tall = (next((s for s in sizes if s > 0.7 * n), sizes[-1]) for n in size)
        view = self._views.get((wide, tall))
        if view is None:
            view = View.of(self._root, wide, tall, self._pipe)
            self._views[wide, tall] = view
        eye = np.asarray(camera.position, dtype=float)
        away = float((eye - pane.corner) @ pane.normal)
        up = pane.up / np.linalg.norm(pane.up)
        # As a camera's axes are: right, up, ahead, of determinant 1.
        axes = np.column_stack([np.cross(up, pane.normal), up, pane.normal])
        place = eye - 2 * away * pane.normal
        x, y, _ = ((pane.corners - place) @ axes).T
        lens = core.PerspectiveLens()
        lens.setFocalLength(away)
        lens.setFilmSize(float(np.ptp(x)), float(np.ptp(y)))
        lens.setFilmOffset(float(x.min() + x.max()) / 2, float(y.min() + y.max()) / 2)
        lens.setNearFar(away + _NEAR, away + _FAR)
        shot = view.expose(axes, place, lens, camera.background)
        if float(axes[:, 0] @ pane.across) < 0:
            shot = shot[:, ::-1]
        self._show(mirror, shot)

    def _show(self, mirror: _Mirror, shot: np.ndarray) -> None:
        picture = mirror.picture
        tall, wide, channels = shot.shape
        kind = core.Texture.FRgba if channels == 4 else core.Texture.FRgb
        if (picture.getXSize(), picture.getYSize()) != (wide, tall):
            picture.setup2dTexture(wide, tall, core.Texture.TUnsignedByte, kind)
        pixels = np.array(shot[::-1])
        if channels == 4:
            pixels[..., 3] = 255
        picture.setRamImage(pixels.tobytes())
        mirror.path.setTexture(picture)
        mirror.path.setColorScale(*_TINT, 1)
        mirror.reflects = True


def _hidden(path: core.NodePath) -> bool:
    return path.isHidden() or not path.getHiddenAncestor().isEmpty()
