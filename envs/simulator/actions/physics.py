"""Forces: dropping, throwing, pushing, and the clock of the simulation."""
# ruff: noqa: N802, N803

from __future__ import annotations

import math

import numpy as np

from envs.simulator import dynamics
from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import marked, target_forms
from envs.simulator.core.errors import INVALID_ARGUMENT, ActionFailed
from envs.simulator.core.geometry import axis_angle_matrix, euler_matrix
from envs.simulator.interaction import hand, holding
from envs.simulator.world import effects
from envs.simulator.world.objects import SimObject
from envs.simulator.world.visibility import ray_through

# How much farther ahead DropHeldObjectAhead holds the object, metres.
AHEAD = 0.5
MAX_TIME_STEP = 0.05
MAX_SECONDS = 60.0


class PhysicsActions(ActionGroup):
    """What falls, flies and slides."""

    group = "physics"

    def DropHandObject(self, forceAction: bool = False, autoSimulation: bool = True) -> None:
        """The held object falls; without autoSimulation it starts to fall with the next action."""
        self._let_go(np.zeros(3), autoSimulation)

    def DropHeldObject(self, forceAction: bool = False, autoSimulation: bool = True) -> None:
        """DropHandObject by its newer name."""
        self._let_go(np.zeros(3), autoSimulation)

    def DropHeldObjectAhead(self, forceAction: bool = False, autoSimulation: bool = True) -> None:
        """The held object falls from farther ahead of the agent, as far as there is room."""
        hand.reach_ahead(self.world, AHEAD)
        self._let_go(np.zeros(3), autoSimulation)

    def ThrowObject(
        self, moveMagnitude: float, forceAction: bool = False, autoSimulation: bool = True
    ) -> None:
        """The held object flies where the camera looks, by a force in newtons for 0.02 s."""
        self._force(moveMagnitude)
        held = self.world.objects.get(self.world.held or "")
        if held is None:
            raise ActionFailed("Nothing in Hand to Throw!")
        mass = max(float(held.metadata["mass"]), 0.05)
        speed = moveMagnitude * dynamics.FORCE_SECONDS / mass
        self._let_go(self.world.agent.eye_rotation[:, 2] * speed, autoSimulation)

    def _let_go(self, velocity: np.ndarray, simulate: bool) -> None:
        obj = holding.let_go(self.world)
        dynamics.release(self.world, obj, velocity, simulate)

    @target_forms
    def PushObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
        *,
        moveMagnitude: float,
    ) -> None:
        """Pushes away from the agent, with a force in newtons for 0.02 s."""
        self._push(self._target(objectId, x, y, forceAction), moveMagnitude, 0.0)

    @target_forms
    def PullObject(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
        *,
        moveMagnitude: float,
    ) -> None:
        """Pulls towards the agent, with a force in newtons for 0.02 s."""
        self._push(self._target(objectId, x, y, forceAction), moveMagnitude, 180.0)

    @target_forms
    def DirectionalPush(
        self,
        objectId: str | None = None,
        x: float | None = None,
        y: float | None = None,
        forceAction: bool = False,
        *,
        moveMagnitude: float,
        pushAngle: float,
    ) -> None:
        """Pushes at an angle clockwise from the agent's forward."""
        if not -360 <= pushAngle <= 360:
            raise ActionFailed(f"pushAngle must be in [-360:360] degrees, not {pushAngle:g}.")
        self._push(self._target(objectId, x, y, forceAction), moveMagnitude, pushAngle)

    def TouchThenApplyForce(
        self,
        x: float,
        y: float,
        moveMagnitude: float,
        direction: dict,
        handDistance: float = 1.5,
    ) -> dict:
        """Reaches through an image point; what it touches is pushed along agent-relative xyz."""
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ActionFailed(f"x and y must be in [0:1], got ({x}, {y}).")
        if handDistance <= 0:
            raise ActionFailed(f"handDistance must be greater than 0, not {handDistance:g}.")
        self._force(moveMagnitude)
        way = _vector(direction)
        start, end = ray_through(self.world, x, y)
        hit = self.world.collision.ray(start, end)
        if hit is None or hit.distance > handDistance:
            return {
                "didHandTouchSomething": False,
                "objectId": "",
                "armsLength": float(handDistance),
            }
        obj = self.world.objects.get(hit.key)
        if obj is not None and (obj.is_("pickupable") or obj.is_("moveable")):
            self._shove(obj, euler_matrix((0, self.world.agent.yaw, 0)) @ way, moveMagnitude)
        return {
            "didHandTouchSomething": True,
            "objectId": "" if obj is None else obj.object_id,
            "armsLength": hit.distance,
        }

    def _push(self, obj: SimObject, magnitude: float, angle: float) -> None:
        if not (obj.is_("pickupable") or obj.is_("moveable")):
            raise ActionFailed(
                f"{obj.object_id} is neither moveable nor pickupable: it can't be pushed."
            )
        if obj.traits.kinematic:
            raise ActionFailed(f"{obj.object_id} is fixed in its place: no force moves it.")
        if obj.object_id in self.world.hands:
            raise ActionFailed(f"{obj.object_id} is in the hand; drop or throw it instead.")
        self._force(magnitude)
        turn = axis_angle_matrix((0, 1, 0), self.world.agent.yaw + angle)
        self._shove(obj, turn @ np.array([0.0, 0.0, 1.0]), magnitude)

    def _shove(self, obj: SimObject, way: np.ndarray, magnitude: float) -> None:
        length = float(np.linalg.norm(way))
        if length < 1e-6:
            raise ActionFailed("The direction of a force can't be (0, 0, 0).")
        dynamics.push(self.world, obj, way / length * magnitude)

    @staticmethod
    def _force(magnitude: float) -> None:
        if not 0 <= magnitude <= 1e6:
            raise ActionFailed(f"moveMagnitude must be in [0:1e6] newtons, not {magnitude:g}.")

    @marked(keeps_motion=True)
    def PausePhysicsAutoSim(self) -> None:
        """From here on things move only by AdvancePhysicsStep."""
        self.world.auto_simulation = False

    def UnpausePhysicsAutoSim(self) -> None:
        """Things move by themselves again: whatever was in the air lands."""
        self.world.auto_simulation = True
        dynamics.settle(self.world)

    @marked(keeps_motion=True)
    def AdvancePhysicsStep(
        self,
        timeStep: float = 0.02,
        simSeconds: float | None = None,
        allowAutoSimulation: bool = False,
    ) -> None:
        """Simulates simSeconds (one timeStep if not given) while the simulation is paused."""
        if not 0 < timeStep <= MAX_TIME_STEP:
            raise ActionFailed(f"timeStep must be in (0:{MAX_TIME_STEP:g}], not {timeStep:g}.")
        seconds = timeStep if simSeconds is None else simSeconds
        if not 0 <= seconds <= MAX_SECONDS:
            raise ActionFailed(f"simSeconds must be in [0:{MAX_SECONDS:g}], not {seconds:g}.")
        if self.world.auto_simulation and not allowAutoSimulation:
            raise ActionFailed(
                "AdvancePhysicsStep can only be called while the simulation is paused: "
                "use PausePhysicsAutoSim first, or pass allowAutoSimulation=True."
            )
        if seconds > 0:
            dynamics.advance(self.world, seconds, timeStep)
            effects.pass_time(self.world, seconds)


def _vector(value: dict) -> np.ndarray:
    try:
        xyz = [float(value[k]) for k in "xyz"]
    except (KeyError, TypeError, ValueError):
        xyz = [math.nan]
    if not all(math.isfinite(v) for v in xyz):
        raise ActionFailed(
            f"direction must have finite numbers x, y and z, got {value}.", INVALID_ARGUMENT
        )
    return np.array(xyz)
