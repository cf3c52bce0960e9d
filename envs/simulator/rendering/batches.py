"""Triangles ready for drawing: a mesh's parts merged into few batches, with their shade baked in.

A batch holds what moves and appears together: same joint, same state flag, same texture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.core.caching import for_life
from envs.simulator.meshes.mesh import Mesh

KEY_LIGHT = np.array([-0.35, 0.76, -0.55]) / np.linalg.norm([-0.35, 0.76, -0.55])
SKY, GROUND, KEY = 0.74, 0.60, 0.30


@dataclass(frozen=True, eq=False)
class Batch:
    """Corners (3M, ...) of M triangles in the object frame, wound clockwise seen from outside.

    Attributes:
        corners: (3M, 3) float32 metres.
        normals: (3M, 3) float32.
        uvs: (3M, 2) float32.
        colors: (3M, 3) float32 0..1, unshaded.
        triangle_of: (3M,) shared-vertex index, for indexed drawing.
    """

    joint: int | None
    when: str | None
    texture: str | None
    emissive: bool
    alpha: float
    vertices: np.ndarray
    normals: np.ndarray
    uvs: np.ndarray
    colors: np.ndarray
    faces: np.ndarray


@for_life()
def batches(mesh: Mesh) -> tuple[Batch, ...]:
    """A mesh's batches, fixed parts first."""
    groups: dict[tuple, list] = {}
    for part in mesh.parts:
        if len(part.faces):
            shared = (part.joint, part.when, part.texture, part.emissive, part.alpha)
            groups.setdefault(shared, []).append(part)
    made = []
    for (joint, when, texture, emissive, alpha), parts in groups.items():
        offset, faces = 0, []
        for part in parts:
            faces.append(wound(part.vertices, part.normals, part.faces) + offset)
            offset += len(part.vertices)
        made.append(
            Batch(
                joint,
                when,
                texture,
                emissive,
                alpha,
                vertices=np.concatenate([p.vertices for p in parts]).astype(np.float32),
                normals=np.concatenate([p.normals for p in parts]).astype(np.float32),
                uvs=np.concatenate([p.uvs for p in parts]).astype(np.float32),
                colors=np.concatenate(
                    [
                        np.broadcast_to(np.asarray(p.color, np.float32), (len(p.vertices), 3))
                        for p in parts
                    ]
                ),
                faces=np.concatenate(faces).astype(np.int32),
            )
        )
    return tuple(made)


def wound(vertices: np.ndarray, normals: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """Faces turned so that, after the swap to Panda's axes, they show their outer side."""
    a, b, c = (vertices[faces[:, k]].astype(float) for k in range(3))
    outward = normals[faces].mean(1)
    flipped = (np.cross(b - a, c - a) * outward).sum(1) > 0
    turned = faces.copy()
    # Swapping y and z mirrors: what winds counter-clockwise here winds clockwise there.
    turned[flipped] = faces[flipped][:, [0, 2, 1]]
    return turned


def shade(normals: np.ndarray, brightness: float = 1.0) -> np.ndarray:
    """Light (N, 1) on surfaces of world normals (N, 3): hemisphere plus one soft key light."""
    up = normals[:, 1:2] * 0.5 + 0.5
    key = np.clip(normals @ KEY_LIGHT, 0, None)[:, None]
    side = 0.05 * normals[:, 0:1]
    return (GROUND + (SKY - GROUND) * up + KEY * key + side) * brightness
