"""Contact shadows of loose objects: a soft dark patch under each, which goes where the object goes.

Light is baked into what stands still; a cup that is carried to another table takes its patch along
and has none while it is held.
"""

from __future__ import annotations

import numpy as np
from panda3d import core

from envs.simulator.rendering.offscreen import matrix

DARKEST = 0.42
# A patch reaches beyond its box by this share of it, but by no more than so many metres.
_ROUND, _MOST = 0.35, 0.05
# The cosine up to which a box counts as lying on a side.
_LIES = 0.9
_LIFT = 0.004
_PIXELS = 32
_LARGEST = 0.9
# Flatter objects would lie below their patch.
_FLATTEST = 0.009
# They hang.
_NONE = frozenset({"Towel", "HandTowel", "ToiletPaper", "Painting", "ShowerCurtain", "Poster"})


def _texture() -> core.Texture:
    """Black, densest in the middle, nothing at the rim."""
    at = (np.arange(_PIXELS) + 0.5) / _PIXELS * 2 - 1
    far = np.hypot(at[:, None], at[None])
    alpha = np.clip((1 - far) / 0.55, 0, 1)
    alpha = alpha * alpha * (3 - 2 * alpha) * DARKEST
    pixels = np.zeros((_PIXELS, _PIXELS, 4), np.uint8)
    pixels[..., 3] = (alpha * 255).astype(np.uint8)
    made = core.Texture("shadow")
    made.setup2dTexture(_PIXELS, _PIXELS, core.Texture.TUnsignedByte, core.Texture.FRgba)
    made.setRamImage(pixels.tobytes())
    made.setWrapU(core.SamplerState.WMClamp)
    made.setWrapV(core.SamplerState.WMClamp)
    return made


def _quad() -> core.GeomNode:
    """A level square of one metre, seen from above."""
    data = core.GeomVertexData("s", core.GeomVertexFormat.getV3t2(), core.Geom.UHStatic)
    data.uncleanSetNumRows(4)
    rows = np.zeros(4, dtype=[("v", "<f4", 3), ("t", "<f4", 2)])
    corners = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    rows["v"][:, :2], rows["t"] = corners - 0.5, corners
    memoryview(data.modifyArray(0)).cast("B")[:] = rows.tobytes()
    triangles = core.GeomTriangles(core.Geom.UHStatic)
    for three in ((0, 1, 2), (0, 2, 3)):
        triangles.addVertices(*three)
    geom = core.Geom(data)
    geom.addPrimitive(triangles)
    node = core.GeomNode("shadow")
    node.addGeom(geom)
    return node


def stretch_of(size: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """What makes the square of one metre the patch of a box ``size`` (3,) in a ``rotation`` (3, 3).

    A box that lies on one of its sides has a patch that lies as it does.
    """
    upright = int(np.argmax(np.abs(rotation[1])))
    sides = [k for k in range(3) if k != upright]
    axes = rotation[:, sides]
    if abs(rotation[1, upright]) < _LIES:
        extent = np.abs(rotation) @ size
        lengths, axes = extent[[0, 2]], np.eye(3)[:, [0, 2]]
    else:
        lengths = size[sides]
    made = np.zeros((3, 3))
    made[1, 1] = 1.0
    for column, axis, length in zip((0, 2), axes.T, lengths, strict=True):
        flat = axis * (1, 0, 1)
        made[:, column] = flat / np.linalg.norm(flat) * (length + min(_ROUND * length, _MOST))
    return made


class Shadows:
    """The patches in one scene graph."""

    def __init__(self, root: core.NodePath) -> None:
        self._root = root.attachNewNode("shadows")
        self._root.setTransparency(core.TransparencyAttrib.MAlpha)
        self._root.setTexture(_texture())
        self._root.setDepthWrite(False)
        self._quad = core.NodePath(_quad())
        self._patches: dict[str, tuple[core.NodePath, np.ndarray]] = {}

    def clear(self) -> None:
        """Forgets every patch."""
        for node, _ in self._patches.values():
            node.removeNode()
        self._patches = {}

    def add(self, key: str, size: np.ndarray) -> None:
        """Gives an object of box ``size`` (3,) a patch, unless it hangs or is large or flat."""
        if key.split("|", 1)[0] in _NONE or size.max() > _LARGEST or size.min() < _FLATTEST:
            return
        node = self._root.attachNewNode("patch")
        self._quad.instanceTo(node)
        self._patches[key] = (node, size)

    def place(self, key: str, position: np.ndarray, rotation: np.ndarray) -> None:
        """Lays an object's patch under its box."""
        found = self._patches.get(key)
        if found is None:
            return
        node, size = found
        half = float(np.abs(rotation[1]) @ size) / 2
        low = position - (0.0, half - min(_LIFT, 0.4 * half), 0.0)
        node.setMat(matrix(stretch_of(size, rotation), low))

    def show(self, key: str, on: bool) -> None:
        """Shows or hides an object's patch."""
        found = self._patches.get(key)
        if found is not None:
            if on:
                found[0].show()
            else:
                found[0].hide()

    def remove(self, key: str) -> None:
        """Forgets an object's patch."""
        found = self._patches.pop(key, None)
        if found is not None:
            found[0].removeNode()
