"""One episode: see, decide (with refinement), act, hear, check, remember; until it is over.

    for step in Episode(env, policy, settings).steps(header, seed=0):
        print(step.action, step.outcome)

The environment is any with Gymnasium's API, observations {"rgb", "instruction", "feedback"} and
action text; from `info` only public counters are read (success, goal conditions, what failed),
and those only for the record: the policy and the parser never see them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from agent.feedback import FeedbackParser, outcome_of
from agent.memory import ContextMemory
from agent.observer import Decided, Observer
from agent.recording.recorder import frame_name
from agent.recording.trajectory import (
    EpisodeHeader,
    EpisodeSummary,
    StepRecord,
    Timing,
    attention_peak,
    frame_hash,
)
from agent.recovery import ErrorSpan, RecoveryLedger
from agent.refine import Decision, refine
from envs.actions import Action
from policies.base import Observation, Policy, Reply


class InstructionRefused(ValueError):
    """The policy cannot make anything of the instruction; nothing was played."""


class Environment(Protocol):
    """The part of `gymnasium.Env` the loop uses."""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Begin an episode."""

    def step(self, action: Any) -> tuple[Mapping[str, Any], Any, bool, bool, dict[str, Any]]:
        """Execute an action or an action text."""


@dataclass(frozen=True)
class Settings:
    """How the agent runs.

    Args:
        rounds: Most proposals a step; 1 switches self-correction off.
        max_steps: Give up after so many steps even if the environment goes on; None: never.
        parser: The feedback parser.
        history_length: Executed actions the policy is told of.
        frames_kept: Earlier frames the policy is given.
        judged: False if nobody can tell whether the instruction was carried out.
        last_resort: Done where all proposals are vain, such as to look around; None: nothing is.
    """

    rounds: int = 3
    max_steps: int | None = None
    parser: FeedbackParser = FeedbackParser()
    history_length: int = 16
    frames_kept: int = 2
    judged: bool = True
    last_resort: Action | None = None


class Episode:
    """Runs one episode; `summary` and `recovery` are there once `steps` is exhausted."""

    def __init__(
        self,
        env: Environment,
        policy: Policy,
        settings: Settings | None = None,
        observers: Sequence[Observer] = (),
    ) -> None:
        self.env = env
        self.policy = policy
        self.settings = settings or Settings()
        self.observers = tuple(observers)
        self.summary: EpisodeSummary | None = None
        self.recovery: tuple[ErrorSpan, ...] = ()
        self._moves = 0
        self._watching = 0.0  # seconds that observers took of the running step

    def frame_passed(self, frame: np.ndarray) -> None:
        """Give this to the environment as its callback for every primitive move in a skill."""
        began = time.perf_counter()
        self._moves += 1
        for observer in self.observers:
            observer.moved(frame)
        self._watching += time.perf_counter() - began

    def steps(
        self, header: EpisodeHeader, *, seed: int, options: dict[str, Any] | None = None
    ) -> Iterator[StepRecord]:
        """Reset the environment and play, yielding each step when it is over.

        Args:
            header: Written to the record; scene, family and instruction are the environment's
                where it tells them.
            seed: For the environment and the policy.
            options: Passed to `env.reset`.

        Raises:
            InstructionRefused: The policy cannot read the instruction.
        """
        settings = self.settings
        raw, info = self.env.reset(seed=seed, options=options)
        observation = _observation(raw)
        try:
            self.policy.reset(observation.instruction, seed)
        except ValueError as error:
            raise InstructionRefused(str(error)) from error
        memory = ContextMemory.begin(
            observation.instruction,
            frames_kept=settings.frames_kept,
            history_length=settings.history_length,
        )
        header = replace(
            header,
            instruction=observation.instruction,
            scene=str(info.get("scene", header.scene)),
            family=str(info.get("family", header.family)),
        )
        for observer in self.observers:
            observer.started(header, observation.rgb)
        ledger = RecoveryLedger()
        counts: list[int] = []
        facts = _facts(info)
        over = facts.success
        while not over and (settings.max_steps is None or len(counts) < settings.max_steps):
            index, clock = len(counts), _Clock()
            state = frame_hash(observation.rgb)
            said = memory.describe()
            decision = refine(
                self.policy,
                settings.parser,
                memory,
                observation,
                state,
                settings.rounds,
                settings.last_resort,
            )
            reply = decision.reply
            clock.policy += clock.lap()
            self._tell_decided(index, observation, said, decision)
            self._moves, self._watching = 0, 0.0
            clock.lap()
            raw, reward, terminated, truncated, info = self.env.step(reply.action or reply.text)
            clock.world += clock.lap() - self._watching
            # A fault may stay reported after it struck; it counts where it is new.
            struck, facts = facts.fault, _facts(info)
            fault = facts.fault if facts.fault != struck else ""
            seen, after = observation, _observation(raw)
            found = settings.parser.observe(
                self.policy, reply, seen.rgb, after.rgb, after.feedback, decision.memory
            )
            memory = decision.memory.after_step(
                reply, outcome_of(after.feedback), found, seen.rgb, state
            )
            clock.policy += clock.lap()
            failed = (
                facts.failed
                if facts.failed is not None
                else (outcome_of(after.feedback) == "failed")
            )
            is_error = failed or bool(fault)
            skill = (reply.action.verb, reply.action.target) if reply.action else None
            reported = memory.attempts[-1].outcome == "failed" or any(
                entry.kind != "no_progress" for entry in found
            )
            ledger.note(
                index,
                skill,
                is_error=is_error,
                reported=reported,
                conditions_met=facts.met,
                success=facts.success,
                fault=fault,
            )
            counts.append(len(decision.rounds))
            over = bool(terminated or truncated)
            record = StepRecord(
                index=index,
                frame=frame_name(index),
                frame_hash=state,
                feedback=seen.feedback,
                memory=said,
                rounds=tuple(entry.record() for entry in decision.rounds),
                action=_action_text(reply),
                thought=reply.thought,
                point=_point(reply),
                attention=attention_peak(reply.attention),
                outcome=memory.attempts[-1].outcome,
                answer=after.feedback,
                discrepancies=found,
                moves=int(info.get("moves", self._moves)),
                fault=fault,
                is_error=is_error,
                goal_conditions_met=facts.met,
                goal_conditions=facts.conditions,
                reward=float(reward),
                terminated=bool(terminated),
                truncated=bool(truncated),
            )
            observation = after
            for observer in self.observers:
                observer.stepped(record, after.rgb, Timing(clock.policy, clock.world))
            yield record
        self.recovery = ledger.spans
        judged = settings.judged
        self.summary = EpisodeSummary(
            success=judged and facts.success,
            steps=len(counts),
            goal_conditions_met=facts.met if judged else 0,
            goal_conditions=facts.conditions if judged else 0,
            errors=ledger.errors,
            recovered=ledger.recovered,
            noticed=ledger.noticed,
            false_alarms=ledger.false_alarms,
            mean_rounds=sum(counts) / len(counts) if counts else 0.0,
            judged=judged,
            final_frame=frame_name(len(counts)),
            final_frame_hash=frame_hash(observation.rgb),
        )
        for observer in self.observers:
            observer.ended(self.summary, observation.rgb)

    def run(
        self, header: EpisodeHeader, *, seed: int, options: dict[str, Any] | None = None
    ) -> EpisodeSummary:
        """Play to the end and return the summary."""
        for _ in self.steps(header, seed=seed, options=options):
            pass
        assert self.summary is not None
        return self.summary

    def _tell_decided(
        self, index: int, observation: Observation, said: tuple[str, ...], decision: Decision
    ) -> None:
        reply = decision.reply
        moment = Decided(
            index=index,
            frame=observation.rgb,
            memory=said,
            rounds=tuple(entry.record() for entry in decision.rounds),
            action=_action_text(reply),
            thought=reply.thought,
            plan=tuple(reply.plan),
            point=_point(reply),
            attention=reply.attention,
        )
        for observer in self.observers:
            observer.decided(moment)


class _Clock:
    """Splits the time of a step between policy and world."""

    def __init__(self) -> None:
        self.policy = self.world = 0.0
        self._last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last lap."""
        before, self._last = self._last, time.perf_counter()
        return self._last - before


@dataclass(frozen=True)
class _Facts:
    success: bool
    met: int
    conditions: int
    failed: bool | None  # None: the environment does not say
    fault: str


def _facts(info: Mapping[str, Any]) -> _Facts:
    """The public counters of `info`."""
    succeeded = info.get("action_success")
    return _Facts(
        success=bool(info.get("success", False)),
        met=int(info.get("goal_conditions_met", 0)),
        conditions=int(info.get("goal_conditions", 0)),
        failed=None if succeeded is None else not succeeded,
        fault=str(info.get("fault") or ""),
    )


def _observation(raw: Mapping[str, Any]) -> Observation:
    return Observation(
        rgb=np.asarray(raw["rgb"]),
        instruction=str(raw["instruction"]),
        feedback=str(raw["feedback"]),
    )


def _action_text(reply: Reply) -> str:
    return reply.action.to_text() if reply.action else reply.text


def _point(reply: Reply) -> tuple[float, float] | None:
    return reply.action.point if reply.action else None
