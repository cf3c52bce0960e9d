"""What Panda3D draws a batch by: its geometry with baked colours, and its texture."""

from __future__ import annotations

import numpy as np
from panda3d import core

from envs.simulator.meshes.textures import texture
from envs.simulator.rendering.batches import Batch
from envs.simulator.rendering.offscreen import swapped

_textures: dict[tuple[str, bool], core.Texture] = {}


def panda_texture(name: str, fine: bool = False) -> core.Texture:
    """A texture of ``meshes.textures`` as Panda draws it, ``fine`` or not; made once.

    Raises:
        ValueError: If no texture has that name.
    """
    if (name, fine) not in _textures:
        pixels = texture(name, fine=fine)
        made = core.Texture(name)
        made.setup2dTexture(
            pixels.shape[1], pixels.shape[0], core.Texture.TUnsignedByte, core.Texture.FRgb
        )
        made.setRamImage(np.ascontiguousarray(pixels[::-1, :, ::-1]).tobytes())
        made.setMinfilter(core.SamplerState.FTLinearMipmapLinear)
        made.setMagfilter(core.SamplerState.FTLinear)
        _textures[name, fine] = made
    return _textures[name, fine]


_ROW = np.dtype([("v", "<f4", 3), ("c", "u1", 4), ("t", "<f4", 2)])


def _bytes(colors: np.ndarray, alpha: float) -> np.ndarray:
    """Vertex colours (N, 4) as stored."""
    made = np.empty((len(colors), 4), np.uint8)
    # Short of full: the rasteriser's interpolation may overshoot and wrap to black.
    made[:, :3] = np.clip(colors * 255 + 0.5, 0, 249)
    made[:, 3] = round(alpha * 255)
    return made


def repaint(node: core.GeomNode, batch: Batch, colors: np.ndarray) -> None:
    """Changes only the vertex colours (N, 3) of a batch's geometry."""
    data = node.modifyGeom(0).modifyVertexData()
    rows = np.frombuffer(memoryview(data.modifyArray(0)).cast("B"), _ROW)
    rows["c"] = _bytes(colors, batch.alpha)


def geometry_of(batch: Batch, colors: np.ndarray) -> core.Geom:
    """The triangles of a batch, its corners coloured (N, 3), 0 to 1."""
    count = len(batch.vertices)
    data = core.GeomVertexData("v", core.GeomVertexFormat.getV3c4t2(), core.Geom.UHStatic)
    data.uncleanSetNumRows(count)
    rows = np.zeros(count, dtype=_ROW)
    rows["v"], rows["t"] = swapped(batch.vertices), batch.uvs
    rows["c"] = _bytes(colors, batch.alpha)
    memoryview(data.modifyArray(0)).cast("B")[:] = rows.tobytes()
    triangles = core.GeomTriangles(core.Geom.UHStatic)
    triangles.setIndexType(core.Geom.NTUint32)
    indices = triangles.modifyVertices()
    indices.uncleanSetNumRows(batch.faces.size)
    memoryview(indices).cast("B")[:] = batch.faces.astype(np.uint32).tobytes()
    geom = core.Geom(data)
    geom.addPrimitive(triangles)
    return geom
