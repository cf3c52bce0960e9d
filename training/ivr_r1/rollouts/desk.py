"""One network, many worlds: answers what they ask, and what is waiting together in one pass.

    desk = Desk(policy, temperature=1.0)
    desk.answer([Asked(0, "act", (observation, context)), Asked(1, "act", ...)])

Each world has a seat: a policy with an episode of its own around the same network. The frozen
vision encoder sees each frame once, when it is first asked about.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from policies.base import Context, Observation, Reply
from policies.cimr.answers import answering
from policies.cimr.answers.kept_answers import Answered
from policies.cimr.policy import LvlmPolicy

if TYPE_CHECKING:
    import numpy as np

# What a world may ask besides an answer; whatever else it asks is an error.
PLAIN = ("reset", "seed_draws", "kept", "resume", "sightings", "ask", "judge", "foresee", "held")


class Asked(NamedTuple):
    """What a world wants to know: ``act``, ``write``, ``words``, ``trust`` or one of ``PLAIN``."""

    world: int
    name: str
    arguments: tuple[Any, ...] = ()


class Refusal(NamedTuple):
    """In place of an answer: what was asked can't be answered, and why."""

    why: str


class Desk:
    """Answers for as many worlds as there are.

    Args:
        policy: Whose network it is; its own episode is not touched.
        temperature: Answers are drawn at it.

    Attributes:
        seconds: Spent answering.
        answers: Drawn.
        batches: In which they were drawn.
    """

    def __init__(self, policy: LvlmPolicy, temperature: float = 1.0) -> None:
        self.policy, self.temperature = policy, temperature
        self._seats: dict[int, LvlmPolicy] = {}
        self.seconds, self.answers, self.batches = 0.0, 0, 0

    def seat(self, world: int) -> LvlmPolicy:
        """The policy of a world."""
        if world not in self._seats:
            own = self.policy
            made = LvlmPolicy(
                own.model,
                own.codec.tokenizer,
                own.action_level,
                own.name,
                own.sighted,
                own.reader,
            )
            made.forbids = own.forbids
            self._seats[world] = made
        return self._seats[world]

    def answer(self, asked: Sequence[Asked]) -> list[Any]:
        """Answers in order: to ``act`` and ``write`` a reply with its ``Answered``.

        Raises:
            ValueError: If something is asked that there is not.
        """
        begun = time.perf_counter()
        made: list[Any] = [None] * len(asked)
        acts = [k for k, entry in enumerate(asked) if entry.name == "act"]
        for k, entry in enumerate(asked):
            if entry.name != "act":
                made[k] = self._plain(entry)
        if acts:
            for k, answer in zip(acts, self._act([asked[k] for k in acts]), strict=True):
                made[k] = answer
        self.seconds += time.perf_counter() - begun
        return made

    def _plain(self, entry: Asked) -> Any:
        seat = self.seat(entry.world)
        if entry.name == "write":
            return self._write(seat, *entry.arguments)
        if entry.name == "trust":
            return seat.verifier_trust
        if entry.name == "words":
            return tuple(seat.codec.answer_ids(*entry.arguments)[:-1])  # without its end
        if entry.name not in PLAIN:
            raise ValueError(f"a world asks {entry.name!r}, which is none of act, {PLAIN}")
        if entry.name != "reset":
            return getattr(seat, entry.name)(*entry.arguments)
        try:
            return seat.reset(*entry.arguments)
        except ValueError as error:  # it can't read the instruction
            return Refusal(str(error))

    def _act(self, asked: Sequence[Asked]) -> list[tuple[Reply, Answered]]:
        """Answers drawn together."""
        seats = [self.seat(entry.world) for entry in asked]
        questions, events = [], []
        for seat, entry in zip(seats, asked, strict=True):
            question, told = seat.question(*entry.arguments)
            questions.append(question)
            events.append(told)
        drawn = answering.answer(
            self.policy.model,
            self.policy.grammar,
            questions,
            [seat.draws for seat in seats],
            temperature=self.temperature,
            keeps=True,
        )
        self.answers += len(asked)
        self.batches += 1
        return [
            self._told(*parts)
            for parts in zip(
                seats, questions, events, drawn, [e.arguments[1] for e in asked], strict=True
            )
        ]

    @torch.inference_mode()
    def _write(
        self, seat: LvlmPolicy, observation: Observation, context: Context, ids: list[int]
    ) -> tuple[Reply, Answered]:
        """An answer that somebody else gave, in the policy's words: its tokens, not drawn.

        In place of log-probabilities it has 0 where the policy could say the same, else minus
        infinity: that is masked.
        """
        question, events = seat.question(observation, context)
        found = answering.finds(seat.model, [*question.prompt, *ids], question.patches)
        # What the policy itself could not say there, it can't learn to say.
        logps = [
            0.0 if token in seat.grammar.allowed(ids[:k]) else -math.inf
            for k, token in enumerate(ids)
        ]
        drawn = answering.Drawn(list(ids), logps, found)
        return self._told(seat, question, events, drawn, context)

    def _told(
        self,
        seat: LvlmPolicy,
        question: answering.Question,
        events: np.ndarray,
        drawn: answering.Drawn,
        context: Context,
    ) -> tuple[Reply, Answered]:
        answered = Answered(
            tuple(question.prompt),
            tuple(drawn.ids),
            tuple(drawn.logps),
            question.refused,
            events.astype("int16"),
            question.tokens[0].numpy().copy(),
            drawn.found.numpy().copy(),
            seat.took_in,
            seat.kept(),
        )
        return seat.reply(question, drawn, context), answered
