"""Fine pictures of a renderer's room: where the light of ``fine_light`` gets its passes from."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.camera import Camera, Frame
from envs.simulator.rendering.fine_light import PLAN, light, plan_camera
from envs.simulator.rendering.id_pass import IdPass

# What gives light, or shows what lies behind it.
_BRIGHT = frozenset({"Window", "Mirror", "ShowerGlass", "ShowerDoor", "Television", "LightSwitch"})
_TOP = "Ceiling"


def room_box(boxes: list[tuple[str, np.ndarray, np.ndarray]]) -> tuple[np.ndarray, np.ndarray]:
    """Corners (3,), metres, of what is under the ceiling.

    Args:
        boxes: (type, low (3,), high (3,)) of everything drawn.
    """
    if not boxes:
        return np.zeros(3), np.ones(3)
    low = np.min([b[1] for b in boxes], axis=0)
    high = np.max([b[2] for b in boxes], axis=0)
    tops = [float(b[1][1]) for b in boxes if b[0] == _TOP]
    # Seen from just under the ceiling, or from over everything where there is none.
    high[1] = min(tops) if tops else high[1] + 0.3
    return low, high


def lit(
    color: np.ndarray,
    camera: Camera,
    id_pass: IdPass,
    keys: list[str],
    box: tuple[np.ndarray, np.ndarray],
) -> np.ndarray:
    """A picture (H, W, 3) uint8 with soft shadows; an orthographic one stays as it is."""
    if camera.orthographic_size is not None:
        return color
    height, width = color.shape[:2]
    depth, ids, normals = id_pass.render(camera, width, height, depth=True, normals=True)
    above, cell = plan_camera(*box)
    plan, _, _ = id_pass.render(above, PLAN, PLAN, depth=True, normals=False)
    bright = np.array([key.split("|", 1)[0] in _BRIGHT for key in keys] or [False])
    frame = Frame(depth=depth, ids=ids, normals=normals)
    left = light(camera, frame, np.asarray(plan), above, cell, bright)
    return (color * left[..., None]).astype(np.uint8)
