"""Opening, switching, slicing, cooking and other changes of state."""
# ruff: noqa: N802, N803

from __future__ import annotations

from envs.simulator import effects, states
from envs.simulator.actions.base import ActionGroup, target_forms


class StateActions(ActionGroup):
    """Objects change."""

    group = "state"

    @target_forms
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

    @target_forms
    def CloseObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        states.close_object(self.world, self._target(objectId, x, y, forceAction))

    @target_forms
    def ToggleObjectOn(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        states.toggle(self.world, self._target(objectId, x, y, forceAction), True)

    @target_forms
    def ToggleObjectOff(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        states.toggle(self.world, self._target(objectId, x, y, forceAction), False)

    @target_forms
    def SliceObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        effects.slice_object(self.world, self._target(objectId, x, y, forceAction))

    @target_forms
    def BreakObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        effects.break_object(self.world, self._target(objectId, x, y, forceAction))

    @target_forms
    def CookObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        thing = self._target(objectId, x, y, forceAction)
        states.simple(self.world, thing, "cookable", "isCooked", True, "CanBeCooked")

    @target_forms
    def DirtyObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        thing = self._target(objectId, x, y, forceAction)
        states.simple(self.world, thing, "dirtyable", "isDirty", True, "CanBeDirty")

    @target_forms
    def CleanObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        thing = self._target(objectId, x, y, forceAction)
        states.simple(self.world, thing, "dirtyable", "isDirty", False, "CanBeDirty")

    @target_forms
    def UseUpObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        thing = self._target(objectId, x, y, forceAction)
        states.simple(self.world, thing, "canBeUsedUp", "isUsedUp", True, "CanBeUsedUp")

    @target_forms
    def FillObjectWithLiquid(
        self,
        fillLiquid: str,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        states.fill(self.world, self._target(objectId, x, y, forceAction), fillLiquid)

    @target_forms
    def EmptyLiquidFromObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        states.empty(self.world, self._target(objectId, x, y, forceAction))
