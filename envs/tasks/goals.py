"""Goal conditions: each can say itself in words and be verified in a state of the world.

A state is AI2-THOR's list of object dicts plus what those alone don't tell: what is in view within
reach, where the agent stands, what was heated, cooled and cleaned so far.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from envs.actions import types_of


@dataclass(frozen=True)
class State:
    """What conditions are verified against.

    Attributes:
        objects: AI2-THOR object dicts.
        in_view: Ids of objects seen within reach now.
        done: The agent has said it is done.
        agent: Where the agent's middle is, x and z in metres.
        treated: Ids of what was ``"heated"``, ``"cooled"`` and ``"cleaned"`` so far.
        acts: (verb, type) of every action that worked so far.
        stage: How many conditions of an ``InOrder`` were met in turn so far.
    """

    objects: tuple[dict, ...]
    in_view: frozenset[str] = frozenset()
    done: bool = False
    agent: tuple[float, float] = (0.0, 0.0)
    treated: Mapping[str, frozenset[str]] = field(default_factory=dict)
    stage: int = 0
    acts: tuple[tuple[str, str], ...] = ()

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
class Near:
    """The agent says it is done within a distance of something of a type."""

    target: str
    distance: float = 1.25

    def text(self) -> str:
        return f"{self.target} is within {self.distance:g} m"

    def verify(self, state: State) -> bool:
        return state.done and any(_gap(o, state.agent) <= self.distance for o in _of(self, state))


@dataclass(frozen=True)
class Held:
    """An object of a type is in the hand."""

    target: str

    def text(self) -> str:
        return f"{self.target} is in the hand"

    def verify(self, state: State) -> bool:
        return any(o["isPickedUp"] for o in _of(self, state))


@dataclass(frozen=True)
class Lit:
    """A lamp of a type is on, and in view."""

    target: str

    def text(self) -> str:
        return f"{self.target} is on and in view"

    def verify(self, state: State) -> bool:
        return any(o["isToggled"] and o["visible"] for o in _of(self, state))


@dataclass(frozen=True)
class Treated:
    """An object of a type was heated, cooled or cleaned."""

    target: str
    how: str

    def text(self) -> str:
        return f"{self.target} was {self.how}"

    def verify(self, state: State) -> bool:
        return bool(_treated_ids(self.target, self.how, state))


@dataclass(frozen=True)
class TreatedContained:
    """The same object that was heated, cooled or cleaned lies in or on a receptacle."""

    target: str
    how: str
    receptacle: str

    def text(self) -> str:
        return f"the {self.target} that was {self.how} is in {self.receptacle}"

    def verify(self, state: State) -> bool:
        homes = {o["objectId"] for o in state.of(self.receptacle)}
        ids = _treated_ids(self.target, self.how, state)
        return any(
            o["objectId"] in ids and homes.intersection(o["parentReceptacles"] or ())
            for o in _of(self, state)
        )


@dataclass(frozen=True)
class Together:
    """So many objects of a type lie in or on one and the same receptacle of a type."""

    target: str
    receptacle: str
    count: int = 2

    def text(self) -> str:
        return f"{self.count} {self.target} are in one {self.receptacle}"

    def verify(self, state: State) -> bool:
        homes = (o["objectId"] for o in state.of(self.receptacle))
        items = _of(self, state)
        return any(
            sum(home in (o["parentReceptacles"] or ()) for o in items) >= self.count
            for home in homes
        )


@dataclass(frozen=True)
class Stacked:
    """An object of a type lies in a dish, and that dish in or on a receptacle."""

    target: str
    dish: str
    receptacle: str

    def text(self) -> str:
        return f"{self.target} is in {self.dish}, which is in {self.receptacle}"

    def verify(self, state: State) -> bool:
        homes = {o["objectId"] for o in state.of(self.receptacle)}
        dishes = {
            o["objectId"]
            for o in state.of(self.dish)
            if homes.intersection(o["parentReceptacles"] or ())
        }
        return any(dishes.intersection(o["parentReceptacles"] or ()) for o in _of(self, state))


def _of(condition: Any, state: State) -> list[dict]:
    return state.of(condition.target)


def _treated_ids(target: str, how: str, state: State) -> frozenset[str]:
    known = {o["objectId"] for o in state.of(target)}
    return frozenset(known & state.treated.get(how, frozenset()))


def _gap(item: dict, agent: tuple[float, float]) -> float:
    """Metres on the floor plan from the agent's middle to an object's box."""
    box = item["axisAlignedBoundingBox"]
    dx = max(abs(box["center"]["x"] - agent[0]) - box["size"]["x"] / 2, 0.0)
    dz = max(abs(box["center"]["z"] - agent[1]) - box["size"]["z"] / 2, 0.0)
    return math.hypot(dx, dz)


@dataclass(frozen=True)
class Every:
    """All of several conditions.

    Raises:
        ValueError: If there are none: a goal of nothing would hold at once.
    """

    conditions: tuple[Condition, ...]

    def __post_init__(self) -> None:
        if not self.conditions:
            raise ValueError("A goal of no conditions would always hold: give at least one.")

    @property
    def at_once(self) -> bool:
        """Whether the episode ends as soon as it holds, in any mode of the skills.

        So it is where a publisher's rule is of that kind; its conditions say so.
        """
        return all(getattr(c, "at_once", False) for c in self.conditions)

    @property
    def nearness(self) -> float:
        """Metres from something that a walk to it has to end within; 0: as is best for acting."""
        return min((n for c in self.conditions if (n := getattr(c, "nearness", 0.0))), default=0.0)

    def text(self) -> str:
        return " and ".join(c.text() for c in self.conditions)

    def verify(self, state: State) -> bool:
        return all(c.verify(state) for c in self.conditions)

    def count(self, state: State) -> int:
        """How many hold."""
        return sum(c.verify(state) for c in self.conditions)

    def advance(self, state: State) -> int:
        """The stage after ``state``; a goal without an order has none."""
        return state.stage


@dataclass(frozen=True)
class InOrder(Every):
    """All of several conditions, each met only after those before it."""

    def text(self) -> str:
        return ", then ".join(c.text() for c in self.conditions)

    def verify(self, state: State) -> bool:
        return self.count(state) == len(self.conditions)

    def count(self, state: State) -> int:
        return sum(c.verify(state) for c in self.conditions[: state.stage])

    def advance(self, state: State) -> int:
        """How many conditions were met in turn, with this state."""
        stage = state.stage
        while stage < len(self.conditions) and self.conditions[stage].verify(state):
            stage += 1
        return stage
