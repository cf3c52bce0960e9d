"""Any model behind an OpenAI-compatible server, as a policy: ``--policy openai:MODEL``.

It is shown and told the same as a chat model of ``policies.chat.lvlm``: the picture as a data URL,
the goal, what was done and what went wrong. The key comes from ``OPENAI_API_KEY`` only.

Example:
    OPENAI_BASE_URL=http://localhost:8000/v1 python run_episode.py --policy openai:llava
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import io
import json
import os
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from policies.base import Answer, Context, Observation, Question, Reply
from policies.chat.budget import Budget, Purse
from policies.chat.client import DEFAULT_URL, ChatClient, Completion, EndpointError
from policies.chat.lvlm import QUESTIONS, system_prompt
from policies.cimr.token_codec import render_text
from policies.reply import parse_reply

PREFIXES = ("openai:", "endpoint:")
# What an answer is worth from a server that gives no probabilities.
UNKNOWN = 0.85
_THINKING = re.compile(r"<think>.*?(</think>|\Z)", re.DOTALL)


@dataclass(frozen=True)
class EndpointSettings:
    """How an endpoint is used.

    Attributes:
        base_url: Its address; empty takes ``OPENAI_BASE_URL``, or OpenAI's.
        timeout: Seconds for one attempt.
        attempts: Most requests for one answer.
        max_tokens: Of an answer.
        budget: What it may cost.
        ledger: File that keeps what was spent, shared by processes and runs; empty for none.
        transcript: File that every exchange is appended to, as a line of JSON; empty for none.
        questions: Also ask it about frames, for self-correction; costs more requests a step.
    """

    base_url: str = ""
    timeout: float = 120.0
    attempts: int = 6
    max_tokens: int = 400
    budget: Budget = Budget()
    ledger: str = ""
    transcript: str = ""
    questions: bool = True


class EndpointPolicy:
    """Acts with a model behind a server.

    Args:
        client: Whom to ask.
        settings: How.
        action_level: skill or primitive.
    """

    def __init__(
        self,
        client: ChatClient,
        settings: EndpointSettings | None = None,
        action_level: str = "skill",
    ) -> None:
        self.client, self.settings = client, settings or EndpointSettings()
        self.name, self.action_level = f"openai:{client.model}", action_level
        ledger = Path(self.settings.ledger) if self.settings.ledger else None
        self.purse = Purse(self.settings.budget, ledger)
        self._seed = 0

    @classmethod
    def from_name(
        cls, name: str, settings: EndpointSettings | None = None, action_level: str = "skill"
    ) -> EndpointPolicy:
        """A policy from ``openai:MODEL`` and the environment.

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
        return cls(client, settings, action_level)

    def reset(self, instruction: str, seed: int) -> None:
        """Begins an episode; the seed goes along with every request."""
        self._seed = seed

    def act(self, observation: Observation, context: Context) -> Reply:
        """One answer; a reply that is not in the format comes back with its error.

        Raises:
            EndpointError: If the endpoint gives none.
            PolicyStopped: If it refuses, or the budget is used up.
        """
        messages: list[dict[str, Any]] = [
            {"role": "system", "content": system_prompt(self.action_level)},
            {
                "role": "user",
                "content": [
                    picture_part(observation.rgb),
                    {"type": "text", "text": render_text(observation, context)},
                ],
            },
        ]
        made = self._complete("act", messages, self.settings.max_tokens)
        reply = parse_reply(_THINKING.sub("", made.text))
        sure = 1.0 if made.confidence is None else made.confidence
        return Reply(
            reply.action,
            thought=reply.thought,
            plan=reply.plan,
            text=made.text,
            confidence=sure,
            error=reply.error,
        )

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        """Asks the model itself; None if it says neither yes nor no."""
        if question.kind not in QUESTIONS or not self.settings.questions:
            return None
        from envs.tasks.object_names import names_of

        words = QUESTIONS[question.kind].format(
            subject=names_of(question.subject)[0], state=question.state
        )
        messages = [
            {"role": "user", "content": [picture_part(frame), {"type": "text", "text": words}]}
        ]
        made = self._complete("ask", messages, 16)
        said = _THINKING.sub("", made.text).strip().lower().lstrip("*\"'")
        if not said.startswith(("yes", "no")):
            return None
        return Answer(
            said.startswith("yes"), UNKNOWN if made.confidence is None else made.confidence
        )

    def _complete(self, purpose: str, messages: list[dict[str, Any]], limit: int) -> Completion:
        self.purse.check()
        begun = time.time()
        try:
            made = self.client.complete(messages, limit, self._seed)
        except RuntimeError as error:
            self._note(begun, purpose, messages, {"error": str(error)})
            raise
        cost = self.purse.pay(made.tokens_in, made.tokens_out)
        self._note(
            begun,
            purpose,
            messages,
            {
                "text": made.text,
                "tokens_in": made.tokens_in,
                "tokens_out": made.tokens_out,
                "usd": cost.usd,
                "confidence": made.confidence,
                "attempts": made.attempts,
                "seconds": round(made.seconds, 3),
            },
        )
        return made

    def _note(
        self, begun: float, purpose: str, messages: list[dict[str, Any]], outcome: dict[str, Any]
    ) -> None:
        """Appends a line to the transcript; a picture stands in it by its hash."""
        if not self.settings.transcript:
            return
        when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(begun))
        line = json.dumps(
            {
                "time": when,
                "model": self.client.model,
                "seed": self._seed,
                "purpose": purpose,
                "messages": _without_pictures(messages),
                **outcome,
            },
            ensure_ascii=False,
        )
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


def _without_pictures(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    def short(part: dict[str, Any]) -> dict[str, Any]:
        if part["type"] != "image_url":
            return part
        data = base64.b64decode(part["image_url"]["url"].split(",", 1)[1])
        return {"type": "image_url", "sha256": hashlib.sha256(data).hexdigest()}

    return [
        {
            **m,
            "content": m["content"]
            if isinstance(m["content"], str)
            else [short(part) for part in m["content"]],
        }
        for m in messages
    ]


def is_endpoint(name: str) -> bool:
    """Whether a policy's name is one of an endpoint's model."""
    return name.startswith(PREFIXES)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of an endpoint, for commands that take ``--policy``."""
    group = parser.add_argument_group(
        "endpoint", "of --policy openai:MODEL; the key comes from OPENAI_API_KEY"
    )
    add = group.add_argument
    add(
        "--base-url",
        default="",
        metavar="URL",
        help="such as http://localhost:8000/v1; default OPENAI_BASE_URL, or OpenAI's",
    )
    add(
        "--request-timeout",
        type=float,
        default=120.0,
        metavar="S",
        help="seconds for one request; default 120",
    )
    add("--budget-tokens", type=int, metavar="N", help="stop before more tokens are used")
    add("--budget-usd", type=float, metavar="X", help="stop before it costs more; needs --price")
    add(
        "--price",
        type=_price,
        default=(0.0, 0.0),
        metavar="IN,OUT",
        help="USD a million tokens of prompts and of answers",
    )
    add("--transcript", default="", metavar="FILE", help="append every exchange, as JSON lines")
    add(
        "--no-questions",
        action="store_true",
        help="do not ask it about frames (cheaper, less self-correction)",
    )


def settings_of(options: argparse.Namespace, ledger: str = "") -> EndpointSettings:
    """The settings from parsed options.

    Raises:
        ValueError: If the budget makes no sense.
    """
    budget = Budget(options.budget_tokens, options.budget_usd, *options.price)
    limited = budget.tokens is not None or budget.usd is not None
    return EndpointSettings(
        base_url=options.base_url,
        timeout=options.request_timeout,
        budget=budget,
        ledger=ledger if limited else "",
        transcript=options.transcript,
        questions=not options.no_questions,
    )


def _price(text: str) -> tuple[float, float]:
    words = text.split(",")
    try:
        low, high = (float(word) for word in words)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no pair of prices, such as 0.15,0.6"
        ) from None
    return low, high


__all__ = [
    "EndpointError",
    "EndpointPolicy",
    "EndpointSettings",
    "add_arguments",
    "is_endpoint",
    "picture_part",
    "settings_of",
]
