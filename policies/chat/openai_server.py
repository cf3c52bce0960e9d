"""A model behind an OpenAI-compatible server, asked over HTTP within a budget.

A picture travels as a PNG in a data URL. Every exchange may be kept in a transcript, a line of JSON
each, in which a picture stands by its hash::

    {"time": "2025-01-01T12:00:00Z", "model": "llava", "seed": 0, "purpose": "ask",
     "messages": [{"role": "user", "content": [{"type": "image_url", "sha256": "9f86..."}, ...]}],
     "text": "yes", "tokens_in": 812, "tokens_out": 1, "usd": 0.0001, ...}
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np

from policies.chat.backend import Completion, Message, Purpose, with_pictures
from policies.chat.budget import Purse
from policies.chat.client import DEFAULT_URL, ChatClient
from policies.chat.endpoint import EndpointSettings

MOST_TOKENS_OF_A_YES_OR_NO = 16


class OpenAIServerBackend:
    """Completes conversations with a model behind a server.

    Args:
        client: Whom to ask.
        settings: How.
    """

    def __init__(self, client: ChatClient, settings: EndpointSettings | None = None) -> None:
        self.client, self.settings = client, settings or EndpointSettings()
        self.name = f"openai:{client.model}"
        self.answers_questions = self.settings.questions
        ledger = Path(self.settings.ledger) if self.settings.ledger else None
        self.purse = Purse(self.settings.budget, ledger)

    @classmethod
    def from_name(cls, name: str, settings: EndpointSettings | None = None) -> OpenAIServerBackend:
        """A backend from ``openai:MODEL`` and the environment; the key is ``OPENAI_API_KEY``.

        Raises:
            ValueError: If the address is none, or OpenAI's own without a key.
        """
        settings = settings or EndpointSettings()
        model = name.split(":", 1)[1]
        key = os.environ.get("OPENAI_API_KEY", "").strip()
        url = settings.base_url or os.environ.get("OPENAI_BASE_URL", "").strip() or DEFAULT_URL
        client = ChatClient(model, url, key, settings.timeout, settings.attempts)
        if client.base_url == DEFAULT_URL and not key:
            raise ValueError(
                f"{name!r} has no endpoint: give --base-url (or OPENAI_BASE_URL), such as "
                "http://localhost:8000/v1, or set OPENAI_API_KEY to use OpenAI's."
            )
        return cls(client, settings)

    def complete(self, messages: list[Message], purpose: Purpose, seed: int) -> Completion:
        """Asks the server; pays from the purse and keeps the transcript.

        Raises:
            EndpointError: If the server gives no answer.
            PolicyStopped: If it refuses, or the budget is used up.
        """
        limit = self.settings.max_tokens
        if purpose is Purpose.ASK:
            limit = MOST_TOKENS_OF_A_YES_OR_NO
        sent = [_plain_if_text(message) for message in with_pictures(messages, picture_part)]
        self.purse.check()
        begun = time.time()
        asked = {"seed": seed, "purpose": purpose, "messages": sent}
        try:
            made = self.client.complete(sent, limit, seed)
        except RuntimeError as error:
            self._note(begun, asked, {"error": str(error)})
            raise
        cost = self.purse.pay(made.tokens_in, made.tokens_out)
        outcome = {
            "text": made.text,
            "tokens_in": made.tokens_in,
            "tokens_out": made.tokens_out,
            "usd": cost.usd,
            "confidence": made.confidence,
            "attempts": made.attempts,
            "seconds": round(made.seconds, 3),
        }
        self._note(begun, asked, outcome)
        return made

    def _note(self, begun: float, asked: dict[str, Any], outcome: dict[str, Any]) -> None:
        """Appends a line to the transcript, if one is kept."""
        if not self.settings.transcript:
            return
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begun))
        told = {**asked, "messages": _without_pictures(asked["messages"])}
        record = {"time": when, "model": self.client.model, **told, **outcome}
        line = json.dumps(record, ensure_ascii=False)
        path = Path(self.settings.transcript)
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("ab", buffering=0) as stream:  # one write a line: several processes append
            stream.write(line.encode("utf-8", "replace") + b"\n")


def picture_part(frame: np.ndarray) -> dict[str, Any]:
    """A frame (H, W, 3) uint8 as a part of a message: a PNG in a data URL."""
    from PIL import Image

    stream = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(frame)).save(stream, format="PNG", compress_level=4)
    data = base64.b64encode(stream.getvalue()).decode("ascii")
    return {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{data}"}}


def _plain_if_text(message: Message) -> Message:
    """A message of one text says it as a string: some servers take a system prompt only so."""
    parts = message["content"]
    if len(parts) == 1 and parts[0]["type"] == "text":
        return {**message, "content": parts[0]["text"]}
    return message


def _without_pictures(messages: list[Message]) -> list[Message]:
    """The messages with every picture's hash in its place."""

    def short(part: dict[str, Any]) -> dict[str, Any]:
        if part["type"] != "image_url":
            return part
        data = base64.b64decode(part["image_url"]["url"].split(",", 1)[1])
        return {"type": "image_url", "sha256": hashlib.sha256(data).hexdigest()}

    return [
        message
        if isinstance(message["content"], str)
        else {**message, "content": [short(part) for part in message["content"]]}
        for message in messages
    ]
