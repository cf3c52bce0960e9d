"""From a camera frame to the pixels the default policy sees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from envs.simulator.system.syslibs import opencv

if TYPE_CHECKING:
    from torch import Tensor

# Pixels along one side: nearly a 300 x 300 frame, whose loose objects are too small for less.
FRAME_SIZE = 288


def shrink(frame: np.ndarray, size: int = FRAME_SIZE) -> np.ndarray:
    """A frame (H, W, 3) uint8 at the policy's size, (size, size, 3) uint8, area-averaged.

    Raises:
        ValueError: If it is no such frame.
    """
    cv2 = opencv()
    frame = np.asarray(frame)
    if frame.ndim != 3 or frame.shape[2] != 3 or frame.dtype != np.uint8 or not frame.size:
        raise ValueError(f"A frame is an (H, W, 3) uint8 array, not {frame.shape} {frame.dtype}.")
    if frame.shape[:2] == (size, size):
        return np.ascontiguousarray(frame)
    return cv2.resize(np.ascontiguousarray(frame), (size, size), interpolation=cv2.INTER_AREA)


def to_pixels(frames: Tensor) -> Tensor:
    """(B, S, S, 3) uint8 to (B, 3, S, S) float32 in [-1, 1]."""
    import torch

    return (frames.permute(0, 3, 1, 2).float() / 127.5 - 1.0).contiguous(
        memory_format=torch.channels_last
    )
