"""Statistics as LeRobot keeps them, by which its policies normalise: of episodes, and of all.

Of every column: min, max, mean, std, count and five quantiles, a list with a number for each
component. Pictures are taken as (3, 1, 1) in [0, 1] and counted pixel by pixel.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

QUANTILES = {"q01": 0.01, "q10": 0.10, "q50": 0.50, "q90": 0.90, "q99": 0.99}

Stats = dict[str, list[Any]]


def of_values(values: np.ndarray) -> Stats:
    """Of a column (N,) or (N, D).

    >>> found = of_values(np.array([[1.0, 0.0], [3.0, 0.0]]))
    >>> found["mean"], found["std"], found["q50"], found["count"]
    ([2.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2])
    """
    table = values.reshape(len(values), -1)
    return {
        "min": table.min(0).tolist(),
        "max": table.max(0).tolist(),
        "mean": table.mean(0).tolist(),
        "std": table.std(0).tolist(),
        "count": [len(table)],
        **{name: np.quantile(table, share, axis=0).tolist() for name, share in QUANTILES.items()},
    }


def of_pixels(counts: np.ndarray, frames: int) -> Stats:
    """Of pictures, from how often each channel has each value.

    Args:
        counts: (3, 256).
        frames: Pictures.

    >>> counts = np.zeros((3, 256), int)
    >>> counts[:, 0] = counts[:, 255] = 2
    >>> found = of_pixels(counts, 1)
    >>> found["mean"][0], found["q90"][2]
    ([[0.5]], [[1.0]])
    """
    levels = np.arange(256) / 255
    share = counts / counts.sum(1, keepdims=True)
    mean = share @ levels
    std = np.sqrt(np.maximum(0.0, share @ levels**2 - mean**2))
    below = np.cumsum(share, axis=1)
    found = {
        "min": [levels[np.flatnonzero(row)[0]] for row in counts],
        "max": [levels[np.flatnonzero(row)[-1]] for row in counts],
        "mean": mean,
        "std": std,
        # Rounding may leave the last sum just short of 1.
        **{
            name: [levels[min(255, int(np.searchsorted(row, q - 1e-9)))] for row in below]
            for name, q in QUANTILES.items()
        },
    }
    return {
        **{name: [[[float(v)]] for v in values] for name, values in found.items()},
        "count": [frames],
    }


def add_up(parts: Sequence[Stats]) -> Stats:
    """Of all episodes together; quantiles are the episodes' own, weighted by their length.

    >>> parts = [of_values(np.array([1.0, 2.0])), of_values(np.array([6.0]))]
    >>> found = add_up(parts)
    >>> found["mean"], round(found["std"][0], 3), found["count"]
    ([3.0], 2.16, [3])
    """
    weight = np.array([part["count"][0] for part in parts], float)
    weight /= weight.sum()

    def column(name: str) -> np.ndarray:
        return np.array([part[name] for part in parts], float)

    mean = np.tensordot(weight, column("mean"), 1)
    square = np.tensordot(weight, column("std") ** 2 + column("mean") ** 2, 1)
    return {
        "min": column("min").min(0).tolist(),
        "max": column("max").max(0).tolist(),
        "mean": mean.tolist(),
        "std": np.sqrt(np.maximum(0.0, square - mean**2)).tolist(),
        "count": [sum(part["count"][0] for part in parts)],
        **{name: np.tensordot(weight, column(name), 1).tolist() for name in QUANTILES},
    }
