"""navigate: furniture, or a loose object in the open, is to be walked up to."""

from __future__ import annotations

from functools import partial

from envs.tasks.base import ROOMS
from envs.tasks.family import Draft, Family, Wording
from envs.tasks.goals import Every, Near
from envs.tasks.room_probe import RoomProbe

# Furniture worth walking to: large, and one or few in a room.
LANDMARKS = (
    "ArmChair",
    "Bathtub",
    "Bed",
    "CoffeeMachine",
    "CoffeeTable",
    "Desk",
    "DeskLamp",
    "DiningTable",
    "DogBed",
    "Dresser",
    "FloorLamp",
    "Fridge",
    "GarbageCan",
    "HousePlant",
    "LaundryHamper",
    "Microwave",
    "Ottoman",
    "Safe",
    "SideTable",
    "Sink",
    "Sofa",
    "TVStand",
    "Television",
    "Toaster",
    "Toilet",
)
# What is navigated to can be seen from so near, metres.
CLOSE = 0.9


def drafts(probe: RoomProbe) -> list[Draft]:
    """Proposes furniture, and loose objects in the open."""
    known = probe.types()
    furniture = [
        Draft(target, Every((Near(target),)), possible=partial(_can_be_neared, target=target))
        for target in LANDMARKS
        if target in known
    ]
    return furniture + [
        Draft(target, Every((Near(target),)), possible=partial(_can_be_found, target=target))
        for target in probe.loose_types()
    ]


def _can_be_neared(probe: RoomProbe, target: str) -> bool:
    return all(probe.neared(o["objectId"], CLOSE) for o in probe.of(target))


def _can_be_found(probe: RoomProbe, target: str) -> bool:
    return probe.can_be_taken(target) and _can_be_neared(probe, target)


FAMILY = Family(
    name="navigate",
    rooms=ROOMS,
    wordings=(
        Wording(
            train=(
                "go to the {x}",
                "walk to the {x}",
                "go and stand beside the {x}",
                "move close to the {x}",
                "please walk up to the {x} and stop",
            ),
            test=(
                "please go to the {x} and stop",
                "walk close to the {x}",
                "move beside the {x} and stop",
            ),
        ),
    ),
    drafts=drafts,
    long=True,
)
