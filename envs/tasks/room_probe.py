"""A room as the sampler sees it: what is in it, what lies in the open, what can be reached.

Everything is asked of the controller, so that it holds on any backend. Trials change the room; it
is put back before the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from envs.observations import SEEN_PIXELS, segment
from envs.tasks.goals import types_of

if TYPE_CHECKING:
    from ai2thor.controller import Controller

HIDING = frozenset(
    {
        "Fridge",
        "Microwave",
        "Cabinet",
        "Drawer",
        "Safe",
        "Box",
        "GarbageCan",
        "LaundryHamper",
        "Toilet",
    }
)
QUIET: dict[str, Any] = {"renderImage": False}
TRIED = 8
POSES_LOOKED_FROM = 5


class RoomView:
    """One arrangement of a room.

    Args:
        controller: Standing in the prepared room.
        restore: Puts the room back as it was prepared.
    """

    def __init__(self, controller: Controller, restore: Callable[[], None]) -> None:
        self.controller = controller
        self._restore = restore
        self._poses: dict[str, dict | None] = {}
        self.take_in()

    def take_in(self) -> None:
        """Looks at the room as it is now."""
        self.objects: tuple[dict, ...] = tuple(self.controller.last_event.metadata["objects"])
        self.by_id = {o["objectId"]: o for o in self.objects}

    def restore(self) -> None:
        """Puts the room back as it was prepared."""
        self._restore()

    def of(self, kind: str) -> list[dict]:
        """Objects a type name stands for."""
        return [o for o in self.objects if o["objectType"] in types_of(kind)]

    def kinds(self) -> set[str]:
        """Object types in the room."""
        return {o["objectType"] for o in self.objects}

    def homes(self, thing: dict) -> list[dict]:
        """What a thing lies in or on."""
        ids = thing["parentReceptacles"] or ()
        return [self.by_id[i] for i in ids if i in self.by_id]

    def in_the_open(self, thing: dict) -> bool:
        """Whether a thing lies where a person walking about sees it."""
        return not any(h["objectType"] in HIDING for h in self.homes(thing))

    def loose(self, kind: str) -> list[dict]:
        """Objects of a type that can be carried, lie in the open and can be reached and seen."""
        return [
            o
            for o in self.of(kind)
            if o["pickupable"] and self.in_the_open(o) and self.shown(o["objectId"])
        ]

    def pose(self, object_id: str) -> dict | None:
        """A pose from which an object can be acted on, or None."""
        if object_id not in self._poses:
            found = self.controller.step(
                "GetInteractablePoses",
                objectId=object_id,
                standings=[True],
                maxPoses=1,
                horizons=[30, 0, 60],
                **QUIET,
            ).metadata["actionReturn"]
            self._poses[object_id] = found[0] if found else None
        return self._poses[object_id]

    def reachable(self, kind: str) -> bool:
        """Whether something of a type can be acted on, and is seen from there."""
        return any(self.shown(o["objectId"]) for o in self.of(kind)[:TRIED])

    def shown(self, object_id: str) -> bool:
        """Whether an object is in the picture where it can be acted on: not only behind glass."""
        for pose in self.some_poses(object_id, POSES_LOOKED_FROM):
            event = self.controller.step("TeleportFull", **pose)
            if segment(event).pixels(object_id) >= 2 * SEEN_PIXELS:
                return True
        return False

    def some_poses(self, object_id: str, count: int) -> list[dict]:
        """Some poses, well apart in the list, from which an object can be acted on."""
        found = (
            self.controller.step(
                "GetInteractablePoses", objectId=object_id, standings=[True], **QUIET
            ).metadata["actionReturn"]
            or []
        )
        return found[:: max(1, len(found) // count)][:count]

    def put(self, thing_id: str, home_id: str, pose: dict | None = None) -> bool:
        """Whether a thing, taken by force, can be put in or on another; it then lies there."""
        pose = pose or self.pose(home_id)
        if pose is None:
            return False
        step = self.controller.step
        step("TeleportFull", **pose, **QUIET)
        held = self.controller.last_event.metadata["inventoryObjects"]
        if not held:
            taken = step("PickupObject", objectId=thing_id, forceAction=True, **QUIET)
            if not taken.metadata["lastActionSuccess"]:
                return False
        home = self.by_id[home_id]
        if home["openable"] and not home["isOpen"]:
            step("OpenObject", objectId=home_id, forceAction=True, **QUIET)
        return bool(step("PutObject", objectId=home_id, **QUIET).metadata["lastActionSuccess"])

    def fits(self, thing: dict, home_kind: str, visibly: bool = False) -> bool:
        """Whether a thing can be put into or on something of a type; the room is put back.

        Args:
            thing: Its AI2-THOR dict.
            home_kind: Type of receptacle; any that takes the thing will do.
            visibly: It must be possible to act on the thing there, in every such receptacle.
        """
        fitting = []
        for home in self.of(home_kind)[:TRIED]:
            if not home["receptacle"]:
                continue
            worked = self.put(thing["objectId"], home["objectId"])
            fitting.append(worked and (not visibly or self.acted_on_now(thing["objectId"])))
            self.restore()
            if fitting[-1] and not visibly:
                break
        return bool(fitting) and (all(fitting) if visibly else any(fitting))

    def neared(self, object_id: str, distance: float) -> bool:
        """Whether an object can be seen from within a horizontal distance, metres."""
        found = self.controller.step(
            "GetInteractablePoses",
            objectId=object_id,
            standings=[True],
            maxDistance=distance,
            maxPoses=1,
            **QUIET,
        ).metadata["actionReturn"]
        return bool(found)

    def acted_on_now(self, object_id: str) -> bool:
        """Whether an object can be acted on in the room as it is now."""
        found = self.controller.step(
            "GetInteractablePoses",
            objectId=object_id,
            standings=[True],
            maxPoses=1,
            **QUIET,
        ).metadata["actionReturn"]
        return bool(found)
