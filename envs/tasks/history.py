"""What was done to objects in an episode: heated, cooled, cleaned.

Heat and cold pass with time, so that a goal can't read them off the last state. Hot or cold once is
heated or cooled; an object is cleaned when it lies in a basin whose tap runs. ALFRED's rules ask
for the act itself: ``rinsed`` lay in the basin nearest a tap when that was turned on,
``microwaved`` in a microwave when that was switched on, ``chilled`` in a fridge when that was shut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

TREATMENTS = ("heated", "cooled", "cleaned")
ACTS = ("microwaved", "chilled", "rinsed")
BASINS = ("SinkBasin", "BathtubBasin")
TAPS = ("Faucet", "ShowerHead")
# A tap runs into the basin whose box it stands at, metres.
TAP_REACH = 0.4


@dataclass
class History:
    """Ids of what was treated since the episode began; each set is replaced, never changed.

    The first note is of the start: what runs or stands open then was not done by anyone. ``acts``
    are the (verb, type) of every action that worked.
    """

    treated: dict[str, frozenset[str]] = field(
        default_factory=lambda: dict.fromkeys(TREATMENTS + ACTS, frozenset())
    )
    acts: tuple[tuple[str, str], ...] = ()
    _running: frozenset[str] | None = None
    _open: frozenset[str] = frozenset()

    def did(self, verb: str, target: str | None) -> None:
        """Takes note of an action that worked."""
        self.acts = (*self.acts, (verb, target or ""))

    def note(self, objects: list[dict]) -> None:
        """Takes note of the objects after an action."""
        self._add("heated", (o["objectId"] for o in objects if o["temperature"] == "Hot"))
        self._add("cooled", (o["objectId"] for o in objects if o["temperature"] == "Cold"))
        running = [o for o in objects if o["objectType"] in TAPS and o["isToggled"]]
        if running:
            for basin in (o for o in objects if o["objectType"] in BASINS):
                if any(runs_into(tap, basin) for tap in running):
                    self._add("cleaned", basin["receptacleObjectIds"] or ())

        self._note_acts(objects)

    def _note_acts(self, objects: list[dict]) -> None:
        running = frozenset(
            o["objectId"]
            for o in objects
            if o["objectType"] in ("Faucet", "Microwave") and o["isToggled"]
        )
        opened = frozenset(
            o["objectId"] for o in objects if o["objectType"] == "Fridge" and o["isOpen"]
        )
        if self._running is not None:
            for item in objects:
                object_id = item["objectId"]
                inside = item["receptacleObjectIds"] or ()
                if object_id in self._open - opened:
                    self._add("chilled", inside)
                elif object_id in running - self._running:
                    if item["objectType"] == "Microwave":
                        self._add("microwaved", inside)
                    else:
                        self._add("rinsed", _in_nearest_sink(item, objects))
        self._running, self._open = running, opened

    def _add(self, how: str, ids: Iterable[str]) -> None:
        more = frozenset(ids)
        if not more <= self.treated[how]:
            self.treated = {**self.treated, how: self.treated[how] | more}


def _in_nearest_sink(tap: dict, objects: list[dict]) -> Iterable[str]:
    def gap(item: dict) -> float:
        here, there = (o["axisAlignedBoundingBox"]["center"] for o in (tap, item))
        return sum((here[k] - there[k]) ** 2 for k in here)

    sinks = [o for o in objects if o["objectType"] == "SinkBasin"]
    return (min(sinks, key=gap)["receptacleObjectIds"] or ()) if sinks else ()


def runs_into(tap: dict, basin: dict) -> bool:
    """Whether a tap's water falls into a basin."""
    box = basin["axisAlignedBoundingBox"]
    at = tap["axisAlignedBoundingBox"]["center"]
    return all(abs(at[k] - box["center"][k]) <= box["size"][k] / 2 + TAP_REACH for k in ("x", "z"))
