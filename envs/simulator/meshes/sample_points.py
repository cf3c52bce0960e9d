"""Points spread over a mesh, by which it is seen and measured."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.caching import for_life
from envs.simulator.meshes.joints import part_groups
from envs.simulator.meshes.mesh import Mesh, holds

POINTS_PER_SMALL_OBJECT = 24
POINTS_PER_METRE = 24
# Of a floor the agent may see little.
ROOM_WIDE, POINTS_PER_FLOOR = 2.0, 400


def sample_points(
    mesh: Mesh, longest: float, flags: frozenset[str] = frozenset()
) -> list[tuple[int | None, np.ndarray]]:
    """Points on the solid surface, spread by farthest-point choice: (joint, (K, 3)) by joint.

    Args:
        mesh: The shape.
        longest: The longest side of its object's box, metres: the longer, the more points.
        flags: The true states, which say what parts are there.
    """
    states = {part.when for part in mesh.parts if part.when is not None}
    return _points(mesh, longest, frozenset(when for when in states if not holds(when, flags)))


@for_life(keep=8)
def _points(
    mesh: Mesh, longest: float, away: frozenset[str]
) -> list[tuple[int | None, np.ndarray]]:
    """The same, without the parts that are there in some states only."""
    count = int(min(96, POINTS_PER_SMALL_OBJECT + POINTS_PER_METRE * max(0.0, longest - 0.4)))
    rows: list[np.ndarray] = []
    joints: list[int] = []
    for joint, parts in part_groups(mesh).items():
        for part in parts:
            if part.when in away:
                continue
            corners = part.vertices[part.faces]
            points = np.concatenate([corners.mean(1), (corners[:, 0] + corners[:, 1]) / 2])
            rows.append(points)
            joints += [-1 if joint is None else joint] * len(points)
    if not rows:
        return []
    points, owners = np.concatenate(rows).astype(float), np.array(joints)
    if sorted(np.ptp(points, axis=0))[1] > ROOM_WIDE:
        count = POINTS_PER_FLOOR
    first = int(np.argmax(points[:, 1]))
    chosen = [first]
    gap = np.linalg.norm(points - points[first], axis=1)
    while len(chosen) < min(count, len(points)):
        nearest = int(np.argmax(gap))
        if gap[nearest] < 1e-4:
            break
        chosen.append(nearest)
        gap = np.minimum(gap, np.linalg.norm(points - points[nearest], axis=1))
    points, owners = points[chosen], owners[chosen]
    return [(None if j < 0 else int(j), points[owners == j]) for j in sorted(set(owners.tolist()))]
