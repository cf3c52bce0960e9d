"""Which rollouts are flawed: a reward of four parts, a threshold, and groups that teach nothing.

    parts = reward_of(success=True, met=2, conditions=2, malformed=0, answers=5, steps=5, weights)

Pure functions. The parts follow what is usual for agents in AI2-THOR: success, goal conditions,
well-formed answers, and a small cost of every step, without which half of all groups earn the
same and teach nothing (VAGEN's navigation reward; PIVOT, arXiv 2609.35303, counts such groups).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from training.ivr_r1.rollouts.rollout import RewardParts

ALIKE = 1e-6  # rewards nearer than this are the same


@dataclass(frozen=True)
class RewardWeights:
    """How much each part of a reward counts.

    Attributes:
        success: Of reaching the goal.
        progress: Of the share of goal conditions that hold at the end.
        format: Lost by the share of answers that were no action.
        step_cost: Lost by each step.
    """

    success: float = 1.0
    progress: float = 0.3
    format: float = 0.2
    step_cost: float = 0.01


def reward_of(
    *,
    success: bool,
    met: int,
    conditions: int,
    malformed: int,
    answers: int,
    steps: int,
    weights: RewardWeights,
) -> RewardParts:
    """The parts of an episode's reward.

    Args:
        success: The goal was reached.
        met: Goal conditions that hold at the end.
        conditions: Of the goal.
        malformed: Answers that were no action.
        answers: Given.
        steps: Taken.
        weights: Of the parts.

    >>> parts = reward_of(success=False, met=1, conditions=2, malformed=0, answers=4, steps=4,
    ...                   weights=RewardWeights())
    >>> parts.progress, parts.step_cost, parts.total
    (0.15, -0.04, 0.11)
    """
    return RewardParts(
        success=weights.success if success else 0.0,
        progress=weights.progress * met / conditions if conditions else 0.0,
        format=-weights.format * malformed / answers if answers else 0.0,
        step_cost=-weights.step_cost * steps,
    )


class RewardError(ValueError):
    """A reward is no number, and would be none in another world either."""


def checked(rewards: Sequence[float], task: str) -> tuple[float, ...]:
    """The rewards of a group, each a number.

    Args:
        rewards: Of its members.
        task: Named in the error.

    Raises:
        RewardError: If one is NaN or infinite.
    """
    for k, reward in enumerate(rewards):
        if not math.isfinite(reward):
            raise RewardError(
                f"Rollout {k} of {task} has the reward {reward}, which is no finite number: look "
                "at the weights --reward-success, --reward-progress, --reward-format and "
                "--step-cost."
            )
    return tuple(rewards)


def is_flawed(success: bool, reward: float, threshold: float) -> bool:
    """Whether a rollout is to be repaired: it failed, or earned too little.

    Args:
        success: It reached the goal.
        reward: What it earned.
        threshold: The least reward that is good enough.

    >>> is_flawed(False, 0.9, 0.5), is_flawed(True, 0.9, 0.5), is_flawed(True, 0.4, 0.5)
    (True, False, True)
    """
    return not success or reward < threshold


def has_variance(rewards: Sequence[float]) -> bool:
    """Whether a group's rewards differ at all; one of which all are alike teaches nothing (DAPO).

    >>> has_variance((0.5, 0.5)), has_variance((0.5, 0.6)), has_variance(())
    (False, True, False)
    """
    return bool(rewards) and max(rewards) - min(rewards) > ALIKE
