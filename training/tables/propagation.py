"""How errors spread within an episode: EPR and PAC, as ReCAPA defines them.

Zeng et al. 2026, "ReCAPA: Hierarchical Predictive Correction to Mitigate Cascading Failures",
arXiv:2604.21232. With ``e_t = 1`` where step ``t`` is wrong, by a constraint or by the oracle:

    EPR_k = Pr(e_{t+k} = 1 | e_t = 1) - Pr(e_{t+k} = 1 | e_t = 0)
    PAC   = -slope over k of ln Pr(e_{t+k} = 1 | e_t = 1)

EPR is the risk that an error adds k steps later, between -1 and 1; 0 where errors stay alone. PAC
is how fast the risk fades, larger is better. Read with care: the paper was read in others' accounts
of it only; its main text has the slope above, its appendix is reported to use the ratio
``q(k) / q(1)`` instead; and hard tasks have more errors both before and after, which no difference
takes out. Left open there and settled here:

- a step is wrong if it failed, was faulted, or is not what the expert would have done;
- every step of every episode counts as ``t`` once it has a step k later, without matching;
- a lag counts for PAC where enough errors have a step so much later, and some such step is wrong.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from training.evaluation.intervals import RESAMPLES

LAGS = tuple(range(1, 11))
# Errors with a step so much later that a lag takes to count for PAC.
LEAST = 10

Episode = Sequence[bool]


@dataclass(frozen=True)
class Spread:
    """A measure of spreading.

    Attributes:
        value: None where it is undefined.
        interval: 95 % bootstrap bounds, by episodes; None where undefined.
        errors: Wrong steps that it rests on.
    """

    value: float | None
    interval: tuple[float, float] | None
    errors: int


def _counts(episodes: Sequence[Episode], lag: int) -> np.ndarray:
    """Of each episode: steps after a wrong one and wrong ones of them, the same after right ones.

    Returns:
        (episodes, 4) whole numbers.
    """
    rows = []
    for wrong in episodes:
        flags = np.asarray(wrong, bool)
        before, after = flags[:-lag], flags[lag:]
        rows.append(
            (before.sum(), (before & after).sum(), (~before).sum(), (~before & after).sum())
        )
    return np.asarray(rows, int).reshape(-1, 4)


def _resampled(counts: np.ndarray, seed: int) -> np.ndarray:
    """Sums of counts (episodes, ...) over episodes drawn with replacement: (resamples, ...)."""
    episodes = len(counts)
    drawn = np.random.default_rng(seed).integers(0, episodes, size=(RESAMPLES, episodes))
    times = np.zeros((RESAMPLES, episodes))
    np.add.at(times, (np.arange(RESAMPLES)[:, None], drawn), 1.0)
    return (times @ counts.reshape(episodes, -1)).reshape(RESAMPLES, *counts.shape[1:])


def risk(
    episodes: Sequence[Episode], lag: int, least: int = 1
) -> tuple[float | None, float | None]:
    """The share of wrong steps so many steps after a wrong one, and after a right one.

    Args:
        episodes: Of each, whether each step was wrong.
        lag: Steps, from 1 up.
        least: Steps that a share has to be of; of fewer it is None.

    >>> risk([(True, True, False, False)], 1)
    (0.5, 0.0)
    """
    if not episodes:
        return None, None
    after, wrong, other, wrong_too = _counts(episodes, lag).sum(0).tolist()
    first = wrong / after if after >= least else None
    return first, (wrong_too / other if other >= least else None)


def error_propagation(episodes: Sequence[Episode], lag: int, seed: int = 0) -> Spread:
    """EPR_k, the risk that an error adds.

    Args:
        episodes: Of each, whether each step was wrong.
        lag: k, in steps, from 1 up.
        seed: Of the resampling.

    >>> error_propagation([(True, True, False, False)], 1).value
    0.5
    """
    after_error, after_none = risk(episodes, lag)
    counts = _counts(episodes, lag)
    errors = int(counts[:, 0].sum())
    if after_error is None or after_none is None:
        return Spread(None, None, errors)
    sums = _resampled(counts, seed)
    sums = sums[(sums[:, 0] > 0) & (sums[:, 2] > 0)]
    gaps = sums[:, 1] / sums[:, 0] - sums[:, 3] / sums[:, 2]
    return Spread(after_error - after_none, _bounds(gaps), errors)


def attenuation(
    episodes: Sequence[Episode], lags: Sequence[int] = LAGS, least: int = LEAST, seed: int = 0
) -> Spread:
    """PAC, how fast the risk after an error fades, a step.

    Args:
        episodes: Of each, whether each step was wrong.
        lags: That it is fitted over.
        least: Errors that a lag takes to count.
        seed: Of the resampling.
    """
    if not episodes:
        return Spread(None, None, 0)
    by_lag = np.stack([_counts(episodes, lag)[:, :2] for lag in lags], 1)
    whole = by_lag.sum(0)
    used = (whole[:, 0] >= least) & (whole[:, 1] > 0)
    errors = int(whole[0, 0])
    if used.sum() < 2:
        return Spread(None, None, errors)
    at = np.asarray(lags, float)[used]
    slopes = _slopes(at, _resampled(by_lag[:, used], seed))
    value = float(_slopes(at, whole[None, used])[0])
    return Spread(-value, _bounds(-slopes[np.isfinite(slopes)]), errors)


def _slopes(at: np.ndarray, sums: np.ndarray) -> np.ndarray:
    """Of the logarithms of shares over lags, by least squares.

    Args:
        at: (lags,)
        sums: (fits, lags, 2): steps, and wrong ones of them; lags without a wrong one are left out.

    Returns:
        (fits,), not a number where fewer than two lags are left.
    """
    kept = sums[..., 1] > 0
    shares = np.where(kept, sums[..., 1], 1.0) / np.where(kept, sums[..., 0], 1.0)
    logs, weights = np.log(shares), kept.astype(float)
    count = np.maximum(weights.sum(1, keepdims=True), 1.0)
    x = at - (weights * at).sum(1, keepdims=True) / count
    y = logs - (weights * logs).sum(1, keepdims=True) / count
    under = (weights * x * x).sum(1)
    over = (weights * x * y).sum(1)
    return np.where(under > 0, over / np.where(under > 0, under, 1.0), np.nan)


def _bounds(values: np.ndarray) -> tuple[float, float] | None:
    """The middle 95 %; None where resampling can't tell how sure the value is."""
    if len(values) < RESAMPLES / 2 or np.ptp(values) == 0:
        return None
    low, high = np.percentile(values, (2.5, 97.5))
    return float(low), float(high)
