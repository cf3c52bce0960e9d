"""Light of fine pictures: soft shadows from above and ambient occlusion, from depth and normals.

Both darken a finished picture by what one more pass tells of it. Where less of the open half sphere
over a point is free, it is darker: points about it are held against the depth of the picture, as in
Mittring, "Finding next gen: CryEngine 2", SIGGRAPH courses 2007. What stands under something gets
a soft shadow: the heights of everything, seen from under the ceiling, tell how much of a disc of
light over it is covered; the disc is the larger the higher what covers it is.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.camera import Camera, Frame

# Samples about a point, the farthest at this distance, metres.
_SAMPLES, _REACH = 12, 0.32
_AO, _SHADOW = 0.75, 0.34
# Cells of the map of heights along its longer side, and discs' samples.
PLAN = 320
_DISC, _WIDEST = 16, 0.30
_GOLDEN = np.pi * (3 - np.sqrt(5))


def _sphere(count: int) -> np.ndarray:
    """Directions (count, 3) all round, evenly spread (a Fibonacci lattice)."""
    k = np.arange(count) + 0.5
    up = 1 - 2 * k / count
    out = np.sqrt(1 - up**2)
    return np.stack([out * np.cos(_GOLDEN * k), up, out * np.sin(_GOLDEN * k)], 1)


def _jitter(height: int, width: int) -> np.ndarray:
    """Shares of the reach (H, W) that differ between neighbours, alike every four pixels."""
    order = np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]])
    tiles = np.tile((order + 0.5) / 16, (height // 4 + 1, width // 4 + 1))
    return tiles[:height, :width].astype(np.float32)


def _smoothed(value: np.ndarray, ids: np.ndarray, normals: np.ndarray) -> np.ndarray:
    """The mean over four by four pixels, of those only that lie on the same side of a thing."""
    total, weight = np.zeros_like(value), np.zeros_like(value)
    for i in range(-2, 2):
        for j in range(-2, 2):
            at = (
                slice(max(i, 0), value.shape[0] + min(i, 0)),
                slice(max(j, 0), None if j >= 0 else j),
            )
            to = (
                slice(max(-i, 0), value.shape[0] - max(i, 0)),
                slice(max(-j, 0), None if j <= 0 else -j),
            )
            same = (ids[at] == ids[to]) & ((normals[at] * normals[to]).sum(-1) > 0.9)
            total[to] += np.where(same, value[at], 0)
            weight[to] += same
    return total / np.maximum(weight, 1)


def occlusion(camera: Camera, points: np.ndarray, frame: Frame) -> np.ndarray:
    """Light left (H, W), 0 to 1, by what stands close to each point in the picture.

    Args:
        camera: Whose picture it is, in perspective.
        points: World points (H, W, 3).
        frame: With depth, ids and normals.
    """
    depth, normals = frame.image("depth"), frame.image("normals")
    height, width = depth.shape
    eye, axes = np.asarray(camera.position), camera.axes.astype(np.float32)
    half = camera.half_height
    shares = _jitter(height, width)
    covered = np.zeros((height, width), np.float32)
    for k, way in enumerate(_sphere(_SAMPLES).astype(np.float32)):
        side = np.where(normals @ way >= 0, 1, -1).astype(np.float32)
        far = _REACH * ((k + shares) / _SAMPLES) ** 1.2
        spot = points + normals * 0.012 + (far * side)[..., None] * way
        right, up, ahead = np.moveaxis((spot - eye) @ axes, -1, 0)
        ahead = np.maximum(ahead, 1e-3)
        column = ((right / ahead / (half * width / height) + 1) * width / 2).astype(np.int32)
        row = ((1 - up / ahead / half) * height / 2).astype(np.int32)
        inside = (column >= 0) & (column < width) & (row >= 0) & (row < height)
        there = depth[np.clip(row, 0, height - 1), np.clip(column, 0, width - 1)]
        gap = ahead - there
        covered += inside & (gap > 0.012) & (gap < 2 * _REACH)
    left = 1 - _AO * np.clip(covered / _SAMPLES - 0.04, 0, 1)
    return _smoothed(left, frame.image("ids"), normals)


def shadow(
    points: np.ndarray, normals: np.ndarray, heights: np.ndarray, low: np.ndarray, cell: float
) -> np.ndarray:
    """Light left (H, W), 0 to 1, under what covers a disc of light above each point.

    Args:
        points: World points (H, W, 3).
        normals: (H, W, 3).
        heights: Of whatever is highest (Z, X), metres; row 0 at the lowest z.
        low: x and z (2,) of the map's corner.
        cell: Metres of a cell.
    """
    # A wall's own top does not shade it: looked at a little before it.
    flat = points[..., [0, 2]] + 0.10 * normals[..., [0, 2]]
    height = points[..., 1]
    covered = np.zeros(height.shape, np.float32)
    for k in range(_DISC):
        out = _WIDEST * np.sqrt((k + 0.5) / _DISC)
        step = out * np.array([np.cos(_GOLDEN * k), np.sin(_GOLDEN * k)])
        at = ((flat + step - low) / cell).astype(np.int32)
        column = np.clip(at[..., 0], 0, heights.shape[1] - 1)
        row = np.clip(at[..., 1], 0, heights.shape[0] - 1)
        over = heights[row, column] - height
        covered += (over > 0.02) * np.clip((0.05 + 0.5 * over) / out, 0, 1)
    steep = 1 - 0.45 * np.clip(1 - np.abs(normals[..., 1]), 0, 1)
    return 1 - _SHADOW * steep * covered / _DISC


def plan_camera(low: np.ndarray, high: np.ndarray) -> tuple[Camera, float]:
    """A camera that looks straight down from just under the top of a box, and its cells' metres."""
    span = float(max(high[0] - low[0], high[2] - low[2], 0.5))
    middle = (low + high) / 2
    place = (float(middle[0]), float(high[1]) - 0.10, float(middle[2]))
    camera = Camera(
        place, 0.0, 90.0, near=0.04, far=float(high[1] - low[1]) + 1, orthographic_size=span / 2
    )
    return camera, span / PLAN


def light(
    camera: Camera, frame: Frame, plan: np.ndarray, above: Camera, cell: float, bright: np.ndarray
) -> np.ndarray:
    """Factors (H, W) of a picture's colours, 0 to 1.

    Args:
        camera: Whose picture it is, in perspective.
        frame: Its depth, ids and normals.
        plan: Depth (PLAN, PLAN) of the picture by ``above``.
        above: The camera of the map of heights.
        cell: Metres of its cells.
        bright: Whether what has an id (K,) gives light or lets it through.
    """
    depth, normals, ids = frame.image("depth"), frame.image("normals"), frame.image("ids")
    rays = camera.rays(depth.shape[1], depth.shape[0]).astype(np.float32)
    points = np.asarray(camera.position, np.float32) + depth[..., None] * rays
    heights = (above.position[1] - plan)[::-1]
    low = np.array([above.position[0], above.position[2]]) - cell * PLAN / 2
    left = occlusion(camera, points, frame) * shadow(points, normals, heights, low, cell)
    left[(ids < 0) | bright[ids]] = 1.0
    return left
