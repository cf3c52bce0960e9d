"""Plays a task by the searching expert: once undisturbed, then with a fault, slips and objections.

Or a learned policy acts, and what it does otherwise than the expert would is what it slips by.

It is the agent's own loop, with its feedback parser and memory. The parser asks about frames what
the simulator knows. Held against a slip, its objection is right; some right proposals are objected
to as well, by objections that are made up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from agent.deeds import STATE_AFTER
from agent.feedback import FeedbackParser
from agent.loop import Episode, EpisodeSettings
from agent.memory import ContextMemory
from agent.recording.observer import Observer
from agent.recording.trajectory import EpisodeHeader, StepRecord, Timing, frame_hash
from agent.wording import same_action, words
from envs.actions import SKILL_VERBS_WITH_TARGET, Action, types_of
from envs.faults import Fault
from envs.tasks.base import Task
from envs.thor_env import ThorEnv
from policies.base import (
    Answer,
    Context,
    Observation,
    Policy,
    Question,
    Reply,
    Sighting,
    VerifierTrust,
)
from policies.discrepancy import Discrepancy, DiscrepancySource
from policies.expert.policy import ExpertPolicy, Label
from training.data.collect_demonstrations import task_header
from training.data.map.frame_truth import TRUST, FrameTruth, sureness
from training.data.map.learner import Known, Learner, failure_of
from training.data.map.records import Move
from training.data.map.slips import ONLY_SAID, Moment, Slip, make_slip
from training.data.objections import Tried, made_up

# Of what these do a frame can tell.
_JUDGED = (*SKILL_VERBS_WITH_TARGET, "drop")
# Where a policy acts, so many steps are the expert's nevertheless: an episode has to be won.
_EXPERT_SHARE = 0.15
# How sure the parser is where it speaks from memory.
_FROM_MEMORY = (0.6, 0.7, 0.8, 0.9, 0.9, 0.9)


@dataclass(frozen=True)
class Disturbances:
    """How often something goes wrong.

    Attributes:
        slips: Chance of a slip at a step.
        carried_out: Of slips, the share that is insisted on and carried out.
        false_objections: Chance that a right proposal is objected to.
    """

    slips: float = 0.0
    carried_out: float = 0.5
    false_objections: float = 0.0


@dataclass(frozen=True, eq=False)
class PlayedStep:
    """A step of an episode.

    Attributes:
        record: As the loop writes it down.
        label: What the expert held for right, before anything was proposed.
        slip: Kind of the slip, or of the policy's failure, that was proposed first; empty for none.
        frame: (H, W, 3) uint8, what was seen before it.
        truth: What that shows.
        by_policy: A learned policy made the first proposal.
    """

    record: StepRecord
    label: Label
    slip: str
    frame: np.ndarray
    truth: FrameTruth
    by_policy: bool = False


class SlippingExpert:
    """The expert, who slips now and then; a policy of the agent's loop.

    Args:
        env: Played in.
        disturbances: How often what goes wrong.
        plan: Steps of the undisturbed plan.
        verifies: It answers as a policy with a verifier does, too.
        rng: Decides all of it.
        learner: Acts; what it does otherwise than the expert would are the slips.
    """

    name = "slipping expert"

    def __init__(
        self,
        env: ThorEnv,
        disturbances: Disturbances,
        plan: Sequence[Move],
        verifies: bool,
        rng: np.random.Generator,
        learner: Learner | None = None,
    ) -> None:
        self.env, self.disturbances, self.plan, self.rng = env, disturbances, plan, rng
        self.expert = ExpertPolicy(env, search=True)
        self.verifier_trust = VerifierTrust(TRUST, TRUST, TRUST) if verifies else None

        self._truths: dict[str, FrameTruth] = {}
        self.had_effect = True
        self._last = ("", "")
        self._careful = self._insists = False
        self.label: Label | None = None
        self.slip: Slip | None = None
        self.learner, self.own = learner, None  # type: Learner | None, Reply | None
        self._before = self._knows = Known()

    def reset(self, instruction: str, seed: int) -> None:
        """Begins an episode; one is made for each."""
        self.expert.reset(instruction, seed)
        if self.learner is not None:
            self.learner.reset(instruction, seed)

    def shown(self, frame: np.ndarray, is_stale: bool = False) -> None:
        """Takes note of what a frame shows; a stale one shows what it showed before."""
        if not (is_stale and frame_hash(frame) in self._truths):
            self._truths[frame_hash(frame)] = FrameTruth.now(self.env)

    def truth(self, frame: np.ndarray) -> FrameTruth:
        """What a frame shows that was seen."""
        return self._truths[frame_hash(frame)]

    def came_of_it(self, action: str, worked: bool, struck: str) -> None:
        """Is told what came of a step; after an error it takes care not to slip."""
        if struck != "noop":  # where nothing was done, the same is right as before
            self._last = action, "ok" if worked else "failed"
        self.had_effect = worked and struck not in ("noop", "wrong_object", "stale_frame")
        self._careful = not self.had_effect or bool(struck)

    def act(self, observation: Observation, context: Context) -> Reply:
        """The slip, where it comes first or is insisted on; else what is right."""
        if context.round == 1:
            self._begin(observation, context)
        if self.label is None:
            raise RuntimeError("A second proposal was asked for before the first.")
        wrong = self.slip is not None and (context.round == 1 or self._insists)
        if self.learner is not None:
            theirs = wrong or (self.own is not None and context.round == 1)
            (self._before if theirs else self._knows).put_back(self.env)
        if self.slip is not None and wrong:
            return self.slip.reply
        if self.own is not None and context.round == 1:
            return self.own
        action = self.label.action
        return Reply(action, thought=self.label.thought, text=action.to_text())

    def _begin(self, observation: Observation, context: Context) -> None:
        self._before = Known.now(self.env)
        self.label = self.expert.label(*self._last)
        self._knows = Known.now(self.env)
        self.slip = self.own = None
        if self.learner is not None:
            self._ask(self.learner, observation, context, self.label)
        elif not self._careful and self.rng.random() < self.disturbances.slips:
            moment = Moment(self.env, self.label, context, self.plan)
            self.slip = make_slip(moment, self.rng)
        self._insists = (
            self.slip is not None
            and self.slip.kind not in ONLY_SAID
            and self.rng.random() < self.disturbances.carried_out
        )
        if self._insists:
            self.env.skills.meant = ""  # the expert's knowledge of which one is not the slip's

    def _ask(
        self, learner: Learner, observation: Observation, context: Context, label: Label
    ) -> None:
        """What the policy would do; after an error what is right is done in any case."""
        reply = learner.propose(observation, context)
        if self._careful or self.rng.random() < _EXPERT_SHARE:
            return
        kind = failure_of(reply, label)
        if kind:
            self.slip = Slip(kind, reply)
        else:
            self.own = reply

    @property
    def is_policys(self) -> bool:
        """Whether the first proposal of this step is the learned policy's."""
        return self.own is not None or (self.learner is not None and self.slip is not None)

    def objected(
        self, reply: Reply, frame: np.ndarray, memory: ContextMemory
    ) -> Discrepancy | None:
        """A made-up objection to a right first proposal, now and then."""
        chance = self.disturbances.false_objections
        action = reply.action
        if action is None or self.slip is not None or memory.round > 1:
            return None
        if self.label is None or not same_action(action.to_text(), self.label.action.to_text()):
            return None  # a policy's own point may be wrong
        if self.rng.random() >= chance:
            return None
        truth, task = self.truth(frame), self.env.task
        held = [words(sighting.kind) for sighting in truth.sightings()]
        hidden = task is not None and not truth.pixels(task.target)
        seen = task.target if task is not None and hidden else None
        past = [a for a in memory.attempts if same_action(a.action, action.to_text())]
        failed = sum(a.outcome == "failed" for a in past)
        tried = Tried(failed, len(past) - failed)
        found = made_up(action, held, self.rng, seen, tried)
        if found is None:
            return None
        said = found.source is DiscrepancySource.CONSISTENCY
        sure = float(self.rng.choice(_FROM_MEMORY)) if said else sureness(self.rng)
        return replace(found, confidence=sure)

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        """The truth about a frame, where it is plain to see."""
        return self.truth(frame).answer(question, self.rng)

    def judge(self, before: np.ndarray, after: np.ndarray, action: Action) -> Answer | None:
        """Whether the last step had the effect that the frames should show."""
        if action.verb not in _JUDGED:
            return None
        seen = self._effect(self.truth(after), action)
        same = frame_hash(before) == frame_hash(after) and action.verb != "goto"
        worked = self.had_effect and (action.verb.startswith("toggle") or not same)
        return Answer(worked if seen is None else seen and worked, sureness(self.rng))

    def _effect(self, after: FrameTruth, action: Action) -> bool | None:
        """Whether a frame shows what an action should bring about; None where it does not tell."""
        if action.verb == "pick up":
            return after.held in types_of(action.target or "")
        if action.verb in ("put in", "drop"):
            return not after.held
        state = STATE_AFTER.get(action.verb)
        if state is None or action.target is None:
            return None
        # Of several only one was meant; that none is so tells.
        return after.yes(Question("state", action.target, state))

    def foresee(self, frame: np.ndarray, action: Action) -> Answer | None:
        """Nothing: that is not known before it is tried."""
        return None

    def held(self, frame: np.ndarray) -> tuple[str | None, float] | None:
        """What is in the hand."""
        return self.truth(frame).held or None, sureness(self.rng)

    def sightings(self, frame: np.ndarray) -> tuple[Sighting, ...]:
        """The loose objects that anybody would notice."""
        truth = self.truth(frame)
        found = truth.sightings()
        if self.learner is not None:
            self.learner.saw(found, truth.held)
        return found


@dataclass(frozen=True)
class ObjectingParser(FeedbackParser):
    """The agent's parser, with all its rules, which also objects to what is right now and then."""

    def check(
        self, policy: Policy, reply: Reply, frame: np.ndarray, memory: ContextMemory, state: str
    ) -> tuple[Discrepancy, ...]:
        """What speaks against a proposal, or is said to."""
        whole = replace(self, rules=True)
        found = FeedbackParser.check(whole, policy, reply, frame, memory, state)
        if found or not isinstance(policy, SlippingExpert):
            return found
        false = policy.objected(reply, frame, memory)
        return () if false is None else (false,)


class _ToldEnv:
    """The environment as the loop sees it; tells the expert what is shown and came of it."""

    def __init__(self, env: ThorEnv, expert: SlippingExpert) -> None:
        self.env, self.expert, self._fault = env, expert, ""

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Begins an episode."""
        raw, info = self.env.reset(seed=seed, options=options)
        self.expert.shown(np.asarray(raw["rgb"]))
        self._fault = str(info["fault"])
        return raw, info

    def step(self, action: Any) -> tuple[Mapping[str, Any], Any, bool, bool, dict[str, Any]]:
        """Carries out an action, and tells of it."""
        raw, reward, terminated, truncated, info = self.env.step(action)
        struck = str(info["fault"]) if info["fault"] != self._fault else ""
        self._fault = str(info["fault"])
        self.expert.shown(np.asarray(raw["rgb"]), is_stale=struck == "stale_frame")
        text = action.to_text() if isinstance(action, Action) else str(action)
        worked = bool(info["action_success"])
        self.expert.came_of_it(text, worked, struck)
        if self.expert.learner is not None:
            self.expert.learner.came_of_it(action if isinstance(action, Action) else None, worked)
        return raw, reward, terminated, truncated, info


class _Notes(Observer):
    """Keeps what the loop tells, with the expert's labels and the frames."""

    def __init__(self, expert: SlippingExpert) -> None:
        self.expert, self.steps = expert, list[PlayedStep]()
        self._frame = np.zeros((0, 0, 3), np.uint8)

    def started(self, header: EpisodeHeader, frame: np.ndarray) -> None:
        """The first view."""
        self._frame = frame.copy()

    def stepped(self, record: StepRecord, frame: np.ndarray, timing: Timing) -> None:
        """A step is over."""
        expert = self.expert
        if expert.label is None:
            raise RuntimeError("A step was taken without the expert.")
        slip = expert.slip.kind if expert.slip is not None else ""
        before = self._frame
        truth = expert.truth(before)
        step = PlayedStep(record, expert.label, slip, before, truth, expert.is_policys)
        self.steps.append(step)
        self._frame = frame.copy()


def play(
    env: ThorEnv,
    task: Task,
    rng: np.random.Generator,
    *,
    disturbances: Disturbances,
    plan: Sequence[Move] = (),
    fault: Fault | None = None,
    max_steps: int,
    learner: Policy | None = None,
    lost_too: bool = False,
) -> tuple[PlayedStep, ...]:
    """The steps of an episode; none if it was not won, unless lost ones are wanted, too.

    Args:
        env: In skills, told honestly.
        task: What is to be done.
        rng: Of all that is random.
        disturbances: How often what goes wrong; by default nothing does.
        plan: Steps of the undisturbed plan.
        fault: Injected, or None.
        max_steps: Given up after so many.
        learner: Acts in the expert's place.
        lost_too: Give the steps of an episode that was not won.
    """
    env.fault = fault
    acting = Learner(learner) if learner is not None else None
    expert = SlippingExpert(env, disturbances, plan, bool(rng.random() < 0.5), rng, acting)
    notes = _Notes(expert)
    settings = EpisodeSettings(
        rounds=3,
        max_steps=max_steps,
        frames_kept=0,
        rules=False,
        parser=ObjectingParser(trust=TRUST),
    )
    header = task_header(env, task, expert.name, settings.rounds)
    episode = Episode(_ToldEnv(env, expert), expert, settings, [notes])
    summary = episode.run(header, seed=int(rng.integers(2**31)), options={"task": task})
    return tuple(notes.steps) if summary.success or lost_too else ()
