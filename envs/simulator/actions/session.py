"""Actions of the session: scenes, settings, picture size."""
# ruff: noqa: N802, N803

from __future__ import annotations

from dataclasses import fields, replace

from envs.simulator.actions.base import ActionGroup, idle, partial
from envs.simulator.core.agent import CAMERA_ABOVE_AGENT
from envs.simulator.core.errors import ActionFailed, shown
from envs.simulator.core.settings import smoothing
from envs.simulator.houses.twin_file import registered
from envs.simulator.navigation.agent_count import set_count
from envs.simulator.scenes import scene_names
from envs.simulator.world.world import Settings

FARTHEST = 1e5
# How high the camera is over the agent's middle, metres.
AGENT_MODES = {"default": CAMERA_ABOVE_AGENT, "locobot": -0.03}


class SessionActions(ActionGroup):
    """Reset, Initialize and what belongs to them."""

    group = "session"

    def Reset(self, sceneName: str) -> None:
        """Starts a scene afresh."""
        # Initialize follows and would build the room again if its look were another.
        look, self.world.next_look = self.world.next_look, None
        try:
            self.world.load(sceneName, self.world.settings.appearanceSeed if look is None else look)
        except ValueError as error:
            raise ActionFailed(str(error)) from error

    @idle(
        "agentControllerType",
        "visibilityScheme",
        "massThreshold",
        "TimeToWaitForObjectsToComeToRest",
        "alwaysReturnVisibleRange",
        "fixedDeltaTime",
        "timeScale",
    )
    @partial("without renderFlowImage and the agent modes arm, drone and stretch")
    def Initialize(
        self,
        gridSize: float = 0.25,
        snapToGrid: bool = True,
        rotateStepDegrees: float = 90.0,
        visibilityDistance: float = 1.5,
        fieldOfView: float = 90.0,
        cameraNearPlane: float = 0.01,
        cameraFarPlane: float = 20.0,
        renderDepthImage: bool = False,
        renderInstanceSegmentation: bool = False,
        renderSemanticSegmentation: bool = False,
        renderNormalsImage: bool = False,
        renderFlowImage: bool = False,
        appearanceSeed: int = 0,
        supersample: int = 1,
        antiAliasing: str = "none",
        renderPipe: str = "software",
        fastActionEmit: bool = True,
        makeAgentsVisible: bool = True,
        agentMode: str = "default",
        agentControllerType: str | None = None,
        agentCount: int = 1,
        startAgentsRotatedBy: float = 0.0,
        visibilityScheme: str = "Collider",
        autoSimulation: bool = True,
        alwaysReturnVisibleRange: bool = False,
        massThreshold: float | None = None,
        TimeToWaitForObjectsToComeToRest: float = 10.0,
        fixedDeltaTime: float | None = None,
        timeScale: float = 1.0,
        movementGaussianSigma: float = 0.005,
        rotateGaussianSigma: float = 0.5,
    ) -> dict:
        """Sets how the agent moves and sees, and which pictures are made."""
        if not 0 < gridSize <= 5:
            raise ActionFailed(f"gridSize must be in (0, 5], not {gridSize:g}")
        if not 0 < fieldOfView < 180:
            raise ActionFailed(f"fov must be set to (0, 180) noninclusive, not {fieldOfView:g}.")
        if snapToGrid and rotateStepDegrees % 90:
            raise ActionFailed(
                f"rotateStepDegrees {rotateStepDegrees:g} must be a multiple of 90 with snapToGrid."
            )
        agentMode = agentMode.lower()
        if agentMode not in AGENT_MODES:
            raise ActionFailed(
                f"agentMode {shown(agentMode)!r} is not supported; use {' or '.join(AGENT_MODES)}."
            )
        if not 0 < rotateStepDegrees <= 360:
            raise ActionFailed(f"rotateStepDegrees must be in (0, 360], not {rotateStepDegrees:g}.")
        if not 0 < visibilityDistance <= FARTHEST or cameraFarPlane > FARTHEST:
            raise ActionFailed(
                f"visibilityDistance and cameraFarPlane must be in (0, {FARTHEST:g}] metres, not "
                f"{visibilityDistance:g} and {cameraFarPlane:g}."
            )
        if not (0 <= movementGaussianSigma <= 360 and 0 <= rotateGaussianSigma <= 360):
            raise ActionFailed("movementGaussianSigma and rotateGaussianSigma must be in [0, 360].")
        if not 0 < cameraNearPlane < cameraFarPlane:
            raise ActionFailed("cameraNearPlane must lie between 0 and cameraFarPlane.")
        if renderFlowImage:
            raise ActionFailed("renderFlowImage is not supported; leave it False.")
        if visibilityScheme.lower() not in ("collider", "distance"):
            raise ActionFailed(
                f"visibilityScheme must be Collider or Distance, not {visibilityScheme:.40}."
            )
        if supersample not in (1, 2, 3, 4):
            raise ActionFailed(f"supersample must be 1, 2, 3 or 4, not {supersample}.")
        visibilityScheme = visibilityScheme.capitalize()
        antiAliasing = antiAliasing.lower() if smoothing(antiAliasing) else "none"
        try:
            self.world.set_pipe(renderPipe)
        except (ValueError, RuntimeError) as error:
            raise ActionFailed(str(error)) from error
        positive = {
            "massThreshold": massThreshold,
            "TimeToWaitForObjectsToComeToRest": TimeToWaitForObjectsToComeToRest,
            "fixedDeltaTime": fixedDeltaTime,
            "timeScale": timeScale,
        }
        for name, value in positive.items():
            if value is not None and not value > 0:
                raise ActionFailed(f"{name} must be greater than 0, not {value:g}.")
        given = locals()
        self.world.set_appearance(appearanceSeed)
        set_count(self.world, agentCount, startAgentsRotatedBy)
        self.world.auto_simulation = autoSimulation
        for index, agent in enumerate(self.world.agents):
            self.world.agents[index] = replace(agent, lift=AGENT_MODES[agentMode])
        self.world.settings = Settings(**{f.name: given[f.name] for f in fields(Settings)})
        return {"cameraNearPlane": cameraNearPlane, "cameraFarPlane": cameraFarPlane}

    def GetScenesInBuild(self) -> list:
        """Names of all scenes."""
        ithor = [f"{n}_physics" if "_" not in n else n for n in scene_names()]
        return [*ithor, "Procedural", *registered()]

    def ChangeResolution(self, x: int, y: int) -> None:
        """Sets the pictures' size in pixels."""
        if not (0 < x <= 4096 and 0 < y <= 4096):
            raise ActionFailed(f"Resolution must be within 1 to 4096 pixels, not {x}x{y}.")
        self.world.resize(x, y)

    @idle("quality")
    def ChangeQuality(self, quality: str) -> None:
        """Accepted; there is one quality."""

    def SetRandomSeed(self, seed: int) -> None:
        """Sets where noise and random looks begin; other random actions take their own seed."""
        rules = self.world.rules
        self.world.rules = replace(rules, random_seed=abs(seed), random_calls=0)

    def Pass(self) -> None:
        """Lets time pass."""

    def Done(self) -> None:
        """Does nothing: agents say by it that they have finished."""
