"""An ALFRED trial on today's AI2-THOR: setting its scene up, and naming its objects by today's ids.

Names of loose objects end in hashes of 2.1.0, so poses are matched by type and order; several
poses of one name are copies. An id of 2.1.0 holds the place its object had at the start: a loose
object is found by the pose that was set, anything else by type and nearest place.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from envs.tasks.published.alfred import RENAMED, Trial

if TYPE_CHECKING:
    from ai2thor.controller import Controller

# What ALFRED was recorded with.
FIELD_OF_VIEW = 60.0
LOOK_STEP = 15.0
GRID = 0.25


@dataclass
class Names:
    """From ids of 2.1.0 to ids of this scene.

    Attributes:
        placed: (type, x, y, z, id now) of every loose object that was set up.
        lacking: Types of the file that the scene has nothing of.
    """

    placed: list[tuple[str, tuple[float, float, float], str]] = field(default_factory=list)
    lacking: set[str] = field(default_factory=set)

    def find(self, old: str, objects: list[dict], held: str | None = None) -> str | None:
        """Today's id of an id of 2.1.0; None if the scene has nothing of its type.

        Args:
            old: ``Apple|-00.12|+00.84|+01.22``, of a slice with one more part.
            objects: AI2-THOR's object dicts now.
            held: Id of what is in the hand: no other slice is meant then.
        """
        parts = old.split("|")
        object_type = RENAMED.get(parts[0], parts[0])
        place = numbers_of(old)
        if place is None:
            return None
        piece = parts[4] if len(parts) > 4 else ""
        if piece and "Sliced" in piece or piece == "EggCracked":
            whole = self._loose(object_type, place)
            pieces = [o["objectId"] for o in objects if o["objectId"].startswith(f"{whole}|")]
            if held in pieces:
                return held
            exact = f"{whole}|{piece}"
            return exact if exact in pieces else (pieces[0] if pieces else None)
        loose = self._loose(object_type, place)
        if loose is not None:
            return loose
        wanted = piece or object_type
        items = [o for o in objects if o["objectType"] == wanted]
        if not items:
            items = [o for o in objects if o["receptacle"] and not o["pickupable"]]
        if not items:
            return None
        return min(items, key=lambda o: math.dist(_origin(o), place))["objectId"]

    def _loose(self, object_type: str, place: tuple[float, float, float]) -> str | None:
        near = [(math.dist(at, place), now) for k, at, now in self.placed if k == object_type]
        return min(near)[1] if near else None


def numbers_of(object_id: str) -> tuple[float, float, float] | None:
    """The place that an id of AI2-THOR holds: x, y, z in metres."""
    try:
        x, y, z = (float(p) for p in object_id.split("|")[1:4])
    except ValueError:
        return None
    return x, y, z


def _origin(item: dict) -> tuple[float, float, float]:
    """Where an object was at the start, which its id says."""
    found = numbers_of(item["objectId"])
    at = item["position"]
    return found or (at["x"], at["y"], at["z"])


def set_up(controller: Controller, trial: Trial, on_floor: bool = False, **options: Any) -> Names:
    """Resets the controller's scene to the trial's start.

    Args:
        controller: Any backend's.
        trial: The trial.
        on_floor: Begin at the nearest place of the room's free floor, so that one can walk on,
            instead of exactly where the trial did.
        options: Further or other arguments of the reset, such as ``renderInstanceSegmentation``.

    Raises:
        RuntimeError: If the scene refuses the trial's poses or its start.
    """
    settings = {"gridSize": GRID, "snapToGrid": True, "visibilityDistance": 1.5}
    controller.reset(trial.scene, **{**settings, "fieldOfView": FIELD_OF_VIEW, **options})
    quiet: dict[str, Any] = {"renderImage": False}
    _switch(controller, trial, quiet)
    if trial.dirty_and_empty:
        _soil(controller, quiet)
    names = _pose_objects(controller, trial, quiet)
    x, y, z, yaw, horizon = trial.start
    if on_floor:
        floor = controller.step("GetReachablePositions", **quiet).metadata["actionReturn"] or []
        x, z = min(
            ((p["x"], p["z"]) for p in floor),
            key=lambda p: math.dist(p, (x, z)),
            default=(x, z),
        )
    start: dict[str, Any] = {
        "position": {"x": x, "y": y, "z": z},
        "rotation": {"x": 0.0, "y": yaw, "z": 0.0},
        "horizon": horizon,
        "standing": True,
        **quiet,
    }
    event = controller.step("TeleportFull", **start)
    if not event.metadata["lastActionSuccess"]:
        # Floor that was free on 2.1.0 need not be so here.
        event = controller.step("TeleportFull", forceAction=True, **start)
    if not event.metadata["lastActionSuccess"]:
        raise RuntimeError(
            f"{trial.scene} refuses the start of {trial.task_id}: {event.metadata['errorMessage']}"
        )
    return names


def _switch(controller: Controller, trial: Trial, quiet: dict[str, Any]) -> None:
    wanted = dict(trial.toggles)
    for item in controller.last_event.metadata["objects"]:
        on = wanted.get(item["objectType"])
        if on is not None and item["toggleable"] and item["isToggled"] != on:
            controller.step(
                "ToggleObjectOn" if on else "ToggleObjectOff",
                objectId=item["objectId"],
                forceAction=True,
                **quiet,
            )


def _soil(controller: Controller, quiet: dict[str, Any]) -> None:
    for item in controller.last_event.metadata["objects"]:
        target = {"objectId": item["objectId"], "forceAction": True, **quiet}
        if item["dirtyable"] and not item["isDirty"]:
            controller.step("DirtyObject", **target)
        if item["isFilledWithLiquid"]:
            controller.step("EmptyLiquidFromObject", **target)


def _pose_objects(controller: Controller, trial: Trial, quiet: dict[str, Any]) -> Names:
    """Puts loose objects where the trial has them, matched by type and order."""
    ours: dict[str, list[str]] = {}
    objects = controller.last_event.metadata["objects"]
    for item in objects:
        if item["pickupable"] or item["moveable"]:
            ours.setdefault(item["objectType"], []).append(item["name"])
    names = Names()
    matched: dict[str, str] = {}
    used: dict[str, int] = {}
    poses: list[dict] = []
    kept: list[tuple[str, tuple[float, float, float]]] = []
    for pose in trial.poses:
        old, object_type = pose["objectName"], _type_of(pose)
        if object_type not in ours:
            names.lacking.add(object_type)
            continue
        if old not in matched:
            matched[old] = ours[object_type][used.get(object_type, 0) % len(ours[object_type])]
            used[object_type] = used.get(object_type, 0) + 1
        poses.append({**pose, "objectName": matched[old]})
        at = pose["position"]
        kept.append((object_type, (at["x"], at["y"], at["z"])))
    listed = {_type_of(pose) for pose in trial.poses}
    # Where a trial lists no furniture, the room's own stays.
    skip = not listed & {o["objectType"] for o in objects if o["moveable"]}
    event = controller.step(
        "SetObjectPoses", objectPoses=poses, placeStationary=True, skipMoveable=skip, **quiet
    )
    if not event.metadata["lastActionSuccess"]:
        raise RuntimeError(
            f"{trial.scene} refuses the poses of {trial.task_id}: {event.metadata['errorMessage']}"
        )
    ids = _ids_after(poses, event.metadata["objects"])
    names.placed = [
        (object_type, at, i) for (object_type, at), i in zip(kept, ids, strict=True) if i
    ]
    return names


def _type_of(pose: dict) -> str:
    """Today's type of the object of a pose, which its name begins with."""
    name = pose["objectName"].rsplit("_", 1)[0]
    return RENAMED.get(name, name)


def _ids_after(poses: list[dict], objects: list[dict]) -> list[str | None]:
    """The id of the object that stands at each pose: of its name, or a copy of it, the nearest."""
    found: list[str | None] = []
    free = {o["objectId"]: o for o in objects}
    for pose in poses:
        at = pose["position"]
        place = (at["x"], at["y"], at["z"])
        candidates = [
            (math.dist(place, (o["position"]["x"], o["position"]["y"], o["position"]["z"])), i)
            for i, o in free.items()
            if o["name"] == pose["objectName"] or o["name"].startswith(f"{pose['objectName']}_copy")
        ]
        best = min(candidates, default=None)
        found.append(best[1] if best else None)
        if best:
            del free[best[1]]
    return found
