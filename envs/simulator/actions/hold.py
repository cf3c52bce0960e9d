"""Taking objects into the hand, and putting them down."""
# ruff: noqa: N802, N803

from __future__ import annotations

import numpy as np

from envs.simulator import dynamics
from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import BY_ID, Form, forms, target_forms
from envs.simulator.core.errors import ActionFailed
from envs.simulator.interaction import holding
from envs.simulator.world.visibility import ray_through


class HoldActions(ActionGroup):
    """The hand."""

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
