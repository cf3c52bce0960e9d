"""A room as the sampler tries it: what is in it, what lies in the open, what can be reached.

Everything is asked of the controller, so that it holds on any backend. Trials change the room; it
is put back before the next one.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from envs.actions import types_of
from envs.observations import SEEN_PIXELS, segment

if TYPE_CHECKING:
    from ai2thor.controller import Controller

# Receptacles in which objects are out of sight.
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
# Objects of one type that are tried.
TRIED = 8
POSES_LOOKED_FROM = 5


class RoomProbe:
    """One arrangement of a room, and trials in it.

    Args:
        controller: Standing in the prepared room.
        restore: Puts the room back as it was prepared.

    Attributes:
        objects: AI2-THOR's object dicts, as the room was prepared.
        by_id: The same by object id.
    """

    def __init__(self, controller: Controller, restore: Callable[[], None]) -> None:
        self.controller = controller
        self._restore = restore
        self._poses: dict[str, dict | None] = {}
        self.objects: tuple[dict, ...] = tuple(controller.last_event.metadata["objects"])
        self.by_id = {o["objectId"]: o for o in self.objects}

    def restore(self) -> None:
        """Puts the room back as it was prepared."""
        self._restore()

    # ---- what is there ----
    def of(self, name: str) -> list[dict]:
        """Returns the objects that a type name stands for."""
        return [o for o in self.objects if o["objectType"] in types_of(name)]

    def types(self) -> set[str]:
        """Returns the object types in the room."""
        return {o["objectType"] for o in self.objects}

    def loose_types(self) -> list[str]:
        """Returns the types of what can be carried, sorted."""
        return sorted({o["objectType"] for o in self.objects if o["pickupable"]})

    def receptacles_of(self, item: dict) -> list[dict]:
        """Returns what an object lies in or on."""
        ids = item["parentReceptacles"] or ()
        return [self.by_id[i] for i in ids if i in self.by_id]

    def in_the_open(self, item: dict) -> bool:
        """Whether an object lies where a person walking about sees it."""
        return not any(r["objectType"] in HIDING for r in self.receptacles_of(item))

    # ---- what can be reached ----
    def can_be_taken(self, name: str) -> bool:
        """Whether all objects of a type can be carried, lie in the open, in reach and in view."""
        items = self.of(name)
        return bool(items) and all(
            o["pickupable"] and self.in_the_open(o) and self.shown(o["objectId"]) for o in items
        )

    def pose(self, object_id: str) -> dict | None:
        """Returns a pose from which an object can be acted on, or None."""
        if object_id not in self._poses:
            found = self._poses_for(object_id, maxPoses=1, horizons=[30, 0, 60])
            self._poses[object_id] = found[0] if found else None
        return self._poses[object_id]

    def some_poses(self, object_id: str, count: int) -> list[dict]:
        """Returns some poses, well apart in the list, from which an object can be acted on."""
        found = self._poses_for(object_id)
        return found[:: max(1, len(found) // count)][:count]

    def reachable(self, name: str) -> bool:
        """Whether something of a type can be acted on, and is seen from there."""
        return any(self.shown(o["objectId"]) for o in self.of(name)[:TRIED])

    def shown(self, object_id: str) -> bool:
        """Whether an object is in the picture where it can be acted on: not only behind glass."""
        for pose in self.some_poses(object_id, POSES_LOOKED_FROM):
            event = self.controller.step("TeleportFull", **pose)
            if segment(event).pixels(object_id) >= 2 * SEEN_PIXELS:
                return True
        return False

    def neared(self, object_id: str, distance: float) -> bool:
        """Whether an object can be seen from within a horizontal distance, metres."""
        return bool(self._poses_for(object_id, maxPoses=1, maxDistance=distance))

    def acted_on_now(self, object_id: str) -> bool:
        """Whether an object can be acted on in the room as it is now."""
        return bool(self._poses_for(object_id, maxPoses=1))

    def _poses_for(self, object_id: str, **options: Any) -> list[dict]:
        event = self.controller.step(
            "GetInteractablePoses", objectId=object_id, standings=[True], **options, **QUIET
        )
        return event.metadata["actionReturn"] or []

    # ---- what fits where ----
    def put(self, item_id: str, receptacle_id: str, pose: dict | None = None) -> bool:
        """Puts an object, taken by force, in or on another; returns whether it lies there now."""
        pose = pose or self.pose(receptacle_id)
        if pose is None:
            return False
        step = self.controller.step
        step("TeleportFull", **pose, **QUIET)
        held = self.controller.last_event.metadata["inventoryObjects"]
        if not held:
            taken = step("PickupObject", objectId=item_id, forceAction=True, **QUIET)
            if not taken.metadata["lastActionSuccess"]:
                return False
        receptacle = self.by_id[receptacle_id]
        if receptacle["openable"] and not receptacle["isOpen"]:
            step("OpenObject", objectId=receptacle_id, forceAction=True, **QUIET)
        return bool(
            step("PutObject", objectId=receptacle_id, **QUIET).metadata["lastActionSuccess"]
        )

    def fits(self, item: dict, name: str, visibly: bool = False) -> bool:
        """Whether an object can be put into or on something of a type; the room is put back.

        Args:
            item: Its AI2-THOR dict.
            name: Type of receptacle; any that takes the object will do.
            visibly: It must be possible to act on the object there, in every such receptacle.
        """
        fitting = []
        for receptacle in self.of(name)[:TRIED]:
            if not receptacle["receptacle"]:
                continue
            worked = self.put(item["objectId"], receptacle["objectId"])
            fitting.append(worked and (not visibly or self.acted_on_now(item["objectId"])))
            self.restore()
            if fitting[-1] and not visibly:
                break
        return bool(fitting) and (all(fitting) if visibly else any(fitting))
