"""Moving and turning what is held."""
# ruff: noqa: N802, N803

from __future__ import annotations

import numpy as np

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import Form, forms
from envs.simulator.core.errors import ActionFailed
from envs.simulator.interaction import hand


class HandActions(ActionGroup):
    """The held object moves along the camera's axes, at most as far as objects are visible."""

    group = "hold"

    def _magnitude(self, value: float | None) -> float:
        step = self.world.settings.gridSize if value is None else value
        if step < 0:
            raise ActionFailed(f"moveMagnitude must not be negative, got {step:g}.")
        return step

    def MoveHeldObject(
        self,
        ahead: float = 0.0,
        right: float = 0.0,
        up: float = 0.0,
        forceVisible: bool = False,
    ) -> None:
        """Moves the held object by metres along the camera's axes."""
        hand.move(self.world, right, up, ahead, forceVisible)

    def MoveHeldObjectAhead(
        self, moveMagnitude: float | None = None, forceVisible: bool = False
    ) -> None:
        """Moves the held object away from the camera."""
        hand.move(self.world, 0, 0, self._magnitude(moveMagnitude), forceVisible)

    def MoveHeldObjectBack(
        self, moveMagnitude: float | None = None, forceVisible: bool = False
    ) -> None:
        """Moves the held object towards the camera."""
        hand.move(self.world, 0, 0, -self._magnitude(moveMagnitude), forceVisible)

    def MoveHeldObjectLeft(
        self, moveMagnitude: float | None = None, forceVisible: bool = False
    ) -> None:
        """Moves the held object to the left."""
        hand.move(self.world, -self._magnitude(moveMagnitude), 0, 0, forceVisible)

    def MoveHeldObjectRight(
        self, moveMagnitude: float | None = None, forceVisible: bool = False
    ) -> None:
        """Moves the held object to the right."""
        hand.move(self.world, self._magnitude(moveMagnitude), 0, 0, forceVisible)

    def MoveHeldObjectUp(
        self, moveMagnitude: float | None = None, forceVisible: bool = False
    ) -> None:
        """Moves the held object up in the picture."""
        hand.move(self.world, 0, self._magnitude(moveMagnitude), 0, forceVisible)

    def MoveHeldObjectDown(
        self, moveMagnitude: float | None = None, forceVisible: bool = False
    ) -> None:
        """Moves the held object down in the picture."""
        hand.move(self.world, 0, -self._magnitude(moveMagnitude), 0, forceVisible)

    @forms(Form((), ("pitch", "yaw", "roll")), Form(("rotation",)))
    def RotateHeldObject(
        self,
        pitch: float = 0.0,
        yaw: float = 0.0,
        roll: float = 0.0,
        rotation: dict | None = None,
    ) -> None:
        """Turns the held object by pitch, yaw and roll, or to a rotation relative to the agent."""
        if rotation is None:
            hand.turn(self.world, pitch, yaw, roll)
        else:
            hand.set_turn(self.world, self._angles(rotation))

    # ---- names of earlier versions ----
    def MoveHandDelta(
        self, x: float = 0.0, y: float = 0.0, z: float = 0.0, forceVisible: bool = False
    ) -> None:
        """MoveHeldObject with x right, y up and z ahead."""
        hand.move(self.world, x, y, z, forceVisible)

    def MoveHandAhead(self, moveMagnitude: float | None = None, forceVisible: bool = False) -> None:
        """MoveHeldObjectAhead by its older name."""
        self.MoveHeldObjectAhead(moveMagnitude, forceVisible)

    def MoveHandBack(self, moveMagnitude: float | None = None, forceVisible: bool = False) -> None:
        """MoveHeldObjectBack by its older name."""
        self.MoveHeldObjectBack(moveMagnitude, forceVisible)

    def MoveHandLeft(self, moveMagnitude: float | None = None, forceVisible: bool = False) -> None:
        """MoveHeldObjectLeft by its older name."""
        self.MoveHeldObjectLeft(moveMagnitude, forceVisible)

    def MoveHandRight(self, moveMagnitude: float | None = None, forceVisible: bool = False) -> None:
        """MoveHeldObjectRight by its older name."""
        self.MoveHeldObjectRight(moveMagnitude, forceVisible)

    def MoveHandUp(self, moveMagnitude: float | None = None, forceVisible: bool = False) -> None:
        """MoveHeldObjectUp by its older name."""
        self.MoveHeldObjectUp(moveMagnitude, forceVisible)

    def MoveHandDown(self, moveMagnitude: float | None = None, forceVisible: bool = False) -> None:
        """MoveHeldObjectDown by its older name."""
        self.MoveHeldObjectDown(moveMagnitude, forceVisible)

    def RotateHand(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> None:
        """Turns the held object to Euler angles relative to the agent's yaw."""
        hand.set_turn(self.world, np.array([x, y, z]))
