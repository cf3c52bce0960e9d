"""What only the LoCoBot does: turning by any angle, going ahead or back by a share, stopping."""
# ruff: noqa: N802, N803

from __future__ import annotations

from envs.simulator.actions.base import ActionGroup
from envs.simulator.core.errors import INVALID_ACTION, ActionFailed
from envs.simulator.navigation import navigation
from envs.simulator.navigation import noise as imprecision

SIDEWAYS = "Controller does not support horizontal movement: the LoCoBot goes ahead and back"


class LocobotActions(ActionGroup):
    """Actions of AI2-THOR's LoCoBot alone; with other agents their names are unknown."""

    group = "navigation"

    def _need_locobot(self, action: str) -> None:
        if self.world.settings.agentMode != "locobot":
            raise ActionFailed(
                f"Invalid action: {action}; it is there with agentMode='locobot' only.",
                INVALID_ACTION,
            )

    def Stop(self) -> None:
        """Does nothing: LoCoBots say by it that they have finished."""
        self._need_locobot("Stop")

    def Rotate(self, rotation: dict, noise: float = 0.0, manualInteract: bool = False) -> None:
        """Turns a LoCoBot clockwise by the y of a rotation, in degrees; noise is added."""
        self._need_locobot("Rotate")
        navigation.rotate(self.world, float(self._angles(rotation)[1]) + noise)
        imprecision.turn(self.world)

    def MoveRelative(
        self,
        moveMagnitude: float | None = None,
        x: float = 0.0,
        z: float = 0.0,
        noise: float = 0.0,
        forceAction: bool = False,
    ) -> None:
        """Moves a LoCoBot by z times the magnitude: ahead if z is positive, else back."""
        self._need_locobot("MoveRelative")
        if x:
            raise ActionFailed(f"{SIDEWAYS}, so x must be 0, not {x:g}.")
        if not z:
            raise ActionFailed("z must be other than 0 for the MoveRelative action.")
        step = self.world.settings.gridSize if moveMagnitude is None else moveMagnitude
        if step <= 0 or abs(z * step) > navigation.FARTHEST:
            raise ActionFailed(
                f"moveMagnitude must be null or > 0 and z times it a length in a room, not {step:g}"
                f" and {z:g}."
            )
        bearing = 0.0 if z > 0 else 180.0
        metres = imprecision.moved(self.world, abs(z) * step) + noise
        navigation.move(self.world, metres, bearing, forceAction)
