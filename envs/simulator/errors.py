"""How a simulated action fails: a message, and the code that decides whether the client raises."""

from __future__ import annotations

INVALID_ACTION = "InvalidAction"
MISSING_ARGUMENTS = "MissingArguments"
INVALID_ARGUMENT = "InvalidArgument"
AMBIGUOUS_ACTION = "AmbiguousAction"


class ActionFailed(Exception):
    """An action that did not work; the world is unchanged.

    Attributes:
        code: AI2-THOR's error code, or None for an ordinary failure. The client raises ValueError
            for InvalidAction, MissingArguments, AmbiguousAction and InvalidArgument only.
    """

    def __init__(self, message: str, code: str | None = None) -> None:
        super().__init__(message)
        self.code = code
