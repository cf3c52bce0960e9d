"""Opening, closing and switching: what can be operated, and whether it works."""

from __future__ import annotations

from envs.tasks.room_probe import QUIET, RoomProbe

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
# Objects of one type that are tried.
_TRIED = 4


def can_be_opened(probe: RoomProbe, target: str) -> bool:
    """Whether something of a type is in reach and in view."""
    return _takeable_if_loose(probe, target) and any(
        probe.shown(o["objectId"]) for o in probe.of(target)[:_TRIED]
    )


def can_be_closed(probe: RoomProbe, target: str) -> bool:
    """Whether something of a type is in reach and in view, and can be acted on once open too."""
    if not _takeable_if_loose(probe, target):
        return False
    for item in probe.of(target)[:_TRIED]:
        if not probe.shown(item["objectId"]):
            continue
        if item["isOpen"]:
            return True
        name = {"objectId": item["objectId"], "forceAction": True}
        opened = probe.controller.step("OpenObject", **name, **QUIET).metadata["lastActionSuccess"]
        poses = probe.acted_on_now(item["objectId"])
        probe.restore()
        if opened and poses:
            return True
    return False


def can_be_switched(probe: RoomProbe, target: str) -> bool:
    """Whether something of a type can be acted on; of what can be carried, everything."""
    if probe.of(target)[0]["pickupable"]:
        return probe.can_be_taken(target)
    return probe.reachable(target)


def _takeable_if_loose(probe: RoomProbe, target: str) -> bool:
    return not probe.of(target)[0]["pickupable"] or probe.can_be_taken(target)
