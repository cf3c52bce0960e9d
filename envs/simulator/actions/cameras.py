"""Third-party cameras and the view from above."""
# ruff: noqa: N802, N803

from __future__ import annotations

import math

import numpy as np

from envs.simulator.actions.base import ActionGroup
from envs.simulator.actions.marks import Marks, marked
from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import vector
from envs.simulator.core.settings import smoothing
from envs.simulator.rendering.third_party_camera import ThirdPartyCamera, changed, map_view

MOST_CAMERAS = 32


class CameraActions(ActionGroup):
    """Cameras that belong to no agent."""

    group = "cameras"
    defaults = Marks(timeless=True)

    def AddThirdPartyCamera(
        self,
        position: object,
        rotation: object,
        fieldOfView: float = 90.0,
        skyboxColor: str | dict | None = None,
        orthographic: bool = False,
        orthographicSize: float | None = None,
        nearClippingPlane: float | None = None,
        farClippingPlane: float | None = None,
        antiAliasing: str = "none",
    ) -> None:
        """Adds a camera; it stays until the next reset."""
        cameras = self.world.cameras
        if len(cameras) >= MOST_CAMERAS:
            raise ActionFailed(
                f"There are {len(cameras)} third-party cameras already, the most there may be; "
                "move one with UpdateThirdPartyCamera, or reset."
            )
        origin = ThirdPartyCamera((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
        made = changed(
            origin,
            position=_whole("position", position),
            rotation=rotation,
            field_of_view=fieldOfView,
            sky=skyboxColor,
            orthographic=orthographic,
            orthographic_size=orthographicSize,
            near=nearClippingPlane,
            far=farClippingPlane,
            smooth=smoothing(antiAliasing),
        )
        self.world.cameras = [*cameras, made]

    def UpdateThirdPartyCamera(
        self,
        thirdPartyCameraId: int = 0,
        position: object = None,
        rotation: object = None,
        fieldOfView: float | None = None,
        skyboxColor: str | dict | None = None,
        orthographic: bool | None = None,
        orthographicSize: float | None = None,
        nearClippingPlane: float | None = None,
        farClippingPlane: float | None = None,
        antiAliasing: str | None = None,
    ) -> None:
        """Moves or changes a camera; what is not given, also inside a vector, stays."""
        made = changed(
            self._camera(thirdPartyCameraId),
            position=position,
            rotation=rotation,
            field_of_view=fieldOfView,
            sky=skyboxColor,
            orthographic=orthographic,
            orthographic_size=orthographicSize,
            near=nearClippingPlane,
            far=farClippingPlane,
            smooth=None if antiAliasing is None else smoothing(antiAliasing),
        )
        cameras = list(self.world.cameras)
        cameras[thirdPartyCameraId] = made
        self.world.cameras = cameras

    def CoordinateFromRaycastThirdPartyCamera(
        self, x: float, y: float, thirdPartyCameraId: int = 0
    ) -> dict:
        """The point that a third-party camera shows at an image fraction, origin top left."""
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ActionFailed(f"x and y must be in [0:1], got ({x:g}, {y:g}).")
        world, extra = self.world, self._camera(thirdPartyCameraId)
        camera = extra.camera(world.settings.cameraNearPlane, world.settings.cameraFarPlane)
        right, up, forward = camera.axes.T
        across, along = (2 * x - 1) * world.width / world.height, 1 - 2 * y
        start = np.asarray(camera.position, dtype=float)
        if camera.orthographic_size is not None:
            start = start + camera.orthographic_size * (across * right + along * up)
        else:
            tangent = math.tan(math.radians(camera.fov) / 2)
            forward = forward + tangent * (across * right + along * up)
        hit = world.collision.ray(start, start + forward * camera.far)
        if hit is None:
            raise ActionFailed(f"Raycast through ({x:g}, {y:g}) did not hit anything.")
        return vector(hit.point)

    def ToggleMapView(self) -> dict | None:
        """Lifts the agent's camera straight above the room and tells where that is, or back."""
        world = self.world
        world.map_views = world.map_views ^ {world.active}
        if world.active not in world.map_views:
            return None
        return vector(map_view(world.low, world.high).position)

    @marked(query=True)
    def GetMapViewCameraProperties(self) -> dict:
        """Arguments of AddThirdPartyCamera for a camera that sees the room from above."""
        view = map_view(self.world.low, self.world.high)
        return {
            "position": vector(view.position),
            "rotation": vector(view.rotation),
            "orthographicSize": view.orthographic_size,
            "orthographic": True,
        }

    def _camera(self, number: int) -> ThirdPartyCamera:
        cameras = self.world.cameras
        if not 0 <= number < len(cameras):
            raise ActionFailed(
                f"thirdPartyCameraId {number} is not one of the {len(cameras)} third-party "
                "cameras; add one with AddThirdPartyCamera."
            )
        return cameras[number]


def _whole(name: str, given: object) -> object:
    missing = [k for k in "xyz" if isinstance(given, dict) and given.get(k) is None]
    if missing:
        raise ActionFailed(f"{name} lacks {', '.join(missing)}: give x, y and z in metres.")
    return given
