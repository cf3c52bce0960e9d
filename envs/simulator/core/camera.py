"""Cameras and what they return."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from envs.simulator.core.geometry import euler_matrix


@dataclass(frozen=True)
class Camera:
    """A pinhole camera in AI2-THOR's axes.

    Attributes:
        position: Metres.
        yaw: Degrees, clockwise from above.
        pitch: Degrees, down positive.
        fov: Vertical field of view, degrees.
        near: Metres.
        far: Metres.
        roll: Degrees.
        orthographic_size: Half the height of the view in metres, or None for perspective.
        background: Colour where nothing is, 0 to 1; None for black.
        smooth: Whether colours are drawn at least twice as large and averaged.
    """

    position: tuple[float, float, float]
    yaw: float
    pitch: float
    fov: float = 90.0
    near: float = 0.01
    far: float = 20.0
    roll: float = 0.0
    orthographic_size: float | None = None
    background: tuple[float, float, float] | None = None
    smooth: bool = False

    @property
    def axes(self) -> np.ndarray:
        """Columns right, up, forward, (3, 3)."""
        return euler_matrix((self.pitch, self.yaw, self.roll))

    @property
    def half_height(self) -> float:
        """Half the view's height, as a tangent or, in an orthographic view, in metres."""
        if self.orthographic_size is not None:
            return self.orthographic_size
        return math.tan(math.radians(self.fov) / 2)

    def coordinates(self, width: int, height: int) -> tuple[np.ndarray, np.ndarray]:
        """Image coordinates of the pixel centres, (W,) to the right and (H,) up.

        In a perspective view they are tangents, in an orthographic one metres.
        """
        half = self.half_height
        u = ((np.arange(width) + 0.5) / width * 2 - 1) * half * width / height
        v = (1 - (np.arange(height) + 0.5) / height * 2) * half
        return u, v

    def rays(self, width: int, height: int) -> np.ndarray:
        """(H, W, 3) rays through the pixel centres, of unit forward component (perspective)."""
        u, v = self.coordinates(width, height)
        right, up, forward = self.axes.T
        return u[None, :, None] * right + v[:, None, None] * up + forward


@dataclass(frozen=True)
class Frame:
    """Images of one view, row 0 on top; what was not asked for is None.

    Attributes:
        rgb: (H, W, 3) uint8.
        depth: (H, W) float32 metres along the optical axis; the far distance where nothing is.
        ids: (H, W) int32 index into ``Renderer.keys``; -1 for nothing.
        normals: (H, W, 3) float32, world axes.
    """

    rgb: np.ndarray | None = None
    depth: np.ndarray | None = None
    ids: np.ndarray | None = None
    normals: np.ndarray | None = None

    def image(self, name: str) -> np.ndarray:
        """The image of that name, for who has asked for it.

        Raises:
            ValueError: If it was not rendered.
        """
        found = getattr(self, name, None)
        if not isinstance(found, np.ndarray):
            raise ValueError(f"The frame has no {name!r}: ask render() for {name}=True.")
        return found
