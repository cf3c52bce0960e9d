"""What a task family is: how its tasks are said, and what it would have done in a room.

A family is a file in ``envs/tasks/families`` that ends in one ``Family``, and a line in
``envs/tasks/registry.py``; ``docs/tasks.md`` walks through one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from envs.tasks.goals import Every
from envs.tasks.room_probe import RoomProbe


@dataclass(frozen=True)
class Wording:
    """Instruction templates.

    ``{x}`` stands for the target, ``{xs}`` for several of it, ``{r}`` for the receptacle, ``{t}``
    for the tool, ``{room}`` for "kitchen" or "room". Test templates differ from every training
    template, and use no word that no training template has.

    Attributes:
        train: For training rooms.
        test: For the others.
        understood: Further ones, never said, but understood when people say them.
        turn_on: Of a family with two wordings, which one this is; None: the only one.
    """

    train: tuple[str, ...]
    test: tuple[str, ...]
    understood: tuple[str, ...] = ()
    turn_on: bool | None = None

    def templates(self, split: str) -> tuple[str, ...]:
        """Returns the templates of a split, ``"train"`` or ``"test"``.

        Raises:
            ValueError: If it is neither.
        """
        if split not in ("train", "test"):
            raise ValueError(f"Unknown template split {split!r}: use train or test.")
        return self.train if split == "train" else self.test


def always(probe: RoomProbe) -> bool:
    """Says yes: for drafts that need no trial."""
    return True


@dataclass(frozen=True)
class Draft:
    """A task in the making: what a family would have done, not yet known to be possible.

    Attributes:
        target: Object type.
        goal: What must hold.
        receptacle: Object type, or empty.
        tool: Object type, or empty.
        turn_on: For toggle: on or off.
        setup: Object id to open first, or empty.
        before: Further actions that make the start, by name and object id.
        possible: Tries in the room whether it can be done; may change the room.
    """

    target: str
    goal: Every
    receptacle: str = ""
    tool: str = ""
    turn_on: bool = True
    setup: str = ""
    before: tuple[tuple[str, str], ...] = ()
    possible: Callable[[RoomProbe], bool] = always

    def object_types(self) -> set[str]:
        """Returns the object types it is about."""
        return {name for name in (self.target, self.receptacle, self.tool) if name}


def nothing(probe: RoomProbe) -> list[Draft]:
    """Proposes nothing: for families made of others."""
    return []


@dataclass(frozen=True)
class Family:
    """A family of tasks.

    Attributes:
        name: As ``--task`` has it.
        rooms: Kinds of room that have the objects for it.
        wordings: How its tasks are said; two where switching on and off are said differently.
        drafts: Proposes what could be done in a room.
        goal: The goal for a target, a receptacle (or an empty text) and whether to turn on; given
            where these tell it, so that an instruction of a person's own can be judged.
        long: Takes many steps: episodes get more of them, and kitchens sample it only when it is
            asked for.
        shut_away: Loose objects may begin inside closed furniture.
        parts: Families two of whose tasks make one of this, in order; instead of ``drafts``.

    Raises:
        ValueError: If it proposes nothing and has no parts, or both, or is never said.
    """

    name: str
    rooms: tuple[str, ...]
    wordings: tuple[Wording, ...]
    drafts: Callable[[RoomProbe], list[Draft]] = nothing
    goal: Callable[[str, str, bool], Every] | None = None
    long: bool = False
    shut_away: bool = False
    parts: tuple[Family, ...] = ()

    def __post_init__(self) -> None:
        if (self.drafts is nothing) != bool(self.parts):
            raise ValueError(f"Family {self.name!r} must have either drafts or parts.")
        if not self.wordings:
            raise ValueError(f"Family {self.name!r} has no wordings: give at least one.")

    def wording(self, turn_on: bool = True) -> Wording:
        """Returns how its tasks are said, of those that turn on or off."""
        return next(w for w in self.wordings if w.turn_on in (None, turn_on))
