"""Which loose objects the agent itself has seen, in which view and where in it.

    seen = Sightings().after_view((Sighting("Mug", (0.4, 0.5), 0.9),), view=3, near="Sink")
    seen.place_of("Mug").point
    (0.4, 0.5)

An immutable value, part of the context memory. It holds beliefs: what the policy took for a mug.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from envs.actions import Action
from policies.base import Reply, Sighting

# By so much a step an old sighting is worth less beside a new one.
FADING = 0.02
# A sighting that is gone to in vain is believed half as much; below this, no more.
LEAST_CONFIDENCE = 0.3


@dataclass(frozen=True)
class Seen:
    """An object where it was seen.

    Attributes:
        kind: Object type.
        view: Number of the view, the first of the episode is 0.
        point: (x, y) in it, as fractions, origin top left.
        near: Object type of what the agent stood at; empty for nowhere in particular.
        confidence: 0..1.
        step: Actions taken before.
    """

    kind: str
    view: int
    point: tuple[float, float]
    near: str
    confidence: float
    step: int


@dataclass(frozen=True)
class Sightings:
    """The last sighting of every type of object, latest last.

    Attributes:
        seen: One of a type.
        kept: Most of them.
    """

    seen: tuple[Seen, ...] = ()
    kept: int = 32

    def after_view(
        self,
        found: Iterable[Sighting],
        view: int,
        near: str = "",
        held: str | None = None,
        sought: str | None = None,
    ) -> Sightings:
        """With what is seen in a view.

        Args:
            found: Seen in it.
            view: Its number, which is that of actions taken before it.
            near: Object type of what the agent stands at.
            held: Object type in hand, which lies nowhere.
            sought: Object type just gone to; if it is not seen there, it is doubted.
        """
        rows = {entry.kind: entry for entry in self.seen}
        for entry in found:
            if entry.kind == held:
                continue
            old = rows.get(entry.kind)
            worth = 0.0 if old is None else old.confidence - FADING * (view - old.step)
            if entry.confidence >= worth:
                rows.pop(entry.kind, None)
                fresh = Seen(entry.kind, view, entry.point, near, entry.confidence, view)
                rows[entry.kind] = fresh
        if sought in rows and rows[sought].view != view:
            doubted = replace(rows[sought], confidence=rows[sought].confidence / 2)
            rows[sought] = doubted
            if doubted.confidence < LEAST_CONFIDENCE:
                del rows[sought]
        return replace(self, seen=tuple(rows.values())[-self.kept :])

    def after_action(self, action: Action | None, outcome: str) -> Sightings:
        """Without what an action shows not to be where it was seen.

        Args:
            action: Carried out.
            outcome: ok, failed or unknown.
        """
        if action is None or action.target is None:
            return self
        taken = action.verb == "pick up" and outcome != "failed"
        barred = action.verb == "goto" and outcome == "failed"
        return self.lost(action.target) if taken or barred else self

    def place_of(self, kind: str | None) -> Seen | None:
        """Where an object of a type was seen; None if it was not."""
        return next((entry for entry in self.seen if entry.kind == kind), None)

    def lost(self, kind: str) -> Sightings:
        """Without any of a type."""
        return replace(self, seen=tuple(entry for entry in self.seen if entry.kind != kind))

    def completed(self, reply: Reply) -> Reply:
        """A reply that goes to a loose object without saying where, with where it was seen."""
        action = reply.action
        if action is None or action.verb != "goto" or action.point is not None:
            return reply
        place = self.place_of(action.target)
        if place is None:
            return reply
        return replace(reply, action=replace(action, point=place.point, view=place.view))
