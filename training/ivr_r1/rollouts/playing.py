"""Plays a task again and again from kept moments of it: world, agent and policy put back together.

stage = Stage(env, policy, settings, weights)
stage.begin(seed=7)                        # the one reset
first = stage.roll(stage.start, seed=1)    # a rollout with every moment of it
other = stage.roll(stage.start, seed=2)    # another, of the same start
again = stage.roll(first.before[4], seed=3, earlier=first)
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace

from agent.episode_state import Moment
from agent.loop import Episode, EpisodeSettings
from agent.recording.trajectory import EpisodeHeader, StepRecord
from agent.wording import plain
from envs.episode_snapshot import EpisodeSnapshot
from envs.tasks.base import Task
from envs.thor_env import ThorEnv
from policies.expert.policy import ExpertPolicy
from training.ivr_r1.rollouts.recorder import RecordingPolicy, Taken
from training.ivr_r1.rollouts.rollout import Decision, Origin, Rollout
from training.ivr_r1.rollouts.screening import RewardWeights, reward_of


def searching_expert(env: ThorEnv) -> ExpertPolicy:
    """The expert that has to find things, as the policy has."""
    return ExpertPolicy(env, search=True)


@dataclass(frozen=True, eq=False)
class Place:
    """Where a rollout can be gone on from: agent and policy, and the world."""

    moment: Moment
    world: EpisodeSnapshot


@dataclass(frozen=True, eq=False)
class Played:
    """A rollout with all its places.

    Attributes:
        rollout: What is learned from.
        before: The place before each step, and behind the last one: one more than steps.
        acted: By step, the answer that was carried out, as given.
    """

    rollout: Rollout
    before: tuple[Place, ...]
    acted: tuple[Taken, ...]

    @property
    def met(self) -> tuple[int, ...]:
        """Goal conditions that held at the start and after each step."""
        return tuple(place.moment.state.facts.met for place in self.before)

    def of_step(self, step: int) -> tuple[Decision, ...]:
        """The decisions of a step."""
        return tuple(d for d in self.rollout.decisions if d.step == step)


class Stage:
    """A household in which one task at a time is played from wherever one likes.

    Args:
        env: Where.
        policy: Who.
        settings: How the agent runs.
        weights: Of the reward.
        expert: Makes the expert of an environment, which acts on what has come into view.

    Attributes:
        env_steps: Carried out by anybody, since it was made.
        policy_steps: By the policy.
    """

    def __init__(
        self,
        env: ThorEnv,
        policy: RecordingPolicy,
        settings: EpisodeSettings,
        weights: RewardWeights,
        expert: Callable[[ThorEnv], ExpertPolicy] = searching_expert,
    ) -> None:
        self.expert = expert
        self.env, self.policy, self.settings, self.weights = env, policy, settings, weights
        self.env_steps = self.policy_steps = 0
        self._start: Place | None = None

    @property
    def start(self) -> Place:
        """The task's beginning.

        Raises:
            RuntimeError: If none was begun.
        """
        if self._start is None:
            raise RuntimeError("no task was begun: call begin() first")
        return self._start

    @property
    def task(self) -> Task:
        """The running task."""
        return self.start.world.task

    @property
    def name(self) -> str:
        """Of the running task."""
        return f"{self.task.family}-{self.task.scene}-{self.start.world.seed}"

    def begin(self, seed: int) -> Place:
        """Resets to the seed's task; nothing is reset again until the next task.

        Raises:
            InstructionRefused: The policy can't read the instruction.
        """
        self._start = None
        episode = Episode(self.env, self.policy, self.settings)
        header = EpisodeHeader("", "", "", seed, "policy", "", "skill", "", self.settings.rounds)
        episode.begin(header, seed=seed)
        self._start = Place(episode.kept(), self.env.snapshot())
        return self._start

    def roll(
        self,
        place: Place,
        *,
        seed: int,
        budget: int,
        group: int = 0,
        earlier: tuple[Decision, ...] = (),
        acted: tuple[Taken, ...] = (),
    ) -> Played:
        """Plays from a place to the end.

        Args:
            place: Of this task.
            seed: Answers are drawn by it.
            budget: Most steps, those before the place included.
            group: Written into the rollout.
            earlier: The decisions that led to the place.
            acted: The answers carried out until there.
        """
        self.env.restore(place.world)
        self.policy.seed(seed)
        self.policy.taken.clear()
        episode = Episode(self.env, self.policy, replace(self.settings, max_steps=budget))
        decisions, done, before = list(earlier), list(acted), [place]
        for record in episode.going_on(place.moment):
            taken, chosen = tuple(self.policy.taken), self._carried_out(record)
            self.policy.taken.clear()
            for k, entry in enumerate(taken):
                decisions.append(_decision(record, entry, carried_out=k == chosen))
            done.append(taken[chosen] if chosen is not None else taken[-1])
            before.append(Place(episode.kept(), self.env.snapshot()))
            self.env_steps += 1
            self.policy_steps += 1
        if episode.summary is None:
            raise RuntimeError("an episode that was played to its end has no summary")
        how = episode.summary
        parts = reward_of(
            success=how.success,
            met=how.goal_conditions_met,
            conditions=how.goal_conditions,
            malformed=sum(d.malformed for d in decisions),
            answers=len(decisions),
            steps=how.steps,
            weights=self.weights,
        )
        rollout = Rollout(
            task=self.name,
            group=group,
            origin=Origin.POLICY,
            decisions=tuple(decisions),
            parts=parts,
            success=how.success,
            steps=how.steps,
            budget=budget,
            met=how.goal_conditions_met,
            conditions=how.goal_conditions,
        )
        return Played(rollout, tuple(before), tuple(done))

    def _carried_out(self, record: StepRecord) -> int | None:
        """Which of the step's answers was acted on; None where a rule acted instead."""
        for k in range(len(self.policy.taken) - 1, -1, -1):
            reply = self.policy.taken[k].reply
            said = reply.action.to_text() if reply.action else reply.text
            if plain(said) == plain(record.action):
                return k
        return None


def _decision(record: StepRecord, taken: Taken, carried_out: bool) -> Decision:
    """An answer with what came of its step; only what was carried out teaches."""
    return Decision(
        step=record.index,
        round=taken.round,
        answered=taken.answered,
        completion_mask=tuple(
            carried_out and logp > -math.inf for logp in taken.answered.per_token_logps
        ),
        frame=record.frame_hash,
        carried_out=carried_out,
        action=record.action,
        outcome=record.outcome,
        worked=not record.is_error,
        malformed=taken.reply.action is None,
        met=record.goal_conditions_met,
        by_expert=taken.by_expert,
    )
