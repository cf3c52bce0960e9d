"""Highlights on glazed, glass and metal things: what shines in the eye's own frame, blended over.

A second skin, a hair larger than the thing, carries a small picture of a bright room mapped by how
the surface mirrors the eye's rays. The rasteriser does that corner by corner, at no cost to pixels
that nothing glossy covers.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from panda3d import core

from envs.simulator.meshes.mesh import Mesh, Part
from envs.simulator.meshes.shine import shine_of
from envs.simulator.rendering.batches import wound
from envs.simulator.rendering.offscreen import swapped

_PIXELS = 64
_LIFT = 0.0006
_ROW = np.dtype([("v", "<f4", 3), ("n", "<f4", 3)])
Group = tuple[int | None, str | None, str]


def _dome() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Where in the mapped picture: right, up, distance from the middle, (P, P), the rim at 1."""
    at = (np.arange(_PIXELS) + 0.5) / _PIXELS * 2 - 1
    x, y = np.meshgrid(at, -at)
    return x, y, np.hypot(x, y)


def _step(value: np.ndarray, low: float, high: float) -> np.ndarray:
    t = np.clip((value - low) / (high - low), 0, 1)
    return t * t * (3 - 2 * t)


def _gloss() -> np.ndarray:
    """A window's light up on the left, a little light along the rim: white of some opacity."""
    x, y, far = _dome()
    window = _step(-np.abs(x + 0.34), -0.20, -0.11) * _step(-np.abs(y - 0.08), -0.56, -0.42)
    window = window * (1 - 0.6 * _step(-np.abs(x + 0.34), -0.03, -0.01))
    rim = 0.22 * _step(far, 0.72, 0.98)
    pixels = np.full((_PIXELS, _PIXELS, 4), 255.0)
    pixels[..., 3] = 255 * np.clip(0.72 * window + rim, 0, 1)
    return pixels


def _chrome() -> np.ndarray:
    """A bright room over a dark horizon: what makes metal of grey."""
    x, y, far = _dome()
    light = np.where(y > 0.05, 1.0, 0.62 - 0.25 * y)
    strength = 0.15 + 0.45 * _step(y, 0.25, 0.6) * _step(-far, -0.95, -0.8)
    band = _step(-np.abs(y + 0.02), -0.16, -0.06)
    light = light * (1 - 0.85 * band)
    strength = np.maximum(strength, 0.52 * band)
    pixels = np.empty((_PIXELS, _PIXELS, 4))
    pixels[..., :3] = (255 * np.clip(light, 0, 1))[..., None]
    pixels[..., 3] = 255 * strength
    return pixels


_PICTURES = {"gloss": _gloss, "chrome": _chrome}


@lru_cache(maxsize=8)
def _texture(kind: str) -> core.Texture:
    pixels = _PICTURES[kind]().astype(np.uint8)
    made = core.Texture(kind)
    made.setup2dTexture(_PIXELS, _PIXELS, core.Texture.TUnsignedByte, core.Texture.FRgba)
    made.setRamImage(np.ascontiguousarray(pixels[::-1]).tobytes())
    made.setMinfilter(core.SamplerState.FTLinear)
    made.setMagfilter(core.SamplerState.FTLinear)
    return made


def glossy(object_type: str, mesh: Mesh) -> dict[Group, list[Part]]:
    """The parts that shine, by joint, state flag and kind of shine."""
    groups: dict[Group, list[Part]] = {}
    for part in mesh.parts:
        kind = shine_of(object_type, part)
        if kind is not None:
            groups.setdefault((part.joint, part.when, kind), []).append(part)
    return groups


def skin(parts: list[Part], kind: str) -> core.NodePath:
    """What is drawn over some parts, in their object's frame."""
    vertices = np.concatenate([p.vertices + _LIFT * p.normals for p in parts])
    normals = np.concatenate([p.normals for p in parts])
    faces, offset = [], 0
    for part in parts:
        corners = part.normals[part.faces]
        # Level faces have no highlight, only the fan of their triangles.
        bent = ((corners * corners[:, [1, 2, 0]]).sum(2) < 0.9995).any(1)
        faces.append(wound(part.vertices, part.normals, part.faces[bent]) + offset)
        offset += len(part.vertices)
    data = core.GeomVertexData("h", core.GeomVertexFormat.getV3n3(), core.Geom.UHStatic)
    data.uncleanSetNumRows(offset)
    rows = np.empty(offset, _ROW)
    rows["v"], rows["n"] = swapped(vertices), swapped(normals)
    memoryview(data.modifyArray(0)).cast("B")[:] = rows.tobytes()
    triangles = core.GeomTriangles(core.Geom.UHStatic)
    triangles.setIndexType(core.Geom.NTUint32)
    indices = triangles.modifyVertices()
    kept = np.concatenate(faces)
    indices.uncleanSetNumRows(kept.size)
    memoryview(indices).cast("B")[:] = kept.astype(np.uint32).tobytes()
    geom = core.Geom(data)
    geom.addPrimitive(triangles)
    node = core.GeomNode("shine")
    node.addGeom(geom)
    path = core.NodePath(node)
    path.setTexture(_texture(kind))
    path.setTexGen(core.TextureStage.getDefault(), core.TexGenAttrib.MEyeSphereMap)
    path.setTransparency(core.TransparencyAttrib.MAlpha)
    path.setDepthWrite(False)
    return path
