"""What the two wires share: how a conversation ends, and how to notice that the client is gone."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

START_SECONDS = 300.0
# Bytes of one message.
LARGEST = 256 * 2**20
_PAUSE = 0.01


class WireClosed(Exception):
    """The client ended the conversation in order."""


class WireError(Exception):
    """The conversation can't go on; the message is one line for the log."""


def client_gone(parent: int) -> bool:
    """Whether the process that started this one has died since."""
    return os.getppid() != parent


def unsendable(error: BaseException) -> str:
    """What the client is told of an answer that its wire can't carry."""
    return f"The answer can't be sent: {type(error).__name__}: {error!s:.200}"


def wait_for(
    attempt: Callable[[], int | None], what: str, parent: int, seconds: float = START_SECONDS
) -> int:
    """Calls ``attempt`` until it gives a number.

    Raises:
        WireError: If the client dies first, or time runs out.
    """
    end = time.monotonic() + seconds
    while True:
        made = attempt()
        if made is not None:
            return made
        if client_gone(parent):
            raise WireError(f"the client died before it opened {what}")
        if time.monotonic() > end:
            raise WireError(f"nobody opened {what} within {seconds:g} s")
        time.sleep(_PAUSE)
