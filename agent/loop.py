"""One episode: see, decide (with refinement), act, hear, check, remember; until it is over.

    for step in Episode(env, policy).steps(header, seed=0):
        print(step.action, step.outcome)

The environment is any with Gymnasium's API, observations {"rgb", "instruction", "feedback"} and
action text; from `info` only public counters are read (success, goal conditions, what failed),
and those only for the record: the policy and the parser never see them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agent.environment import Environment, facts_of, observation_of
from agent.episode_state import EpisodeState, Moment, StepDecision, StepOutcome
from agent.feedback import FeedbackParser
from agent.memory import ContextMemory
from agent.recording.observer import Decided, Observer
from agent.recording.recorder import frame_name
from agent.recording.step_clock import StepClock
from agent.recording.trajectory import (
    EpisodeHeader,
    EpisodeSummary,
    StepRecord,
    Timing,
    attention_peak,
    frame_hash,
    is_report,
)
from agent.recovery import ErrorSpan
from agent.refine import plain_retries, refine
from agent.wording import outcome_of
from envs.actions import Action
from envs.overview import Onlooker, Pose
from policies.base import Observation, Policy, Reply, ResumablePolicy, SeeingPolicy


class InstructionRefused(ValueError):
    """The policy cannot make anything of the instruction; nothing was played."""


@dataclass(frozen=True)
class EpisodeSettings:
    """How the agent runs.

    Attributes:
        rounds: Most proposals a step; 1 switches self-correction off.
        max_steps: Give up after so many steps even if the environment goes on; None: never.
        parser: The feedback parser.
        history_length: Executed actions the policy is told of.
        frames_kept: Earlier frames the policy is given.
        judged: False if nobody can tell whether the instruction was carried out.
        last_resort: Done where all proposals are vain, such as to look around; None: nothing is.
        rules: Let hand-written rules choose, repair and forbid; else the policy's last word counts.
        recalls: Complete ``goto`` a loose object by the view and point where the policy saw one.
        tells: Tell the policy what speaks against its answers; else it is asked again untold.
    """

    rounds: int = 3
    max_steps: int | None = None
    parser: FeedbackParser = FeedbackParser()
    history_length: int = 16
    frames_kept: int = 2
    judged: bool = True
    last_resort: Action | None = None
    rules: bool = True
    recalls: bool = False
    tells: bool = True


class Episode:
    """Runs one episode; ``summary`` and ``recovery`` are there once ``steps`` is exhausted.

    Attributes:
        summary: How it ended.
        recovery: Every error and where it was made good.

    Args:
        env: Where it is played.
        policy: Who decides.
        settings: How the agent runs.
        observers: Who watches.
        onlooker: Sees the room from above, for the record; the agent is told nothing of it.
    """

    def __init__(
        self,
        env: Environment,
        policy: Policy,
        settings: EpisodeSettings | None = None,
        observers: Sequence[Observer] = (),
        onlooker: Onlooker | None = None,
    ) -> None:
        self.env = env
        self.policy = policy
        asked = settings or EpisodeSettings()
        rules = asked.rules and asked.parser.rules
        parser = replace(asked.parser, rules=rules, recalls=asked.recalls)
        self.settings = replace(asked, parser=parser)
        self.observers = tuple(observers)
        self._onlooker, self._path = onlooker, list[Pose]()
        self.summary: EpisodeSummary | None = None
        self.recovery: tuple[ErrorSpan, ...] = ()
        self._moves = 0
        self._watching = 0.0  # seconds that observers took of the running step
        self._state: EpisodeState | None = None

    def frame_passed(self, frame: np.ndarray) -> None:
        """Give this to the environment as its callback for every primitive move in a skill."""
        began = time.perf_counter()
        self._moves += 1
        self._note_pose()
        for observer in self.observers:
            observer.moved(frame)
        self._watching += time.perf_counter() - began

    def steps(
        self, header: EpisodeHeader, *, seed: int, options: dict[str, Any] | None = None
    ) -> Iterator[StepRecord]:
        """Resets the environment and plays, yielding each step when it is over.

        Args:
            header: Written to the record; scene, family and instruction are the environment's
                where it tells them.
            seed: For the environment and the policy.
            options: Passed to ``env.reset``.

        Raises:
            InstructionRefused: The policy cannot read the instruction.
        """
        self.begin(header, seed=seed, options=options)
        yield from self._steps()

    def begin(
        self, header: EpisodeHeader, *, seed: int, options: dict[str, Any] | None = None
    ) -> None:
        """Resets everything and takes no step yet; arguments and errors as of ``steps``."""
        self._state = self._begin(header, seed, options)

    def kept(self) -> Moment:
        """The running episode between two steps, for ``going_on``.

        Raises:
            RuntimeError: If none was begun.
        """
        policy = self.policy.kept() if isinstance(self.policy, ResumablePolicy) else None
        return Moment(self._running().copied(), policy)

    def going_on(self, moment: Moment) -> Iterator[StepRecord]:
        """Plays on from a kept moment, yielding each step; the environment stands there already.

        Observers are told of the steps and the end, not once more of a beginning.
        """
        self._state = moment.state.copied()
        if isinstance(self.policy, ResumablePolicy):
            self.policy.resume(moment.policy)
        yield from self._steps()

    def _running(self) -> EpisodeState:
        if self._state is None:
            raise RuntimeError("no episode was begun: call begin() or steps() first")
        return self._state

    def _steps(self) -> Iterator[StepRecord]:
        """The rest of the running episode."""
        state = self._running()
        most = self.settings.max_steps
        while not state.over and (most is None or state.index < most):
            clock = StepClock()
            decided = self._decide(state, clock)
            before = state.observation
            outcome = self._execute(state, decided, clock)
            record = self._record(state, before, decided, outcome)
            for observer in self.observers:
                observer.stepped(record, outcome.observation.rgb, Timing(clock.policy, clock.world))
            yield record
        self._end(state)

    def run(
        self, header: EpisodeHeader, *, seed: int, options: dict[str, Any] | None = None
    ) -> EpisodeSummary:
        """Plays to the end and returns the summary."""
        for _ in self.steps(header, seed=seed, options=options):
            pass
        if self.summary is None:
            raise RuntimeError("an episode that was played to its end has no summary")
        return self.summary

    def _begin(
        self, header: EpisodeHeader, seed: int, options: dict[str, Any] | None
    ) -> EpisodeState:
        """Resets environment, policy and memory, and tells the observers."""
        raw, info = self.env.reset(seed=seed, options=options)
        observation = observation_of(raw)
        try:
            self.policy.reset(observation.instruction, seed)
        except ValueError as error:
            raise InstructionRefused(str(error)) from error
        memory = ContextMemory.begin(
            observation.instruction,
            frames_kept=self.settings.frames_kept,
            history_length=self.settings.history_length,
        )
        header = replace(
            header,
            instruction=observation.instruction,
            scene=str(info.get("scene", header.scene)),
            family=str(info.get("family", header.family)),
            understood=str(getattr(self.policy, "understood", "")),
            room=self._onlooker.room() if self._onlooker is not None else None,
        )
        for observer in self.observers:
            observer.started(header, observation.rgb)
        facts = facts_of(info)
        return EpisodeState(observation, memory, facts, over=facts.success)

    def _note_pose(self) -> None:
        """Writes down where the agent stands, for the record alone."""
        pose = self._onlooker.pose() if self._onlooker is not None else None
        if pose is not None and self._path[-1:] != [pose]:
            self._path.append(pose)

    def _decide(self, state: EpisodeState, clock: StepClock) -> StepDecision:
        """Asks the policy, with refinement, and tells the observers what it will do."""
        observation = state.observation
        view = state.views.name_of(observation.rgb)
        if isinstance(self.policy, SeeingPolicy):
            seen = self.policy.sightings(observation.rgb)
            state.memory = state.memory.after_view(seen, state.index)
        settings = self.settings
        asked = (self.policy, settings.parser, state.memory, observation, view, settings.rounds)
        if settings.tells:
            last, rules = settings.last_resort, settings.rules
            decision = refine(*asked, last, rules=rules, recalls=settings.recalls)
        else:
            decision = plain_retries(*asked, recalls=settings.recalls)
        decided = StepDecision(
            decision, frame_hash(observation.rgb), view, memory=state.memory.describe()
        )
        clock.policy += clock.lap()
        reply = decided.decision.reply
        moment = Decided(
            index=state.index,
            frame=observation.rgb,
            memory=decided.memory,
            rounds=tuple(entry.record() for entry in decided.decision.rounds),
            action=_action_text(reply),
            thought=reply.thought,
            plan=tuple(reply.plan),
            point=_point(reply),
            attention=reply.attention,
        )
        for observer in self.observers:
            observer.decided(moment)
        return decided

    def _execute(self, state: EpisodeState, decided: StepDecision, clock: StepClock) -> StepOutcome:
        """Acts, looks what came of it, and takes that into memory and ledger."""
        reply, before = decided.decision.reply, state.observation
        self._moves, self._watching, self._path = 0, 0.0, []
        self._note_pose()
        clock.lap()
        raw, reward, terminated, truncated, info = self.env.step(reply.action or reply.text)
        clock.world += clock.lap() - self._watching
        self._note_pose()
        after, facts = observation_of(raw), facts_of(info)
        found = self.settings.parser.observe(
            self.policy, reply, before.rgb, after.rgb, after.feedback, decided.decision.memory
        )
        told = outcome_of(after.feedback)
        state.memory = decided.decision.memory.after_step(
            reply, told, found, before.rgb, decided.view
        )
        clock.policy += clock.lap()
        # A fault may stay reported after it struck; it counts where it is new.
        fault = facts.fault if facts.fault != state.facts.fault else ""
        failed = told == "failed" if facts.failed is None else facts.failed
        is_error, believed = failed or bool(fault), state.memory.attempts[-1].outcome
        reported = is_report(believed, found)
        outcome = StepOutcome(
            observation=after,
            found=found,
            outcome=believed,
            told=told,
            is_false_alarm=reported and not is_error,
            fault=fault,
            is_error=is_error,
            reward=float(reward),
            terminated=bool(terminated),
            truncated=bool(truncated),
            moves=int(info.get("moves", self._moves)),
        )
        state.ledger.note(
            state.index,
            (reply.action.verb, reply.action.target) if reply.action else None,
            is_error=outcome.is_error,
            reported=reported,
            conditions_met=facts.met,
            success=facts.success,
            fault=fault,
        )
        state.facts, state.observation = facts, after
        state.over = outcome.terminated or outcome.truncated
        return outcome

    def _record(
        self, state: EpisodeState, before: Observation, decided: StepDecision, outcome: StepOutcome
    ) -> StepRecord:
        """The step as it is written down; the next one begins."""
        reply, index = decided.decision.reply, state.index
        state.proposals.append(len(decided.decision.rounds))
        return StepRecord(
            index=index,
            frame=frame_name(index),
            frame_hash=decided.frame_hash,
            feedback=before.feedback,
            memory=decided.memory,
            rounds=tuple(entry.record() for entry in decided.decision.rounds),
            action=_action_text(reply),
            thought=reply.thought,
            point=_point(reply),
            attention=attention_peak(reply.attention),
            outcome=outcome.outcome,
            answer=outcome.observation.feedback,
            discrepancies=outcome.found,
            moves=outcome.moves,
            fault=outcome.fault,
            is_error=outcome.is_error,
            goal_conditions_met=state.facts.met,
            goal_conditions=state.facts.conditions,
            reward=outcome.reward,
            terminated=outcome.terminated,
            truncated=outcome.truncated,
            view=decided.view,
            told=outcome.told,
            false_alarm=outcome.is_false_alarm,
            reason=state.facts.reason if outcome.is_error else "",
            path=tuple(self._path),
        )

    def _end(self, state: EpisodeState) -> None:
        """Sums the episode up and tells the observers."""
        judged, counts, facts = self.settings.judged, state.proposals, state.facts
        self.recovery = state.ledger.spans
        self.summary = EpisodeSummary(
            success=judged and facts.success,
            steps=len(counts),
            goal_conditions_met=facts.met if judged else 0,
            goal_conditions=facts.conditions if judged else 0,
            errors=state.ledger.errors,
            recovered=state.ledger.recovered,
            noticed=state.ledger.noticed,
            false_alarms=state.ledger.false_alarms,
            mean_rounds=sum(counts) / len(counts) if counts else 0.0,
            judged=judged,
            final_frame=frame_name(len(counts)),
            final_frame_hash=frame_hash(state.observation.rgb),
        )
        for observer in self.observers:
            observer.ended(self.summary, state.observation.rgb)


def _action_text(reply: Reply) -> str:
    return reply.action.to_text() if reply.action else reply.text


def _point(reply: Reply) -> tuple[float, float] | None:
    """Where the action points in the frame it was decided on; an earlier view's point is not."""
    action = reply.action
    return action.point if action is not None and action.view is None else None
