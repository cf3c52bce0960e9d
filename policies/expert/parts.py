"""What the expert's plans are made of: to look for, take, put, open and switch things.

Each part answers with the one action to be done now, from the environment's present state and the
last action, so that a plan can be taken up in any state.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from envs.actions import Action
from envs.observations import SEEN_PIXELS
from envs.tasks.goals import types_of
from envs.tasks.object_names import name_of
from envs.thor_env import ThorEnv

# A seer notices a thing of at least this many pixels of a 300x300 frame.
NOTICED_PIXELS = 45
# Having gone to it, it knows where to look.
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
        thought: A few lower-case words, the thing first: a policy that thinks of a thing has
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
    """

    def __init__(self, env: ThorEnv, search: bool, last_action: str, ok: bool) -> None:
        self.env, self.search = env, search
        self.last, self.ok = last_action.split(" at (")[0], ok

    # ---- what is so ----
    def objects(self, kind: str | None = None) -> list[dict]:
        """All objects, or those a type name stands for."""
        found = self.env.controller.last_event.metadata["objects"]
        if kind is None:
            return found
        return [o for o in found if o["objectType"] in types_of(kind)]

    def state(self, object_id: str) -> dict:
        """AI2-THOR's dict of an object."""
        return next(o for o in self.objects() if o["objectId"] == object_id)

    def hand(self) -> dict | None:
        """AI2-THOR's dict of what is held."""
        return next((o for o in self.objects() if o["isPickedUp"]), None)

    def holds(self, kinds: tuple[str, ...]) -> bool:
        """Whether something of some types is held."""
        held = self.env.controller.last_event.metadata["inventoryObjects"]
        return bool(held) and held[0]["objectType"] in kinds

    def shut_away(self, thing: dict) -> bool:
        """Whether a thing lies in something closed."""
        homes = set(thing["parentReceptacles"] or ())
        return any(
            o["openable"] and not o["isOpen"] and not o["pickupable"]
            for o in self.objects()
            if o["objectId"] in homes
        )

    def in_view(self, kind: str, among: Collection[str] | None = None) -> str | None:
        """Id of the object of a type that fills most of the picture; what was gone to first."""
        view = self.env.skills.view
        least = ARRIVED_PIXELS if self.arrived(kind) else SEEN_PIXELS
        held = {o["objectId"] for o in self.objects() if o["isPickedUp"]}
        ids = [
            i
            for i in view.of_types(types_of(kind), least)
            if i not in held and (among is None or i in among)
        ]
        at = self.env.skills.at
        if self.there(kind) and at in ids:
            return at
        if not self.search and self.arrived(kind) and self._glimpsed(at, kind, among):
            return at
        return ids[0] if ids else None

    def _glimpsed(self, object_id: str, kind: str, among: Collection[str] | None) -> bool:
        """Whether what was gone to shows at all: it knows what it came for."""
        return (
            # A walk that never began went to nothing.
            object_id != ""
            and self.env.skills.view.pixels(object_id) > 0
            and self.state(object_id)["objectType"] in types_of(kind)
            and not self.state(object_id)["isPickedUp"]
            and (among is None or object_id in among)
        )

    def arrived(self, kind: str) -> bool:
        """Whether the last action went to something of a type."""
        return self.ok and self.last == f"goto {kind}"

    def there(self, kind: str) -> bool:
        """Whether the last action went to something of a type, or did something to it."""
        return self.arrived(kind) or (
            self.ok and self.last in [f"{verb} {kind}" for verb in _DONE_HERE]
        )

    # ---- what to do ----
    def free_hand(self) -> Label | None:
        """Lets go of what is held, if anything."""
        held = self.env.controller.last_event.metadata["inventoryObjects"]
        if not held:
            return None
        return Label(Action("drop"), f"{name_of(held[0]['objectType'])} wrong")

    def at(self, verb: str, kind: str, object_id: str) -> Label:
        """Acts on an object in view, at its place in the picture."""
        point = self.env.skills.view.interior(object_id)
        return Label(Action(verb, kind, point), f"{name_of(kind)} in view", object_id)

    def goto(self, kind: str) -> Label:
        """Goes to something of a type; where the way was barred, clears it first."""
        if not self.ok and self.last == f"goto {kind}":
            cleared = self._clear_way(kind)
            if cleared is not None:
                return cleared
        if not self.ok and self.last.startswith("close "):
            # It would have hit us: step aside.
            return Label(Action("look around"), f"{name_of(kind)} not here")
        return Label(Action("goto", kind), f"{name_of(kind)} next")

    def goto_this(self, object_id: str) -> Label:
        """Goes to one certain thing among those of its type."""
        kind = self.state(object_id)["objectType"]
        label = self.goto(kind)
        if label.action.verb != "goto" or label.action.target != kind:
            return label
        if not self.search:
            self.env.skills.meant = object_id
        elif self.env.skills.view.pixels(object_id) >= SEEN_PIXELS:
            return self.at("goto", kind, object_id)
        return label

    def _clear_way(self, kind: str) -> Label | None:
        """Shuts what stands open: first what the thing lies in, so that it is opened otherwise."""
        homes = {p for o in self.objects(kind) for p in o["parentReceptacles"] or ()}
        opened = [
            o for o in self.objects() if o["isOpen"] and o["openable"] and not o["pickupable"]
        ]
        opened.sort(key=lambda o: (o["objectId"] not in homes, o["distance"]))
        view = self.env.skills.view
        for thing in opened:
            if thing["visible"] and view.pixels(thing["objectId"]) >= SEEN_PIXELS:
                return self.at("close", thing["objectType"], thing["objectId"])
        for thing in opened[:1]:
            if thing["objectType"] != kind:
                return Label(
                    Action("goto", thing["objectType"]), f"{name_of(thing['objectType'])} next"
                )
        return None

    def unshut(self, thing: dict) -> Label | None:
        """Opens what a thing lies shut away in; None if it lies free."""
        homes = set(thing["parentReceptacles"] or ())
        for home in self.objects():
            if home["objectId"] in homes and home["openable"] and not home["pickupable"]:
                if home["isOpen"]:
                    continue
                kind, object_id = home["objectType"], home["objectId"]
                seen = self.env.skills.view.pixels(object_id) >= ARRIVED_PIXELS
                if self.arrived(kind) and self.env.skills.at == object_id and seen:
                    return self.at("open", kind, object_id)
                return self.goto_this(object_id)
        return None

    def seek(self, kind: str, among: Collection[str] | None = None) -> Label:
        """Goes to a loose object that must be seen first."""
        seen = self.in_view(kind, among)
        if seen is not None and (
            not self.search or self.env.skills.view.pixels(seen) >= NOTICED_PIXELS
        ):
            if self.ok or not self.last.startswith("goto"):
                return self.at("goto", kind, seen)
            # A walk there has just failed: see it from elsewhere.
            return Label(Action("look around"), f"{name_of(kind)} not here")
        if not self.search:
            things = [o for o in self.objects(kind) if among is None or o["objectId"] in among]
            shut = [o for o in things if self.shut_away(o)]
            missed = self.env.skills.missed
            if shut and all(o in shut or missed[o["objectId"]] for o in things):
                opened = self.unshut(min(shut, key=lambda o: o["distance"]))
                if opened is not None:
                    return opened
            self.env.skills.seen.update(o["objectId"] for o in things)
            return self.goto(kind) if among is None else self._goto_one(kind, among)
        if self._fallen(kind):
            return self.goto(kind)
        return Label(Action("look around"), f"{name_of(kind)} not here")

    def _fallen(self, kind: str) -> bool:
        """Whether a thing that was seen lies on the floor: it was dropped, so it is near."""
        return any(
            o["objectId"] in self.env.skills.seen
            and any(p.startswith("Floor") for p in o["parentReceptacles"] or ())
            for o in self.objects(kind)
        )

    def again(self, kind: str, among: Collection[str]) -> Label | None:
        """Goes back to a thing that was seen before, if it was."""
        skills = self.env.skills
        known = skills.seen.intersection(among)
        if not self.search:
            known = {i for i in known if not skills.missed[i]}
        if not known or self.in_view(kind, among) is not None:
            return None
        if not self.ok and self.last == f"goto {kind}":
            return None
        return self.goto(kind) if self.search else self._goto_one(kind, known)

    def _goto_one(self, kind: str, among: Collection[str]) -> Label:
        """Goes to the one of some things that was tried least, of those the nearest."""
        skills = self.env.skills
        things = [o for o in self.objects(kind) if o["objectId"] in among]
        label = self.goto(kind)
        if things and label.action == Action("goto", kind):
            skills.meant = min(
                things,
                key=lambda o: (
                    skills.missed[o["objectId"]] + skills.visited[o["objectId"]],
                    o["distance"],
                ),
            )["objectId"]
        return label

    def find(self, kind: str) -> Label:
        """Says it is done where a thing is in view."""
        seen = self.in_view(kind)
        if seen is not None and self.arrived(kind):
            return Label(Action("done"), f"{name_of(kind)} found", seen)
        return self.seek(kind)

    def take(self, kind: str, among: Collection[str] | None = None) -> Label:
        """Takes a loose object into the hand; of those ``among`` if given, once seen again."""
        seen = self.in_view(kind, among)
        if seen is not None and self.arrived(kind):
            return self.at("pick up", kind, seen)
        if among is not None:
            again = self.again(kind, among)
            if again is not None:
                return again
        return self.seek(kind, among)

    def place(self, kind: str, home: str | None = None) -> Label:
        """Puts what is held into or on something of a type, opened first where it must be.

        Args:
            kind: The type.
            home: Which one of the type, if only that will do.
        """
        if self.loose(kind):
            return self.put_into_loose(kind)
        seen = self.in_view(kind)
        opened = self.ok and self.last == f"open {kind}"
        # What did not take it once may be full: then another will have to do.
        if home is not None and seen != home and self.env.skills.visited[home] < PUT_TRIES:
            return self.goto_this(home)
        if seen is None or not (self.arrived(kind) or opened):
            return self.goto(kind)
        if kind in MUST_OPEN and not self.state(seen)["isOpen"]:
            return self.at("open", kind, seen)
        return self.at("put in", kind, seen)

    def put_into_loose(self, kind: str) -> Label:
        """Puts what is held into a dish, which may lie anywhere."""
        ids = [o["objectId"] for o in self.objects(kind)]
        seen = self.in_view(kind)
        if seen is not None and self.there(kind):
            closed = kind in MUST_OPEN and not self.state(seen)["isOpen"]
            return self.at("open" if closed else "put in", kind, seen)
        return self.again(kind, ids) or self.seek(kind)

    def loose(self, kind: str) -> bool:
        """Whether things of a type are carried about."""
        return kind not in FIXED_THOUGH_LOOSE and any(o["pickupable"] for o in self.objects(kind))

    def approach_and(self, verb: str, kind: str) -> Label:
        """Goes to something and acts on it."""
        seen = self.in_view(kind)
        if seen is not None and self.arrived(kind):
            return self.at(verb, kind, seen)
        return self.seek(kind) if self.loose(kind) else self.goto(kind)

    def operate(self, verb: str, kind: str) -> Label:
        """Acts on furniture again where it was acted on just now, else goes there first.

        What was just shut because it stood in the way is opened from elsewhere.
        """
        seen = self.in_view(kind)
        elsewhere = verb == "open" and self.last == f"close {kind}"
        if seen is not None and self.there(kind) and not elsewhere:
            return self.at(verb, kind, seen)
        return self.goto(kind)
