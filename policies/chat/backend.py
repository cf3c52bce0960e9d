"""What a chat policy needs of the model it talks to: messages in, one completion out.

Messages are those of the chat protocol, pictures in them as arrays; a backend turns them into what
its model takes::

    [{"role": "user", "content": [
        {"type": "image", "image": <(H, W, 3) uint8>},
        {"type": "text", "text": "Is there a fridge in this picture? Answer yes or no."}]}]
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

import numpy as np

Message = dict[str, Any]


class Purpose(StrEnum):
    """What a completion is for; a backend allows an action more tokens than a yes or no."""

    ACT = "act"
    ASK = "ask"


@dataclass(frozen=True)
class Completion:
    """What a model said.

    Attributes:
        text: Empty if the model refused or said nothing.
        tokens_in: Of the prompt, estimated where the backend is not told.
        tokens_out: Of the answer.
        confidence: Geometric mean of the tokens' probabilities, or None if unknown.
    """

    text: str
    tokens_in: int
    tokens_out: int
    confidence: float | None


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
