"""What an episode leaves for learning: every answer with its tokens, and what the episode earned.

    Rollout(task="open-FloorPlan1-7", group=3, origin=Origin.POLICY, success=False, steps=12, ...)
        decisions[4]   step 4, round 1, prompt and completion ids, their log-probabilities,
                       memory events, "goto Fridge", worked

Pictures are kept as what the frozen vision encoder makes of them, and named by their hash. The
world's snapshots stay in the process that plays (``training.ivr_r1.rollouts.playing``).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum

from policies.cimr.answers.kept_answers import Answered


class Origin(StrEnum):
    """Who took the steps that a rollout teaches."""

    POLICY = "policy"
    RECTIFIED = "rectified"
    EXPERT = "expert"


@dataclass(frozen=True)
class RewardParts:
    """What a reward is made of, each already weighed; see ``training.ivr_r1.rollouts.screening``.

    >>> RewardParts(success=1.0, progress=0.3, format=-0.05, step_cost=-0.1).total
    1.15
    """

    success: float = 0.0
    progress: float = 0.0
    format: float = 0.0
    step_cost: float = 0.0

    @property
    def total(self) -> float:
        """The reward."""
        return round(self.success + self.progress + self.format + self.step_cost, 9)


@dataclass(frozen=True, eq=False)
class Decision:
    """One answer of an episode; a step has several where the first was objected to.

    Attributes:
        step: Of the episode, from 0.
        round: Which answer of the step, from 1.
        answered: Its tokens and what they rest on.
        completion_mask: Whether each of the answer's tokens is learned from.
        frame: Hash of the picture it is an answer to.
        carried_out: It was acted on.
        action: The step's action, as text.
        outcome: What the agent believes came of it: ok, failed or unknown.
        worked: The action really worked, and no fault struck.
        malformed: It was no action.
        met: Goal conditions that hold after the step.
        by_expert: The expert's, in the policy's words.
    """

    step: int
    round: int
    answered: Answered
    completion_mask: tuple[bool, ...]
    frame: str
    carried_out: bool
    action: str
    outcome: str
    worked: bool
    malformed: bool
    met: int
    by_expert: bool = False

    @property
    def completion_ids(self) -> tuple[int, ...]:
        """Token ids of the answer."""
        return self.answered.completion_ids

    @property
    def old_per_token_logps(self) -> tuple[float, ...]:
        """Log-probability of each of them when it was drawn."""
        return self.answered.per_token_logps

    @property
    def teaches(self) -> bool:
        """Whether any of its tokens is learned from."""
        return any(self.completion_mask)

    def masked(self) -> Decision:
        """The same, with nothing to learn from."""
        return replace(self, completion_mask=(False,) * len(self.completion_mask))


@dataclass(frozen=True, eq=False)
class Rollout:
    """One way through a task.

    Attributes:
        task: Its name: family, scene and seed.
        group: Number of the group that begins at the same moment.
        origin: Who took the steps it teaches.
        decisions: In order.
        parts: Of its reward.
        success: The goal was reached.
        steps: Taken.
        budget: Most steps.
        met: Goal conditions that held at the end.
        conditions: Of the goal.
        begins: First step that it teaches: those before are another rollout's.
        tries: Of a repair: which try it was, from 1.
    """

    task: str
    group: int
    origin: Origin
    decisions: tuple[Decision, ...]
    parts: RewardParts
    success: bool
    steps: int
    budget: int
    met: int
    conditions: int
    begins: int = 0
    tries: int = 0

    @property
    def reward(self) -> float:
        """What it earned."""
        return self.parts.total

    @property
    def is_shaped(self) -> bool:
        """Whether it is learned from as a demonstration: not drawn as the policy would now."""
        return self.origin is not Origin.POLICY


@dataclass(frozen=True, eq=False)
class Group:
    """Rollouts from one moment, with their repairs, and what was counted on the way.

    Attributes:
        number: Of the group.
        task: Its name.
        rollouts: The policy's own first.
        counts: By name, see ``training.ivr_r1.rollouts.counts``.
        seconds: Spent in the simulator, without waiting for the policy.
        env_steps: Carried out in the world, the expert's included.
        policy_steps: Of these, decided by the policy.
    """

    number: int
    task: str
    rollouts: tuple[Rollout, ...]
    counts: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0
    env_steps: int = 0
    policy_steps: int = 0
