"""Whether two frames show the same view, told so that a noisy camera does not matter.

A frame is reduced to 32 x 32 cell means of its grey; two frames are alike where no cell differs by
more than a few levels. Noise averages out within a cell, while an object of a dozen pixels that
came or went does not.
"""

from __future__ import annotations

import numpy as np

SIDE = 32
# Grey levels of 255. Gaussian noise of 25 levels a channel moves no cell of 300 x 300 so far.
TOLERANCE = 10.0
# Of red, green and blue in grey, as the eye weighs them.
LUMA = np.array([0.299, 0.587, 0.114], np.float32)


def signature(frame: np.ndarray) -> np.ndarray:
    """Cell means (32, 32) float32 of a frame's (H, W, 3) uint8 grey; smaller frames keep theirs."""
    grey = frame.astype(np.float32) @ LUMA
    for axis in (0, 1):
        size = grey.shape[axis]
        if size > SIDE:
            edges = np.arange(SIDE) * size // SIDE
            counts = np.diff(np.append(edges, size)).astype(np.float32)
            shape = (-1, 1) if axis == 0 else (1, -1)
            grey = np.add.reduceat(grey, edges, axis) / counts.reshape(shape)
    return grey


def alike(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two frames (H, W, 3) uint8 show the same view."""
    return one.shape == other.shape and near(signature(one), signature(other))


def near(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two signatures are of the same view."""
    return one.shape == other.shape and float(np.abs(one - other).max()) <= TOLERANCE


class FamiliarViews:
    """The views of an episode by name: views that look alike have the same one."""

    def __init__(self) -> None:
        self._known: list[np.ndarray] = []

    def name_of(self, frame: np.ndarray) -> str:
        """The name of a frame's view; one that is not known yet is remembered.

        Args:
            frame: (H, W, 3) uint8.
        """
        seen = signature(frame)
        for number, known in enumerate(self._known):
            if near(known, seen):
                return f"view {number}"
        self._known.append(seen)
        return f"view {len(self._known) - 1}"

    def copied(self) -> FamiliarViews:
        """One that knows the same views, and learns new ones by itself."""
        other = FamiliarViews()
        other._known = list(self._known)
        return other
