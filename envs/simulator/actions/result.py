"""How an action ended, as its agent's metadata reports it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LastAction:
    """What the last action was and how it ended.

    Attributes:
        name: As the client called it.
        success: It did what it was asked to.
        message: Why not, else empty.
        code: AI2-THOR's error code where the client shall raise, else None.
        result: The metadata's ``actionReturn``.
    """

    name: str = ""
    success: bool = True
    message: str = ""
    code: str | None = None
    result: object = None
