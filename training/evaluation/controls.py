"""Controls: the same policy, kept from seeing, from reading, or from hearing what happened.

What is left of a score with a blank frame was never seen, with a blank or another task's
instruction never read. The feedback controls change what the agent is told of its last action:
what is left of its recovery was never owed to the feedback's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from math import gcd
from typing import Any

import numpy as np

from agent.environment import Environment
from agent.feedback import FeedbackParser
from agent.memory import ContextMemory
from envs.actions import Action
from policies.base import (
    Answer,
    Context,
    DrawingPolicy,
    Observation,
    Policy,
    Question,
    Reply,
    SeeingPolicy,
    Sighting,
    VerifierTrust,
    verifying,
)
from policies.discrepancy import Discrepancy
from training.evaluation.plan import BLIND, FEEDBACK

# How often scrambled feedback says failed: about as often as it is true of a trained policy.
SCRAMBLED_FAILURES = 0.2


class PolicyControl:
    """A policy that is kept from seeing or reading.

    Args:
        policy: Whose.
        control: One of ``BLIND``.
        other: The instruction given instead, for ``wrong_instruction``.

    Raises:
        ValueError: If the control is unknown.
    """

    def __init__(self, policy: Policy, control: str, other: str = "") -> None:
        if control not in BLIND:
            raise ValueError(f"Unknown control {control!r}: use one of {', '.join(BLIND)}.")
        self.policy, self.control, self.other = policy, control, other
        self.name = policy.name if control == "none" else f"{policy.name} ({control})"

    def _frame(self, frame: np.ndarray) -> np.ndarray:
        return np.full_like(frame, 127) if self.control == "blank_frame" else frame

    def _instruction(self, instruction: str) -> str:
        if self.control == "blank_instruction":
            return ""
        return self.other if self.control == "wrong_instruction" else instruction

    def reset(self, instruction: str, seed: int) -> None:
        """Begins an episode; a policy that can't begin without an instruction does so unasked."""
        refusals = (ValueError,) if self.control == "blank_instruction" else ()
        with suppress(*refusals):
            self.policy.reset(self._instruction(instruction), seed)

    def act(self, observation: Observation, context: Context) -> Reply:
        """The policy's answer to what it is let see."""
        return self.policy.act(*self._shown(observation, context))

    def redraw(self, observation: Observation, context: Context) -> Reply:
        """Another answer to that; of a policy that draws none, the same once more."""
        shown = self._shown(observation, context)
        if isinstance(self.policy, DrawingPolicy):
            return self.policy.redraw(*shown)
        return self.policy.act(*shown)

    def _shown(self, observation: Observation, context: Context) -> tuple[Observation, Context]:
        shown = replace(
            observation,
            rgb=self._frame(observation.rgb),
            instruction=self._instruction(observation.instruction),
        )
        frames = tuple(self._frame(frame) for frame in context.frames)
        return shown, replace(context, frames=frames)

    def parser(self, instruction: str) -> FeedbackParser:
        """A feedback parser that knows of the instruction what the policy is let read.

        It still compares frames, so a policy that sees only grey is told whether its action
        changed the view.

        Args:
            instruction: The task's.
        """
        return _Parser(told=self._instruction(instruction))

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        """The policy's answer about the frame it is let see."""
        return self.policy.ask(self._frame(frame), question)

    @property
    def verifier_trust(self) -> VerifierTrust | None:
        """As of the policy; None without a verifier."""
        verifier = verifying(self.policy)
        return None if verifier is None else verifier.verifier_trust

    def judge(self, before: np.ndarray, after: np.ndarray, action: Action) -> Answer | None:
        """The verifier's word on frames that it is let see."""
        verifier = verifying(self.policy)
        shown = self._frame(before), self._frame(after)
        return None if verifier is None else verifier.judge(*shown, action)

    def foresee(self, frame: np.ndarray, action: Action) -> Answer | None:
        """The verifier's word on a frame that it is let see."""
        verifier = verifying(self.policy)
        return None if verifier is None else verifier.foresee(self._frame(frame), action)

    def held(self, frame: np.ndarray) -> tuple[str | None, float] | None:
        """What the verifier sees in the hand in a frame that it is let see."""
        verifier = verifying(self.policy)
        return None if verifier is None else verifier.held(self._frame(frame))

    def sightings(self, frame: np.ndarray) -> tuple[Sighting, ...]:
        """What the policy sees in the frame it is let see; nothing if it does not tell."""
        if not isinstance(self.policy, SeeingPolicy):
            return ()
        return self.policy.sightings(self._frame(frame))


@dataclass(frozen=True)
class _Parser(FeedbackParser):
    """Holds proposals against the instruction that was told, whatever the memory holds."""

    told: str = ""

    def check(
        self, policy: Policy, reply: Reply, frame: np.ndarray, memory: ContextMemory, state: str
    ) -> tuple[Discrepancy, ...]:
        memory = replace(memory, instruction=self.told)
        return super().check(policy, reply, frame, memory, state)


class FeedbackControl:
    """An environment whose feedback is told otherwise; what is recorded as true stays true.

    Args:
        env: Whose.
        feedback: One of ``FEEDBACK``: as it is; drawn anew without regard to what happened; the
            opposite; or nothing.
        seed: Of the drawing.

    Raises:
        ValueError: If the feedback control is unknown.
    """

    def __init__(self, env: Environment, feedback: str, seed: int) -> None:
        if feedback not in FEEDBACK:
            raise ValueError(
                f"Unknown feedback control {feedback!r}: use one of {', '.join(FEEDBACK)}."
            )
        self.env, self.feedback = env, feedback
        self._rng = np.random.default_rng([seed, 3571])

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Mapping[str, Any], dict[str, Any]]:
        """Begins an episode."""
        return self.env.reset(seed=seed, options=options)

    def step(self, action: Any) -> tuple[Mapping[str, Any], Any, bool, bool, dict[str, Any]]:
        """Carries out an action."""
        raw, reward, terminated, truncated, info = self.env.step(action)
        told = {**raw, "feedback": self._told(str(raw["feedback"]))}
        return told, reward, terminated, truncated, info

    def _told(self, feedback: str) -> str:
        if self.feedback == "real":
            return feedback
        if self.feedback == "empty" or not feedback:
            return ""
        failed = feedback.startswith("failed")
        if self.feedback == "scrambled":
            failed = bool(self._rng.random() < SCRAMBLED_FAILURES)
        else:
            failed = not failed
        return "failed" if failed else "ok"


def other_instructions(tasks: list[Any]) -> list[str]:
    """For each task the instruction of another one that is about another object."""
    chosen = []
    # A stride that comes by all tasks, and not by the next of the family first.
    stride = next(s for s in (7, 11, 13, 17, 1) if gcd(s, len(tasks) or 1) == 1)
    for k, task in enumerate(tasks):
        for step in range(1, len(tasks)):
            other = tasks[(k + step * stride) % len(tasks)]
            # Another object in the same receptacle is half right; walks have no receptacle.
            alike = bool(task.receptacle) and (
                (other.family, other.receptacle) == (task.family, task.receptacle)
            )
            if other.target != task.target and not alike and other.instruction != task.instruction:
                chosen.append(other.instruction)
                break
        else:
            chosen.append("done")
    return chosen
