"""Actions of the session: scenes, settings, picture size."""
# ruff: noqa: N802, N803

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import Marks, idle, marked, partial
from envs.simulator.core.agent import CAMERA_ABOVE_AGENT
from envs.simulator.core.errors import ActionFailed, shown
from envs.simulator.core.quality import check_quality
from envs.simulator.core.settings import RoomSettings, smoothing
from envs.simulator.houses.twin_file import registered
from envs.simulator.navigation.agent_count import set_count
from envs.simulator.navigation.navigation import to_grid
from envs.simulator.scenes import scene_names

FARTHEST = 1e5
# How high the camera is over the agent's middle, metres.
AGENT_MODES = {"default": CAMERA_ABOVE_AGENT, "locobot": -0.03}
# How far down the LoCoBot looks unless told, degrees.
LOCOBOT_LOOKS_DOWN = 30.0


class SessionActions(ActionGroup):
    """Reset, Initialize and what belongs to them."""

    group = "session"
    defaults = Marks(timeless=True)

    @marked(lenient=True, keeps_motion=True, sceneless=True, removes=True)
    def Reset(self, sceneName: str) -> None:
        """Starts a scene afresh."""
        # Initialize follows and would build the room again if its appearance were another.
        seed, self.world.next_appearance = self.world.next_appearance, None
        try:
            self.world.load(sceneName, self.world.settings.appearanceSeed if seed is None else seed)
        except ValueError as error:
            raise ActionFailed(str(error)) from error

    @marked(lenient=True, removes=True, puts_anywhere=True)
    @idle(
        "agentControllerType",
        "TimeToWaitForObjectsToComeToRest",
        "alwaysReturnVisibleRange",
        "fixedDeltaTime",
        "timeScale",
    )
    @partial("without renderFlowImage and the agent modes arm, drone and stretch")
    def Initialize(
        self,
        gridSize: float = RoomSettings.gridSize,
        snapToGrid: bool = RoomSettings.snapToGrid,
        rotateStepDegrees: float = RoomSettings.rotateStepDegrees,
        visibilityDistance: float = RoomSettings.visibilityDistance,
        fieldOfView: float = RoomSettings.fieldOfView,
        cameraNearPlane: float = RoomSettings.cameraNearPlane,
        cameraFarPlane: float = RoomSettings.cameraFarPlane,
        renderDepthImage: bool = RoomSettings.renderDepthImage,
        renderInstanceSegmentation: bool = RoomSettings.renderInstanceSegmentation,
        renderSemanticSegmentation: bool = RoomSettings.renderSemanticSegmentation,
        renderNormalsImage: bool = RoomSettings.renderNormalsImage,
        renderFlowImage: bool = False,
        appearanceSeed: int = RoomSettings.appearanceSeed,
        supersample: int = RoomSettings.supersample,
        antiAliasing: str = RoomSettings.antiAliasing,
        render_quality: str = RoomSettings.render_quality,
        renderPipe: str = RoomSettings.renderPipe,
        fastActionEmit: bool = RoomSettings.fastActionEmit,
        makeAgentsVisible: bool = RoomSettings.makeAgentsVisible,
        agentMode: str = RoomSettings.agentMode,
        agentControllerType: str | None = None,
        agentCount: int = 1,
        startAgentsRotatedBy: float = 0.0,
        visibilityScheme: str = RoomSettings.visibilityScheme,
        autoSimulation: bool = True,
        alwaysReturnVisibleRange: bool = False,
        massThreshold: float | None = RoomSettings.massThreshold,
        maxUpwardLookAngle: float = RoomSettings.maxUpwardLookAngle,
        maxDownwardLookAngle: float = RoomSettings.maxDownwardLookAngle,
        TimeToWaitForObjectsToComeToRest: float = 10.0,
        fixedDeltaTime: float | None = None,
        timeScale: float = 1.0,
        movementGaussianSigma: float = RoomSettings.movementGaussianSigma,
        rotateGaussianSigma: float = RoomSettings.rotateGaussianSigma,
        applyActionNoise: bool = True,
    ) -> dict:
        """Sets how the agent moves and sees, and which pictures are made."""
        given = dict(locals())
        try:
            settings = _settings(given)
            _check_once(given)
        except ActionFailed:
            # AI2-THOR brings the agents in whatever else is wrong; programs rely on it.
            set_count(self.world, agentCount, startAgentsRotatedBy)
            raise
        try:
            self.world.set_pipe(renderPipe)
        except (ValueError, RuntimeError) as error:
            raise ActionFailed(str(error)) from error
        self.world.set_appearance(appearanceSeed)
        set_count(self.world, agentCount, startAgentsRotatedBy)
        self.world.auto_simulation = autoSimulation
        for index, agent in enumerate(self.world.agents):
            self.world.agents[index] = replace(agent, lift=AGENT_MODES[settings.agentMode])
        self.world.settings = settings
        to_grid(self.world)
        return {"cameraNearPlane": cameraNearPlane, "cameraFarPlane": cameraFarPlane}

    @marked(query=True, sceneless=True)
    def GetScenesInBuild(self) -> list:
        """Names of all scenes."""
        ithor = [f"{n}_physics" if "_" not in n else n for n in scene_names()]
        return [*ithor, "Procedural", *registered()]

    @marked(sceneless=True)
    def ChangeResolution(self, x: int, y: int) -> None:
        """Sets the pictures' size in pixels."""
        try:
            self.world.resize(x, y)
        except ValueError as error:
            raise ActionFailed(str(error)) from error

    @marked(sceneless=True)
    @idle("quality")
    def ChangeQuality(self, quality: str) -> None:
        """Accepted; there is one quality."""

    @marked(sceneless=True)
    @idle("x")
    def ChangeOpenSpeed(self, x: float) -> None:
        """Accepted; doors and drawers open at once."""

    def SetRandomSeed(self, seed: int) -> None:
        """Sets where noise and random looks begin; other random actions take their own seed."""
        rules = self.world.rules
        self.world.rules = replace(rules, random_seed=abs(seed), random_calls=0)

    @marked(timeless=False)
    def Pass(self) -> None:
        """Lets time pass."""

    @marked(timeless=False)
    def Done(self) -> None:
        """Does nothing: agents say by it that they have finished."""


def _settings(given: dict[str, Any]) -> RoomSettings:
    """The arguments of ``Initialize`` that stay, checked.

    Raises:
        ActionFailed: If one is out of range, or asks for what is not here.
    """
    s = RoomSettings(**{f.name: given[f.name] for f in fields(RoomSettings)})
    s = replace(
        s,
        agentMode=s.agentMode.lower(),
        antiAliasing=s.antiAliasing.lower(),
        visibilityScheme=s.visibilityScheme.capitalize(),
    )
    if s.agentMode == "locobot" and s.maxDownwardLookAngle == RoomSettings.maxDownwardLookAngle:
        s = replace(s, maxDownwardLookAngle=LOCOBOT_LOOKS_DOWN)
    if not given["applyActionNoise"]:
        s = replace(s, movementGaussianSigma=0.0, rotateGaussianSigma=0.0)
    if not 0 < s.gridSize <= 5:
        raise ActionFailed(f"gridSize must be in (0, 5], not {s.gridSize:g}")
    if not 0 < s.fieldOfView < 180:
        raise ActionFailed(f"fov must be set to (0, 180) noninclusive, not {s.fieldOfView:g}.")
    if s.snapToGrid and s.rotateStepDegrees % 90:
        raise ActionFailed(
            f"rotateStepDegrees {s.rotateStepDegrees:g} must be a multiple of 90 with snapToGrid."
        )
    if s.agentMode not in AGENT_MODES:
        raise ActionFailed(
            f"agentMode {shown(s.agentMode)!r} is not supported; use {' or '.join(AGENT_MODES)}."
        )
    if not 0 < s.rotateStepDegrees <= 360:
        raise ActionFailed(f"rotateStepDegrees must be in (0, 360], not {s.rotateStepDegrees:g}.")
    if not 0 < s.visibilityDistance <= FARTHEST or s.cameraFarPlane > FARTHEST:
        raise ActionFailed(
            f"visibilityDistance and cameraFarPlane must be in (0, {FARTHEST:g}] metres, not "
            f"{s.visibilityDistance:g} and {s.cameraFarPlane:g}."
        )
    if not (0 <= s.movementGaussianSigma <= 360 and 0 <= s.rotateGaussianSigma <= 360):
        raise ActionFailed("movementGaussianSigma and rotateGaussianSigma must be in [0, 360].")
    if not 0 < s.cameraNearPlane < s.cameraFarPlane:
        raise ActionFailed("cameraNearPlane must lie between 0 and cameraFarPlane.")
    if not (0 <= s.maxUpwardLookAngle <= 90 and 0 <= s.maxDownwardLookAngle <= 90):
        raise ActionFailed(
            "maxUpwardLookAngle and maxDownwardLookAngle must be in [0, 90] degrees, not "
            f"{s.maxUpwardLookAngle:g} and {s.maxDownwardLookAngle:g}."
        )
    if s.supersample not in (1, 2, 3, 4):
        raise ActionFailed(f"supersample must be 1, 2, 3 or 4, not {s.supersample}.")
    if s.visibilityScheme not in ("Collider", "Distance"):
        raise ActionFailed(
            f"visibilityScheme must be Collider or Distance, not {given['visibilityScheme']:.40}."
        )
    smoothing(given["antiAliasing"])
    check_quality(s.render_quality)
    return s


def _check_once(given: dict[str, Any]) -> None:
    """Checks the arguments of ``Initialize`` that are used once or have no effect.

    Raises:
        ActionFailed: If one is out of range, or asks for what is not here.
    """
    if given["renderFlowImage"]:
        raise ActionFailed("renderFlowImage is not supported; leave it False.")
    for name in (
        "massThreshold",
        "TimeToWaitForObjectsToComeToRest",
        "fixedDeltaTime",
        "timeScale",
    ):
        if given[name] is not None and not given[name] > 0:
            raise ActionFailed(f"{name} must be greater than 0, not {given[name]:g}.")
