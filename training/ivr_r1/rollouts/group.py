"""Plays a whole group in one world: rollouts from one moment, screening, attribution, repair.

Everything random follows from (seed, round, group): a group that is played again is the same group,
whichever world plays it.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from agent.loop import EpisodeSettings, InstructionRefused
from envs.actions import Action
from envs.skill_modes import HONEST, rules_by_default
from envs.thor_env import ThorEnv
from policies.expert.policy import ExpertPolicy
from training.ivr_r1.rollouts.attribution import attribute
from training.ivr_r1.rollouts.expert_reach import ExpertReach, expert_steps
from training.ivr_r1.rollouts.playing import Played, Stage, searching_expert
from training.ivr_r1.rollouts.recorder import Ask, RecordingPolicy
from training.ivr_r1.rollouts.rectification import Rectifier
from training.ivr_r1.rollouts.rollout import Group, Origin, Rollout
from training.ivr_r1.rollouts.screening import RewardWeights, checked, has_variance, is_flawed

_SPARE = 6  # steps beyond twice the expert's


@dataclass(frozen=True)
class GroupSettings:
    """How groups are played.

    Attributes:
        env: Options of ``ThorEnv``.
        rounds: Most answers a step; 1: there is no self-correction.
        num_generations: Rollouts of a group.
        budget: Most steps of a rollout; None: twice the expert's and six, or the environment's.
        weights: Of the reward.
        threshold: A rollout that earns less is flawed, like one that fails.
        attribution: One of ``training.ivr_r1.rollouts.attribution.METHODS``.
        repairs: Most flawed rollouts of a group that are repaired; 0: plain GRPO.
        tries: Of the policy at each.
        uses_expert: The expert's action is the last resort.
        seed: Of everything random.
    """

    env: dict[str, Any] = field(default_factory=dict)
    rounds: int = 1
    num_generations: int = 4
    budget: int | None = None
    weights: RewardWeights = RewardWeights()
    threshold: float = 0.5
    attribution: str = "exact"
    repairs: int = 2
    tries: int = 3
    uses_expert: bool = True
    seed: int = 0


@dataclass(frozen=True)
class GroupJob:
    """A group to be played: its number in a round of collecting."""

    round: int
    number: int


def seed_of(*numbers: int) -> int:
    """A seed from whole numbers from 0 up, as good as any other.

    >>> seed_of(0, 1, 2) == seed_of(0, 1, 2), seed_of(0, 1, 2) == seed_of(0, 2, 1)
    (True, False)
    """
    return int(np.random.default_rng(numbers).integers(2**31))


class GroupPlayer:
    """A world that plays groups.

    Args:
        settings: How.
        ask: Asks the desk, as of ``training.ivr_r1.rollouts.recorder``.
        env: Played in; by default one of the settings' is made.
        expert: As of ``training.ivr_r1.rollouts.playing.Stage``.
    """

    def __init__(
        self,
        settings: GroupSettings,
        ask: Ask,
        env: ThorEnv | None = None,
        expert: Callable[[ThorEnv], ExpertPolicy] = searching_expert,
    ) -> None:
        self.settings, self._ask = settings, ask
        self.env = env or ThorEnv(**settings.env)
        self._waited = 0.0
        mode = self.env.skill_mode
        rules = rules_by_default(mode)
        last = Action("look around") if rules and settings.rounds > 1 else None
        self.stage = Stage(
            self.env,
            RecordingPolicy(self._timed),
            EpisodeSettings(
                rounds=settings.rounds, rules=rules, recalls=mode == HONEST, last_resort=last
            ),
            settings.weights,
            expert,
        )

    def _timed(self, name: str, *arguments: Any) -> Any:
        begun = time.perf_counter()
        try:
            return self._ask(name, *arguments)
        finally:
            self._waited += time.perf_counter() - begun

    def play(self, job: GroupJob) -> Group:
        """Plays a group.

        Raises:
            RewardError: If a reward is no number.
        """
        begun, stage = time.perf_counter(), self.stage
        self._waited, stage.env_steps, stage.policy_steps = 0.0, 0, 0
        counts: Counter[str] = Counter(groups=1)
        rollouts = self._rollouts(job, counts)
        return Group(
            job.number,
            stage.name if rollouts else "",
            tuple(rollouts),
            dict(counts),
            time.perf_counter() - begun - self._waited,
            stage.env_steps,
            stage.policy_steps,
        )

    def _rollouts(self, job: GroupJob, counts: Counter[str]) -> list[Rollout]:
        settings, stage = self.settings, self.stage
        key = (settings.seed, job.round, job.number)
        try:
            start = stage.begin(seed_of(*key))
        except InstructionRefused:
            counts["trivial"] += 1
            return []
        if start.moment.state.over:
            counts["trivial"] += 1
            return []
        budget = self._budget(counts)
        played = [
            stage.roll(start, seed=seed_of(*key, member), budget=budget, group=job.number)
            for member in range(settings.num_generations)
        ]
        rewards = checked([p.rollout.reward for p in played], stage.name)
        flawed = [
            p
            for p, reward in zip(played, rewards, strict=True)
            if is_flawed(p.rollout.success, reward, settings.threshold)
        ]
        counts["rollouts"] += len(played)
        counts["won"] += sum(p.rollout.success for p in played)
        counts["screened"] += len(flawed)
        counts["zero_variance"] += not has_variance(rewards)
        counts["left_alone"] += max(0, len(flawed) - settings.repairs)
        repairs = [
            self._repaired(p, (*key, 1000 + k), counts)
            for k, p in enumerate(flawed[: settings.repairs])
        ]
        return [p.rollout for p in played] + [r for r in repairs if r is not None]

    def _budget(self, counts: Counter[str]) -> int:
        """Most steps of a rollout of the task that begins now."""
        own = self.env.max_steps
        if self.settings.budget is not None:
            return min(own, self.settings.budget)
        needed = expert_steps(self.stage, self.stage.start, own)
        counts["beyond_expert"] += needed is None
        return own if needed is None else min(own, 2 * needed + _SPARE)

    def _repaired(
        self, flawed: Played, key: tuple[int, ...], counts: Counter[str]
    ) -> Rollout | None:
        """The repair of a flawed rollout, if there is one."""
        settings = self.settings
        reach = ExpertReach(self.stage, flawed, flawed.rollout.budget)
        rng = np.random.default_rng(key)
        # What was won but took too long lost no goal: there the detour is the flaw.
        slow = flawed.rollout.success and settings.attribution in ("exact", "loss", "late")
        method = "key" if slow else settings.attribution
        found = attribute(method, reach.steps_to_go, flawed.met, flawed.rollout.budget, rng)
        counts["attributed" if found else "unattributed"] += 1
        if found is None:
            counts["unrepaired"] += 1
            return None
        rectifier = Rectifier(
            self.stage,
            lambda thought, action: self._timed("words", thought, action),
            settings.tries,
            settings.uses_expert,
        )
        repair = rectifier.repair(flawed, found, reach, lambda number: seed_of(*key, number))
        counts["refused"] += repair.refused
        made = repair.rollout
        if made is None:
            counts["unrepaired"] += 1
        elif made.origin is Origin.EXPERT:
            counts["rectified_by_expert"] += 1
        else:
            counts[f"rectified_try_{min(made.tries, 3)}"] += 1
        return made

    def close(self) -> None:
        """Stops the backend."""
        self.env.close()
