"""The options of a model behind an OpenAI-compatible server: ``--policy openai:MODEL``.

The key comes from ``OPENAI_API_KEY`` only, never from an option.

Example:
    OPENAI_BASE_URL=http://localhost:8000/v1 python run_episode.py --policy openai:llava
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from envs.simulator.system.targets import check_file
from policies.chat.budget import Budget
from policies.chat.client import EndpointError

PREFIXES = ("openai:", "endpoint:")


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
        ValueError: If the budget makes no sense, or the transcript can't be written.
    """
    if options.transcript:
        check_file(Path(options.transcript), "--transcript")
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
    "EndpointSettings",
    "add_arguments",
    "is_endpoint",
    "settings_of",
]
