"""Families that change a thing before it is put away: clean, heat, cool."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from envs.simulator.core.object_types import object_type
from envs.tasks.draft import Draft
from envs.tasks.families.carrying import can_be_taken, pairs
from envs.tasks.goals import Contained, Every, Treated, TreatedContained, types_of
from envs.tasks.history import runs_into
from envs.tasks.room_probe import RoomView

WASHED = (
    "Bowl",
    "ButterKnife",
    "Cloth",
    "Cup",
    "DishSponge",
    "Fork",
    "Kettle",
    "Knife",
    "Ladle",
    "Mug",
    "Pan",
    "Plate",
    "Pot",
    "SoapBar",
    "Spatula",
    "Spoon",
    "Apple",
    "Lettuce",
    "Potato",
    "Tomato",
)
HEATED = ("Apple", "Bread", "Cup", "Egg", "Mug", "Plate", "Potato", "Tomato")
COOLED = (
    "Apple",
    "Bottle",
    "Bowl",
    "Bread",
    "Cup",
    "Egg",
    "Lettuce",
    "Mug",
    "Pan",
    "Plate",
    "Pot",
    "Potato",
    "Tomato",
    "WineBottle",
)


@dataclass(frozen=True)
class Treatment:
    """How things are treated: what is done, where, and to what."""

    how: str
    appliance: str
    kinds: tuple[str, ...]


TREATMENTS = {
    "clean": Treatment("cleaned", "Sink", WASHED),
    "heat": Treatment("heated", "Microwave", HEATED),
    "cool": Treatment("cooled", "Fridge", COOLED),
}


def treat(view: RoomView, family: str) -> list[Draft]:
    """Things that the appliance takes, and where they may go afterwards."""
    treatment = TREATMENTS[family]
    appliance = set(types_of(treatment.appliance))
    if not appliance & view.kinds():
        return []
    drafts = []
    for kind, place in pairs(view):
        allowed = set(object_type(kind).allowed_receptacles)
        if kind not in treatment.kinds or place == treatment.appliance or not appliance & allowed:
            continue
        if any(o["temperature"] != "RoomTemp" for o in view.of(kind)):
            continue
        drafts.append(
            Draft(
                family,
                kind,
                Every(
                    (
                        Contained(kind, place),
                        Treated(kind, treatment.how),
                        TreatedContained(kind, treatment.how, place),
                    )
                ),
                receptacle=place,
                tool=treatment.appliance,
                possible=partial(_can_be_treated, kind=kind, place=place, treatment=treatment),
            )
        )
    return drafts


def _can_be_treated(view: RoomView, kind: str, place: str, treatment: Treatment) -> bool:
    if not can_be_taken(view, kind):
        return False
    if treatment.how == "cleaned" and not _has_water(view):
        return False
    thing = view.of(kind)[0]
    return view.fits(thing, treatment.appliance, visibly=True) and view.fits(thing, place)


def _has_water(view: RoomView) -> bool:
    """Whether every basin has a tap in reach, so that it does not matter which is used."""
    taps = [o for o in view.of("Faucet") if view.pose(o["objectId"])]
    basins = view.of("SinkBasin")
    return bool(basins) and all(any(runs_into(t, b) for t in taps) for b in basins)
