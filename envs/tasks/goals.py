"""Goal conditions: each can say itself in words and be verified in a state of the world.

A state is AI2-THOR's list of object dicts plus the ids of the objects in view within reach.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

# A sink and its basin are one thing to people.
ALIASES = {"Sink": ("Sink", "SinkBasin")}


def types_of(name: str) -> tuple[str, ...]:
    """The AI2-THOR types a name stands for."""
    return ALIASES.get(name, (name,))


@dataclass(frozen=True)
class State:
    """What conditions are verified against.

    Attributes:
        objects: AI2-THOR object dicts.
        in_view: Ids of objects seen within reach now.
        done: The agent has said it is done.
    """

    objects: tuple[dict, ...]
    in_view: frozenset[str] = frozenset()
    done: bool = False

    def of(self, name: str) -> list[dict]:
        """Objects a type name stands for."""
        return [o for o in self.objects if o["objectType"] in types_of(name)]


class Condition(Protocol):
    """Part of a goal."""

    def text(self) -> str:
        """In words."""

    def verify(self, state: State) -> bool:
        """Whether it holds."""


@dataclass(frozen=True)
class Found:
    """The agent says it is done with an object of a type in view, within reach."""

    target: str

    def text(self) -> str:
        return f"{self.target} is found"

    def verify(self, state: State) -> bool:
        return state.done and any(o["objectId"] in state.in_view for o in state.of(self.target))


@dataclass(frozen=True)
class Contained:
    """An object of a type lies in or on a receptacle of a type."""

    target: str
    receptacle: str

    def text(self) -> str:
        return f"{self.target} is in {self.receptacle}"

    def verify(self, state: State) -> bool:
        homes = {o["objectId"] for o in state.of(self.receptacle)}
        return any(homes.intersection(o["parentReceptacles"] or ()) for o in state.of(self.target))


@dataclass(frozen=True)
class Openness:
    """Something of a type is open; or, closed, nothing of it is open."""

    target: str
    is_open: bool

    def text(self) -> str:
        return f"{self.target} is {'open' if self.is_open else 'closed'}"

    def verify(self, state: State) -> bool:
        anything = any(o["isOpen"] for o in state.of(self.target))
        return anything if self.is_open else not anything


@dataclass(frozen=True)
class Toggled:
    """Something of a type is on; or, off, nothing of it is on."""

    target: str
    is_on: bool

    def text(self) -> str:
        return f"{self.target} is {'on' if self.is_on else 'off'}"

    def verify(self, state: State) -> bool:
        anything = any(o["isToggled"] for o in state.of(self.target))
        return anything if self.is_on else not anything


@dataclass(frozen=True)
class Sliced:
    """Pieces of something of a type exist."""

    target: str

    def text(self) -> str:
        return f"{self.target} is sliced"

    def verify(self, state: State) -> bool:
        return bool(state.of(f"{self.target}Sliced"))


@dataclass(frozen=True)
class Every:
    """All of several conditions."""

    conditions: tuple[Condition, ...]

    def text(self) -> str:
        return " and ".join(c.text() for c in self.conditions)

    def verify(self, state: State) -> bool:
        return all(c.verify(state) for c in self.conditions)

    def count(self, state: State) -> int:
        """How many hold."""
        return sum(c.verify(state) for c in self.conditions)
