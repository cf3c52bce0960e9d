"""Every action by its AI2-THOR name: a method's name and arguments are the action's.

Defaults are AI2-THOR 5.0.0's. TARGET actions take ``objectId``, or image fractions ``x`` and ``y``
with the origin top left.
"""
# ruff: noqa: N802, N803

from __future__ import annotations

from dataclasses import fields

import numpy as np

from envs.simulator import effects, interaction, navigation, spawn, states
from envs.simulator.errors import ActionFailed
from envs.simulator.geometry import from_vector
from envs.simulator.queries import Queries
from envs.simulator.scenes import scene_names
from envs.simulator.visibility import ray_through
from envs.simulator.world import Settings


class Actions(Queries):
    """The action methods of one world; those that only ask are inherited."""

    # ---- session ----
    def Reset(self, sceneName: str) -> None:
        try:
            self.world.load(sceneName)
        except ValueError as error:
            raise ActionFailed(str(error)) from error

    def Initialize(
        self,
        gridSize: float = 0.25,
        snapToGrid: bool = True,
        rotateStepDegrees: float = 90.0,
        visibilityDistance: float = 1.5,
        fieldOfView: float = 90.0,
        cameraNearPlane: float = 0.01,
        cameraFarPlane: float = 20.0,
        renderDepthImage: bool = False,
        renderInstanceSegmentation: bool = False,
        renderSemanticSegmentation: bool = False,
        renderNormalsImage: bool = False,
        appearanceSeed: int = 0,
        agentMode: str = "default",
        agentCount: int = 1,
    ) -> dict:
        if not 0 < gridSize <= 5:
            raise ActionFailed(f"gridSize must be in (0, 5], not {gridSize:g}")
        if not 0 < fieldOfView < 180:
            raise ActionFailed(f"fov must be set to (0, 180) noninclusive, not {fieldOfView:g}.")
        if snapToGrid and rotateStepDegrees % 90:
            raise ActionFailed(
                f"rotateStepDegrees {rotateStepDegrees:g} must be a multiple of 90 with snapToGrid."
            )
        if agentMode.lower() != "default":
            raise ActionFailed(f"agentMode '{agentMode}' is not supported; use 'default'.")
        if agentCount != 1:
            raise ActionFailed(f"agentCount {agentCount} is not supported; use 1.")
        if not 0 < cameraNearPlane < cameraFarPlane:
            raise ActionFailed("cameraNearPlane must lie between 0 and cameraFarPlane.")
        self.world.set_appearance(appearanceSeed)
        given = locals()
        self.world.settings = Settings(**{f.name: given[f.name] for f in fields(Settings)})
        return {"cameraNearPlane": cameraNearPlane, "cameraFarPlane": cameraFarPlane}

    def GetScenesInBuild(self) -> list:
        ithor = [f"{n}_physics" if "_" not in n else n for n in scene_names()]
        return [*ithor, "Procedural"]

    def ChangeResolution(self, x: int, y: int) -> None:
        if not (0 < x <= 4096 and 0 < y <= 4096):
            raise ActionFailed(f"Resolution must be within 1 to 4096 pixels, not {x}x{y}.")
        self.world.resize(x, y)

    def ChangeQuality(self, quality: str) -> None:
        """Accepted; there is one quality."""

    def SetRandomSeed(self, seed: int) -> None:
        """Accepted; every random action takes its own seed."""

    def Pass(self) -> None:
        """Nothing."""

    def Done(self) -> None:
        """Nothing: agents say they have finished."""

    # ---- navigation ----
    def _move(self, magnitude: float | None, bearing: float) -> None:
        navigation.move(
            self.world, self.world.settings.gridSize if magnitude is None else magnitude, bearing
        )

    def MoveAhead(self, moveMagnitude: float | None = None) -> None:
        self._move(moveMagnitude, 0)

    def MoveRight(self, moveMagnitude: float | None = None) -> None:
        self._move(moveMagnitude, 90)

    def MoveBack(self, moveMagnitude: float | None = None) -> None:
        self._move(moveMagnitude, 180)

    def MoveLeft(self, moveMagnitude: float | None = None) -> None:
        self._move(moveMagnitude, 270)

    def RotateRight(self, degrees: float | None = None) -> None:
        step = self.world.settings.rotateStepDegrees
        navigation.rotate(self.world, step if degrees is None else degrees)

    def RotateLeft(self, degrees: float | None = None) -> None:
        step = self.world.settings.rotateStepDegrees
        navigation.rotate(self.world, -(step if degrees is None else degrees))

    def LookUp(
        self, degrees: float = 30.0, manualInteract: bool = False, forceAction: bool = False
    ) -> None:
        navigation.look(self.world, -degrees)

    def LookDown(
        self, degrees: float = 30.0, manualInteract: bool = False, forceAction: bool = False
    ) -> None:
        navigation.look(self.world, degrees)

    def Crouch(self) -> None:
        navigation.set_standing(self.world, False)

    def Stand(self) -> None:
        navigation.set_standing(self.world, True)

    def RotateLook(
        self, rotation: float | dict | None = None, horizon: float | None = None
    ) -> None:
        turn = rotation if isinstance(rotation, dict) or rotation is None else {"y": rotation}
        navigation.teleport(self.world, None, turn, horizon, None, force=True)

    def Teleport(
        self,
        position: dict | None = None,
        rotation: dict | None = None,
        horizon: float | None = None,
        standing: bool | None = None,
        forceAction: bool = False,
        x: float | None = None,
        y: float | None = None,
        z: float | None = None,
    ) -> None:
        if position is None and (x, y, z) != (None, None, None):
            given = {"x": x, "y": y, "z": z}
            position = {k: v for k, v in given.items() if v is not None}
        navigation.teleport(self.world, position, rotation, horizon, standing, forceAction)

    def TeleportFull(
        self,
        rotation: dict,
        horizon: float,
        standing: bool,
        position: dict | None = None,
        x: float | None = None,
        y: float | None = None,
        z: float | None = None,
        forceAction: bool = False,
    ) -> None:
        self.Teleport(position, rotation, horizon, standing, forceAction, x, y, z)

    # ---- hold ----
    def PickupObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
        manualInteract: bool = False,
    ) -> None:
        interaction.pick_up(self.world, self._target(objectId, x, y, forceAction), forceAction)

    def PutObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
        placeStationary: bool = True,
        randomSeed: int = 0,
        putNearXY: bool = False,
    ) -> None:
        if self.world.held is None:
            raise ActionFailed("Can't place an object if Agent isn't holding anything")
        focus = None
        if objectId is None and x is not None and y is not None:
            hit = self.world.collision.ray(*ray_through(self.world, x, y))
            focus = None if hit is None else hit.point
        receptacle = self._target(objectId, x, y, forceAction)
        interaction.put(self.world, receptacle, forceAction, focus)

    def DropHandObject(self, forceAction: bool = False, autoSimulation: bool = True) -> None:
        interaction.drop(self.world, forceAction)

    def DropHeldObject(self, forceAction: bool = False, autoSimulation: bool = True) -> None:
        interaction.drop(self.world, forceAction)

    # ---- state ----
    def OpenObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
        openness: float = 1.0,
        moveMagnitude: float | None = None,
    ) -> None:
        amount = (moveMagnitude or 1.0) if moveMagnitude is not None else openness
        states.open_object(self.world, self._target(objectId, x, y, forceAction), amount)

    def CloseObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        states.close_object(self.world, self._target(objectId, x, y, forceAction))

    def ToggleObjectOn(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        states.toggle(self.world, self._target(objectId, x, y, forceAction), True)

    def ToggleObjectOff(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        states.toggle(self.world, self._target(objectId, x, y, forceAction), False)

    def SliceObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        effects.slice_object(self.world, self._target(objectId, x, y, forceAction))

    def BreakObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        effects.break_object(self.world, self._target(objectId, x, y, forceAction))

    def CookObject(self, objectId: str, forceAction: bool = False) -> None:
        thing = self._target(objectId, None, None, forceAction)
        states.simple(self.world, thing, "cookable", "isCooked", True, "CanBeCooked")

    def DirtyObject(self, objectId: str, forceAction: bool = False) -> None:
        thing = self._target(objectId, None, None, forceAction)
        states.simple(self.world, thing, "dirtyable", "isDirty", True, "CanBeDirty")

    def CleanObject(self, objectId: str, forceAction: bool = False) -> None:
        thing = self._target(objectId, None, None, forceAction)
        states.simple(self.world, thing, "dirtyable", "isDirty", False, "CanBeDirty")

    def UseUpObject(self, objectId: str, forceAction: bool = False) -> None:
        thing = self._target(objectId, None, None, forceAction)
        states.simple(self.world, thing, "canBeUsedUp", "isUsedUp", True, "CanBeUsedUp")

    def FillObjectWithLiquid(
        self, objectId: str, fillLiquid: str, forceAction: bool = False
    ) -> None:
        states.fill(self.world, self._target(objectId, None, None, forceAction), fillLiquid)

    def EmptyLiquidFromObject(self, objectId: str, forceAction: bool = False) -> None:
        states.empty(self.world, self._target(objectId, None, None, forceAction))

    # ---- scene edit ----
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
        named = {t.metadata["name"]: t for t in self.world.objects.values()}
        unknown = [p.get("objectName") for p in objectPoses if p.get("objectName") not in named]
        if unknown:
            raise ActionFailed(f"No object is named {unknown[0]} in this scene.")
        kept = {p["objectName"] for p in objectPoses}
        kinds = {named[n].type for n in kept}
        for name, thing in named.items():
            if thing.type in kinds and name not in kept:
                self.world.remove(thing.object_id)
        for pose in objectPoses:
            self.TeleportObject(
                named[pose["objectName"]].object_id, pose["position"], pose.get("rotation")
            )

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
