"""Which step of a failed rollout was the flawed one: exact, by going back in the world.

    exact     the first step after which the searching expert can no longer reach the goal in the
              steps that are left (PIVOT, arXiv 2609.35303)
    loss      the first step after which fewer goal conditions hold
    key       the first action after which the expert has not fewer steps to go (Embodied-Reasoner's
              first departure from the key actions, arXiv 2503.21696, measured instead of annotated)
    late      one step after the exact one    } controls: published to lose what the exact one wins
    random    any step                        }

``exact`` supposes that what is out of reach stays so, and bisects; both neighbours of what it finds
are looked at, and where they contradict it, every step is. The expert searches as the policy must,
and is not perfect: a goal that it doesn't reach may be in reach of somebody better.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

METHODS = ("exact", "loss", "key", "late", "random")
StepsToGo = Callable[[int], int | None]


@dataclass(frozen=True)
class Attribution:
    """The flawed step of a rollout.

    Attributes:
        step: Its number, from 0.
        why: In words.
        method: One of ``METHODS``.
        is_checked: What it supposes was seen to hold beside it.
    """

    step: int
    why: str
    method: str
    is_checked: bool = True


def exact(steps_to_go: StepsToGo, steps: int, budget: int) -> Attribution | None:
    """The first step after which the goal is out of reach; None where it was so from the start.

    Args:
        steps_to_go: The expert's, before a step, 0 to ``steps``; None where it doesn't get there.
        steps: Taken in the rollout, which failed.
        budget: Most steps.
    """

    def feasible(step: int) -> bool:
        needed = steps_to_go(step)
        return needed is not None and needed <= budget - step

    if steps < 1 or not feasible(0):
        return None
    low, high = 0, steps  # in reach before low, out of it before high: the rollout failed
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if feasible(middle) else (low, middle)
    before = low == 0 or feasible(low - 1)
    after = high >= steps or not feasible(high + 1)
    if before and after:
        return _pivot(low, steps_to_go(low), budget, True)
    step = next(k for k in range(steps) if k + 1 == steps or not feasible(k + 1))
    return _pivot(step, steps_to_go(step), budget, False)


def _pivot(step: int, needed: int | None, budget: int, is_checked: bool) -> Attribution:
    need = f"{needed} steps would have done" if needed is not None else "it was in reach"
    why = f"after step {step} the goal is out of reach; before it {need} of {budget - step} left"
    return Attribution(step, why, "exact", is_checked)


def condition_loss(met: Sequence[int]) -> Attribution | None:
    """The first step after which fewer goal conditions hold; None where none was lost.

    Args:
        met: Conditions that hold at the start and after each step.

    >>> condition_loss([0, 1, 2, 1]).step, condition_loss([0, 1])
    (2, None)
    """
    for step in range(len(met) - 1):
        if met[step + 1] < met[step]:
            why = f"step {step} undid a goal condition: {met[step]} held, then {met[step + 1]}"
            return Attribution(step, why, "loss")
    return None


def key_deviation(steps_to_go: StepsToGo, steps: int) -> Attribution | None:
    """The first action after which the expert has not fewer steps to go; None where each helped.

    Args:
        steps_to_go: As of ``exact``.
        steps: Taken.
    """
    before = steps_to_go(0)
    for step in range(steps):
        after = steps_to_go(step + 1)
        if before is not None and (after is None or after >= before):
            why = f"step {step} brought the goal no nearer: {before} steps to go, then {after}"
            return Attribution(step, why, "key")
        before = after
    return None


def attribute(
    method: str,
    steps_to_go: StepsToGo,
    met: Sequence[int],
    budget: int,
    rng: np.random.Generator,
) -> Attribution | None:
    """The flawed step by a method; None where it names none.

    Args:
        method: One of ``METHODS``.
        steps_to_go: As of ``exact``.
        met: As of ``condition_loss``.
        budget: Most steps.
        rng: For ``random``.

    Raises:
        ValueError: If there is no such method.
    """
    steps = len(met) - 1
    if method not in METHODS:
        raise ValueError(f"attribution is {method!r}: use one of {', '.join(METHODS)}")
    if steps < 1:
        return None
    if method == "random":
        return Attribution(int(rng.integers(steps)), "any step, as a control", "random")
    if method == "loss":
        return condition_loss(met)
    if method == "key":
        return key_deviation(steps_to_go, steps)
    found = exact(steps_to_go, steps, budget)
    if method == "late" and found is not None:
        return Attribution(min(found.step + 1, steps - 1), f"one later: {found.why}", "late")
    return found
