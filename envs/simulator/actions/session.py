"""Actions of the session: scenes, settings, picture size."""
# ruff: noqa: N802, N803

from __future__ import annotations

from dataclasses import fields

from envs.simulator.actions.base import ActionGroup
from envs.simulator.agents import set_count
from envs.simulator.errors import ActionFailed
from envs.simulator.scenes import scene_names
from envs.simulator.world import Settings


class SessionActions(ActionGroup):
    """Reset, Initialize and what belongs to them."""

    group = "session"

    def Reset(self, sceneName: str) -> None:
        try:
            self.world.load(sceneName)
        except ValueError as error:
            raise ActionFailed(str(error)) from error

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
        fastActionEmit: bool = True,
        makeAgentsVisible: bool = True,
        agentMode: str = "default",
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
        if not 0 < gridSize <= 5:
            raise ActionFailed(f"gridSize must be in (0, 5], not {gridSize:g}")
        if not 0 < fieldOfView < 180:
            raise ActionFailed(f"fov must be set to (0, 180) noninclusive, not {fieldOfView:g}.")
        if snapToGrid and rotateStepDegrees % 90:
            raise ActionFailed(
                f"rotateStepDegrees {rotateStepDegrees:g} must be a multiple of 90 with snapToGrid."
            )
        if agentMode.lower() != "default":
            raise ActionFailed(f"agentMode '{agentMode}' is not supported; use 'default'.")
        if not 0 < cameraNearPlane < cameraFarPlane:
            raise ActionFailed("cameraNearPlane must lie between 0 and cameraFarPlane.")
        if renderFlowImage:
            raise ActionFailed("renderFlowImage is not supported; leave it False.")
        if visibilityScheme.lower() not in ("collider", "distance"):
            raise ActionFailed(
                f"visibilityScheme must be Collider or Distance, not {visibilityScheme:.40}."
            )
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
        self.world.settings = Settings(**{f.name: given[f.name] for f in fields(Settings)})
        return {"cameraNearPlane": cameraNearPlane, "cameraFarPlane": cameraFarPlane}

    def GetScenesInBuild(self) -> list:
        ithor = [f"{n}_physics" if "_" not in n else n for n in scene_names()]
        return [*ithor, "Procedural"]

    def ChangeResolution(self, x: int, y: int) -> None:
        if not (0 < x <= 4096 and 0 < y <= 4096):
            raise ActionFailed(f"Resolution must be within 1 to 4096 pixels, not {x}x{y}.")
        self.world.resize(x, y)

    def ChangeQuality(self, quality: str) -> None:
        """Accepted; there is one quality."""

    def SetRandomSeed(self, seed: int) -> None:
        """Accepted; every random action takes its own seed."""

    def Pass(self) -> None:
        """Nothing."""

    def Done(self) -> None:
        """Nothing: agents say they have finished."""
