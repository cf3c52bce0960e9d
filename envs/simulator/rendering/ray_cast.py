"""Brute-force ray casting in double precision: what the drawn pictures are measured against.

A ray goes through each pixel's centre and is met with every triangle that may lie in its way, with
no acceleration structure, no fixed point and no depth buffer.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.camera import Camera

_PAIRS = 1_500_000
_SLACK = 1e-9


def ray_cast(
    camera: Camera, width: int, height: int, triangles: np.ndarray, near: float
) -> tuple[np.ndarray, np.ndarray]:
    """The nearest triangle and its depth through each pixel's centre, in a perspective view.

    Triangles are seen from their outer side only, as they are drawn.

    Args:
        camera: Where from.
        width: Pixels.
        height: Pixels.
        triangles: (M, 3, 3) world corners, counter-clockwise as seen from outside.
        near: Metres along the optical axis before which nothing is seen.

    Returns:
        (H, W) int64 index of the triangle, -1 for none, and (H, W) metres along the optical axis,
        infinite for none.
    """
    corners = (triangles - np.asarray(camera.position)) @ camera.axes
    a, b, c = corners[:, 0], corners[:, 1], corners[:, 2]
    edges = np.stack([np.cross(a, b), np.cross(b, c), np.cross(c, a)], axis=1)
    volume = (edges[:, 0] * c).sum(1)
    u, v = camera.coordinates(width, height)
    first, last = _ranges(corners, near, u, v)
    kept = np.flatnonzero((volume > 0) & (last > first).all(1))
    spans = (last - first)[kept]
    ends = np.cumsum(spans.prod(1))
    depth = np.full(width * height, np.inf)
    index = np.full(width * height, -1, np.int64)
    begun = 0
    while begun < len(kept):
        done = ends[begun - 1] if begun else 0
        stop = max(int(np.searchsorted(ends, done + _PAIRS, side="right")), begun + 1)
        some = kept[begun:stop]
        counts = spans[begun:stop].prod(1)
        of = np.repeat(np.arange(len(some)), counts)
        within = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
        wide = spans[begun:stop, 0][of]
        column = first[some, 0][of] + within % wide
        row = first[some, 1][of] + within // wide
        towards = _sides(edges[some], of, u[column], v[row])
        hit = (np.minimum(np.minimum(towards[0], towards[1]), towards[2]) >= 0) & (
            towards[0] + towards[1] + towards[2] > 0
        )
        far = volume[some][of[hit]] / (towards[0] + towards[1] + towards[2])[hit]
        pixel, which = (row * width + column)[hit], some[of[hit]]
        nearer = (far >= near) & (far < depth[pixel])
        far, pixel, which = far[nearer], pixel[nearer], which[nearer]
        order = np.lexsort((which, far, pixel))
        pixel = pixel[order]
        best = np.flatnonzero(np.diff(pixel, prepend=-1))
        depth[pixel[best]] = far[order][best]
        index[pixel[best]] = which[order][best]
        begun = stop
    return index.reshape(height, width), depth.reshape(height, width)


def _sides(edges: np.ndarray, of: np.ndarray, u: np.ndarray, v: np.ndarray) -> list[np.ndarray]:
    """On which side of each edge plane (T, 3, 3) the rays (u, v, 1) lie, three times (N,)."""
    return [edges[:, k, 0][of] * u + edges[:, k, 1][of] * v + edges[:, k, 2][of] for k in range(3)]


def _ranges(
    corners: np.ndarray, near: float, u: np.ndarray, v: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Columns and rows (M, 2) that triangles (M, 3, 3) in camera axes may reach: from, to."""
    ahead = corners[:, :, 2]
    following = np.roll(corners, -1, axis=1)
    beyond = following[:, :, 2]
    with np.errstate(divide="ignore", invalid="ignore"):
        share = ((near - ahead) / (beyond - ahead))[..., None]
        cut = corners + share * (following - corners)
        points = np.concatenate([corners, cut], axis=1)
        valid = np.concatenate([ahead >= near, (ahead < near) != (beyond < near)], axis=1)
        places = points[:, :, :2] / points[:, :, 2:]
    low = np.where(valid[..., None], places, np.inf).min(1)
    high = np.where(valid[..., None], places, -np.inf).max(1)
    columns = np.stack(
        [
            np.searchsorted(u, low[:, 0] - _SLACK),
            np.searchsorted(u, high[:, 0] + _SLACK, side="right"),
        ]
    )
    rows = np.stack(
        [
            np.searchsorted(-v, -high[:, 1] - _SLACK),
            np.searchsorted(-v, -low[:, 1] + _SLACK, side="right"),
        ]
    )
    ranges = np.stack([columns, rows], axis=2)
    return ranges[0], ranges[1]
