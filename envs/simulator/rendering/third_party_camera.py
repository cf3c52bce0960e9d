"""Cameras that belong to no agent.

In metadata one is ``{"thirdPartyCameraId": 0, "position": {...}, "rotation": {...},
"fieldOfView": 90.0}``; rotations are Unity Euler angles in degrees.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from envs.simulator.core.camera import Camera
from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.geometry import Triple

# Colour names users write for the sky; anything else as #rrggbb or {r, g, b} in [0, 1].
_COLORS = {
    "white": (1.0, 1.0, 1.0),
    "black": (0.0, 0.0, 0.0),
    "gray": (0.5, 0.5, 0.5),
    "grey": (0.5, 0.5, 0.5),
    "red": (1.0, 0.0, 0.0),
    "green": (0.0, 1.0, 0.0),
    "blue": (0.0, 0.0, 1.0),
    "yellow": (1.0, 0.92, 0.016),
    "cyan": (0.0, 1.0, 1.0),
    "magenta": (1.0, 0.0, 1.0),
    "clear": (0.0, 0.0, 0.0),
}
LIMIT = 1e5


@dataclass(frozen=True)
class ThirdPartyCamera:
    """One camera of its own; metres and degrees.

    Attributes:
        orthographic_size: Half the height of an orthographic view, or None for perspective.
        sky: Colour where nothing is, or None for the usual one.
        near: Near plane, or None for the agent's.
        far: Far plane, or None for the agent's.
        smooth: Whether its picture is smoothed.
    """

    position: Triple
    rotation: Triple
    field_of_view: float = 90.0
    orthographic_size: float | None = None
    sky: Triple | None = None
    near: float | None = None
    far: float | None = None
    smooth: bool = False

    def metadata(self, number: int) -> dict:
        """Its entry in the metadata."""
        return {
            "thirdPartyCameraId": number,
            "position": dict(zip("xyz", self.position, strict=True)),
            "rotation": dict(zip("xyz", self.rotation, strict=True)),
            "fieldOfView": self.field_of_view,
        }

    def camera(self, near: float, far: float) -> Camera:
        """What the renderer needs; planes not set are those given."""
        pitch, yaw, roll = self.rotation
        return Camera(
            position=self.position,
            yaw=yaw,
            pitch=pitch,
            roll=roll,
            fov=self.field_of_view,
            near=near if self.near is None else self.near,
            far=far if self.far is None else self.far,
            orthographic_size=self.orthographic_size,
            smooth=self.smooth,
        )


def map_view(low: np.ndarray, high: np.ndarray) -> ThirdPartyCamera:
    """A camera straight above a room of corners ``low`` and ``high`` (3,) that sees all of it."""
    middle, half = (low + high) / 2, (high - low) / 2
    x, z = float(middle[0]), float(middle[2])
    return ThirdPartyCamera(
        position=(x, float(high[1]), z),
        rotation=(90.0, 0.0, 0.0),
        orthographic_size=max(float(half[0]), float(half[2]), 0.1),
    )


def changed(
    camera: ThirdPartyCamera,
    *,
    position: object = None,
    rotation: object = None,
    field_of_view: float | None = None,
    sky: object = None,
    orthographic: bool | None = None,
    orthographic_size: float | None = None,
    near: float | None = None,
    far: float | None = None,
    smooth: bool | None = None,
) -> ThirdPartyCamera:
    """The camera with what is given; vectors may be partial.

    Raises:
        ActionFailed: If a value is out of range; nothing has changed then.
    """
    new = replace(
        camera,
        position=_partial("position", position, camera.position),
        rotation=_partial("rotation", rotation, camera.rotation),
    )
    if field_of_view is not None:
        if not 0 < field_of_view < 180:
            raise ActionFailed(
                f"fieldOfView must be in the range (0, 180), not {field_of_view:g} degrees."
            )
        new = replace(new, field_of_view=float(field_of_view))
    if sky is not None:
        new = replace(new, sky=color(sky))
    if orthographic_size is not None and not 0 < orthographic_size <= 1000:
        raise ActionFailed(
            f"orthographicSize must be in (0, 1000] metres, not {orthographic_size:g}."
        )
    if orthographic is False:
        if orthographic_size is not None:
            raise ActionFailed("orthographicSize needs orthographic=True.")
        new = replace(new, orthographic_size=None)
    elif orthographic or orthographic_size is not None:
        if orthographic is None and camera.orthographic_size is None:
            raise ActionFailed("orthographicSize needs orthographic=True.")
        new = replace(new, orthographic_size=orthographic_size or camera.orthographic_size or 5.0)
    new = replace(
        new,
        near=camera.near if near is None else near,
        far=camera.far if far is None else far,
        smooth=camera.smooth if smooth is None else smooth,
    )
    low, high = new.near or 0.01, new.far or LIMIT
    if not 0 < low < high:
        raise ActionFailed(
            f"nearClippingPlane {low:g} must lie between 0 and farClippingPlane {high:g}."
        )
    return new


def _partial(name: str, given: object, old: Triple) -> Triple:
    if given is None:
        return old
    # AI2-THOR ignores what else a vector holds.
    entries: dict[str, Any] = given if isinstance(given, dict) else {}
    values = [old[i] if entries.get(k) is None else entries[k] for i, k in enumerate("xyz")]
    numbers = all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values)
    vector = isinstance(given, dict) and (not given or not set(given).isdisjoint("xyz"))
    if not (vector and numbers) or not all(abs(v) <= LIMIT for v in values):
        raise ActionFailed(
            f"{name} must be a vector of numbers x, y and z of at most {LIMIT:g}, "
            f"not {given!r:.80}."
        )
    x, y, z = (float(v) for v in values)
    return x, y, z


def color(value: object) -> Triple:
    """A colour by name, as ``#rrggbb``, or as ``{r, g, b}`` in [0, 1].

    Raises:
        ActionFailed: If it is none of these.
    """
    if isinstance(value, str):
        known = _COLORS.get(value.strip().lower())
        if known is not None:
            return known
        digits = value.strip().removeprefix("#")
        if len(digits) in (6, 8) and all(c in "0123456789abcdefABCDEF" for c in digits):
            red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
            return red, green, blue
    elif isinstance(value, dict):
        parts = [value.get(k, 0.0) for k in "rgb"]
        if all(isinstance(v, (int, float)) and math.isfinite(v) and 0 <= v <= 1 for v in parts):
            red, green, blue = (float(v) for v in parts)
            return red, green, blue
    raise ActionFailed(
        f"skyboxColor {value!r:.60} is not a colour: use one of {', '.join(sorted(_COLORS))}, "
        "#rrggbb, or {r, g, b} with numbers from 0 to 1."
    )
