"""What can be wrong, S_t: every kind of discrepancy in one place, with what it says and entails.

    Discrepancy(DiscrepancyKind.OBJECT_MISSING, "Mug", "in view, to pick up", "not in view",
                0.93, DiscrepancySource.VISION)

A new kind is a member of ``DiscrepancyKind`` and a line where it is found: ``agent.feedback`` for
what is seen or told, ``agent.consistency`` for what contradicts memory or words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from envs.actions import Action

T = TypeVar("T", bound=StrEnum)


class DiscrepancySource(StrEnum):
    """Who says so."""

    ENVIRONMENT = "environment"
    VISION = "vision"
    CONSISTENCY = "consistency"


class Belief(StrEnum):
    """What the context memory holds of an object, and gives up when it is refuted."""

    NOTHING = ""
    STATE = "state"
    PLACE = "place"


@dataclass(frozen=True)
class Meaning:
    """What a kind of discrepancy says and entails.

    Attributes:
        sentence: Says it, from ``{subject}``, ``{expected}`` and ``{observed}``.
        undoes: An action that was called a success is remembered as failed.
        alarm: It counts as noticing an error.
        refutes: What the context memory no longer believes of the subject.
        told_as: Value of the kind that stands for it where a model is told of it that was trained
            before it; empty for the kinds that every model knows.
    """

    sentence: str = "{subject}: expected {expected}, saw {observed}"
    undoes: bool = False
    alarm: bool = True
    refutes: Belief = Belief.NOTHING
    told_as: str = ""


class DiscrepancyKind(StrEnum):
    """What is not as it should be; the values are written to trajectories.

    >>> DiscrepancyKind("object_missing").meaning.refutes
    <Belief.PLACE: 'place'>
    """

    meaning: Meaning

    def __new__(cls, name: str, meaning: Meaning) -> DiscrepancyKind:
        """A member whose value is its name."""
        member = str.__new__(cls, name)
        member._value_ = name
        member.meaning = meaning
        return member

    ACTION_FAILED = "action_failed", Meaning("{subject} failed: {observed}", undoes=True)
    EFFECT_MISSING = (
        "effect_missing",
        Meaning("{subject} had no effect: expected {expected}, saw {observed}", undoes=True),
    )
    OBJECT_MISSING = "object_missing", Meaning("{subject} is {observed}", refutes=Belief.PLACE)
    UNEXPECTED_STATE = "unexpected_state", Meaning(refutes=Belief.STATE)
    WRONG_OBJECT = (
        "wrong_object",
        Meaning("wrong object: expected {expected}, saw {observed}", undoes=True),
    )
    NO_PROGRESS = "no_progress", Meaning("{subject}: {observed}", undoes=True, alarm=False)
    OFF_PLAN = "off_plan", Meaning("{subject}: its own words say {expected}")
    MALFORMED_REPLY = "malformed_reply", Meaning("the reply is no action: {observed}")


@dataclass(frozen=True)
class Remedy:
    """What a discrepancy itself says is to be done instead, and the thought that goes with it."""

    action: Action
    thought: str


@dataclass(frozen=True)
class Discrepancy:
    """Something that is not as it should be.

    Attributes:
        kind: Which kind; also accepted by its value.
        subject: What it is about: an object type, an action as text, ``hand`` or ``reply``.
        expected: In words.
        observed: In words.
        confidence: 0..1.
        source: Who says so; also accepted by its value.
        remedy: What to do instead, where that follows; not part of the record of an episode.

    Raises:
        ValueError: If there is no such kind or source; names those there are.
    """

    kind: DiscrepancyKind
    subject: str
    expected: str
    observed: str
    confidence: float
    source: DiscrepancySource
    remedy: Remedy | None = None

    def __post_init__(self) -> None:
        """Takes kind and source by their values too, as they are read from a file."""
        object.__setattr__(self, "kind", _member(self.kind, {k.value: k for k in DiscrepancyKind}))
        sources = {s.value: s for s in DiscrepancySource}
        object.__setattr__(self, "source", _member(self.source, sources))


def _member(value: str, members: dict[str, T]) -> T:
    if value not in members:
        raise ValueError(f"a discrepancy can't have {value!r}: use one of {', '.join(members)}")
    return members[value]
