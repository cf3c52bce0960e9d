"""Placing objects: by coordinates, by a whole arrangement, at random."""
# ruff: noqa: N802, N803

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import Form, forms, idle, marked
from envs.simulator.core.errors import INVALID_ARGUMENT, ActionFailed, shown
from envs.simulator.interaction import open_toggle, poses, posing, spawn

MOST_DUPLICATES = 500
MOST_POSES = 5000


class PlaceActions(ActionGroup):
    """Objects go where they are told, without the agent's hand."""

    group = "place/scene edit"

    @marked(puts_anywhere=True)
    @forms(Form(("position",)), Form(("x", "y", "z")), Form(("positions",)))
    def TeleportObject(
        self,
        objectId: str,
        position: dict | None = None,
        positions: list | None = None,
        x: float | None = None,
        y: float | None = None,
        z: float | None = None,
        rotation: dict | None = None,
        forceAction: bool = False,
        forceKinematic: bool = False,
        allowTeleportOutOfHand: bool = False,
        makeUnbreakable: bool = False,
    ) -> None:
        """Puts an object's pivot at a position, or at the first free one of several."""
        obj = self._target(objectId, force=True)
        if obj.object_id in self.world.hands and not allowTeleportOutOfHand:
            raise ActionFailed(
                f"{obj.object_id} is in the hand; allow it with allowTeleportOutOfHand=True."
            )
        if positions is not None:
            places = [self._place(value) for value in positions]
        elif position is not None:
            places = [self._vector(position)]
        else:
            places = [self._vector({"x": x, "y": y, "z": z})]
        euler = obj.euler if rotation is None else self._angles(rotation)
        centers = posing.centers_of_pivots(obj, places, euler)
        posing.put_at(self.world, obj, centers, euler, force=forceAction, kinematic=forceKinematic)
        if makeUnbreakable:
            obj.traits = replace(obj.traits, unbreakable=True)

    def PlaceObjectAtPoint(
        self,
        objectId: str,
        position: dict,
        rotation: dict | None = None,
        forceKinematic: bool = False,
    ) -> None:
        """Stands an object with its underside on a point, if there is room."""
        obj = self._target(objectId, force=True)
        euler = obj.euler if rotation is None else self._angles(rotation)
        center = posing.center_above(obj, self._vector(position), euler)
        posing.put_at(self.world, obj, [center], euler, kinematic=forceKinematic)

    @marked(removes=True, puts_anywhere=True)
    @idle("enablePhysicsJitter", "forceRigidbodySleep")
    def SetObjectPoses(
        self,
        objectPoses: list,
        placeStationary: bool = True,
        enablePhysicsJitter: bool = True,
        forceRigidbodySleep: bool = False,
        skipMoveable: bool = False,
    ) -> None:
        """Puts named loose objects, copies those named twice, and removes every other one."""
        if len(objectPoses) > MOST_POSES:
            raise ActionFailed(
                f"objectPoses may hold {MOST_POSES} entries, not {len(objectPoses)}."
            )
        poses.set_object_poses(self.world, objectPoses, placeStationary, skipMoveable)

    def SetObjectStates(self, SetObjectStates: dict) -> None:
        """Brings all objects of a type, or all that can, into a state."""
        given = SetObjectStates
        ability, type_name = given.get("stateChange"), given.get("objectType")
        if ability not in open_toggle.STATE_OF:
            raise ActionFailed(
                f"stateChange {shown(ability)} is not one of {', '.join(open_toggle.STATE_OF)}."
            )
        if type_name is not None and not isinstance(type_name, str):
            raise ActionFailed(f"objectType must be a type name or null, not {shown(type_name)}.")
        state = open_toggle.STATE_OF[str(ability)]
        value = given.get(state)
        if not isinstance(value, bool):
            raise ActionFailed(f"stateChange {ability} needs {state} true or false.")
        if not value and state in ("isBroken", "isSliced"):
            raise ActionFailed(f"{state} cannot be undone; reset the scene instead.")
        if type_name and not any(t.type == type_name for t in self.world.objects.values()):
            raise ActionFailed(f"No object of type {shown(type_name)} is in this scene.")
        open_toggle.set_states(self.world, type_name or None, str(ability), value)

    @marked(removes=True)
    def InitialRandomSpawn(
        self,
        randomSeed: int = 0,
        forceVisible: bool = False,
        placeStationary: bool = True,
        numDuplicatesOfType: list | None = None,
        excludedReceptacles: list | None = None,
        excludedObjectIds: list | None = None,
        numPlacementAttempts: int = 5,
        allowFloor: bool = False,
        objectIds: list | None = None,
        receptacleObjectIds: list | None = None,
        allowMoveable: bool = False,
    ) -> None:
        """Moves loose objects to random receptacles; without placeStationary they then settle."""
        if not 1 <= numPlacementAttempts <= 100:
            raise ActionFailed(
                f"numPlacementAttempts must be 1 to 100, not {numPlacementAttempts}."
            )
        if objectIds is not None:
            names = _names(objectIds, "objectIds")
            for name in names:
                self._target(name, None, None, True)
            onto = receptacleObjectIds
            places = None if onto is None else _names(onto, "receptacleObjectIds")
            tries = numPlacementAttempts
            put = spawn.spawn_onto(self.world, abs(randomSeed), names, places, tries)
            if not put and names:
                raise ActionFailed("No valid positions to place the objects were found.")
        else:
            put = spawn.random_spawn(
                self.world,
                abs(randomSeed),
                force_visible=forceVisible,
                duplicates=_counts(numDuplicatesOfType or []),
                excluded_receptacles=_names(excludedReceptacles, "excludedReceptacles"),
                excluded_ids=_names(excludedObjectIds, "excludedObjectIds"),
                attempts=numPlacementAttempts,
                floor=allowFloor,
            )
        if not placeStationary:
            spawn.settle_placed(self.world, put)

    def _place(self, value: object) -> np.ndarray:
        if not isinstance(value, dict):
            raise ActionFailed(
                f"positions must hold vectors x, y, z, not {shown(value)}.", INVALID_ARGUMENT
            )
        return self._vector(value, "positions")


def _names(values: list | None, argument: str) -> tuple[str, ...]:
    for value in values or ():
        if not isinstance(value, str):
            raise ActionFailed(f"{argument} must hold names, not {shown(value)}.", INVALID_ARGUMENT)
    return tuple(values or ())


def _counts(values: list) -> dict[str, int]:
    counts: dict[str, int] = {}
    for value in values:
        type_name = value.get("objectType") if isinstance(value, dict) else None
        count = value.get("count") if isinstance(value, dict) else None
        whole = isinstance(count, int) and not isinstance(count, bool)
        if not isinstance(type_name, str) or not whole or not 0 <= count <= MOST_DUPLICATES:  # type: ignore[operator]
            raise ActionFailed(
                "numDuplicatesOfType must hold {objectType, count} with a count of 0 to "
                f"{MOST_DUPLICATES}, not {shown(value)}.",
                INVALID_ARGUMENT,
            )
        counts[type_name] = int(count)  # type: ignore[arg-type]
    return counts
