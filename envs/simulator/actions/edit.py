"""Rebuilding the scene: taking out, making, scaling, fastening, and the rules of the room."""
# ruff: noqa: N802, N803

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import BY_ID, Form, forms, marked
from envs.simulator.core.errors import ActionFailed, shown
from envs.simulator.interaction import editing, holding, posing, spawn
from envs.simulator.world import effects
from envs.simulator.world.objects import SimObject

LONGEST_DECAY = 1e6


class EditActions(ActionGroup):
    """The scene is edited."""

    group = "place/scene edit"

    @marked(removes=True)
    @forms(BY_ID, Form(("objectIds",)))
    def RemoveFromScene(self, objectId: str | None = None, objectIds: list | None = None) -> None:
        """Takes objects out for good; what stood on them falls."""
        names = [objectId] if objectIds is None else objectIds
        editing.take_out(self.world, [self._known(name) for name in names])

    @marked(removes=True)
    def DisableObject(self, objectId: str) -> None:
        """Takes an object out until EnableObject brings it back."""
        editing.take_out(self.world, [self._known(objectId)], keep=True)

    def EnableObject(self, objectId: str) -> None:
        """Brings a disabled object back to where it was."""
        posing.rest(self.world, editing.bring_back(self.world, objectId))

    @marked(removes=True)
    def DisableAllObjectsOfType(self, objectType: str) -> None:
        """Disables every object of a type."""
        editing.take_out(self.world, self._of_type(objectType), keep=True)

    def CreateObject(
        self,
        objectType: str,
        randomizeObjectAppearance: bool = False,
        objectVariation: int = 1,
    ) -> str:
        """Makes a new object of a pickupable type, in the hand; returns its id."""
        if self.world.held is not None:
            raise ActionFailed(
                "Agent hand has something in it already! Can't create anything in it."
            )
        center, euler = self.world.agent.hold_pose
        variant = self._seed() if randomizeObjectAppearance else abs(objectVariation)
        made = editing.create(self.world, objectType, center, euler, variant)
        holding.pick_up(self.world, made, force=True)
        return made.object_id

    @marked(puts_anywhere=True)
    def CreateObjectAtLocation(
        self,
        objectType: str,
        position: dict,
        rotation: dict | None = None,
        forceAction: bool = False,
        randomizeObjectAppearance: bool = False,
        objectVariation: int = 1,
    ) -> str:
        """Makes a new object of a pickupable type with its middle at a position."""
        center = self._vector(position)
        euler = np.zeros(3) if rotation is None else self._angles(rotation)
        variant = self._seed() if randomizeObjectAppearance else abs(objectVariation)
        made = editing.create(self.world, objectType, center, euler, variant)
        try:
            posing.put_at(self.world, made, [center], euler, force=forceAction)
        except ActionFailed:
            self.world.remove(made.object_id)
            raise
        return made.object_id

    def SpawnTargetCircle(
        self,
        objectVariation: int = 1,
        anywhere: bool = False,
        minDistance: float = 0.0,
        maxDistance: float = 20.0,
        randomSeed: int = 0,
    ) -> str:
        """Lays a circle on free floor: in view, or with anywhere=True also elsewhere."""
        if objectVariation not in editing.CIRCLE_SIZES:
            raise ActionFailed(f"objectVariation must be 0, 1 or 2, not {objectVariation}.")
        place = spawn.floor_spot(
            self.world, abs(randomSeed), minDistance, maxDistance, in_view=not anywhere
        )
        made = editing.target_circle(self.world, place, objectVariation)
        posing.rest(self.world, made)
        return made.object_id

    def MakeAllObjectsMoveable(self) -> None:
        """Lets every loose object be moved by hands and forces again."""
        for obj in self.world.objects.values():
            for key in ("pickupable", "moveable"):
                obj.metadata[key] = bool(obj.record.properties.get(key, False))
            obj.traits = replace(obj.traits, kinematic=False)

    def MakeAllObjectsStationary(self) -> None:
        """Fixes every object: none can be picked up or pushed."""
        for obj in self.world.objects.values():
            obj.metadata.update(pickupable=False, moveable=False)
            obj.traits = replace(obj.traits, kinematic=True)

    def MakeObjectsOfTypeUnbreakable(self, objectType: str) -> None:
        """Falls and knocks no longer break objects of a type."""
        for obj in self._of_type(objectType):
            obj.traits = replace(obj.traits, unbreakable=True)

    def MakeObjectsOfTypeBreakable(self, objectType: str) -> None:
        """Falls and knocks break objects of a type again."""
        for obj in self._of_type(objectType):
            obj.traits = replace(obj.traits, unbreakable=False)

    def MakeObjectBreakable(self, objectId: str) -> None:
        """Falls and knocks break an object again."""
        self._set_unbreakable(objectId, False)

    def MakeObjectUnbreakable(self, objectId: str) -> None:
        """Falls and knocks no longer break an object."""
        self._set_unbreakable(objectId, True)

    def _set_unbreakable(self, object_id: str, value: bool) -> None:
        obj = self._known(object_id)
        if not obj.is_("breakable"):
            raise ActionFailed(f"{object_id} is not breakable.")
        obj.traits = replace(obj.traits, unbreakable=value)

    def MakeObjectsStaticKinematicMassThreshold(self) -> None:
        """Fixes loose objects heavier than Initialize's massThreshold; without one, none."""
        limit = self.world.settings.massThreshold
        for obj in self.world.objects.values():
            loose = obj.is_("pickupable") or obj.is_("moveable")
            if limit is not None and loose and float(obj.metadata["mass"]) > limit:
                obj.metadata.update(pickupable=False, moveable=False)
                obj.traits = replace(obj.traits, kinematic=True)

    def SetMassProperties(
        self, objectId: str, mass: float, drag: float = 0.0, angularDrag: float = 0.05
    ) -> None:
        """Sets kilograms, and the share of speed and of spin lost in a second."""
        obj = self._known(objectId)
        if not (obj.is_("pickupable") or obj.is_("moveable")):
            raise ActionFailed(f"{objectId} is neither pickupable nor moveable: it has no mass.")
        if not 0 < mass <= 1e4 or drag < 0 or angularDrag < 0:
            raise ActionFailed(
                "mass must be in (0, 10000] kg and drag and angularDrag not negative, not "
                f"{mass:g}, {drag:g} and {angularDrag:g}."
            )
        obj.metadata["mass"] = mass
        obj.traits = replace(obj.traits, drag=drag, angular_drag=angularDrag)

    def ScaleObject(self, objectId: str, scale: float) -> None:
        """Makes a loose object larger or smaller; its underside stays where it is."""
        made = editing.scale(self.world, self._known(objectId), scale)
        if made.object_id not in self.world.hands:
            for inside in self.world.riders(made):
                self.world.let_fall(self.world.objects[inside])
            self.world.detach(made.object_id)
            posing.rest(self.world, made)

    def ParentObject(self, parentId: str, childId: str) -> None:
        """Fastens an object to another, with which it moves from then on."""
        editing.fasten(self.world, self._known(parentId), self._known(childId))

    def UnparentObject(self, objectId: str) -> None:
        """Unfastens an object; it falls if nothing carries it."""
        obj = self._known(objectId)
        editing.unfasten(self.world, obj)
        if obj.object_id not in self.world.hands:
            posing.rest(self.world, obj)

    # ---- temperature ----
    def SetRoomTempDecayTimeForType(self, objectType: str, TimeUntilRoomTemp: float) -> None:
        """Sets after how many simulated seconds objects of a type are at room temperature."""
        objects, rules = self._of_type(objectType), self.world.rules
        by_type = {**dict(rules.decay_by_type), objectType: _seconds(TimeUntilRoomTemp)}
        self.world.rules = replace(rules, decay_by_type=tuple(sorted(by_type.items())))
        self._restart(objects)

    def SetGlobalRoomTempDecayTime(self, TimeUntilRoomTemp: float) -> None:
        """Sets after how many simulated seconds everything is at room temperature."""
        seconds = _seconds(TimeUntilRoomTemp)
        self.world.rules = replace(self.world.rules, decay_seconds=seconds, decay_by_type=())
        self._restart(list(self.world.objects.values()))

    def SetDecayTemperatureBool(self, allowDecayTemperature: bool) -> None:
        """Sets whether hot and cold things come back to room temperature at all."""
        self.world.rules = replace(self.world.rules, decay=allowDecayTemperature)

    def _restart(self, objects: list[SimObject]) -> None:
        for obj in objects:
            if obj.metadata["temperature"] != "RoomTemp":
                effects.set_temperature(self.world, obj, obj.metadata["temperature"])

    def _of_type(self, type_name: str) -> list[SimObject]:
        found = [t for t in self.world.objects.values() if t.type == type_name]
        if not found:
            raise ActionFailed(f"No object of type {shown(type_name)} is in this scene.")
        return found


def _seconds(value: float) -> float:
    if not 0 <= value <= LONGEST_DECAY:
        raise ActionFailed(f"TimeUntilRoomTemp must be 0 to {LONGEST_DECAY:g} s, not {value:g}.")
    return value
