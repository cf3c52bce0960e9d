"""Who answers: whatever turns frames, a context and the turns so far into words.

    ChatAnswerer(backend).answer(Question(...))     # "Yes, it is open."

Beside models stand those that show what a score is worth: the right answers themselves, answers by
somebody who sees nothing, and the question given back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np

from policies.chat.backend import ChatBackend, Purpose
from training.mmcr.dialogue.chat_messages import said_by, text_part
from training.mmcr.dialogue.claims import claims_of
from training.mmcr.dialogue.records import Dialogue
from training.mmcr.dialogue.wording import usual_name

CONTROLS = ("none", "no-frames", "no-turns")
_HOW = " Answer in one short sentence."


@dataclass(frozen=True, eq=False)
class Question:
    """What is asked, with all that was before it.

    Attributes:
        dialogue: Its id.
        index: Of the turn, from 0.
        frames: (H, W, 3) uint8 each, in order.
        context: What is known of the task and the steps.
        earlier: Questions and answers so far.
        text: The question.
        seed: For whoever draws.
    """

    dialogue: str
    index: int
    frames: tuple[np.ndarray, ...]
    context: str
    earlier: tuple[tuple[str, str], ...]
    text: str
    seed: int = 0


class Answerer(Protocol):
    """Answers questions.

    Attributes:
        name: In the report.
    """

    name: str

    def answer(self, question: Question) -> str:
        """In words."""
        ...


class TruthAnswerer:
    """Gives the right answers: as much as can be had.

    Args:
        dialogues: That are asked about.
    """

    name = "truth"

    def __init__(self, dialogues: Iterable[Dialogue]) -> None:
        self._known = {(d.id, k): turn.answer for d in dialogues for k, turn in enumerate(d.turns)}

    def answer(self, question: Question) -> str:
        return self._known[question.dialogue, question.index]


class EchoAnswerer:
    """Gives the question back."""

    name = "echo"

    def answer(self, question: Question) -> str:
        return question.text


class BlindAnswerer:
    """Sees no frame and hears only the question: guesses what is often right."""

    name = "blind"

    def answer(self, question: Question) -> str:
        low = question.text.lower()
        for marks, guess in _GUESSES:
            if re.search(marks, low):
                return guess
        if re.match(r"(and )?(is|are|do|does|did|have|has|had|can|could|was|would|were)\b", low):
            return "Yes."
        named = claims_of(low).kinds
        return f"The {usual_name(named[0])}." if named else "The table."


_GUESSES = (
    (r"left, middle or right|left, in the middle", "It is in the middle of the picture."),
    (r"left or (to the )?right|further left", "It is to the left of it."),
    (r"open or closed", "It is closed."),
    (r"on or off", "It is off."),
    (r"how many|count the|number|how often|take one away|if you add|in all", "Two."),
    (r"which frame|in which of the frames|when among", "Frame 1."),
    (r"which step|at which step", "Step 1."),
    (r"what did you do|which action|your first step|you go on|next\b|instead", "I looked around."),
)


class ChatAnswerer:
    """A chat model.

    Args:
        backend: The model.
    """

    def __init__(self, backend: ChatBackend) -> None:
        self.backend, self.name = backend, backend.name

    def answer(self, question: Question) -> str:
        """Asks it, with all frames at the first question.

        Raises:
            EndpointError: If a server gives no answer.
            PolicyStopped: If a server refuses, or the budget is used up.
        """
        pictures: list[dict[str, Any]] = [
            {"type": "image", "image": frame} for frame in question.frames
        ]
        messages = [said_by("system", text_part(question.context + _HOW))]
        for asked, answered in question.earlier:
            messages.append(said_by("user", *pictures, text_part(asked)))
            messages.append(said_by("assistant", text_part(answered)))
            pictures = []
        messages.append(said_by("user", *pictures, text_part(question.text)))
        return self.backend.complete(messages, Purpose.ACT, question.seed).text.strip()


class Controlled:
    """Somebody who is not shown the frames, or not told the earlier turns.

    Args:
        inner: Who answers.
        control: One of ``CONTROLS``.

    Raises:
        ValueError: There is no such control.
    """

    def __init__(self, inner: Answerer, control: str) -> None:
        if control not in CONTROLS:
            raise ValueError(f"Unknown control {control!r}: use one of {', '.join(CONTROLS)}.")
        self.inner, self.control = inner, control
        self.name = inner.name if control == "none" else f"{inner.name}, {control}"

    def answer(self, question: Question) -> str:
        if self.control == "no-frames":
            grey = tuple(np.full_like(frame, 128) for frame in question.frames)
            question = replace(question, frames=grey)
        elif self.control == "no-turns":
            question = replace(question, earlier=())
        return self.inner.answer(question)


def questions_of(
    dialogue: Dialogue, frames: tuple[np.ndarray, ...], seed: int = 0
) -> list[Question]:
    """The questions of a dialogue; earlier turns stand as they were written.

    Args:
        dialogue: Which one.
        frames: Its pictures.
        seed: For whoever draws.
    """
    said = [(turn.question, turn.answer) for turn in dialogue.turns]
    return [
        Question(dialogue.id, k, frames, dialogue.context, tuple(said[:k]), asked, seed)
        for k, (asked, _) in enumerate(said)
    ]


BUILT_IN: Mapping[str, str] = {
    "truth": "the right answers themselves",
    "blind": "guesses without a frame",
    "echo": "gives the question back",
}
