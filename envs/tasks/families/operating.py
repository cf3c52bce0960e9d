"""Families that open, close and switch things, slice, or look at things under a lamp."""

from __future__ import annotations

from functools import partial

from envs.tasks.draft import Draft
from envs.tasks.families.carrying import can_be_taken
from envs.tasks.goals import Every, Held, Lit, Openness, Sliced, Toggled
from envs.tasks.room_probe import QUIET, RoomView

OPENED = (
    "Blinds",
    "Cabinet",
    "Drawer",
    "Fridge",
    "LaundryHamper",
    "Microwave",
    "Safe",
    "ShowerCurtain",
    "ShowerDoor",
    "Toilet",
)
CLOSED = ("Box", "Laptop", *OPENED)
SWITCHED = (
    "Candle",
    "CoffeeMachine",
    "DeskLamp",
    "Desktop",
    "Faucet",
    "FloorLamp",
    "LightSwitch",
    "Microwave",
    "ShowerHead",
    "StoveKnob",
    "Television",
    "Toaster",
)
LAMPS = ("DeskLamp", "FloorLamp")
CUT = ("Apple", "Tomato", "Potato", "Lettuce", "Bread")


def openings(view: RoomView) -> list[Draft]:
    """Types of which nothing is open."""
    known = view.kinds()
    return [
        Draft("open", k, Every((Openness(k, True),)), possible=partial(_works, kind=k, opens=True))
        for k in OPENED
        if k in known and not any(o["isOpen"] for o in view.of(k))
    ]


def closings(view: RoomView) -> list[Draft]:
    """Types with one piece in the room, which is open or is opened first."""
    drafts = []
    for kind in CLOSED:
        things = view.of(kind)
        if len(things) != 1:
            continue
        thing = things[0]
        drafts.append(
            Draft(
                "close",
                kind,
                Every((Openness(kind, False),)),
                setup="" if thing["isOpen"] else thing["objectId"],
                possible=partial(_works, kind=kind, opens=False),
            )
        )
    return drafts


def _works(view: RoomView, kind: str, opens: bool) -> bool:
    """Whether something of a type can be acted on, in the state the episode starts with."""
    things = view.of(kind)
    if things[0]["pickupable"] and not can_be_taken(view, kind):
        return False
    for thing in things[:4]:
        if not view.shown(thing["objectId"]):
            continue
        if opens or thing["isOpen"]:
            return True
        name = {"objectId": thing["objectId"], "forceAction": True}
        opened = view.controller.step("OpenObject", **name, **QUIET).metadata["lastActionSuccess"]
        poses = view.acted_on_now(thing["objectId"])
        view.restore()
        if opened and poses:
            return True
    return False


def switches(view: RoomView) -> list[Draft]:
    """Types of which everything is off (to be turned on), or one thing is on (to be turned off)."""
    drafts = []
    for kind in SWITCHED:
        things = [o for o in view.of(kind) if o["toggleable"]]
        burning = sum(o["isToggled"] for o in things)
        if not things or (burning and len(things) > 1):
            continue
        on = not burning
        drafts.append(
            Draft(
                f"toggle {'on' if on else 'off'}",
                kind,
                Every((Toggled(kind, on),)),
                turn_on=on,
                possible=partial(_can_be_switched, kind=kind),
            )
        )
    return drafts


def _can_be_switched(view: RoomView, kind: str) -> bool:
    if view.of(kind)[0]["pickupable"]:
        return can_be_taken(view, kind)
    return view.reachable(kind)


def _both(view: RoomView, first: str, second: str) -> bool:
    return can_be_taken(view, first) and can_be_taken(view, second)


def _can_be_lit(view: RoomView, kind: str, lamp: str) -> bool:
    return can_be_taken(view, kind) and _can_be_switched(view, lamp)


def cuts(view: RoomView) -> list[Draft]:
    """Food to be sliced, where there is a knife."""
    known = view.kinds()
    return [
        Draft(
            "slice",
            kind,
            Every((Sliced(kind),)),
            tool="Knife",
            possible=partial(_both, first=kind, second="Knife"),
        )
        for kind in CUT
        if kind in known and "Knife" in known
    ]


def examinations(view: RoomView) -> list[Draft]:
    """Things that can be held under a lamp, which is off at the start."""
    drafts = []
    for lamp in LAMPS:
        lamps = view.of(lamp)
        if not lamps:
            continue
        before = tuple(("ToggleObjectOff", o["objectId"]) for o in lamps if o["isToggled"])
        for kind in sorted({o["objectType"] for o in view.objects if o["pickupable"]}):
            if kind == lamp:
                continue
            drafts.append(
                Draft(
                    "examine",
                    kind,
                    Every((Held(kind), Lit(lamp))),
                    tool=lamp,
                    before=before,
                    possible=partial(_can_be_lit, kind=kind, lamp=lamp),
                )
            )
    return drafts
