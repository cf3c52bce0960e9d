"""A server's answer, read with distrust: whatever it holds, what comes out makes sense.

What is said of tokens and probabilities is believed where it can be true and left out otherwise:
the words are worth having without it. Our key is hidden in whatever is shown or kept.
"""

from __future__ import annotations

import json
import math
from typing import Any, NamedTuple

import numpy as np

from envs.simulator.system.typed_records import shown
from policies.chat.backend import LONGEST, cleaned
from policies.chat.masking import SHORTEST_SECRET, hidden_start, without_key

# No prompt and no answer has more tokens.
MOST_TOKENS = 100_000_000
# Least logarithm that counts: one token can't spoil a whole answer.
LEAST_CHANCE = -20.0
# A server's probabilities may miss 1 by rounding.
ROUNDING = 1e-3
LONGEST_MESSAGE = 300


class Said(NamedTuple):
    """What an answer says: words, tokens in and out if believable, and how sure it is, if known."""

    text: str
    tokens_in: int | None
    tokens_out: int | None
    confidence: float | None


class NoAnswer(ValueError):
    """The body holds no answer; the message says what it holds instead."""


def message_of(raw: bytes, key: str = "") -> str:
    """What a server says of an error: one line without our key, and not too long."""
    text = without_key(raw.decode("utf-8", "replace"), key)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        content = text
    error = content.get("error", content) if isinstance(content, dict) else content
    if isinstance(error, dict):
        error = error.get("message") or error.get("detail") or error
    # Once more: JSON may have spelt the key in escapes.
    said = hidden_start(error if isinstance(error, str) else shown(error), key, 8 * LONGEST_MESSAGE)
    return " ".join(cleaned(said).split())[:LONGEST_MESSAGE]


def read_answer(raw: bytes, key: str = "") -> Said:
    """What an answer of the chat protocol says.

    Args:
        raw: The body.
        key: Ours, which a reply must not repeat.

    Raises:
        NoAnswer: If it is none.
    """
    try:
        answer = json.loads(raw)
    except (ValueError, RecursionError) as error:
        start = hidden_start(raw.decode("utf-8", "replace"), key, 60)
        raise NoAnswer(f"an answer that is no JSON ({start!r})") from error
    try:
        choice = answer["choices"][0]
        text = _text(choice["message"]["content"])
    except (KeyError, TypeError, IndexError) as error:
        if isinstance(answer, dict) and answer.get("error"):
            raise NoAnswer(f"an error: {message_of(raw, key)}") from error
        raise NoAnswer("an answer without choices[0].message") from error
    if len(key) >= SHORTEST_SECRET:
        text = hidden_start(text, key, LONGEST)
    usage = answer.get("usage")
    counts = usage if isinstance(usage, dict) else {}
    return Said(
        text,
        _count(counts.get("prompt_tokens")),
        _count(counts.get("completion_tokens")),
        _confidence(choice),
    )


def _text(content: Any) -> str:
    """A message's words.

    Raises:
        TypeError: If it has none, not even empty ones.
    """
    if content is None or isinstance(content, str):
        return content or ""
    if not isinstance(content, list):
        raise TypeError(type(content).__name__)
    parts = (part.get("text") if isinstance(part, dict) else part for part in content)
    return "".join(part for part in parts if isinstance(part, str))


def _count(value: object) -> int | None:
    """A number of tokens, if it can be one."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_TOKENS:
        return None
    return value


def _confidence(choice: dict[str, Any]) -> float | None:
    """Geometric mean of the tokens' probabilities; None if one of them can't be any."""
    logs = choice.get("logprobs")
    entries = logs.get("content") if isinstance(logs, dict) else None
    if not isinstance(entries, list) or not entries:
        return None
    chances = []
    for entry in entries:
        value = entry.get("logprob") if isinstance(entry, dict) else None
        # Bounds first: a whole number may be too large for a float; NaN is within none.
        if isinstance(value, bool) or not isinstance(value, int | float) or not value <= ROUNDING:
            return None
        chances.append(float(min(0.0, max(value, LEAST_CHANCE))))
    return math.exp(float(np.mean(chances)))
