"""What was said so far in a dialogue, and what words can point back to.

After "What is on the table?" "There is a mug and a plate." *those* are mug and plate; after "Is it
left of the plate?" *it* is still what it was. Where words would be ambiguous they point to nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from training.mmcr.truth.world import World
from training.mmcr.writing.queries import Query, Ref, Value

# How far back "those" and "that many" reach, in turns.
_REACH = 3


@dataclass(frozen=True)
class Asked:
    """A turn without its words."""

    query: Query
    value: Value


@dataclass(frozen=True)
class Talk:
    """A dialogue so far.

    Attributes:
        world: That it is about.
        turns: So far.
        it: What "it" is, and the turn that says so.
        named: What the last answer named.
        listed: What was listed last.
        number: That was given last.
        frame: That was spoken of last, from 0.
        step: The deed that was spoken of last, from 0.
        first: What was asked about first of all.
    """

    world: World
    turns: tuple[Asked, ...] = ()
    it: tuple[str, int] | None = None
    named: tuple[str, int] | None = None
    listed: tuple[tuple[str, ...], int] | None = None
    number: tuple[int, int] | None = None
    frame: tuple[int, int] | None = None
    step: tuple[int, int] | None = None
    first: tuple[str, int] | None = field(default=None)

    def after(self, query: Query, value: Value) -> Talk:
        """With another turn."""
        turn = len(self.turns)
        told: dict[str, Any] = {"turns": (*self.turns, Asked(query, value)), "named": None}
        told |= self._things(query, value, turn)
        if value.sort == "number":
            told["number"] = int(value.items[0]), turn
        elif value.sort in ("frames", "step"):
            told["number"] = None  # "that number" would be either
        frames = [ref.value for ref in query.refs if ref.role in ("frame", "later")]
        if value.sort == "frames" and len(value.items) == 1:
            frames.append(int(value.items[0]) - 1)
        if frames and len(self.world.shots) > 1:
            told["frame"] = frames[-1], turn
        if query.kind.step is not None:
            step = query.kind.step(self.world, *query.contents)
            told["step"] = None if step is None else (step, turn)
        return replace(self, **told)

    def _things(self, query: Query, value: Value, turn: int) -> dict[str, Any]:
        """What it, those and the one just named are from now on."""
        asked = query.of("thing") or query.of("kind")
        told: dict[str, Any] = {}
        if turn == 0 and asked:
            told["first"] = asked, turn
        if value.sort == "things" and len(value.items) > 1:
            return told | {"listed": (value.items, turn), "it": None}
        if value.sort == "things" and value.items:
            (name,) = value.items
            told["named"] = name, turn
            # With two to choose from, "it" would be either.
            told["it"] = None if asked and asked != name else (name, turn)
            return told
        if value.sort == "deed":
            target = value.items[1]
            # "I went to the drawer": from now on that is it.
            return told | ({"it": (target, turn), "named": (target, turn)} if target else {})
        if query.of("kind") and query.of("number") is not None or value.sort == "number":
            told["it"] = None if asked else self.it
        elif asked:
            told["it"] = asked, turn
        return told

    def references(self, role: str) -> list[Ref]:
        """How words could point back to something of a role."""
        turn = len(self.turns)
        found: list[Ref] = []

        def add(form: str, mark: tuple[Any, int] | None, reach: int = 2) -> None:
            if mark is not None and turn - mark[1] <= reach:
                found.append(Ref(role, mark[0], form, mark[1]))

        if role == "thing":
            add("it", self.it)
            add("just_named", self.named, 1)
            if self.first is not None and turn - self.first[1] > 2:
                found.append(Ref(role, self.first[0], "first_asked", self.first[1]))
        elif role == "list":
            add("those", self.listed, _REACH)
        elif role == "number":
            add("that_many", self.number, _REACH + 2)
        elif role == "step":
            add("that_step", self.step)
        elif role in ("frame", "later") and self.frame is not None:
            last, said = self.frame
            many = len(self.world.shots)
            forms = {"there": last} if role == "frame" else {}
            forms |= {"frame_before": last - 1, "frame_after": last + 1}
            found += [Ref(role, k, form, said) for form, k in forms.items() if 0 <= k < many]
        return found
