"""A second look at a place in a frame that holds more pixels than the network takes in.

The whole frame is shrunk to the network's input, and what is small in it is hard to tell. A part of
it, cut out at full resolution around where a thing was first thought to be, shows that larger: news
that the first look did not have. This is what a proposal is checked by.
"""

from __future__ import annotations

import math

import numpy as np

# Chances of the first look between which a second one is worth its time.
FROM, TO = 0.03, 0.97
# A frame has to be so much larger than the input.
LEAST_ZOOM = 1.3
_SUREST = 1e-4


def can_look_closer(frame: np.ndarray, size: int) -> bool:
    """Whether a frame (H, W, 3) holds enough pixels for a second look by an input of ``size``."""
    return min(frame.shape[:2]) >= LEAST_ZOOM * size


def part_around(frame: np.ndarray, point: tuple[float, float], size: int) -> np.ndarray:
    """The part (size, size, 3) of a frame (H, W, 3) around a point (x, y), as fractions.

    It lies within the frame: near an edge, the point isn't in its middle.
    """
    height, width = frame.shape[:2]
    left = min(max(round(point[0] * width - size / 2), 0), width - size)
    top = min(max(round(point[1] * height - size / 2), 0), height - size)
    return np.ascontiguousarray(frame[top : top + size, left : left + size])


def combined(first: float, second: float, weights: tuple[float, float, float]) -> float:
    """The chance that something is in view after two looks.

    Args:
        first: Chance by the first look.
        second: Chance by the second one, at the part where it most likely is.
        weights: Of the logits of both, and what is added: of a logistic regression.
    """
    evidence = weights[0] * _logit(first) + weights[1] * _logit(second) + weights[2]
    return 1.0 / (1.0 + math.exp(-evidence))


def _logit(chance: float) -> float:
    held = min(max(chance, _SUREST), 1.0 - _SUREST)
    return math.log(held / (1.0 - held))
