"""What a counter's recorded box covers that is not this counter: islands that are their own."""

from __future__ import annotations

import numpy as np

# Counters at one height are this level, metres.
SAME_HEIGHT = 0.15


def islands_in(
    packed: dict, others: list[dict], low: np.ndarray, high: np.ndarray
) -> list[tuple[np.ndarray, np.ndarray]]:
    """Smaller counters that stand within a counter's box: low and high corner (2,) each."""
    found = []
    for other in others:
        if other is packed or other["type"] != "CounterTop" or packed["type"] != "CounterTop":
            continue
        middle = np.array([other["center"][0], other["center"][2]])
        half = np.array([other["size"][0], other["size"][2]]) / 2
        level = abs(other["center"][1] - packed["center"][1]) < SAME_HEIGHT
        if level and (middle - half > low).all() and (middle + half < high).all():
            found.append((middle - half, middle + half))
    return found
