"""Placing objects and rebuilding the scene."""
# ruff: noqa: N802, N803

from __future__ import annotations

import numpy as np

from envs.simulator import spawn, states
from envs.simulator.actions.base import ActionGroup
from envs.simulator.errors import ActionFailed
from envs.simulator.geometry import from_vector


class EditActions(ActionGroup):
    """The scene is edited."""

    group = "place/scene edit"

    def TeleportObject(
        self,
        objectId: str,
        position: dict | None = None,
        rotation: dict | None = None,
        x: float | None = None,
        y: float | None = None,
        z: float | None = None,
        forceAction: bool = False,
    ) -> None:
        thing = self._target(objectId, None, None, True)
        given = {"x": x, "y": y, "z": z} if position is None else position
        numbers = {k: v for k, v in given.items() if v is not None}
        if any(k not in numbers for k in "xyz"):
            raise ActionFailed("TeleportObject needs position, or x, y and z.", "MissingArguments")
        turn = (
            thing.euler
            if rotation is None
            else np.array([float(rotation.get(k, 0.0)) for k in "xyz"])
        )
        states.teleport_object(self.world, thing, from_vector(numbers), turn)

    def PlaceObjectAtPoint(
        self,
        objectId: str,
        position: dict,
        rotation: dict | None = None,
        forceKinematic: bool = False,
    ) -> None:
        self.TeleportObject(objectId, position, rotation)

    def SetObjectPoses(self, objectPoses: list, placeStationary: bool = True) -> None:
        spawn.set_object_poses(self.world, objectPoses)

    def InitialRandomSpawn(
        self,
        randomSeed: int = 0,
        forceVisible: bool = False,
        placeStationary: bool = True,
        excludedReceptacles: list | None = None,
        excludedObjectIds: list | None = None,
        numPlacementAttempts: int = 5,
    ) -> None:
        spawn.random_spawn(
            self.world,
            randomSeed,
            force_visible=forceVisible,
            excluded_receptacles=tuple(excludedReceptacles or ()),
            excluded_ids=tuple(excludedObjectIds or ()),
            attempts=numPlacementAttempts,
        )

    def RemoveFromScene(self, objectId: str | None = None, objectIds: list | None = None) -> None:
        names = [objectId] if objectId is not None else list(objectIds or ())
        for name in names:
            thing = self._target(name, None, None, True)
            if thing.object_id == self.world.held:
                self.world.held = None
            self.world.remove(thing.object_id)

    def DisableObject(self, objectId: str) -> None:
        self.RemoveFromScene(objectId)
