"""From a map of where a word looks in the picture to the point of an action."""

from __future__ import annotations

import numpy as np

from envs.actions import Action, ActionFormatError, parse_action
from envs.tasks.object_names import is_furniture
from policies.base import Context

# Chances of being in view: from the first on it is, below the second it isn't to be pointed at.
IN_VIEW, GLIMPSED = 0.5, 0.02
# Where a point has just failed, its surroundings are passed over: a share of the picture's side.
PASSED_OVER = 0.1


def point_of(action: Action, attention: np.ndarray, context: Context) -> tuple[float, float] | None:
    """Where an action points, as fractions with the origin top left; None for nowhere.

    What was decided on is pointed at where it most likely is, though that may be unlikely. A walk
    to what was seen better in an earlier view has no point: the memory has that.

    Args:
        action: Decided on, without a point.
        attention: (G, G), sums to the chance that its object is in view.
        context: What failed just now, and what was seen before.
    """
    if action.target is None or (action.verb == "goto" and is_furniture(action.target)):
        return None
    chance = float(attention.sum())
    recalled = any(e.kind == action.target and e.steps_ago > 0 for e in context.seen)
    if chance < GLIMPSED or (action.verb == "goto" and chance < IN_VIEW and recalled):
        return None
    left = attention.copy()
    for x, y in _failed_at(action, context):
        side = len(left)
        rows, columns = np.mgrid[0:side, 0:side]
        away = np.hypot((columns + 0.5) / side - x, (rows + 0.5) / side - y)
        left[away < PASSED_OVER] = 0.0
    # Where all that was glimpsed has failed, another place would be a guess.
    return peak(left) if left.sum() >= GLIMPSED else None


def _failed_at(action: Action, context: Context) -> list[tuple[float, float]]:
    """Points at which the same action has failed since anything else was done."""
    points = []
    for step in reversed(context.history):
        try:
            past = parse_action(step.action)
        except ActionFormatError:
            break
        if (past.verb, past.target) != (action.verb, action.target) or step.outcome != "failed":
            break
        if past.point is not None and past.view is None:
            points.append(past.point)
    return points


def peak(weights: np.ndarray) -> tuple[float, float]:
    """The highest place (x, y) of a map (G, G), as fractions, refined by its neighbours."""
    side = len(weights)
    row, column = np.unravel_index(int(np.argmax(weights)), weights.shape)
    rows = slice(max(0, row - 1), row + 2)
    columns = slice(max(0, column - 1), column + 2)
    near = weights[rows, columns].astype(np.float64) ** 2
    near /= max(near.sum(), 1e-12)
    ys = np.arange(side)[rows] + 0.5
    xs = np.arange(side)[columns] + 0.5
    return float((near.sum(0) * xs).sum() / side), float((near.sum(1) * ys).sum() / side)
