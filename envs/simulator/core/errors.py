"""How a simulated action fails: a message, and the code that decides whether the client raises."""

from __future__ import annotations

INVALID_ACTION = "InvalidAction"
MISSING_ARGUMENTS = "MissingArguments"
INVALID_ARGUMENT = "InvalidArgument"
AMBIGUOUS_ACTION = "AmbiguousAction"
_SHOWN = 80


class ActionFailed(Exception):
    """An action that did not work; the world is unchanged.

    Attributes:
        code: AI2-THOR's error code, or None for an ordinary failure. The client raises ValueError
            for InvalidAction, MissingArguments, AmbiguousAction and InvalidArgument only.
    """

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code


def shown(value: object) -> str:
    """A value for an error message, cut to a readable length."""
    text = _plain(value, 3)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def _plain(value: object, depth: int) -> str:
    # repr of a deeply nested or huge value would itself fail or flood the message.
    if isinstance(value, str):
        return value[: _SHOWN + 1]
    if isinstance(value, dict):
        items = list(value.items())[:8] if depth else []
        inner = ", ".join(f"{_plain(k, 0)}: {_plain(v, depth - 1)}" for k, v in items)
        return f"{{{inner}{'...' if len(value) > len(items) else ''}}}"
    if isinstance(value, (list, tuple)):
        inner = ", ".join(_plain(v, depth - 1) for v in value[:8]) if depth else ""
        return f"[{inner}{'...' if len(value) > 8 or not depth else ''}]"
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) > 10**40:
        return "a number of more than 40 digits"
    return repr(value)[: _SHOWN + 1]
