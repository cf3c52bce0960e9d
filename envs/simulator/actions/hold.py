"""The hand: taking an object, putting it down, moving and turning what is held."""
# ruff: noqa: N802, N803

from __future__ import annotations

import numpy as np

from envs.simulator import dynamics
from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import BY_ID, Form, forms, target_forms
from envs.simulator.core.errors import ActionFailed
from envs.simulator.interaction import hand, holding
from envs.simulator.world.visibility import ray_through


class HoldActions(ActionGroup):
    """Objects go into the hand and out of it."""

    group = "hold"

    @target_forms
    def PickupObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
        manualInteract: bool = False,
    ) -> None:
        """Takes an object into the hand; with manualInteract it stays where it is."""
        mode = self.world.settings.agentMode
        if mode != "default":
            raise ActionFailed(f"agentMode '{mode}' has no hand; use agentMode='default'.")
        target = self._target(objectId, x, y, forceAction)
        holding.pick_up(self.world, target, forceAction, manualInteract)

    @forms(BY_ID, Form(("x", "y"), ("putNearXY",)))
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
        """Puts the held object on or in a receptacle; without placeStationary it then settles."""
        if self.world.held is None:
            raise ActionFailed("Can't place an object if Agent isn't holding anything")
        focus = None
        if objectId is None and x is not None and y is not None:
            hit = self.world.collision.ray(*ray_through(self.world, x, y))
            focus = None if hit is None else hit.point
        receptacle = self._target(objectId, x, y, forceAction)
        if not putNearXY and objectId is None and randomSeed:
            focus = None
        obj = holding.put(self.world, receptacle, forceAction, focus, randomSeed)
        if not placeStationary:
            dynamics.release(self.world, obj, np.zeros(3))

    @forms(BY_ID, Form(("x", "y"), ("putNearXY",)))
    def PlaceHeldObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
        placeStationary: bool = True,
        randomSeed: int = 0,
        putNearXY: bool = False,
    ) -> None:
        """PutObject by its older name."""
        self.PutObject(objectId, x, y, forceAction, placeStationary, randomSeed, putNearXY)


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
