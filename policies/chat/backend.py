"""What a chat policy needs of the model it talks to: messages in, one completion out.

Messages are those of the chat protocol, pictures in them as arrays; a backend turns them into what
its model takes::

    [{"role": "user", "content": [
        {"type": "image", "image": <(H, W, 3) uint8>},
        {"type": "text", "text": "Is there a fridge in this picture? Answer yes or no."}]}]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np

Message = dict[str, Any]
# Characters of a reply that are read; what comes after them is not.
LONGEST = 32_768
# Control characters but tab and line end, half characters, and what turns the writing direction.
_ODD = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff\ufffe\uffff]"
)


class Purpose(StrEnum):
    """What a completion is for; a backend allows an action more tokens than a yes or no."""

    ACT = "act"
    ASK = "ask"


@dataclass(frozen=True)
class Completion:
    """What a model said.

    Whatever is given, the text is clean and the confidence a probability or None.

    Attributes:
        text: Empty if the model refused or said nothing; at most ``LONGEST`` characters.
        tokens_in: Of the prompt, estimated where the backend is not told.
        tokens_out: Of the answer.
        confidence: Geometric mean of the tokens' probabilities, or None if unknown.
    """

    text: str
    tokens_in: int
    tokens_out: int
    confidence: float | None

    def __post_init__(self) -> None:
        """Takes a model's words and how sure it is for what they are: not ours, and not checked."""
        object.__setattr__(self, "text", cleaned(self.text))
        sure = self.confidence
        if sure is not None and not 0.0 <= sure <= 1.0:
            object.__setattr__(self, "confidence", None)


def cleaned(text: str) -> str:
    """A model's words as they can be shown, kept and read: no control characters, within bounds.

    Half characters, what steers a terminal or turns the writing direction becomes a replacement
    character; all line ends become one.

    >>> cleaned("goto\\r\\nMug\\x1b[2J \\ud800")
    'goto\\nMug�[2J �'
    """
    return _ODD.sub("\ufffd", text[:LONGEST].replace("\r\n", "\n").replace("\r", "\n"))


class ChatBackend(Protocol):
    """A model that completes conversations.

    Attributes:
        name: Shown in reports.
        answers_questions: Whether it may be asked about frames besides being asked to act.
    """

    name: str
    answers_questions: bool

    def complete(self, messages: list[Message], purpose: Purpose, seed: int) -> Completion:
        """Answers a conversation.

        Args:
            messages: Of the form above.
            purpose: Decides how long the answer may get.
            seed: Of the episode, for backends that draw at random.
        """


def with_pictures(
    messages: list[Message], show: Callable[[np.ndarray], dict[str, Any]]
) -> list[Message]:
    """The same messages with every picture part replaced by ``show`` of its array.

    >>> shown = with_pictures(
    ...     [{"role": "user", "content": [{"type": "image", "image": np.zeros((2, 3, 3))}]}],
    ...     lambda frame: {"type": "size", "size": frame.shape[:2]},
    ... )
    >>> shown[0]["content"]
    [{'type': 'size', 'size': (2, 3)}]
    """
    return [
        {
            **message,
            "content": [
                show(part["image"]) if part["type"] == "image" else part
                for part in message["content"]
            ],
        }
        for message in messages
    ]
