"""Carrying: what may go where, and whether it does."""

from __future__ import annotations

from envs.actions import types_of
from envs.simulator.core.object_types import object_type
from envs.tasks.room_probe import RoomProbe

DESTINATIONS = (
    "ArmChair",
    "Bed",
    "Box",
    "CoffeeTable",
    "CounterTop",
    "Desk",
    "DiningTable",
    "Dresser",
    "Fridge",
    "GarbageCan",
    "HandTowelHolder",
    "LaundryHamper",
    "Microwave",
    "Ottoman",
    "Safe",
    "SideTable",
    "Sink",
    "Sofa",
    "TVStand",
    "Toilet",
    "ToiletPaperHanger",
    "TowelHolder",
    "BathtubBasin",
)


def pairs(probe: RoomProbe) -> list[tuple[str, str]]:
    """Returns (target, receptacle) types: it may take the target, and holds none of them now."""
    known = probe.types()
    found = []
    for target in probe.loose_types():
        now = {r["objectType"] for o in probe.of(target) for r in probe.receptacles_of(o)}
        allowed = set(object_type(target).allowed_receptacles)
        for receptacle in DESTINATIONS:
            names = set(types_of(receptacle))
            if receptacle != target and names & known and names & allowed and not now & names:
                found.append((target, receptacle))
    return found


def can_be_placed(probe: RoomProbe, target: str, receptacle: str) -> bool:
    """Whether all of a type can be taken, and one is taken by a receptacle of a type."""
    return probe.can_be_taken(target) and probe.fits(probe.of(target)[0], receptacle)
