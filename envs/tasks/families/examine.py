"""examine: an object is to be held under a lamp that is switched on."""

from __future__ import annotations

from functools import partial

from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Every, Held, Lit
from envs.tasks.room_probe import RoomProbe
from envs.tasks.trials.operating import can_be_switched

LAMPS = ("DeskLamp", "FloorLamp")


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes everything that can be held under a lamp, which is off at the start."""
    found = []
    for lamp in LAMPS:
        lamps = probe.of(lamp)
        if not lamps:
            continue
        before = tuple(("ToggleObjectOff", o["objectId"]) for o in lamps if o["isToggled"])
        found += [
            Draft(
                target,
                Every((Held(target), Lit(lamp))),
                tool=lamp,
                before=before,
                possible=partial(_can_be_lit, target=target, lamp=lamp),
            )
            for target in probe.loose_types()
            if target != lamp
        ]
    return found


def _can_be_lit(probe: RoomProbe, target: str, lamp: str) -> bool:
    return probe.can_be_taken(target) and can_be_switched(probe, lamp)


FAMILY = Family(
    name="examine",
    rooms=("living_room", "bedroom"),
    wordings=(
        Wording(
            train=(
                "look at the {x} under the {t}",
                "examine the {x} by the light of the {t}",
                "turn on the {t} and hold the {x} under it",
                "hold the {x} by the {t} and turn the {t} on",
            ),
            test=(
                "examine the {x} under the {t}",
                "look at the {x} by the light of a {t}",
                "turn the {t} on and look at the {x}",
            ),
        ),
    ),
    drafts=drafts,
    long=True,
)
