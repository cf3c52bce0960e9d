"""Kinds of question: what each asks of, and its answer in a world. Nothing here is in words.

    KINDS["where"].answer(world, (0, "Mug"))     # Value("things", ("CounterTop",))

A query is a kind with its slots filled; a slot's content is named by the question's own words or
only pointed back to, which ``Ref.form`` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from training.mmcr.truth.world import World


@dataclass(frozen=True)
class Value:
    """An answer; see ``training.mmcr.dialogue.records.Turn``."""

    sort: str
    items: tuple[str, ...]


YES, NO = Value("yes_no", ("yes",)), Value("yes_no", ("no",))
# What a slot can hold: number of a frame or of a deed from 0, an object type, several, a number,
# a pair of states, a state.
ROLES = ("frame", "later", "thing", "other", "kind", "list", "number", "step", "pair", "state")
Answerer = Callable[..., Value | None]


@dataclass(frozen=True)
class QueryKind:
    """A kind of question.

    Attributes:
        name: Of it.
        slots: Roles of what it asks of, in the order that ``answer`` takes.
        answer: Of a world and the slots' contents; None where the question makes no sense.
        opens: A dialogue may begin with it.
        step: Which deed is spoken of after it, of world and contents; None: it names none.
    """

    name: str
    slots: tuple[str, ...]
    answer: Answerer
    opens: bool = False
    step: Callable[..., int | None] | None = None


@dataclass(frozen=True)
class Ref:
    """The content of a slot and how the question's words give it.

    Attributes:
        role: One of ``ROLES``.
        value: What is meant.
        form: ``named`` or ``silent`` if the words alone tell; else how they point back.
        turn: Index of the earlier turn that it points back to; -1 if the words alone tell.
    """

    role: str
    value: Any
    form: str = "named"
    turn: int = -1

    @property
    def is_said(self) -> bool:
        """Whether the question's own words tell what is meant."""
        return self.form in ("named", "silent")


@dataclass(frozen=True)
class Query:
    """A kind with its slots filled."""

    kind: QueryKind
    refs: tuple[Ref, ...]

    @property
    def contents(self) -> tuple[Any, ...]:
        """Of the slots."""
        return tuple(ref.value for ref in self.refs)

    def answer(self, world: World) -> Value | None:
        """What is true; None where it makes no sense to ask."""
        return self.kind.answer(world, *self.contents)

    def of(self, role: str) -> Any:
        """What a slot holds; None if there is no such slot."""
        return next((ref.value for ref in self.refs if ref.role == role), None)

    @property
    def needs(self) -> tuple[int, ...]:
        """Indices of the turns that it points back to."""
        return tuple(sorted({ref.turn for ref in self.refs if ref.turn >= 0}))


KINDS: dict[str, QueryKind] = {}


def kind(
    slots: str = "", *, opens: bool = False, step: Callable[..., int | None] | None = None
) -> Callable[[Answerer], Answerer]:
    """Makes a function the answer of a kind that is named like it."""

    def add(answer: Answerer) -> Answerer:
        name = answer.__name__.lstrip("_")
        KINDS[name] = QueryKind(name, tuple(slots.split()), answer, opens, step)
        return answer

    return add


def yes_no(answer: bool | None) -> Value | None:
    """Yes, no, or nothing."""
    return None if answer is None else YES if answer else NO


def things(*kinds: str) -> Value | None:
    """Object types; nothing if there are none."""
    return Value("things", kinds) if kinds and all(kinds) else None


def number(count: int | None, least: int = 0) -> Value | None:
    """A number up to ten; nothing if it is not known, or smaller than the least."""
    return Value("number", (str(count),)) if count is not None and least <= count <= 10 else None
