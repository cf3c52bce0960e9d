"""Families that carry things: pick and place, stack (in a dish that is carried), two at once."""

from __future__ import annotations

from functools import partial

from envs.simulator.core.object_types import object_type
from envs.tasks.draft import Draft
from envs.tasks.goals import Contained, Every, Stacked, Together, types_of
from envs.tasks.room_probe import RoomView

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
DISHES = ("Bowl", "Plate", "Pan", "Pot", "Mug", "Cup", "Box")


def pairs(view: RoomView) -> list[tuple[str, str]]:
    """(thing, place) types: the place may take the thing, and holds none of them now."""
    known = view.kinds()
    found = []
    for kind in sorted({o["objectType"] for o in view.objects if o["pickupable"]}):
        homes = {h["objectType"] for o in view.of(kind) for h in view.homes(o)}
        allowed = set(object_type(kind).allowed_receptacles)
        for place in DESTINATIONS:
            names = set(types_of(place))
            if place != kind and names & known and names & allowed and not homes & names:
                found.append((kind, place))
    return found


def pick_and_place(view: RoomView) -> list[Draft]:
    """One thing to another place."""
    return [
        Draft(
            "pick_and_place",
            kind,
            Every((Contained(kind, place),)),
            receptacle=place,
            possible=partial(_can_be_placed, kind=kind, place=place),
        )
        for kind, place in pairs(view)
    ]


def can_be_taken(view: RoomView, kind: str) -> bool:
    """Whether all of a type lie in the open, in reach."""
    things = view.of(kind)
    return bool(things) and len(things) == len(view.loose(kind))


def _can_be_placed(view: RoomView, kind: str, place: str) -> bool:
    return can_be_taken(view, kind) and view.fits(view.of(kind)[0], place)


def pick_two(view: RoomView) -> list[Draft]:
    """Two of a type into the one receptacle of its type."""
    return [
        Draft(
            "pick_two",
            kind,
            Every((Contained(kind, place), Together(kind, place))),
            receptacle=place,
            possible=partial(_two_fit, kind=kind, place=place),
        )
        for kind, place in pairs(view)
        if len(view.of(kind)) >= 2 and _single(view, place)
    ]


def _single(view: RoomView, place: str) -> bool:
    return sum(o["receptacle"] for o in view.of(place)) in (1, 2) and len(view.of(place)) <= len(
        types_of(place)
    )


def _two_fit(view: RoomView, kind: str, place: str) -> bool:
    if not can_be_taken(view, kind):
        return False
    home = next(o for o in view.of(place) if o["receptacle"])
    first, second = view.of(kind)[:2]
    poses = view.some_poses(home["objectId"], 4)
    for k, pose in enumerate(poses):
        # From wherever each is put, both must find room.
        other = poses[(k + 1) % len(poses)]
        worked = view.put(first["objectId"], home["objectId"], pose) and view.put(
            second["objectId"], home["objectId"], other
        )
        view.restore()
        if not worked:
            return False
    return bool(poses)


def stack(view: RoomView) -> list[Draft]:
    """A thing into a dish, and the dish with it to another place."""
    known = view.kinds()
    drafts = []
    for dish in DISHES:
        if dish not in known or len(view.of(dish)) != 1:
            continue
        holder = view.of(dish)[0]
        if not holder["pickupable"] or not holder["receptacle"]:
            continue
        places = [p for k, p in pairs(view) if k == dish]
        for thing in view.objects:
            kind = thing["objectType"]
            allowed = object_type(kind).allowed_receptacles
            if kind == dish or not thing["pickupable"] or dish not in allowed:
                continue
            if any(h["objectType"] == dish for h in view.homes(thing)):
                continue
            for place in places:
                goal = Every(
                    (Contained(kind, dish), Contained(dish, place), Stacked(kind, dish, place))
                )
                drafts.append(
                    Draft(
                        "stack",
                        kind,
                        goal,
                        receptacle=place,
                        tool=dish,
                        possible=partial(_can_be_stacked, kind=kind, dish=dish, place=place),
                    )
                )
    return drafts


def _can_be_stacked(view: RoomView, kind: str, dish: str, place: str) -> bool:
    if not (can_be_taken(view, kind) and can_be_taken(view, dish)):
        return False
    thing, holder = view.of(kind)[0], view.of(dish)[0]
    worked = False
    for home in view.of(place)[:4]:
        worked = view.put(thing["objectId"], holder["objectId"]) and view.put(
            holder["objectId"], home["objectId"]
        )
        view.restore()
        if worked:
            break
    return worked
