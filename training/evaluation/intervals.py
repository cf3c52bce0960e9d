"""How sure a measured share is: bootstrap and score intervals, and a test of paired outcomes.

All functions are pure; randomness comes from a seed in the arguments.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

RESAMPLES = 2000


def wilson(wins: float, count: int, z: float = 1.96) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927).

    >>> [round(v, 2) for v in wilson(50, 100)]
    [0.4, 0.6]
    """
    if not count:
        return 0.0, 1.0
    share, extra = wins / count, z * z / count
    middle = (share + extra / 2) / (1 + extra)
    half = z / (1 + extra) * math.sqrt(share * (1 - share) / count + extra / 4 / count)
    return max(0.0, middle - half), 1.0 if wins == count else middle + half


def bootstrap(
    over: Sequence[float], under: Sequence[float], share: bool = True, seed: int = 0
) -> tuple[float, float] | None:
    """The 95 % percentile bootstrap interval of ``sum(over) / sum(under)``, by episodes.

    Episodes are drawn with replacement, so that steps of one episode stay together. Where every
    episode is alike, resampling can't tell how sure the figure is: a share then gets the score
    interval of as many trials as there are episodes, a mean no interval but itself.

    Args:
        over: The numerator of each episode.
        under: The denominator of each episode.
        share: The ratio lies between 0 and 1.
        seed: Of the resampling.

    Returns:
        Lower and upper bound, or None if the denominator is 0.

    >>> bootstrap([1, 1, 1, 1], [1, 1, 1, 1])[1]
    1.0
    """
    top, bottom = np.asarray(over, float), np.asarray(under, float)
    if not bottom.sum():
        return None
    used = bottom > 0
    ratios = top[used] / bottom[used]
    if share and np.ptp(ratios) == 0:
        return wilson(float(ratios[0]) * len(ratios), len(ratios))
    rng = np.random.default_rng(seed)
    drawn = rng.integers(0, len(top), size=(RESAMPLES, len(top)))
    sums = bottom[drawn].sum(1)
    shares = top[drawn].sum(1)[sums > 0] / sums[sums > 0]
    low, high = np.percentile(shares, (2.5, 97.5))
    return float(low), float(high)


def paired_difference(
    first: Sequence[float], second: Sequence[float], seed: int = 0
) -> tuple[float, tuple[float, float]]:
    """Mean of ``second - first`` over pairs, with its 95 % bootstrap interval.

    Raises:
        ValueError: If there are no pairs, or the lengths differ.
    """
    if not first or len(first) != len(second):
        raise ValueError(f"Pairs needed: there are {len(first)} and {len(second)} outcomes.")
    gaps = np.asarray(second, float) - np.asarray(first, float)
    rng = np.random.default_rng(seed)
    means = gaps[rng.integers(0, len(gaps), size=(RESAMPLES, len(gaps)))].mean(1)
    low, high = np.percentile(means, (2.5, 97.5))
    return float(gaps.mean()), (float(low), float(high))


def mcnemar(only_first: int, only_second: int) -> float:
    """Two-sided exact p-value that pairs won by one alone fall on either side by chance.

    >>> round(mcnemar(1, 9), 4)
    0.0215
    """
    count = only_first + only_second
    if not count:
        return 1.0
    tail = sum(math.comb(count, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, 2 * tail / 2**count)
