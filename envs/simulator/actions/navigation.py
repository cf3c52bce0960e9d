"""Walking, turning, looking, crouching and teleporting."""
# ruff: noqa: N802, N803

from __future__ import annotations

from envs.simulator import navigation
from envs.simulator.actions.base import ActionGroup


class NavigationActions(ActionGroup):
    """The agent moves."""

    group = "navigation"

    def _move(self, magnitude: float | None, bearing: float, force: bool) -> None:
        step = self.world.settings.gridSize if magnitude is None else magnitude
        navigation.move(self.world, step, bearing, force)

    def MoveAhead(self, moveMagnitude: float | None = None, forceAction: bool = False) -> None:
        self._move(moveMagnitude, 0, forceAction)

    def MoveRight(self, moveMagnitude: float | None = None, forceAction: bool = False) -> None:
        self._move(moveMagnitude, 90, forceAction)

    def MoveBack(self, moveMagnitude: float | None = None, forceAction: bool = False) -> None:
        self._move(moveMagnitude, 180, forceAction)

    def MoveLeft(self, moveMagnitude: float | None = None, forceAction: bool = False) -> None:
        self._move(moveMagnitude, 270, forceAction)

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
