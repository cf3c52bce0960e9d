"""Plain boxes as meshes, cut into a grid of quads so that baked light varies over large faces."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from envs.simulator.meshes.mesh import Color, Mesh, Part

_FILLED = 0.94
_FACES = ((0, -1), (0, 1), (1, -1), (1, 1), (2, -1), (2, 1))


def slab(
    low: np.ndarray,
    high: np.ndarray,
    color: Color,
    texture: str | None = None,
    *,
    cell: float = 0.5,
    tile: float = 1.0,
    skip: tuple[tuple[int, int], ...] = (),
    emissive: bool = False,
) -> Part:
    """A box between two corners (3,), metres.

    Args:
        low: Lower corner.
        high: Upper corner.
        color: 0..1.
        texture: A texture name.
        cell: Largest edge of a quad, metres.
        tile: Metres that one repeat of the texture covers.
        skip: Faces to leave out, as (axis, -1 or 1).
        emissive: Unshaded.
    """
    vertices: list[np.ndarray] = []
    normals: list[np.ndarray] = []
    uvs: list[np.ndarray] = []
    faces: list[np.ndarray] = []
    for axis, side in _FACES:
        if (axis, side) in skip:
            continue
        # Texture runs along x or z horizontally, and up walls vertically.
        u, v = ((2, 1), (0, 2), (0, 1))[axis]
        nu = max(1, int(np.ceil((high[u] - low[u]) / cell)))
        nv = max(1, int(np.ceil((high[v] - low[v]) / cell)))
        us, vs = np.linspace(low[u], high[u], nu + 1), np.linspace(low[v], high[v], nv + 1)
        points = np.zeros(((nu + 1) * (nv + 1), 3))
        grid_u, grid_v = np.meshgrid(us, vs, indexing="ij")
        points[:, u], points[:, v] = grid_u.ravel(), grid_v.ravel()
        points[:, axis] = high[axis] if side > 0 else low[axis]
        first = sum(len(p) for p in vertices)
        index = first + np.arange(len(points)).reshape(nu + 1, nv + 1)
        a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
        faces.append(np.stack([a, b, c], -1).reshape(-1, 3))
        faces.append(np.stack([a, c, d], -1).reshape(-1, 3))
        normal = np.zeros(3)
        normal[axis] = side
        vertices.append(points)
        normals.append(np.broadcast_to(normal, points.shape))
        uvs.append(points[:, [u, v]] / tile)
    return Part(
        vertices=np.concatenate(vertices).astype(np.float32),
        normals=np.concatenate(normals).astype(np.float32),
        uvs=np.concatenate(uvs).astype(np.float32),
        faces=np.concatenate(faces).astype(np.int32),
        color=color,
        texture=texture,
        emissive=emissive,
    )


def joined(boxes: list[tuple[np.ndarray, np.ndarray]]) -> list[tuple[np.ndarray, np.ndarray]]:
    """Boxes (low, high) with those made one that overlap and nearly fill the box round both.

    Faces that lie on each other would be drawn by turns.
    """
    left = list(boxes)
    merged = True
    while merged:
        merged = False
        for j, i in combinations(range(len(left)), 2):
            (a, b), (c, d) = left[j], left[i]
            low, high = np.minimum(a, c), np.maximum(b, d)
            shared = np.clip(np.minimum(b, d) - np.maximum(a, c), 0, None).prod()
            filled = (b - a).prod() + (d - c).prod() - shared
            if shared > 0 and filled > _FILLED * (high - low).prod():
                left[j] = (low, high)
                del left[i]
                merged = True
                break
    return left


def centered(parts: list[Part], middle: np.ndarray) -> Mesh:
    """A mesh of parts given in world axes, moved so that ``middle`` (3,) is its origin."""
    moved = [
        Part(
            (p.vertices - middle).astype(np.float32),
            p.normals,
            p.uvs,
            p.faces,
            p.color,
            p.texture,
            p.joint,
            p.when,
            p.emissive,
            p.solid,
        )
        for p in parts
    ]
    return Mesh(tuple(moved))
