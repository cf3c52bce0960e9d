"""Flat floors of any outline: corners to triangles, and what lies within."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.mesh import Part

MAX_TRIANGLES = 3000


def inside(polygon: np.ndarray, points: np.ndarray) -> np.ndarray:
    """Which of (K, 2) points lie in a polygon (N, 2); edges count either way."""
    a, b = polygon, np.roll(polygon, -1, axis=0)
    x, z = points[:, 0:1], points[:, 1:2]
    crosses = (a[:, 1] > z) != (b[:, 1] > z)
    rise = np.where(b[:, 1] == a[:, 1], 1.0, b[:, 1] - a[:, 1])
    at = a[:, 0] + (z - a[:, 1]) * (b[:, 0] - a[:, 0]) / rise
    return (crosses & (x < at)).sum(1) % 2 == 1


def triangles(polygon: np.ndarray) -> np.ndarray:
    """Triangles (M, 3, 2) of a counter-clockwise polygon (N, 2), by cutting off ears."""
    left = list(range(len(polygon)))
    found = []
    guard = 0
    while len(left) > 3 and guard < 4 * len(polygon) ** 2:
        for k in range(len(left)):
            guard += 1
            i, j, m = left[k - 1], left[k], left[(k + 1) % len(left)]
            a, b, c = polygon[i], polygon[j], polygon[m]
            turn = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
            if turn <= 1e-9:
                if abs(turn) <= 1e-9:
                    # A corner on a straight edge is none.
                    left.pop(k)
                    break
                continue
            rest = [polygon[n] for n in left if n not in (i, j, m)]
            if any(_within(p, a, b, c) for p in rest):
                continue
            found.append((a, b, c))
            left.pop(k)
            break
        else:
            break
    if len(left) == 3:
        found.append(tuple(polygon[n] for n in left))
    return np.array(found).reshape(-1, 3, 2)


def _within(p: np.ndarray, a: np.ndarray, b: np.ndarray, c: np.ndarray) -> bool:
    def side(u: np.ndarray, v: np.ndarray) -> float:
        return float((v[0] - u[0]) * (p[1] - u[1]) - (v[1] - u[1]) * (p[0] - u[0]))

    return side(a, b) > -1e-9 and side(b, c) > -1e-9 and side(c, a) > -1e-9


def refined(found: np.ndarray, longest: float) -> np.ndarray:
    """Triangles (M, 3, 2) halved until no side is longer than ``longest`` metres."""
    queue: list[np.ndarray] = list(found)
    done: list[np.ndarray] = []
    while queue:
        t = queue.pop()
        sides = [float(np.linalg.norm(t[k] - t[(k + 1) % 3])) for k in range(3)]
        k = int(np.argmax(sides))
        if sides[k] <= longest or len(queue) + len(done) > MAX_TRIANGLES:
            done.append(t)
            continue
        a, b, c = t[k], t[(k + 1) % 3], t[(k + 2) % 3]
        middle = (a + b) / 2
        queue += [np.array([a, middle, c]), np.array([middle, b, c])]
    return np.array(done).reshape(-1, 3, 2)


def sheet(
    polygon: np.ndarray,
    y: float,
    color: tuple[float, float, float],
    texture: str | None,
    *,
    up: bool,
    tile: float,
    longest: float = 1.0,
) -> Part:
    """A horizontal sheet over a polygon (N, 2), seen from above or from below."""
    spread = float(np.ptp(polygon, axis=0).max())
    flat = refined(triangles(polygon), max(longest, spread / 24)).reshape(-1, 2)
    points, index = np.unique(np.round(flat, 5), axis=0, return_inverse=True)
    vertices = np.column_stack([points[:, 0], np.full(len(points), y), points[:, 1]])
    normal = np.array([0.0, 1.0 if up else -1.0, 0.0], np.float32)
    return Part(
        vertices=vertices.astype(np.float32),
        normals=np.broadcast_to(normal, vertices.shape).astype(np.float32),
        uvs=(points / tile).astype(np.float32),
        faces=index.reshape(-1, 3).astype(np.int32),
        color=color,
        texture=texture,
    )
