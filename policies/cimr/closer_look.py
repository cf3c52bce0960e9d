"""A second look at a place in a frame that holds more pixels than the network takes in.

The whole frame is shrunk to the network's input, and what is small in it is hard to tell. A part of
it, cut out at full resolution around where a thing was first thought to be, shows that larger: news
that the first look did not have. This is what a proposal is checked by.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

# Chances of the first look between which a second one is worth its time.
FROM, TO = 0.03, 0.97
# A frame has to be so much larger than the input.
LEAST_ZOOM = 1.3
_SUREST = 1e-4


def can_look_closer(frame: np.ndarray, size: int) -> bool:
    """Whether a frame (H, W, 3) holds enough pixels for a second look by an input of ``size``."""
    return min(frame.shape[:2]) >= LEAST_ZOOM * size


def window_around(
    shape: tuple[int, ...], point: tuple[float, float], size: int
) -> tuple[slice, slice]:
    """Rows and columns of the (size, size) part of a picture (H, W, ...) around a point.

    It lies within the picture: near an edge, the point isn't in its middle.

    Args:
        shape: Of the picture.
        point: (x, y) as fractions, origin top left.
        size: Pixels.

    >>> window_around((600, 600, 3), (0.5, 0.0), 288)
    (slice(0, 288, None), slice(156, 444, None))
    """
    left = min(max(round(point[0] * shape[1] - size / 2), 0), shape[1] - size)
    top = min(max(round(point[1] * shape[0] - size / 2), 0), shape[0] - size)
    return slice(top, top + size), slice(left, left + size)


def combined(first: float, second: float, weights: Sequence[float]) -> float:
    """The chance that something is in view after two looks.

    Args:
        first: Chance by the first look.
        second: Chance by the second one, at the part where it most likely is.
        weights: Of the log-odds of both, and what is added, of a logistic regression.
    """
    evidence = weights[0] * odds_of(first) + weights[1] * odds_of(second) + weights[2]
    return 1.0 / (1.0 + math.exp(-evidence))


def odds_of(chance: float) -> float:
    """The log-odds of a chance, within bounds.

    >>> odds_of(0.5)
    0.0
    """
    held = min(max(chance, _SUREST), 1.0 - _SUREST)
    return math.log(held / (1.0 - held))
