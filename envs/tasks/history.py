"""What was done to things in an episode: heated, cooled, cleaned.

Heat and cold pass with time, so that a goal can't read them off the last state. Hot or cold once is
heated or cooled; a thing is cleaned when it lies in a basin whose tap runs, as in ALFRED.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

TREATMENTS = ("heated", "cooled", "cleaned")
BASINS = ("SinkBasin", "BathtubBasin")
TAPS = ("Faucet", "ShowerHead")
# A tap runs into the basin whose box it stands at, metres.
TAP_REACH = 0.4


@dataclass
class History:
    """Ids of what was treated since the episode began; each set is replaced, never changed."""

    treated: dict[str, frozenset[str]] = field(
        default_factory=lambda: dict.fromkeys(TREATMENTS, frozenset())
    )

    def note(self, objects: list[dict]) -> None:
        """Takes note of the objects after an action."""
        self._add("heated", (o["objectId"] for o in objects if o["temperature"] == "Hot"))
        self._add("cooled", (o["objectId"] for o in objects if o["temperature"] == "Cold"))
        running = [o for o in objects if o["objectType"] in TAPS and o["isToggled"]]
        if running:
            for basin in (o for o in objects if o["objectType"] in BASINS):
                if any(runs_into(tap, basin) for tap in running):
                    self._add("cleaned", basin["receptacleObjectIds"] or ())

    def _add(self, how: str, ids: Iterable[str]) -> None:
        more = frozenset(ids)
        if not more <= self.treated[how]:
            self.treated = {**self.treated, how: self.treated[how] | more}


def runs_into(tap: dict, basin: dict) -> bool:
    """Whether a tap's water falls into a basin."""
    box = basin["axisAlignedBoundingBox"]
    at = tap["axisAlignedBoundingBox"]["center"]
    return all(
        abs(at[k] - box["center"][k]) <= box["size"][k] / 2 + TAP_REACH for k in ("x", "z")
    )
