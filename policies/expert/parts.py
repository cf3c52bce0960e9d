"""What the expert's plans are made of: to look for, take, put, open and switch objects.

Each part answers with the one action to be done now, from the environment's present state and the
last action, so that a plan can be taken up in any state.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from envs.actions import Action, types_of
from envs.observations import SEEN_PIXELS
from envs.tasks.object_names import name_of
from policies.expert.truth import Truth
from policies.expert.walk_record import WalkRecord

# Searching, it notices an object of at least this many pixels of a 300x300 frame.
NOTICED_PIXELS = 45
# What it has not noticed in a whole round it looks for more closely, and then more closely still.
CLOSER_PIXELS = (NOTICED_PIXELS, SEEN_PIXELS, 10)
# Of what it has just gone to, so many are enough.
ARRIVED_PIXELS = 6
MUST_OPEN = frozenset({"Fridge", "Microwave", "Cabinet", "Drawer", "Safe", "Box", "LaundryHamper"})
FIXED_THOUGH_LOOSE = ("Microwave", "Toaster", "CoffeeMachine")
# So often something is put into one receptacle before another is tried.
PUT_TRIES = 6
_DONE_HERE = ("open", "close", "toggle on", "toggle off", "put in")


@dataclass(frozen=True)
class Label:
    """What the expert would do now.

    Attributes:
        action: With a point where it acts on something in view.
        thought: A few lower-case words, the object first: a policy that thinks of an object has
            looked for it before it says whether it is there.
        object_id: The object acted on, or empty.
    """

    action: Action
    thought: str
    object_id: str = ""


class Parts:
    """The parts, in the state after the last action.

    Args:
        env: The environment acted in.
        search: Act only on what has come into view.
        last_action: Text of the last action.
        ok: Whether it worked.
        walk: This episode's, where it is made in primitive moves.
    """

    def __init__(
        self,
        env: Truth,
        search: bool,
        last_action: str,
        ok: bool,
        walk: WalkRecord | None = None,
    ) -> None:
        self.env, self.search, self.walk = env, search, walk
        self.last, self.ok = last_action.split(" at (")[0], ok

    # ---- what is so ----
    def objects(self, object_type: str | None = None) -> list[dict]:
        """Returns all objects, or those a type name stands for."""
        found = self.env.controller.last_event.metadata["objects"]
        if object_type is None:
            return found
        return [o for o in found if o["objectType"] in types_of(object_type)]

    def state(self, object_id: str) -> dict:
        """Returns AI2-THOR's dict of an object."""
        return next(o for o in self.objects() if o["objectId"] == object_id)

    def hand(self) -> dict | None:
        """Returns AI2-THOR's dict of what is held, or None."""
        return next((o for o in self.objects() if o["isPickedUp"]), None)

    def holds(self, types: tuple[str, ...]) -> bool:
        """Whether something of some types is held."""
        held = self.env.controller.last_event.metadata["inventoryObjects"]
        return bool(held) and held[0]["objectType"] in types

    def shut_away(self, item: dict) -> bool:
        """Whether an object lies in something closed."""
        holders = set(item["parentReceptacles"] or ())
        return any(
            o["openable"] and not o["isOpen"] and not o["pickupable"]
            for o in self.objects()
            if o["objectId"] in holders
        )

    def in_view(
        self,
        object_type: str,
        among: Collection[str] | None = None,
        enough: int = SEEN_PIXELS,
    ) -> str | None:
        """Returns the id of the object of a type that fills most of the picture, or None.

        What was gone to comes before all others.
        """
        view = self.env.skills.view
        least = ARRIVED_PIXELS if self.arrived(object_type) else min(SEEN_PIXELS, enough)
        held = {o["objectId"] for o in self.objects() if o["isPickedUp"]}
        ids = [
            i
            for i in view.of_types(types_of(object_type), least)
            if i not in held and (among is None or i in among)
        ]
        at = self.env.skills.at
        if self.there(object_type) and at in ids:
            return at
        if not self.search and self.arrived(object_type) and self._glimpsed(at, object_type, among):
            return at
        return ids[0] if ids else None

    def _glimpsed(self, object_id: str, object_type: str, among: Collection[str] | None) -> bool:
        """Whether what was gone to shows at all: few pixels of what it came for will do."""
        return (
            # Empty: the walk never began.
            object_id != ""
            and self.env.skills.view.pixels(object_id) > 0
            and self.state(object_id)["objectType"] in types_of(object_type)
            and not self.state(object_id)["isPickedUp"]
            and (among is None or object_id in among)
        )

    def arrived(self, object_type: str) -> bool:
        """Whether the last action went to something of a type."""
        return self.ok and self.last == f"goto {object_type}"

    def there(self, object_type: str) -> bool:
        """Whether the last action went to something of a type, or did something to it."""
        return self.arrived(object_type) or (
            self.ok and self.last in [f"{verb} {object_type}" for verb in _DONE_HERE]
        )

    # ---- what to do ----
    def free_hand(self) -> Label | None:
        """Lets go of what is held, if anything."""
        held = self.env.controller.last_event.metadata["inventoryObjects"]
        if not held:
            return None
        return Label(Action("drop"), f"{name_of(held[0]['objectType'])} wrong")

    def at(self, verb: str, object_type: str, object_id: str) -> Label:
        """Acts on an object in view, at its place in the picture."""
        point = self.env.skills.view.interior(object_id)
        return Label(Action(verb, object_type, point), f"{name_of(object_type)} in view", object_id)

    def goto(self, object_type: str) -> Label:
        """Goes to something of a type; where the way was barred, clears it first."""
        if not self.ok and self.last == f"goto {object_type}":
            cleared = self._clear_way(object_type)
            if cleared is not None:
                return cleared
        if not self.ok and self.last.startswith("close "):
            # It would have hit us: step aside.
            return Label(Action("look around"), f"{name_of(object_type)} over there")
        return Label(Action("goto", object_type), f"{name_of(object_type)} next")

    def goto_this(self, object_id: str) -> Label:
        """Goes to one certain object among those of its type."""
        object_type = self.state(object_id)["objectType"]
        label = self.goto(object_type)
        if label.action.verb != "goto" or label.action.target != object_type:
            return label
        if not self.search:
            self.env.skills.meant = object_id
        elif self.env.skills.view.pixels(object_id) >= SEEN_PIXELS:
            return self.at("goto", object_type, object_id)
        return label

    def _clear_way(self, object_type: str) -> Label | None:
        """Shuts what stands open: first what the object lies in, so that it is opened otherwise."""
        holders = {p for o in self.objects(object_type) for p in o["parentReceptacles"] or ()}
        opened = [
            o for o in self.objects() if o["isOpen"] and o["openable"] and not o["pickupable"]
        ]
        opened.sort(key=lambda o: (o["objectId"] not in holders, o["distance"]))
        view = self.env.skills.view
        for item in opened:
            if item["visible"] and view.pixels(item["objectId"]) >= SEEN_PIXELS:
                return self.at("close", item["objectType"], item["objectId"])
        for item in opened[:1]:
            if item["objectType"] != object_type:
                return Label(
                    Action("goto", item["objectType"]), f"{name_of(item['objectType'])} next"
                )
        return None

    def unshut(self, item: dict) -> Label | None:
        """Opens what an object lies shut away in; None if it lies free."""
        holders = set(item["parentReceptacles"] or ())
        for receptacle in self.objects():
            if (
                receptacle["objectId"] in holders
                and receptacle["openable"]
                and not receptacle["pickupable"]
            ):
                if receptacle["isOpen"]:
                    continue
                object_type, object_id = receptacle["objectType"], receptacle["objectId"]
                seen = self.env.skills.view.pixels(object_id) >= ARRIVED_PIXELS
                if self.arrived(object_type) and self.env.skills.at == object_id and seen:
                    return self.at("open", object_type, object_id)
                return self.goto_this(object_id)
        return None

    def seek(self, object_type: str, among: Collection[str] | None = None) -> Label:
        """Goes to a loose object that must be seen first."""
        enough = CLOSER_PIXELS[min(self.env.skills.rounds, len(CLOSER_PIXELS) - 1)]
        seen = self.in_view(object_type, among, enough if self.search else SEEN_PIXELS)
        if seen is not None and (not self.search or self.env.skills.view.pixels(seen) >= enough):
            if self.ok or not self.last.startswith("goto"):
                return self.at("goto", object_type, seen)
            # A walk there has just failed: see it from elsewhere.
            return Label(Action("look around"), f"{name_of(object_type)} over there")
        if not self.search:
            items = [
                o for o in self.objects(object_type) if among is None or o["objectId"] in among
            ]
            shut = [o for o in items if self.shut_away(o)]
            missed = self.env.skills.missed
            if shut and all(o in shut or missed[o["objectId"]] for o in items):
                opened = self.unshut(min(shut, key=lambda o: o["distance"]))
                if opened is not None:
                    return opened
            self.env.skills.seen.update(o["objectId"] for o in items)
            return self.goto(object_type) if among is None else self._goto_one(object_type, among)
        if self._fallen(object_type):
            return self.goto(object_type)
        return Label(Action("look around"), f"{name_of(object_type)} not here")

    def _fallen(self, object_type: str) -> bool:
        """Whether an object that was seen lies on the floor: it was dropped, so it is near."""
        return any(
            o["objectId"] in self.env.skills.seen
            and any(p.startswith("Floor") for p in o["parentReceptacles"] or ())
            for o in self.objects(object_type)
        )

    def again(self, object_type: str, among: Collection[str]) -> Label | None:
        """Goes back to an object that was seen before, if it was."""
        skills = self.env.skills
        known = skills.seen.intersection(among)
        if not self.search:
            known = {i for i in known if not skills.missed[i]}
        if not known or self.in_view(object_type, among) is not None:
            return None
        if not self.ok and self.last == f"goto {object_type}":
            return None
        return self.goto(object_type) if self.search else self._goto_one(object_type, known)

    def _goto_one(self, object_type: str, among: Collection[str]) -> Label:
        """Goes to the one of some objects that was tried least, of those the nearest."""
        skills = self.env.skills
        items = [o for o in self.objects(object_type) if o["objectId"] in among]
        label = self.goto(object_type)
        if items and label.action == Action("goto", object_type):
            skills.meant = min(
                items,
                key=lambda o: (
                    skills.missed[o["objectId"]] + skills.visited[o["objectId"]],
                    o["distance"],
                ),
            )["objectId"]
        return label

    def find(self, object_type: str) -> Label:
        """Says it is done where an object is in view."""
        seen = self.in_view(object_type)
        if seen is not None and self.arrived(object_type):
            return Label(Action("done"), f"{name_of(object_type)} found", seen)
        return self.seek(object_type)

    def take(self, object_type: str, among: Collection[str] | None = None) -> Label:
        """Takes a loose object into the hand; of those ``among`` if given, once seen again."""
        seen = self.in_view(object_type, among)
        if seen is not None and self.arrived(object_type):
            return self.at("pick up", object_type, seen)
        if among is not None:
            again = self.again(object_type, among)
            if again is not None:
                return again
        return self.seek(object_type, among)

    def place(self, object_type: str, receptacle: str | None = None) -> Label:
        """Puts what is held into or on something of a type, opened first where it must be.

        Args:
            object_type: The type.
            receptacle: Which one of the type, if only that will do.
        """
        if self.loose(object_type):
            return self.put_into_loose(object_type)
        seen = self.in_view(object_type)
        opened = self.ok and self.last == f"open {object_type}"
        # What did not take it once may be full: then another will have to do.
        if (
            receptacle is not None
            and seen != receptacle
            and self.env.skills.visited[receptacle] < PUT_TRIES
        ):
            return self.goto_this(receptacle)
        if seen is None or not (self.arrived(object_type) or opened):
            return self.goto(object_type)
        if object_type in MUST_OPEN and not self.state(seen)["isOpen"]:
            return self.at("open", object_type, seen)
        return self.at("put in", object_type, seen)

    def put_into_loose(self, object_type: str) -> Label:
        """Puts what is held into a dish, which may lie anywhere."""
        ids = [o["objectId"] for o in self.objects(object_type)]
        seen = self.in_view(object_type)
        if seen is not None and self.there(object_type):
            closed = object_type in MUST_OPEN and not self.state(seen)["isOpen"]
            return self.at("open" if closed else "put in", object_type, seen)
        return self.again(object_type, ids) or self.seek(object_type)

    def loose(self, object_type: str) -> bool:
        """Whether objects of a type are carried about."""
        return object_type not in FIXED_THOUGH_LOOSE and any(
            o["pickupable"] for o in self.objects(object_type)
        )

    def approach_and(self, verb: str, object_type: str) -> Label:
        """Goes to something and acts on it."""
        seen = self.in_view(object_type)
        if seen is not None and self.arrived(object_type):
            return self.at(verb, object_type, seen)
        return self.seek(object_type) if self.loose(object_type) else self.goto(object_type)

    def operate(self, verb: str, object_type: str) -> Label:
        """Acts on furniture again where it was acted on just now, else goes there first.

        What was just shut because it stood in the way is opened from elsewhere.
        """
        seen = self.in_view(object_type)
        elsewhere = verb == "open" and self.last == f"close {object_type}"
        if seen is not None and self.there(object_type) and not elsewhere:
            return self.at(verb, object_type, seen)
        return self.goto(object_type)
