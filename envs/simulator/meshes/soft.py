"""More solids as arrays: cushions, pillows, hanging cloth, cut-out plates and picture panels.

Same form as ``primitives``: vertices (N, 3), unit normals (N, 3), texture coordinates (N, 2),
faces (M, 3); metres, y up.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.primitives import Solid, merged

# Facing direction of a panel: (normal, right, up) as its viewer sees them.
_FACINGS = {
    "+z": ((0, 0, 1), (-1, 0, 0), (0, 1, 0)),
    "-z": ((0, 0, -1), (1, 0, 0), (0, 1, 0)),
    "+x": ((1, 0, 0), (0, 0, 1), (0, 1, 0)),
    "-x": ((-1, 0, 0), (0, 0, -1), (0, 1, 0)),
    "+y": ((0, 1, 0), (-1, 0, 0), (0, 0, -1)),
    "-y": ((0, -1, 0), (-1, 0, 0), (0, 0, 1)),
}


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)


def cushion(center: tuple, size: tuple, bevel: float, tile: float = 0.4) -> Solid:
    """A box with cut edges and normals that make it look rounded: 44 triangles."""
    half = np.asarray(size, float) / 2
    cut = np.minimum(bevel, 0.9 * half)
    vertices: list[np.ndarray] = []
    normals: list[np.ndarray] = []
    uvs: list[tuple[float, float]] = []
    index: dict[tuple, int] = {}
    for axis in range(3):
        u, v = (k for k in range(3) if k != axis)
        for side in (-1, 1):
            for a in (-1, 1):
                for b in (-1, 1):
                    point, normal = np.zeros(3), np.zeros(3)
                    point[axis] = side * half[axis]
                    point[u], point[v] = a * (half[u] - cut[u]), b * (half[v] - cut[v])
                    normal[axis], normal[u], normal[v] = side, 0.28 * a, 0.28 * b
                    signs = [0, 0, 0]
                    signs[axis], signs[u], signs[v] = side, a, b
                    index[(axis, *signs)] = len(vertices)
                    vertices.append(point)
                    normals.append(normal)
                    uvs.append((point[u] / tile, point[v] / tile))
    faces = []
    for axis in range(3):
        u, v = (k for k in range(3) if k != axis)

        def at(face: int, signs: dict[int, int]) -> int:
            return index[(face, signs[0], signs[1], signs[2])]

        for side in (-1, 1):
            ring = [at(axis, {axis: side, u: a, v: b}) for a, b in ((-1, -1), (1, -1), (1, 1))]
            last = at(axis, {axis: side, u: -1, v: 1})
            faces += [ring, [ring[0], ring[2], last]]
        # The edges that run along this axis join the faces of the other two.
        for a in (-1, 1):
            for b in (-1, 1):
                quad = [
                    at(u, {axis: -1, u: a, v: b}),
                    at(u, {axis: 1, u: a, v: b}),
                    at(v, {axis: 1, u: a, v: b}),
                    at(v, {axis: -1, u: a, v: b}),
                ]
                faces += [quad[:3], [quad[0], quad[2], quad[3]]]
    for corner in np.ndindex(2, 2, 2):
        sides = tuple(2 * k - 1 for k in corner)
        faces.append([index[(axis, *sides)] for axis in range(3)])
    points = np.array(vertices) + np.asarray(center, float)
    return points, _unit(np.array(normals)), np.array(uvs), np.array(faces)


def pillow(center: tuple, size: tuple, cells: int = 6, tile: float = 0.4) -> Solid:
    """A stuffed bag, thick in the middle and thin at its seam in the xz plane."""
    hx, hy, hz = (s / 2 for s in size)
    line = np.sin(np.linspace(-1, 1, cells + 1) * np.pi / 2)
    u, v = np.meshgrid(line, line, indexing="ij")
    puff = np.clip((1 - u**2) * (1 - v**2), 0, 1) ** 0.36
    x, z = u * hx * (0.92 + 0.08 * v**2), v * hz * (0.92 + 0.08 * u**2)
    uv = np.stack([x / tile, z / tile], -1).reshape(-1, 2)
    sides = []
    for side in (1.0, -1.0):
        grid = np.stack([x, side * hy * puff, z], -1)
        lift = np.stack([u / hx, side * (0.25 + puff) / hy, v / hz], -1)
        sides.append((grid.reshape(-1, 3), _unit(lift.reshape(-1, 3)), uv, _quads(*u.shape)))
    p, n, t, f = merged(*sides)
    return p + np.asarray(center, float), n, t, f


def _quads(rows: int, columns: int) -> np.ndarray:
    index = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    return np.concatenate(
        [np.stack([a, b, c], -1).reshape(-1, 3), np.stack([a, c, d], -1).reshape(-1, 3)]
    )


def sheet(points: np.ndarray, repeat: tuple[float, float] = (1.0, 1.0), both: bool = True) -> Solid:
    """Cloth through a grid of points (R, C, 3), drawn from both sides unless ``both`` is off."""
    grid = np.asarray(points, float)
    rows, columns = grid.shape[:2]
    across = _unit(np.cross(np.gradient(grid, axis=0), np.gradient(grid, axis=1)))
    for row in np.flatnonzero((np.linalg.norm(across, axis=2) < 0.5).any(1)):
        # A row drawn together to a point has the direction of the row beside it.
        beside = across[row - 1 if row else 1]
        across[row] = _unit(beside.mean(0) + 1e-9 * beside)
    normal = across.reshape(-1, 3)
    v, u = np.meshgrid(
        np.linspace(0, repeat[1], rows), np.linspace(0, repeat[0], columns), indexing="ij"
    )
    uv = np.stack([u, v], -1).reshape(-1, 2)
    front = (grid.reshape(-1, 3), normal, uv, _quads(rows, columns))
    if not both:
        return front
    return merged(front, (front[0], -normal, uv, front[3]))


def prism(outline: np.ndarray, low: float, high: float, axis: int = 2) -> Solid:
    """A plate cut along an outline (K, 2) that is star-shaped about its middle.

    Args:
        outline: Points of the other two axes, in their order x, y, z.
        low: Start along the axis.
        high: End along the axis.
        axis: The plate's thickness axis.
    """
    flat = np.asarray(outline, float)
    count = len(flat)
    middle = flat.mean(0)
    u, v = (k for k in range(3) if k != axis)

    def place(points: np.ndarray, level: float) -> np.ndarray:
        solid = np.zeros((len(points), 3))
        solid[:, u], solid[:, v], solid[:, axis] = points[:, 0], points[:, 1], level
        return solid

    solids = []
    around = np.arange(count)
    fan = np.stack([around, (around + 1) % count, np.full(count, count)], 1)
    span = np.maximum(np.ptp(flat, axis=0), 1e-9)
    uv = (np.concatenate([flat, middle[None]]) - flat.min(0)) / span
    for level, sign in ((low, -1.0), (high, 1.0)):
        normal = np.zeros((count + 1, 3))
        normal[:, axis] = sign
        solids.append((place(np.concatenate([flat, middle[None]]), level), normal, uv, fan))
    edge = np.roll(flat, -1, axis=0) - flat
    out = np.stack([edge[:, 1], -edge[:, 0]], 1)
    out *= np.sign((out * (flat + edge / 2 - middle)).sum(1, keepdims=True))
    corners = np.concatenate(
        [place(flat, low), place(flat + edge, low), place(flat + edge, high), place(flat, high)]
    )
    normal = _unit(np.tile(place(out, 0.0), (4, 1)))
    quads = [np.stack([around, around + count, around + 2 * count], 1)]
    quads.append(np.stack([around, around + 2 * count, around + 3 * count], 1))
    solids.append((corners, normal, np.zeros((4 * count, 2)), np.concatenate(quads)))
    return merged(*solids)


def panel(center: tuple, size: tuple[float, float], facing: str = "+z", cells: int = 1) -> Solid:
    """A picture plane (width, height) whose texture fills it once, readable from its front."""
    normal, right, up = (np.array(v, float) for v in _FACINGS[facing])
    line = np.linspace(-0.5, 0.5, cells + 1)
    u, v = (k.reshape(-1) for k in np.meshgrid(line, line, indexing="ij"))
    points = np.asarray(center, float) + u[:, None] * size[0] * right + v[:, None] * size[1] * up
    uv = np.stack([u + 0.5, v + 0.5], 1)
    return points, np.tile(normal, (len(points), 1)), uv, _quads(cells + 1, cells + 1)
