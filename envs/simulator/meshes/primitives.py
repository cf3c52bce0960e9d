"""Solids as arrays: vertices (N, 3), unit normals (N, 3), texture coordinates (N, 2), faces (M, 3).

Metres, y up. Round solids have smooth normals, flat ones split edges.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

Solid = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def box(center: tuple, size: tuple, tile: float = 0.4, cell: float = 1e9) -> Solid:
    """A box; faces are cut into quads of at most ``cell`` metres."""
    low = np.asarray(center, float) - np.asarray(size, float) / 2
    high = np.asarray(center, float) + np.asarray(size, float) / 2
    cuts = tuple(int(n) for n in np.maximum(1, np.ceil((high - low) / cell)))
    at, normals, sides, faces = _cut_box(cuts)
    steps = [np.linspace(low[k], high[k], cuts[k] + 1) for k in range(3)]
    vertices = np.stack([steps[k][at[:, k]] for k in range(3)], 1)
    uvs = np.take_along_axis(vertices, sides, 1) / tile
    return vertices, normals.copy(), uvs, faces.copy()


@lru_cache(maxsize=64)
def _cut_box(cuts: tuple[int, ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """What boxes cut alike share.

    Args:
        cuts: Quads along each axis.

    Returns:
        For each vertex its number along the axes (N, 3), its normal (N, 3), the two axes its face
        lies in (N, 2); and faces (M, 3).
    """
    places, normals, sides, faces, count = [], [], [], [], 0
    for axis in range(3):
        u, v = ((2, 1), (0, 2), (0, 1))[axis]
        across, up = np.arange(cuts[u] + 1), np.arange(cuts[v] + 1)
        grid = np.stack(np.meshgrid(across, up, indexing="ij"), -1).reshape(-1, 2)
        index = np.arange(len(grid)).reshape(cuts[u] + 1, cuts[v] + 1)
        a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
        quads = np.concatenate(
            [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
        )
        for side in (-1.0, 1.0):
            points = np.zeros((len(grid), 3), int)
            points[:, u], points[:, v] = grid[:, 0], grid[:, 1]
            points[:, axis] = cuts[axis] if side > 0 else 0
            normal = np.zeros(3)
            normal[axis] = side
            places.append(points)
            normals.append(np.tile(normal, (len(points), 1)))
            sides.append(np.tile([u, v], (len(points), 1)))
            faces.append(quads + count)
            count += len(points)
    joined = [np.concatenate(rows) for rows in (places, normals, sides, faces)]
    return joined[0], joined[1], joined[2], joined[3]


def lathe(profile: list[tuple[float, float]], segments: int = 14, sharp: float = 40.0) -> Solid:
    """A surface of revolution about y; ``profile``: (radius, height) from below, outside first."""
    line = np.asarray(profile, float)
    step = np.diff(line, axis=0)
    side = np.stack([step[:, 1], -step[:, 0]], 1)
    side /= np.maximum(np.linalg.norm(side, axis=1, keepdims=True), 1e-12)
    angle = np.linspace(0, 2 * np.pi, segments + 1)
    cos, sin = np.cos(angle), np.sin(angle)
    blend = [side[0]]
    for k in range(1, len(side)):
        bend = np.degrees(np.arccos(np.clip(side[k - 1] @ side[k], -1, 1)))
        mixed = side[k - 1] + side[k]
        blend.append(mixed / np.linalg.norm(mixed) if bend < sharp else None)
    blend.append(side[-1])
    vertices, normals, uvs, faces, count = [], [], [], [], 0
    for k in range(len(side)):
        ring = []
        for end in (k, k + 1):
            direction = side[k] if blend[end] is None else blend[end]
            radius, height = line[end]
            vertices.append(np.stack([radius * cos, np.full_like(cos, height), radius * sin], 1))
            normals.append(
                np.stack(
                    [direction[0] * cos, np.full_like(cos, direction[1]), direction[0] * sin], 1
                )
            )
            uvs.append(np.stack([angle / np.pi, np.full_like(cos, height * 4)], 1))
            ring.append(count + np.arange(segments + 1))
            count += segments + 1
        a, b = ring
        if line[k][0] > 1e-9:
            faces.append(np.stack([a[:-1], a[1:], b[1:]], 1))
        if line[k + 1][0] > 1e-9:
            faces.append(np.stack([a[:-1], b[1:], b[:-1]], 1))
    return (
        np.concatenate(vertices),
        np.concatenate(normals),
        np.concatenate(uvs),
        np.concatenate(faces),
    )


def sphere(center: tuple, radii: tuple, segments: int = 12, rings: int = 7) -> Solid:
    """An ellipsoid with three radii."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, rings + 1)
    v, n, t, f = lathe(
        [(max(float(np.cos(a)), 0.0), float(np.sin(a))) for a in angle], segments, 90
    )
    scale = np.asarray(radii, float)
    n = n / scale
    n /= np.maximum(np.linalg.norm(n, axis=1, keepdims=True), 1e-12)
    return v * scale + np.asarray(center, float), n, t, f


def cylinder(
    center: tuple,
    radius: float,
    length: float,
    axis: int = 1,
    segments: int = 12,
    top: float | None = None,
) -> Solid:
    """A closed cylinder (or cone frustum, with another ``top`` radius) along an axis."""
    other = radius if top is None else top
    half = length / 2
    solid = lathe([(0, -half), (radius, -half), (other, half), (0, half)], segments)
    return moved(turned(solid, axis), center)


def turned(solid: Solid, axis: int) -> Solid:
    """A solid about y, turned so that its axis is another one."""
    order = {0: [1, 0, 2], 1: [0, 1, 2], 2: [0, 2, 1]}[axis]
    v, n, t, f = solid
    return v[:, order], n[:, order], t, f


def moved(solid: Solid, offset: tuple) -> Solid:
    """A shifted solid."""
    v, n, t, f = solid
    return v + np.asarray(offset, float), n, t, f


def tube(path: list[tuple], radius: float, segments: int = 8) -> Solid:
    """A round bar along points, with flat ends."""
    points = np.asarray(path, float)
    tangent = np.gradient(points, axis=0)
    tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-12)
    angle = np.linspace(0, 2 * np.pi, segments + 1)
    up = np.array([0.0, 1.0, 0.0]) if abs(tangent[0][1]) < 0.9 else np.array([1.0, 0.0, 0.0])
    vertices, normals = [], []
    for point, along in zip(points, tangent, strict=True):
        side = np.cross(up, along)
        if np.linalg.norm(side) < 1e-6:
            side = np.cross(np.array([0.0, 0.0, 1.0]), along)
        side /= np.linalg.norm(side)
        up = np.cross(along, side)
        ring = np.cos(angle)[:, None] * side + np.sin(angle)[:, None] * up
        vertices.append(point + radius * ring)
        normals.append(ring)
    faces = []
    wide = segments + 1
    for k in range(len(points) - 1):
        a = k * wide + np.arange(segments)
        faces += [np.stack([a, a + 1, a + 1 + wide], 1), np.stack([a, a + 1 + wide, a + wide], 1)]
    count = len(points) * wide
    for end, direction in ((0, -tangent[0]), (len(points) - 1, tangent[-1])):
        vertices.append(np.concatenate([vertices[end], points[end][None]]))
        normals.append(np.tile(direction, (wide + 1, 1)))
        a = count + np.arange(segments)
        faces.append(np.stack([a, a + 1, np.full_like(a, count + wide)], 1))
        count += wide + 1
    v = np.concatenate(vertices)
    return v, np.concatenate(normals), np.zeros((len(v), 2)), np.concatenate(faces)


def ring(
    center: tuple,
    radius: float,
    thickness: float,
    axis: int = 1,
    segments: int = 16,
    arc: tuple[float, float] = (0.0, 360.0),
) -> Solid:
    """A torus, or an arc of one (degrees), about an axis."""
    angle = np.radians(np.linspace(arc[0], arc[1], segments + 1))
    path = [(radius * np.cos(a), 0.0, radius * np.sin(a)) for a in angle]
    return moved(turned(tube(path, thickness, 6), axis), center)


def merged(*solids: Solid) -> Solid:
    """Several solids as one."""
    count, faces = 0, []
    for v, _, _, f in solids:
        faces.append(f + count)
        count += len(v)
    return (
        np.concatenate([s[0] for s in solids]),
        np.concatenate([s[1] for s in solids]),
        np.concatenate([s[2] for s in solids]),
        np.concatenate(faces),
    )
