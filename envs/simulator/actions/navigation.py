"""Walking, turning, looking, crouching and teleporting."""
# ruff: noqa: N802, N803

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.locobot import SIDEWAYS
from envs.simulator.actions.marks import marked
from envs.simulator.core.errors import INVALID_ARGUMENT, MISSING_ARGUMENTS, ActionFailed
from envs.simulator.interaction import hand
from envs.simulator.navigation import navigation, noise

# How far LookUp and LookDown tilt unless told, also where they are told 0, degrees.
LOOK_STEP = 30.0


class NavigationActions(ActionGroup):
    """The agent moves. Its hand goes back to rest, unless ``manualInteract`` is set."""

    group = "navigation"

    def _move(
        self,
        magnitude: float | None,
        bearing: float,
        force: bool,
        manual: bool,
        given_noise: float,
        near: tuple[str | None, float | None],
        through: bool,
    ) -> None:
        step = self.world.settings.gridSize if magnitude is None else magnitude
        if step < 0:
            raise ActionFailed(f"moveMagnitude must be null or >= 0, not {step:g}.")
        if bearing in (90, 270) and self._is_locobot():
            raise ActionFailed(f"{SIDEWAYS}; use the rotations for the rest.")
        step = noise.moved(self.world, step) + given_noise
        if abs(step) > navigation.FARTHEST:
            raise ActionFailed(f"moveMagnitude {step:g} is longer than any room.")
        self._stays_near(near, step, bearing)
        with self._hand(manual):
            navigation.move(self.world, step, bearing, force, through)

    def _stays_near(self, near: tuple[str | None, float | None], step: float, way: float) -> None:
        name, limit = near
        if not name or limit is None or limit < 0:
            return
        obj, agent = self._target(name, force=True), self.world.agent
        angle = math.radians(agent.yaw + way)
        x, z = agent.x + math.sin(angle) * step, agent.z + math.cos(angle) * step
        if math.hypot(obj.center[0] - x, obj.center[2] - z) > limit:
            raise ActionFailed(f"{name} would be farther than {limit:g} m from the agent.")

    @contextmanager
    def _hand(self, manual: bool) -> Iterator[None]:
        """Goes with the hand at rest, unless ``manual``; if it fails, the hand stays as it was."""
        before = self.world.agent
        if not manual:
            hand.rest(self.world)
        try:
            yield
        except ActionFailed:
            self.world.agent = before
            raise
        self.world.carry()

    @marked(lenient=True)
    def MoveAhead(
        self,
        moveMagnitude: float | None = None,
        forceAction: bool = False,
        manualInteract: bool = False,
        allowAgentsToIntersect: bool = False,
        noise: float = 0.0,
        objectId: str | None = None,
        maxAgentsDistance: float | None = None,
    ) -> None:
        """Walks ahead by metres; noise is added to them."""
        near = (objectId, maxAgentsDistance)
        self._move(
            moveMagnitude, 0, forceAction, manualInteract, noise, near, allowAgentsToIntersect
        )

    @marked(lenient=True)
    def MoveRight(
        self,
        moveMagnitude: float | None = None,
        forceAction: bool = False,
        manualInteract: bool = False,
        allowAgentsToIntersect: bool = False,
        noise: float = 0.0,
        objectId: str | None = None,
        maxAgentsDistance: float | None = None,
    ) -> None:
        """Walks to the right."""
        near = (objectId, maxAgentsDistance)
        self._move(
            moveMagnitude, 90, forceAction, manualInteract, noise, near, allowAgentsToIntersect
        )

    @marked(lenient=True)
    def MoveBack(
        self,
        moveMagnitude: float | None = None,
        forceAction: bool = False,
        manualInteract: bool = False,
        allowAgentsToIntersect: bool = False,
        noise: float = 0.0,
        objectId: str | None = None,
        maxAgentsDistance: float | None = None,
    ) -> None:
        """Walks backwards."""
        near = (objectId, maxAgentsDistance)
        self._move(
            moveMagnitude, 180, forceAction, manualInteract, noise, near, allowAgentsToIntersect
        )

    @marked(lenient=True)
    def MoveLeft(
        self,
        moveMagnitude: float | None = None,
        forceAction: bool = False,
        manualInteract: bool = False,
        allowAgentsToIntersect: bool = False,
        noise: float = 0.0,
        objectId: str | None = None,
        maxAgentsDistance: float | None = None,
    ) -> None:
        """Walks to the left."""
        near = (objectId, maxAgentsDistance)
        self._move(
            moveMagnitude, 270, forceAction, manualInteract, noise, near, allowAgentsToIntersect
        )

    def _rotate(self, degrees: float | None, sign: float, force: bool, manual: bool) -> None:
        step = self.world.settings.rotateStepDegrees if degrees is None else degrees
        if step == 0:
            raise ActionFailed("degrees must not be 0; leave it out for rotateStepDegrees.")
        with self._hand(manual):
            navigation.rotate(self.world, sign * step, force)
            noise.turn(self.world)

    @marked(lenient=True)
    def RotateRight(
        self,
        degrees: float | None = None,
        manualInteract: bool = False,
        forceAction: bool = False,
    ) -> None:
        """Turns clockwise."""
        self._rotate(degrees, 1.0, forceAction, manualInteract)

    @marked(lenient=True)
    def RotateLeft(
        self,
        degrees: float | None = None,
        manualInteract: bool = False,
        forceAction: bool = False,
    ) -> None:
        """Turns counter-clockwise."""
        self._rotate(degrees, -1.0, forceAction, manualInteract)

    def LookUp(
        self, degrees: float = LOOK_STEP, manualInteract: bool = False, forceAction: bool = False
    ) -> None:
        """Tilts the camera up, to 30 degrees above the horizon at most."""
        self._look(-(degrees or LOOK_STEP), manualInteract, forceAction)

    def LookDown(
        self, degrees: float = LOOK_STEP, manualInteract: bool = False, forceAction: bool = False
    ) -> None:
        """Tilts the camera down, to 60 degrees below the horizon at most."""
        self._look(degrees or LOOK_STEP, manualInteract, forceAction)

    def _look(self, degrees: float, manual: bool, force: bool) -> None:
        if abs(degrees) != LOOK_STEP and self._is_locobot():
            raise ActionFailed(
                f"The LoCoBot looks up and down by {LOOK_STEP:g} degrees only, not by "
                f"{abs(degrees):g}: leave degrees out."
            )
        with self._hand(manual):
            navigation.look(self.world, degrees, force)

    def Crouch(self) -> None:
        """Lowers the camera by 0.675 m."""
        self._can_crouch()
        navigation.set_standing(self.world, False)

    def Stand(self) -> None:
        """Stands up again."""
        self._can_crouch()
        navigation.set_standing(self.world, True)

    def _is_locobot(self) -> bool:
        return self.world.settings.agentMode == "locobot"

    def _can_crouch(self, code: str | None = None) -> None:
        mode = self.world.settings.agentMode
        if mode != "default":
            raise ActionFailed(f"agentMode '{mode}' cannot stand or crouch; use 'default'.", code)

    @marked(lenient=True)
    def RotateLook(
        self, rotation: float | dict | None = None, horizon: float | None = None
    ) -> None:
        """Turns to a yaw and tilts to a horizon, without checks, as old versions did."""
        turn = {"y": rotation} if isinstance(rotation, float) else rotation
        self._teleport(None, turn, horizon, None, True)

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
        """Puts the agent elsewhere; what is not given stays as it is."""
        if position is None and (x, y, z) != (None, None, None):
            given = {"x": x, "y": y, "z": z}
            position = {k: v for k, v in given.items() if v is not None}
        self._teleport(position, rotation, horizon, standing, forceAction)

    def TeleportFull(
        self,
        rotation: dict,
        horizon: float,
        standing: bool | None = None,
        position: dict | None = None,
        x: float | None = None,
        y: float | None = None,
        z: float | None = None,
        forceAction: bool = False,
    ) -> None:
        """Puts the agent into a whole pose."""
        place = {"x": x, "y": y, "z": z} if position is None else position
        missing = [k for k in "xyz" if place.get(k) is None]
        if standing is None and self.world.settings.agentMode == "default":
            missing.append("standing")
        if missing:
            raise ActionFailed(
                f"action: TeleportFull is missing the following arguments: {','.join(missing)}",
                MISSING_ARGUMENTS,
            )
        self._teleport(place, rotation, horizon, standing, forceAction)

    def _teleport(
        self,
        position: dict | None,
        rotation: dict | None,
        horizon: float | None,
        standing: bool | None,
        force: bool,
    ) -> None:
        if standing is not None:
            self._can_crouch(INVALID_ARGUMENT)
        agent = self.world.agent
        place = None
        if position is not None:
            now = {"x": agent.x, "y": agent.y, "z": agent.z}
            place = self._vector({**now, **position})
        turn: np.ndarray | None = None if rotation is None else self._angles(rotation)
        with self._hand(False):
            navigation.teleport(self.world, place, turn, horizon, standing, force)
