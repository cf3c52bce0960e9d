"""Opening, switching, slicing, cooking and other changes of state."""
# ruff: noqa: N802, N803

from __future__ import annotations

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import target_forms
from envs.simulator.interaction import open_toggle
from envs.simulator.world import fragments


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
        """Opens to a degree; openness 1 is fully open."""
        amount = (moveMagnitude or 1.0) if moveMagnitude is not None else openness
        target = self._target(objectId, x, y, forceAction)
        open_toggle.open_object(self.world, target, amount, forceAction)

    @target_forms
    def CloseObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Closes."""
        target = self._target(objectId, x, y, forceAction)
        open_toggle.close_object(self.world, target, forceAction)

    @target_forms
    def ToggleObjectOn(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Switches on, with what it controls."""
        open_toggle.toggle(self.world, self._target(objectId, x, y, forceAction), True)

    @target_forms
    def ToggleObjectOff(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Switches off, with what it controls."""
        open_toggle.toggle(self.world, self._target(objectId, x, y, forceAction), False)

    @target_forms
    def SliceObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Cuts into pieces with ids of their own."""
        fragments.slice_object(self.world, self._target(objectId, x, y, forceAction))

    @target_forms
    def BreakObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Breaks; an egg cracks."""
        fragments.break_object(self.world, self._target(objectId, x, y, forceAction))

    @target_forms
    def CookObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Cooks."""
        obj = self._target(objectId, x, y, forceAction)
        open_toggle.change(self.world, obj, "isCooked", True)

    @target_forms
    def DirtyObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Makes dirty."""
        obj = self._target(objectId, x, y, forceAction)
        open_toggle.change(self.world, obj, "isDirty", True)

    @target_forms
    def CleanObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Cleans."""
        obj = self._target(objectId, x, y, forceAction)
        open_toggle.change(self.world, obj, "isDirty", False)

    @target_forms
    def UseUpObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Uses up."""
        obj = self._target(objectId, x, y, forceAction)
        open_toggle.change(self.world, obj, "isUsedUp", True)

    @target_forms
    def FillObjectWithLiquid(
        self,
        fillLiquid: str,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Fills with water, coffee or wine."""
        open_toggle.fill(self.world, self._target(objectId, x, y, forceAction), fillLiquid)

    @target_forms
    def EmptyLiquidFromObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Pours out."""
        open_toggle.empty(self.world, self._target(objectId, x, y, forceAction))
