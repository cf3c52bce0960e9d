"""Makes said probabilities true: fits log-odds on held-out answers, and shows how true they are."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

BINS = 10


def chance_of(level: np.ndarray) -> np.ndarray:
    """Probabilities of log-odds.

    >>> chance_of(np.array([0.0]))
    array([0.5])
    """
    return 1 / (1 + np.exp(-np.clip(level, -30, 30)))


def fit_odds(level: np.ndarray, truth: np.ndarray, weight: np.ndarray) -> tuple[float, float]:
    """Scale and bias that make the truth (N,) most likely, of log-odds and weights (N,)."""
    if not len(truth) or truth.all() or not truth.any():
        return 1.0, 0.0
    said = torch.from_numpy(np.clip(level, -30, 30)).double()
    so, share = torch.from_numpy(truth).double(), torch.from_numpy(weight / weight.sum()).double()
    scale = torch.ones(1, dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    solver = torch.optim.LBFGS([scale, bias], max_iter=100, line_search_fn="strong_wolfe")

    def cost() -> Tensor:
        solver.zero_grad()
        odds = said * scale + bias
        loss: Tensor = (F.softplus(odds) - odds * so).mul(share).sum()
        loss.backward()
        return loss

    solver.step(cost)
    found = scale.item(), bias.item()
    # What knows nothing yet must not be turned round.
    return found if np.isfinite(found).all() and found[0] > 0.05 else (1.0, 0.0)


def fit_temperature(logs: np.ndarray, truth: np.ndarray) -> float:
    """The scale of log-probabilities (N, C) that makes the true classes (N,) most likely."""
    if not len(truth):
        return 1.0
    said, so = torch.from_numpy(logs).double(), torch.from_numpy(truth)
    scales = np.geomspace(0.25, 4.0, 41)
    costs = [F.cross_entropy(said * float(scale), so).item() for scale in scales]
    return float(scales[int(np.argmin(costs))])


def reliability(
    chance: np.ndarray, truth: np.ndarray, weight: np.ndarray
) -> tuple[list[tuple[float, float, float]], float]:
    """Reliability by bins, and expected calibration error.

    Args:
        chance: (N,) said probabilities.
        truth: (N,) bool.
        weight: (N,) of each.

    Returns:
        Of each filled bin: mean probability said, share that was so, share of all weight.

    >>> bins, error = reliability(np.array([0.75, 0.75]), np.array([True, False]), np.ones(2))
    >>> bins, error
    ([(0.75, 0.5, 1.0)], 0.25)
    """
    place = np.minimum((chance * BINS).astype(int), BINS - 1)
    bins, error, total = [], 0.0, float(weight.sum())
    for k in range(BINS):
        inside = place == k
        share = float(weight[inside].sum())
        if share:
            said = float((chance * weight)[inside].sum() / share)
            was = float((truth * weight)[inside].sum() / share)
            bins.append((said, was, share / total))
            error += share / total * abs(said - was)
    return bins, error
