"""Any chat model that takes pictures, as a policy.

The model runs in this process (``policies.chat.hugging_face``) or behind a server
(``policies.chat.openai_server``); what it is told (``prompt``) and how its answers are read
(``reply``) is the same for both.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from policies.base import Answer, Context, Observation, Question, Reply
from policies.chat.backend import ChatBackend, Purpose
from policies.chat.prompt import action_messages, question_messages
from policies.chat.reply import parse_reply, parse_yes_no

# What a yes or no is worth from a backend that knows no probabilities.
UNKNOWN_CONFIDENCE = 0.85


class ChatPolicy:
    """Acts with a chat model.

    Args:
        backend: The model.
        action_level: skill or primitive: which verbs it is offered.
    """

    def __init__(self, backend: ChatBackend, action_level: str = "skill") -> None:
        self.backend, self.action_level = backend, action_level
        self.name = backend.name
        self._seed = 0

    def reset(self, instruction: str, seed: int) -> None:
        """Begins an episode; the seed goes along with every request."""
        self._seed = seed

    def act(self, observation: Observation, context: Context) -> Reply:
        """One answer; a reply that is not in the format comes back with its error.

        Raises:
            EndpointError: If a server gives no answer.
            PolicyStopped: If a server refuses, or the budget is used up.
        """
        messages = action_messages(observation, context, self.action_level)
        said = self.backend.complete(messages, Purpose.ACT, self._seed)
        sure = 1.0 if said.confidence is None else said.confidence
        return replace(parse_reply(said.text), confidence=sure)

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        """Asks the model itself; None if it may not be asked, or says neither yes nor no.

        Raises:
            EndpointError: If a server gives no answer.
            PolicyStopped: If a server refuses, or the budget is used up.
        """
        messages = question_messages(frame, question)
        if messages is None or not self.backend.answers_questions:
            return None
        said = self.backend.complete(messages, Purpose.ASK, self._seed)
        yes = parse_yes_no(said.text)
        if yes is None:
            return None
        return Answer(yes, UNKNOWN_CONFIDENCE if said.confidence is None else said.confidence)
