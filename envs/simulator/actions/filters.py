"""Which objects the metadata lists; actions see every object all the same."""
# ruff: noqa: N802, N803

from __future__ import annotations

from envs.simulator.actions.base import ActionGroup
from envs.simulator.errors import INVALID_ARGUMENT, ActionFailed


class FilterActions(ActionGroup):
    """Thinner metadata."""

    group = "query"

    def SetObjectFilter(self, objectIds: list) -> None:
        """The metadata lists these objects only."""
        self.world.shown = frozenset(_names("objectIds", objectIds))

    def SetObjectFilterForType(self, objectTypes: list) -> None:
        """The metadata lists objects of these types only."""
        kinds = _names("objectTypes", objectTypes)
        found = [k for k, t in self.world.objects.items() if t.type in kinds]
        self.world.shown = frozenset(found)

    def ResetObjectFilter(self) -> None:
        """The metadata lists every object again."""
        self.world.shown = None


def _names(argument: str, values: list) -> list[str]:
    wrong = next((v for v in values if not isinstance(v, str)), None)
    if wrong is not None:
        raise ActionFailed(f"{argument} must hold names, not {wrong!r}.", INVALID_ARGUMENT)
    return values
