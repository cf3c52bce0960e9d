"""An object's triangles as AI2-THOR's geometry lists."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.geometry import vector
from envs.simulator.meshes.joints import joint_pose
from envs.simulator.world.objects import SimObject


def world_geometry(obj: SimObject, triangles: bool) -> list[dict]:
    """One ``{"vertices": [{x, y, z}], "triangles": [i, j, k, ...]}`` for each solid part."""
    found = []
    for part in obj.mesh.parts:
        if not part.solid or not len(part.faces):
            continue
        points = part.vertices.astype(float)
        if part.joint is not None and obj.openness > 0:
            turn, shift = joint_pose(obj.mesh.joints[part.joint], obj.openness)
            points = points @ turn.T + shift
        points = points @ obj.rotation.T + obj.center
        found.append(
            {
                "vertices": [vector(p) for p in points],
                "triangles": np.asarray(part.faces).reshape(-1).tolist() if triangles else None,
            }
        )
    return found
