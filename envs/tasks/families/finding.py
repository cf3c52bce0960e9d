"""Families that end with something found: find, navigate, search in closed furniture."""

from __future__ import annotations

from functools import partial

from envs.tasks.draft import Draft
from envs.tasks.goals import Every, Found, Held, Near
from envs.tasks.room_probe import HIDING, QUIET, RoomView

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
# So many pieces of closed furniture of a type can be gone through in one episode.
SEARCHED_THROUGH = 8
# What is navigated to can be seen from so near, metres.
CLOSE = 0.9


def find(view: RoomView) -> list[Draft]:
    """Loose things in the open."""
    return [
        Draft("find", kind, Every((Found(kind),)), possible=partial(_in_the_open, kind=kind))
        for kind in _loose_kinds(view)
    ]


def navigate(view: RoomView) -> list[Draft]:
    """Furniture, and loose things in the open."""
    known = view.kinds()
    furniture = [k for k in LANDMARKS if k in known]
    return [
        Draft("navigate", kind, Every((Near(kind),)), possible=partial(_can_be_reached, kind=kind))
        for kind in furniture
    ] + [
        Draft("navigate", kind, Every((Near(kind),)), possible=partial(_can_be_neared, kind=kind))
        for kind in _loose_kinds(view)
    ]


def search(view: RoomView) -> list[Draft]:
    """Single loose things shut away in furniture that can be gone through."""
    drafts = []
    for thing in view.objects:
        kind = thing["objectType"]
        if not thing["pickupable"] or len(view.of(kind)) > 1:
            continue
        for home in view.homes(thing):
            place = home["objectType"]
            shut = home["openable"] and not home["isOpen"] and place in HIDING
            if shut and not home["pickupable"] and len(view.of(place)) <= SEARCHED_THROUGH:
                drafts.append(
                    Draft(
                        "search",
                        kind,
                        Every((Held(kind),)),
                        receptacle=place,
                        possible=partial(_can_be_taken_out, thing=thing, home=home),
                    )
                )
    return drafts


def _loose_kinds(view: RoomView) -> list[str]:
    return sorted({o["objectType"] for o in view.objects if o["pickupable"]})


def _in_the_open(view: RoomView, kind: str) -> bool:
    things = view.of(kind)
    return bool(things) and len(things) == len(view.loose(kind))


def _can_be_reached(view: RoomView, kind: str) -> bool:
    return all(view.neared(o["objectId"], CLOSE) for o in view.of(kind))


def _can_be_neared(view: RoomView, kind: str) -> bool:
    return _in_the_open(view, kind) and _can_be_reached(view, kind)


def _can_be_taken_out(view: RoomView, thing: dict, home: dict) -> bool:
    """Whether a thing is in reach once its furniture is open, and all of its kind can be opened."""
    pieces = view.of(home["objectType"])
    if not all(view.pose(o["objectId"]) for o in pieces):
        return False
    step = view.controller.step
    step("OpenObject", objectId=home["objectId"], forceAction=True, **QUIET)
    found = view.acted_on_now(thing["objectId"])
    view.restore()
    return found
