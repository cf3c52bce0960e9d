"""Whether the moving parts of an object meet the agent on their way.

The agent is an upright cylinder; each moving part is the box of its vertices, looked at from above
while it overlaps the agent's height. Left out: what doors and drawers do to other objects.
"""

from __future__ import annotations

import math

import numpy as np

from envs.simulator.core.agent import AGENT_HEIGHT
from envs.simulator.core.caching import for_life
from envs.simulator.core.geometry import box_corners
from envs.simulator.meshes.joints import joint_pose, part_groups
from envs.simulator.meshes.mesh import Mesh
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

# Less than ``AGENT_RADIUS``, metres. Poses from which its containers are known to open show that
# drawers stop there, and that hinged doors pass an agent who stands well within their reach.
RADIUS = {"slide": 0.17, "hinge": 0.0}
_STEP = 0.1


@for_life()
def _moving_boxes(mesh: Mesh) -> tuple[tuple[int, np.ndarray, np.ndarray], ...]:
    """(joint, middle (3,), size (3,)) of what each joint moves, object frame."""
    found = []
    for joint, parts in part_groups(mesh).items():
        if joint is not None:
            points = np.concatenate([part.vertices for part in parts]).astype(float)
            low, high = points.min(0), points.max(0)
            found.append((joint, (low + high) / 2, high - low))
    return tuple(found)


def swept_agent(world: World, obj: SimObject, before: float, after: float) -> bool:
    """Whether going from one openness to another pushes a part into the agent.

    A part that is in the agent already may move out of it.
    """
    boxes = _moving_boxes(obj.mesh)
    if not boxes or any(_meets(world, obj, box, before) for box in boxes):
        return False
    count = max(1, math.ceil(abs(after - before) / _STEP))
    stages = np.linspace(before, after, count + 1)[1:]
    return any(_meets(world, obj, box, float(s)) for box in boxes for s in stages)


def _meets(
    world: World, obj: SimObject, box: tuple[int, np.ndarray, np.ndarray], openness: float
) -> bool:
    joint, middle, size = box
    radius = RADIUS[obj.mesh.joints[joint].kind]
    turn, shift = joint_pose(obj.mesh.joints[joint], openness)
    rotation = obj.rotation @ turn
    center = obj.rotation @ (turn @ middle + shift) + obj.center
    corners = box_corners(center, size, rotation)
    feet = world.agent.y - AGENT_HEIGHT / 2
    if corners[:, 1].min() > feet + AGENT_HEIGHT or corners[:, 1].max() < feet:
        return False
    return _distance_to_hull(corners[:, [0, 2]], world.agent.position[[0, 2]]) <= radius


def _distance_to_hull(points: np.ndarray, place: np.ndarray) -> float:
    """Distance (0 inside) from a place (2,) to the convex hull of points (N, 2)."""
    away = points - place
    # Project on the directions that can separate: the point's own, and every edge's normal.
    pairs = away[:, None] - away[None]
    edges = pairs.reshape(-1, 2)
    edges = edges[np.linalg.norm(edges, axis=1) > 1e-9]
    normals = np.stack([-edges[:, 1], edges[:, 0]], 1)
    directions = np.concatenate([normals, away[np.linalg.norm(away, axis=1) > 1e-9]])
    if not len(directions):
        return 0.0
    directions = directions / np.linalg.norm(directions, axis=1, keepdims=True)
    nearest = (directions @ away.T).min(1)
    return float(max(nearest.max(), 0.0))
