"""Soft shadows without rays: how much open space a point sees, from boxes alone.

Points near the floor's edge, under wall cupboards, and close above large boxes get less light.
It is an estimate for the eye, not a measurement.
"""

from __future__ import annotations

import numpy as np

_NO_CASTERS = frozenset(
    {
        "Ceiling",
        "Window",
        "Blinds",
        "Curtains",
        "LightSwitch",
        "Floor",
        "StoveKnob",
        "Backsplash",
        "Mirror",
        "Painting",
    }
)
_HUGE = 6.0
# How far shade reaches beyond what casts it, metres. Corners that carry it are as far apart: a
# sharper edge would show as smears between them.
_FADE = 0.3


class Occlusion:
    """Casters are the boxes of everything but flat structure.

    Args:
        boxes: (type, low (3,), high (3,)) of every drawn object that stays, world metres.
    """

    def __init__(self, boxes: list[tuple[str, np.ndarray, np.ndarray]]) -> None:
        kept = [
            (low, high)
            for object_type, low, high in boxes
            if object_type not in _NO_CASTERS and (high - low).max() < _HUGE
        ]
        self._low = np.array([low for low, _ in kept]).reshape(-1, 3)
        self._high = np.array([high for _, high in kept]).reshape(-1, 3)

    def at(self, points: np.ndarray, normals: np.ndarray) -> np.ndarray:
        """Light left (N,), 0..1, at world points (N, 3) of surfaces with normals (N, 3)."""
        light = np.ones(len(points))
        # A little darker towards the floor, where bounced light is scarce.
        light -= (
            0.10 * np.exp(-np.clip(points[:, 1], 0, None) / 0.35) * (np.abs(normals[:, 1]) < 0.5)
        )
        upward = normals[:, 1] > 0.5
        if not len(self._low) or not upward.any():
            return light
        up = points[upward]
        span = self._high - self._low
        wide = np.clip(np.minimum(span[:, 0], span[:, 2]), 0.03, 0.6)
        gap = np.maximum(self._low[None] - up[:, None], up[:, None] - self._high[None])
        flat = np.hypot(*np.clip(gap[..., [0, 2]], 0, None).transpose(2, 0, 1))
        above = self._low[None, :, 1] - up[:, None, 1]
        touches = np.abs(above) < 0.04
        # Beside an object that stands on the same level: its contact shadow.
        near = np.where(touches, np.exp(-flat / np.clip(0.5 * wide, 0.1, _FADE)), 0.0)
        # Below an object: less sky the closer and the larger it is.
        cover = np.clip(1 - flat / _FADE, 0, 1) * np.clip(1 - above / (0.3 + wide), 0, 1)
        under = np.where((above > 0.04) & (above < 1.2), 0.34 * cover, 0.0)
        light[upward] *= (1.0 - 0.33 * near.max(1)) * (1.0 - under.max(1))
        return light
