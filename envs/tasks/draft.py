"""A task in the making: what a family would have done in a room, not yet known to be possible."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from envs.tasks.goals import Every
from envs.tasks.room_probe import RoomView


def always(view: RoomView) -> bool:
    """For drafts that need no trial."""
    return True


@dataclass(frozen=True)
class Draft:
    """What a family would have done.

    Attributes:
        key: Whose instruction templates: a family, or ``"toggle on"``, ``"toggle off"``.
        target: Object type.
        goal: What must hold.
        receptacle: Object type, or empty.
        tool: Object type, or empty.
        turn_on: For toggle.
        setup: Object id to open first, or empty.
        before: Further actions that make the start.
        possible: Tries in the room whether it can be done; may change the room.
    """

    key: str
    target: str
    goal: Every
    receptacle: str = ""
    tool: str = ""
    turn_on: bool = True
    setup: str = ""
    before: tuple[tuple[str, str], ...] = ()
    possible: Callable[[RoomView], bool] = always
