"""Which objects the metadata lists; actions see every object all the same."""
# ruff: noqa: N802, N803

from __future__ import annotations

from dataclasses import replace

from envs.simulator.actions.base import ActionGroup
from envs.simulator.core.errors import INVALID_ARGUMENT, ActionFailed, shown


class FilterActions(ActionGroup):
    """Thinner metadata."""

    group = "query"

    def SetObjectFilter(self, objectIds: list) -> None:
        """The metadata lists these objects only."""
        self._list_only(frozenset(_names("objectIds", objectIds)))

    def SetObjectFilterForType(self, objectTypes: list) -> None:
        """The metadata lists objects of these types only."""
        type_names = _names("objectTypes", objectTypes)
        found = [k for k, t in self.world.objects.items() if t.type in type_names]
        self._list_only(frozenset(found))

    def ResetObjectFilter(self) -> None:
        """The metadata lists every object again."""
        self._list_only(None)

    def _list_only(self, ids: frozenset[str] | None) -> None:
        self.world.rules = replace(self.world.rules, listed=ids)


def _names(argument: str, values: list) -> list[str]:
    wrong = next((v for v in values if not isinstance(v, str)), None)
    if wrong is not None:
        raise ActionFailed(f"{argument} must hold names, not {shown(wrong)}.", INVALID_ARGUMENT)
    return values
