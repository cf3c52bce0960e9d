"""search: an object shut away in closed furniture is to be found and taken."""

from __future__ import annotations

from functools import partial

from envs.tasks.base import ROOMS
from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Every, Held
from envs.tasks.room_probe import HIDING, QUIET, RoomProbe

# So many pieces of closed furniture of a type can be gone through in one episode.
SEARCHED_THROUGH = 8


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes single loose objects shut away in furniture that can be gone through."""
    found = []
    for item in probe.objects:
        target = item["objectType"]
        if not item["pickupable"] or len(probe.of(target)) > 1:
            continue
        for holder in probe.receptacles_of(item):
            place = holder["objectType"]
            shut = holder["openable"] and not holder["isOpen"] and place in HIDING
            if shut and not holder["pickupable"] and len(probe.of(place)) <= SEARCHED_THROUGH:
                tried = partial(_can_be_taken_out, item=item, holder=holder)
                found.append(Draft(target, Every((Held(target),)), place, possible=tried))
    return found


def _can_be_taken_out(probe: RoomProbe, item: dict, holder: dict) -> bool:
    """Whether an object is in reach once its holder is open, and all of its type can be opened."""
    if not all(probe.pose(o["objectId"]) for o in probe.of(holder["objectType"])):
        return False
    probe.controller.step("OpenObject", objectId=holder["objectId"], forceAction=True, **QUIET)
    found = probe.acted_on_now(item["objectId"])
    probe.restore()
    return found


FAMILY = Family(
    name="search",
    rooms=ROOMS,
    wordings=(
        Wording(
            train=(
                "look into the {r} until you find the {x} and take it",
                "the {x} is shut away in a {r}: open it and take the {x}",
                "find the {x} that is in a {r} and pick it up",
                "open a {r} and search it for the {x}, then pick it up",
            ),
            test=(
                "search a {r} for the {x} and take it",
                "the {x} is in a {r}: find it and pick it up",
                "open the {r} that the {x} is in and take the {x}",
            ),
        ),
    ),
    drafts=drafts,
    long=True,
    shut_away=True,
)
