"""What a client sets once for a room: steps, camera, pictures."""

from __future__ import annotations

from dataclasses import dataclass

from envs.simulator.core.errors import ActionFailed, shown
from envs.simulator.core.quality import STANDARD

SMOOTHINGS = ("none", "fxaa", "smaa", "taa", "msaa")


def smoothing(name: str) -> bool:
    """Whether a kind of anti-aliasing is any at all; every kind is drawn the same way.

    Raises:
        ActionFailed: If there is no such kind.
    """
    if name.lower() not in SMOOTHINGS:
        raise ActionFailed(f"antiAliasing {shown(name)!r} is not one of {', '.join(SMOOTHINGS)}.")
    return name.lower() != "none"


@dataclass(frozen=True)
class RoomSettings:
    """What ``Initialize`` sets; metres and degrees."""

    gridSize: float = 0.25
    snapToGrid: bool = True
    rotateStepDegrees: float = 90.0
    visibilityDistance: float = 1.5
    visibilityScheme: str = "Collider"
    fieldOfView: float = 90.0
    cameraNearPlane: float = 0.01
    cameraFarPlane: float = 20.0
    renderDepthImage: bool = False
    renderInstanceSegmentation: bool = False
    renderSemanticSegmentation: bool = False
    renderNormalsImage: bool = False
    appearanceSeed: int = 0
    supersample: int = 1
    antiAliasing: str = "none"
    render_quality: str = STANDARD
    renderPipe: str = "software"
    fastActionEmit: bool = True
    makeAgentsVisible: bool = True
    agentMode: str = "default"
    maxUpwardLookAngle: float = 30.0
    maxDownwardLookAngle: float = 60.0
    massThreshold: float | None = None
    movementGaussianSigma: float = 0.005
    rotateGaussianSigma: float = 0.5

    @property
    def horizons(self) -> tuple[float, float]:
        """How far the camera looks up and down, degrees, down positive."""
        return -self.maxUpwardLookAngle, self.maxDownwardLookAngle
