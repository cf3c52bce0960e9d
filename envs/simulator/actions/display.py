"""What pictures leave out or show plain: looking at single objects. Nothing else changes by it."""
# ruff: noqa: N802, N803

from __future__ import annotations

from dataclasses import replace

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import Marks
from envs.simulator.world.objects import SimObject


class DisplayActions(ActionGroup):
    """Objects are hidden from pictures, or masked; metadata and physics stay as they are."""

    group = "display"
    defaults = Marks(timeless=True)

    def EmphasizeObject(self, objectId: str) -> None:
        """Hides everything but one object."""
        self._hide_all_but({self._known(objectId).object_id})

    def UnemphasizeAll(self) -> None:
        """Shows everything again."""
        self._set(hidden=frozenset(), masked=frozenset())

    def HideObject(self, objectId: str) -> None:
        """Hides an object."""
        self._set(hidden=self.world.rules.hidden | {self._known(objectId).object_id})

    def UnhideObject(self, objectId: str) -> None:
        """Shows a hidden object."""
        self._set(hidden=self.world.rules.hidden - {self._known(objectId).object_id})

    def HideAllObjectsExcept(self, objectIds: list) -> None:
        """Hides everything but some objects."""
        self._hide_all_but({self._known(name).object_id for name in objectIds})

    def UnhideAllObjects(self) -> None:
        """Shows everything that was hidden."""
        self._set(hidden=frozenset())

    def HideTranslucentObjects(self) -> None:
        """Hides objects of glass and the like."""
        glass = {t.object_id for t in self.world.objects.values() if _is_translucent(t)}
        self._set(hidden=self.world.rules.hidden | glass)

    def MaskObject(self, objectId: str) -> None:
        """Shows an object in one plain colour."""
        self._set(masked=self.world.rules.masked | {self._known(objectId).object_id})

    def UnmaskObject(self, objectId: str) -> None:
        """Shows a masked object as it is."""
        self._set(masked=self.world.rules.masked - {self._known(objectId).object_id})

    def _hide_all_but(self, kept: set[str]) -> None:
        self._set(hidden=frozenset((*self.world.objects, *self.world.fixtures)) - kept)

    def _set(self, **changes: frozenset[str]) -> None:
        self.world.rules = replace(self.world.rules, **changes)  # type: ignore[arg-type]
        self.world.draw_version += 1


def _is_translucent(obj: SimObject) -> bool:
    if "Glass" in (obj.metadata["salientMaterials"] or ()):
        return True
    return any(part.alpha < 1.0 and not part.when for part in obj.mesh.parts)
