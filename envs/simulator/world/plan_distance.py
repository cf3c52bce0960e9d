"""How far objects are from a place on the floor plan, by their true shape.

AI2-THOR sees what reaches into an upright capsule round the agent: an object is near if any part of
it is, not only the part that shows.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.joints import joint_pose, part_groups
from envs.simulator.meshes.mesh import holds
from envs.simulator.world.objects import SimObject

# Bodies that fill their box; their fronts are drawn a little within it.
_BOXES = frozenset({"Cabinet", "Drawer"})
# Round things that are near by the box that AI2-THOR looks for what stands on them in.
_TRAYS = frozenset({"Plate", "StoveBurner"})


def box_distance(obj: SimObject, x: float, z: float) -> float:
    """Metres on the floor plan from (x, z) to the object's box; 0 within it."""
    dx = max(float(obj.low[0]) - x, x - float(obj.high[0]), 0.0)
    dz = max(float(obj.low[2]) - z, z - float(obj.high[2]), 0.0)
    return float(np.hypot(dx, dz))


def _turned_box_distance(obj: SimObject, x: float, z: float) -> float:
    """Metres on the floor plan from (x, z) to the box of an object that lies flat."""
    if obj.rotation[1, 1] < 0.999:
        return float("inf")
    away = obj.rotation.T @ np.array([x - obj.center[0], 0.0, z - obj.center[2]])
    gap = np.maximum(np.abs(away) - obj.size / 2, 0.0)
    return float(np.hypot(gap[0], gap[2]))


def is_within(obj: SimObject, x: float, z: float, distance: float) -> bool:
    """Whether any solid part of an object lies within a distance of (x, z) on the floor plan."""
    if box_distance(obj, x, z) > distance:
        return False
    if obj.type in _BOXES and obj.openness == 0:
        return True
    if obj.type in _TRAYS and _turned_box_distance(obj, x, z) <= distance:
        return True
    points = obj.world_points[:, [0, 2]] - (x, z)
    if (points**2).sum(1).min() <= distance**2:
        return True
    return plan_distance(obj, x, z) <= distance


def plan_distance(obj: SimObject, x: float, z: float) -> float:
    """Metres on the floor plan from (x, z) to the nearest solid part of an object; 0 over it."""
    nearest, flags = float("inf"), obj.flags()
    for joint, parts in part_groups(obj.mesh).items():
        turn, shift = np.eye(3), np.zeros(3)
        if joint is not None:
            turn, shift = joint_pose(obj.mesh.joints[joint], obj.openness)
        for part in parts:
            if part.when is not None and not holds(part.when, flags):
                continue
            points = (part.vertices @ turn.T + shift) @ obj.rotation.T + obj.center
            corners = (points[:, [0, 2]] - (x, z))[part.faces]
            nearest = min(nearest, to_triangles(corners))
    return nearest


def to_triangles(corners: np.ndarray) -> float:
    """Distance of the origin from the nearest of flat triangles (N, 3, 2)."""
    ends = np.roll(corners, -1, axis=1)
    sides = ends - corners
    length = np.maximum((sides**2).sum(2), 1e-12)
    share = np.clip(-(corners * sides).sum(2) / length, 0, 1)
    gap = np.linalg.norm(corners + sides * share[..., None], axis=2).min()
    turns = corners[..., 0] * ends[..., 1] - corners[..., 1] * ends[..., 0]
    around = ((turns > 0).all(1) | (turns < 0).all(1)).any()
    return 0.0 if around else float(gap)
