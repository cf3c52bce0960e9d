"""How much better than its group a rollout did, and, by option, how much better a step was.

Legend of shapes: N rollouts.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

SCALES = ("group", "batch", "none")
_EPSILON = 1e-4  # as in TRL's GRPO trainer

Floats = npt.NDArray[np.float64]


def group_advantages(
    rewards: Sequence[float], groups: Sequence[int], scale_rewards: str = "group"
) -> Floats:
    """Rewards less their group's mean, over a standard deviation: (N,).

    GRPO (arXiv 2402.03300): ``(r - mean) / (std + eps)``; with ``none`` as in Dr. GRPO
    (arXiv 2503.20783) and LUFFY. Standard deviations are of a sample, as in TRL.

    Args:
        rewards: (N,).
        groups: (N,) which group each is of.
        scale_rewards: ``group``: over the group's deviation; ``batch``: over that of all; ``none``.

    Raises:
        ValueError: If a reward is no finite number, or there is no such scale.

    >>> group_advantages([1.0, 0.0, 5.0, 5.0], [0, 0, 1, 1], "none").tolist()
    [0.5, -0.5, 0.0, 0.0]
    """
    if scale_rewards not in SCALES:
        raise ValueError(f"scale_rewards is {scale_rewards!r}: use one of {', '.join(SCALES)}")
    values, which = np.asarray(rewards, np.float64), np.asarray(groups)
    if not np.isfinite(values).all():
        raise ValueError(
            f"rewards hold {values[~np.isfinite(values)][0]}: all must be finite numbers"
        )
    made = np.zeros_like(values)
    for group in np.unique(which):
        own = which == group
        made[own] = values[own] - values[own].mean()
        if scale_rewards == "group" and own.sum() > 1:
            made[own] /= values[own].std(ddof=1) + _EPSILON
    if scale_rewards == "batch" and len(values) > 1:
        made /= values.std(ddof=1) + _EPSILON
    return made


def step_advantages(
    keys: Sequence[Sequence[Hashable]],
    rewards: Sequence[Sequence[float]],
    gamma: float = 0.95,
    scale: bool = False,
) -> list[Floats]:
    """GiGPO's step advantages: each step's return less the mean of those that began alike.

    ``A(a_t) = A_episode + omega * A_step`` (GiGPO, arXiv 2505.10978); steps of one group that begin
    in the same state share an anchor, and their discounted returns are compared. A state met but
    once teaches nothing here.

    Args:
        keys: By rollout and step, what a step's state is known by.
        rewards: By rollout and step, what the step earned.
        gamma: Discount of later rewards.
        scale: Over the standard deviation of the state's returns too.

    >>> parts = step_advantages([["a", "b"], ["a", "c"]], [[0.0, 1.0], [0.0, 0.0]], gamma=0.5)
    >>> [part.tolist() for part in parts]
    [[0.25, 0.0], [-0.25, 0.0]]
    """
    returns: list[Floats] = []
    for earned in rewards:
        total, row = 0.0, np.zeros(len(earned))
        for t in range(len(earned) - 1, -1, -1):
            total = earned[t] + gamma * total
            row[t] = total
        returns.append(row)
    alike: dict[Hashable, list[float]] = {}
    for row, names in zip(returns, keys, strict=True):
        for value, name in zip(row, names, strict=True):
            alike.setdefault(name, []).append(float(value))
    means = {name: float(np.mean(values)) for name, values in alike.items()}
    spread = {n: float(np.std(v)) + _EPSILON if scale else 1.0 for n, v in alike.items()}
    return [
        np.array([(v - means[n]) / spread[n] for v, n in zip(row, names, strict=True)])
        for row, names in zip(returns, keys, strict=True)
    ]
