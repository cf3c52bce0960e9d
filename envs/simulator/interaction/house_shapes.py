"""An object's triangles as AI2-THOR's geometry lists."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.geometry import vector
from envs.simulator.meshes.joints import joint_pose
from envs.simulator.world.objects import SimObject


def world_geometry(thing: SimObject, triangles: bool) -> list[dict]:
    """One ``{"vertices": [{x, y, z}], "triangles": [i, j, k, ...]}`` for each solid part."""
    found = []
    for part in thing.mesh.parts:
        if not part.solid or not len(part.faces):
            continue
        points = part.vertices.astype(float)
        if part.joint is not None and thing.openness > 0:
            turn, shift = joint_pose(thing.mesh.joints[part.joint], thing.openness)
            points = points @ turn.T + shift
        points = points @ thing.rotation.T + thing.center
        found.append(
            {
                "vertices": [vector(p) for p in points],
                "triangles": np.asarray(part.faces).reshape(-1).tolist() if triangles else None,
            }
        )
    return found
