"""How the parts of a mesh hang together: the solid parts on each joint, and where a joint goes."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.geometry import axis_angle_matrix
from envs.simulator.meshes.mesh import Joint, Mesh, Part


def joint_pose(joint: Joint, openness: float) -> tuple[np.ndarray, np.ndarray]:
    """Rotation (3, 3) and translation (3,), object frame, of a joint at an openness in [0, 1]."""
    axis = np.asarray(joint.axis, dtype=float)
    if joint.kind == "slide":
        return np.eye(3), axis / np.linalg.norm(axis) * joint.travel * openness
    rotation = axis_angle_matrix(axis, joint.travel * openness)
    origin = np.asarray(joint.origin, dtype=float)
    return rotation, origin - rotation @ origin


def part_groups(mesh: Mesh) -> dict[int | None, list[Part]]:
    """The solid parts of a mesh by joint; ``None`` holds the parts that never move."""
    groups: dict[int | None, list[Part]] = {}
    for part in mesh.parts:
        if part.solid and len(part.faces):
            groups.setdefault(part.joint, []).append(part)
    return groups
