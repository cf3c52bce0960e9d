"""Models that chat, for writing, answering and judging."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from policies.chat.backend import ChatBackend
from policies.chat.endpoint import is_endpoint, settings_of
from policies.loading import is_own

# Tokens of a dialogue of eight turns, with room.
MOST_TOKENS = 2000


def backend_of(name: str, options: argparse.Namespace, ledger: Path | None = None) -> ChatBackend:
    """A model by name.

    Args:
        name: ``openai:MODEL``, or a folder or an id of a chat model that takes images.
        options: Parsed, with those of ``policies.chat.endpoint.add_arguments``.
        ledger: File that keeps what was spent, for budgets.

    Raises:
        ValueError: If there is no such model, or it is a policy of this project, which does not
            answer in words.
    """
    if is_endpoint(name):
        from policies.chat.openai_server import OpenAIServerBackend

        settings = settings_of(options, str(ledger) if ledger is not None else "")
        return OpenAIServerBackend.from_name(name, replace(settings, max_tokens=MOST_TOKENS))
    if is_own(name):
        raise ValueError(
            f"The policy {name!r} does not answer in words: give openai:MODEL, or a chat model by "
            "folder or id."
        )
    from policies.chat.hugging_face import HuggingFaceBackend

    return HuggingFaceBackend.from_pretrained(name)
