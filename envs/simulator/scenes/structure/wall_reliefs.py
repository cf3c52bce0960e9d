"""A wall as a relief: one plane with parts that stand out of it or lie back in it.

A room corner cut off by masonry is a part that stands out by metres; a window's recess is a part
that lies back by centimetres. A relief is closed whatever its depths are, so that a room made of
four of them, a ceiling and a ground has no holes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.meshes.mesh import Color, Part

CELL = 0.5


@dataclass(frozen=True)
class Side:
    """One of four outer walls.

    Attributes:
        axis: 0 or 2, the axis it stands across.
        sign: +1 if the room lies on the greater side of its plane, else -1.
        plane: Where it stands, metres.
    """

    axis: int
    sign: int
    plane: float

    @property
    def along(self) -> int:
        """The horizontal axis the wall runs along."""
        return 2 - self.axis

    def depth(self, value: float) -> float:
        """How far into the room a coordinate across the wall lies."""
        return self.sign * (value - self.plane)

    def span(self, low: np.ndarray, high: np.ndarray) -> tuple[float, ...]:
        """A box as (u0, u1, y0, y1, nearest depth, farthest depth) of this wall."""
        ends = sorted((self.depth(low[self.axis]), self.depth(high[self.axis])))
        return (
            float(low[self.along]),
            float(high[self.along]),
            float(low[1]),
            float(high[1]),
            float(ends[0]),
            float(ends[1]),
        )


@dataclass(frozen=True)
class Band:
    """How a wall looks up to a height."""

    top: float
    color: Color
    texture: str | None
    tile: float
    stands_out: float = 0.0


@dataclass(eq=False)
class Relief:
    """Depths (U, Y) of a wall's cells between cuts along it and in height."""

    side: Side
    us: list[float]
    ys: list[float]
    depth: np.ndarray

    def at(self, u: float, y: float) -> float:
        """The depth at a point of the wall."""
        i = int(np.clip(np.searchsorted(self.us, u) - 1, 0, len(self.us) - 2))
        j = int(np.clip(np.searchsorted(self.ys, y) - 1, 0, len(self.ys) - 2))
        return float(self.depth[i, j])

    def over(self, u0: float, u1: float, y0: float, y1: float) -> np.ndarray:
        """The depths of the cells whose middles lie in a rectangle."""
        u = (np.array(self.us[:-1]) + self.us[1:]) / 2
        y = (np.array(self.ys[:-1]) + self.ys[1:]) / 2
        return self.depth[np.ix_((u > u0) & (u < u1), (y > y0) & (y < y1))]


class _Faces:
    """Collects quads of one band."""

    def __init__(self) -> None:
        self.points: list[np.ndarray] = []
        self.normals: list[np.ndarray] = []
        self.uvs: list[np.ndarray] = []
        self.faces: list[np.ndarray] = []
        self.count = 0

    def add(self, corner: np.ndarray, a: np.ndarray, b: np.ndarray, normal: np.ndarray) -> None:
        """A rectangle spanned by two edges, cut so that baked light can vary over it."""
        na = max(1, int(np.ceil(np.linalg.norm(a) / CELL)))
        nb = max(1, int(np.ceil(np.linalg.norm(b) / CELL)))
        s, t = np.meshgrid(np.linspace(0, 1, na + 1), np.linspace(0, 1, nb + 1), indexing="ij")
        points = corner + s.reshape(-1, 1) * a + t.reshape(-1, 1) * b
        index = self.count + np.arange(len(points)).reshape(na + 1, nb + 1)
        p, q, r, w = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
        self.faces.append(np.stack([p, q, r], -1).reshape(-1, 3))
        self.faces.append(np.stack([p, r, w], -1).reshape(-1, 3))
        self.points.append(points)
        self.normals.append(np.broadcast_to(normal, points.shape))
        flat = [k for k in range(3) if abs(normal[k]) < 0.5]
        # Textures run along the wall and up it.
        self.uvs.append(points[:, sorted(flat, key=lambda k: k == 1)])
        self.count += len(points)

    def part(self, color: Color, texture: str | None, tile: float) -> Part:
        return Part(
            np.concatenate(self.points).astype(np.float32),
            np.concatenate(self.normals).astype(np.float32),
            (np.concatenate(self.uvs) / tile).astype(np.float32),
            np.concatenate(self.faces).astype(np.int32),
            color,
            texture,
        )


def relief_parts(relief: Relief, bands: tuple[Band, ...]) -> list[Part]:
    """The faces of a wall, in world axes; bands from the bottom up, the last one reaching on."""
    side, us = relief.side, relief.us
    ys = sorted({*relief.ys, *(b.top for b in bands if relief.ys[0] < b.top < relief.ys[-1])})
    middles = (np.array(ys[:-1]) + ys[1:]) / 2
    rows = [int(np.clip(np.searchsorted(relief.ys, y) - 1, 0, len(relief.ys) - 2)) for y in middles]
    band_of = [next((k for k, b in enumerate(bands) if y < b.top), len(bands) - 1) for y in middles]
    depth = relief.depth[:, rows] + np.array([bands[k].stands_out for k in band_of])
    made = [_Faces() for _ in bands]
    inward = np.zeros(3)
    inward[side.axis] = side.sign

    def point(u: float, y: float, d: float) -> np.ndarray:
        at = np.zeros(3)
        at[side.axis], at[side.along], at[1] = side.plane + side.sign * d, u, y
        return at

    for number in range(len(bands)):
        mine = np.array(band_of) == number
        for value in np.unique(np.round(depth[:, mine], 4)) if mine.any() else ():
            keep = (np.abs(depth - value) < 1e-3) & mine
            for u0, y0, u1, y1 in _rectangles(keep, us, ys):
                a, b = point(u1, y0, value) - point(u0, y0, value), np.array([0.0, y1 - y0, 0.0])
                made[number].add(point(u0, y0, value), a, b, inward)
    padded = np.pad(depth, 1)
    # The room's neighbours close its wall's rim: they stand at the base plane.
    for i in range(depth.shape[0] + 1):
        for j in range(depth.shape[1]):
            left, right = float(padded[i, j + 1]), float(padded[i + 1, j + 1])
            if abs(left - right) > 1e-3:
                normal = np.zeros(3)
                normal[side.along] = 1.0 if left > right else -1.0
                low, high = min(left, right), max(left, right)
                corner = point(us[i], ys[j], low)
                made[band_of[j]].add(
                    corner,
                    point(us[i], ys[j], high) - corner,
                    np.array([0.0, ys[j + 1] - ys[j], 0.0]),
                    normal,
                )
    for i in range(depth.shape[0]):
        for j in range(depth.shape[1] + 1):
            below, above = float(padded[i + 1, j]), float(padded[i + 1, j + 1])
            if abs(below - above) > 1e-3:
                normal = np.array([0.0, 1.0 if below > above else -1.0, 0.0])
                low, high = min(below, above), max(below, above)
                corner = point(us[i], ys[j], low)
                number = band_of[min(max(j - (below > above), 0), len(band_of) - 1)]
                made[number].add(
                    corner,
                    point(us[i], ys[j], high) - corner,
                    point(us[i + 1], ys[j], low) - corner,
                    normal,
                )
    return [
        faces.part(band.color, band.texture, band.tile)
        for faces, band in zip(made, bands, strict=True)
        if faces.count
    ]


def _rectangles(
    keep: np.ndarray, us: list[float], ys: list[float]
) -> list[tuple[float, float, float, float]]:
    """Rectangles (u0, y0, u1, y1) covering the kept cells: runs of equal columns."""
    found = []
    open_runs: dict[tuple[int, int], int] = {}
    for i in range(keep.shape[0] + 1):
        runs = set()
        if i < keep.shape[0]:
            edges = np.flatnonzero(np.diff(np.concatenate([[0], keep[i].astype(int), [0]])))
            runs = {(int(a), int(b)) for a, b in edges.reshape(-1, 2)}
        for run in [r for r in open_runs if r not in runs]:
            start = open_runs.pop(run)
            found.append((us[start], ys[run[0]], us[i], ys[run[1]]))
        for run in runs:
            open_runs.setdefault(run, i)
    return found
