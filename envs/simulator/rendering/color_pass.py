"""RGB pictures of one scene graph: drawn larger where asked for, averaged, mirrors first."""

from __future__ import annotations

import numpy as np
from panda3d import core
from PIL import Image

from envs.simulator.core.camera import Camera
from envs.simulator.core.picture_size import samples_of
from envs.simulator.rendering.mirrors import Mirrors
from envs.simulator.rendering.offscreen import View

# How much larger smooth pictures are drawn.
_SMOOTH = 2


class ColorPass:
    """Draws the colours of a scene graph."""

    def __init__(self, root: core.NodePath, pipe: str) -> None:
        self._root, self._pipe = root, pipe
        self._views: dict[int, View] = {}

    def render(
        self, camera: Camera, width: int, height: int, samples: int, mirrors: Mirrors
    ) -> np.ndarray:
        """The picture (H, W, 3) uint8 of a camera, drawn ``samples`` times as wide and high."""
        scale = samples_of(width, height, max(samples, _SMOOTH if camera.smooth else 1))
        view = self._views.get(scale)
        if view is None:
            view = View.of(self._root, width * scale, height * scale, self._pipe)
            self._views[scale] = view
        mirrors.reflect(camera, width, height)
        shot = view.shoot(camera)
        if scale > 1:
            shot = _averaged(shot, scale)
        color = np.empty((height, width, 3), np.uint8)
        for channel in range(3):  # four times as fast as one copy of turned pixels
            color[..., channel] = shot[..., 2 - channel]
        return color

    def close(self) -> None:
        """Frees the buffers."""
        for view in self._views.values():
            view.close()
        self._views = {}


def _averaged(shot: np.ndarray, scale: int) -> np.ndarray:
    """Squares of so many pixels as one; (H, W, C) uint8."""
    mode = "RGBX" if shot.shape[2] == 4 else "RGB"
    size = (shot.shape[1], shot.shape[0])
    whole = Image.frombuffer(mode, size, np.ascontiguousarray(shot), "raw", mode, 0, 1)
    return np.asarray(whole.reduce(scale))
