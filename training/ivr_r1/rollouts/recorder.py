"""The policy as a world sees it: it asks the desk, here or down a pipe, and keeps every answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np

from agent.loop import InstructionRefused
from envs.actions import Action
from policies.base import Answer, Context, Observation, Question, Reply, Sighting, VerifierTrust
from policies.cimr.answers.kept_answers import Answered, KeptEpisode

Ask = Callable[..., Any]


class Taken(NamedTuple):
    """An answer that was given: in which round of its step, and what is kept of it."""

    round: int
    reply: Reply
    answered: Answered
    by_expert: bool = False


class Given(NamedTuple):
    """The expert's answer to the next question, in place of the policy's."""

    reply: Reply
    ids: tuple[int, ...]


class RecordingPolicy:
    """Answers in the loop by asking the desk.

    Args:
        ask: Asks it: a name and arguments, as of ``training.ivr_r1.rollouts.desk.Asked``.

    Attributes:
        taken: The answers since it was last emptied.
        given: Gives the answer to the next question, once, when it is asked.
    """

    name = "policy"

    def __init__(self, ask: Ask) -> None:
        self._desk = ask
        self.taken: list[Taken] = []
        self.given: Callable[[], Given] | None = None
        self._kept: KeptEpisode | None = None
        self._trust: tuple[VerifierTrust | None] | None = None

    def reset(self, instruction: str, seed: int) -> None:
        """Begins an episode.

        Raises:
            InstructionRefused: The policy can't read the instruction.
        """
        refusal = self._desk("reset", instruction, seed)
        if refusal is not None:
            raise InstructionRefused(refusal.why)
        self._kept = self._desk("kept")

    def seed(self, seed: int) -> None:
        """From here on answers are drawn by this seed."""
        self._desk("seed_draws", seed)

    def act(self, observation: Observation, context: Context) -> Reply:
        """An answer drawn by the network, or the one that was given."""
        slim = replace(context, frames=())  # the network doesn't look back, and a pipe is narrow
        given, self.given = self.given, None
        if given is None:
            reply, answered = self._desk("act", observation, slim)
        else:
            reply, ids = given()
            _, answered = self._desk("write", observation, slim, list(ids))
        self._kept = answered.after
        kept = replace(answered, after=None)
        self.taken.append(Taken(context.round, reply, kept, given is not None))
        return reply

    def kept(self) -> KeptEpisode | None:
        """The policy's own state of the running episode."""
        return self._kept

    def resume(self, kept: KeptEpisode | None) -> None:
        """Goes back to it."""
        self._desk("resume", kept)
        self._kept = kept

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        """The policy's answer about a frame (H, W, 3)."""
        answer: Answer | None = self._desk("ask", frame, question)
        return answer

    def sightings(self, frame: np.ndarray) -> tuple[Sighting, ...]:
        """The loose objects that it sees in a frame (H, W, 3)."""
        found: tuple[Sighting, ...] = self._desk("sightings", frame)
        return found

    @property
    def verifier_trust(self) -> VerifierTrust | None:
        """As of the policy's verifier; asked once."""
        if self._trust is None:
            self._trust = (self._desk("trust"),)
        return self._trust[0]

    def judge(self, before: np.ndarray, after: np.ndarray, action: Action) -> Answer | None:
        """The verifier's word on an action, of frames (H, W, 3)."""
        answer: Answer | None = self._desk("judge", before, after, action)
        return answer

    def foresee(self, frame: np.ndarray, action: Action) -> Answer | None:
        """The verifier's word on an action to come."""
        answer: Answer | None = self._desk("foresee", frame, action)
        return answer

    def held(self, frame: np.ndarray) -> tuple[str | None, float] | None:
        """What the verifier sees in the hand."""
        held: tuple[str | None, float] | None = self._desk("held", frame)
        return held
