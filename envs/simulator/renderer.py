"""Pictures of the world: RGB, depth, ids and normals by Panda3D's software rasteriser, off-screen.

RGB draws batches whose light is baked into vertex colours, so that no light is computed at run
time. Depth, ids and normals come from a second pass in which every triangle has a colour of its
own: the colour names the triangle, and the triangle's plane gives the exact depth.

No display, GPU or X server is used. Several renderers may live in one process.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from panda3d import core

from envs.simulator.batches import Batch, batches, shade
from envs.simulator.camera import Camera, Frame
from envs.simulator.id_pass import IdPass
from envs.simulator.meshes.mesh import Mesh, holds
from envs.simulator.meshes.textures import texture
from envs.simulator.physics import joint_pose
from envs.simulator.syslibs import for_renderer

__all__ = ["Camera", "Frame", "Renderer"]

NEAREST_NEAR = 0.04
_CONFIG = """
load-display p3tinydisplay
window-type offscreen
audio-library-name null
notify-level-display error
notify-level-tinydisplay error
notify-level-x11display fatal
td-perspective-textures 1
sync-video 0
"""
_textures: dict[str, core.Texture] = {}
_pipes: list[core.GraphicsPipe] = []


def _pipe() -> core.GraphicsPipe:
    if not _pipes:
        for_renderer()
        core.loadPrcFileData("", _CONFIG)
        pipe = core.GraphicsPipeSelection.getGlobalPtr().makeModulePipe("p3tinydisplay")
        if pipe is None:
            raise RuntimeError(
                "Panda3D's software renderer (p3tinydisplay) did not load. It links libX11, which "
                "can be replaced on Linux on x86_64 and aarch64 only: elsewhere install libX11."
            )
        # Panda sorts opaque things by memory address; coplanar faces would flip between runs.
        bins = core.CullBinManager.getGlobalPtr()
        bins.setBinType(bins.findBin("opaque"), core.CullBinEnums.BTUnsorted)
        _pipes.append(pipe)
    return _pipes[0]


def swapped(array: np.ndarray) -> np.ndarray:
    """(N, 3) from AI2-THOR's axes to Panda's, or back: y and z change places."""
    return np.ascontiguousarray(array[:, [0, 2, 1]], dtype=np.float32)


def matrix(rotation: np.ndarray, position: np.ndarray) -> core.LMatrix4:
    """Panda's row-vector matrix of a rotation (3, 3) and position (3,) in AI2-THOR's axes."""
    turned = rotation[[0, 2, 1]][:, [0, 2, 1]].T
    x, z, y = (float(v) for v in position)
    return core.LMatrix4(
        *map(float, turned[0]), 0, *map(float, turned[1]), 0, *map(float, turned[2]), 0, x, y, z, 1
    )


class View:
    """An off-screen buffer with a camera looking at one scene graph."""

    def __init__(self, root: core.NodePath, width: int, height: int) -> None:
        self.engine = core.GraphicsEngine(_pipe())
        self.engine.setThreadingModel(core.GraphicsThreadingModel(""))
        want = core.FrameBufferProperties()
        want.setRgbColor(True)
        want.setRgbaBits(8, 8, 8, 0)
        want.setDepthBits(24)
        self.width, self.height = width, height
        self.buffer = self.engine.makeOutput(
            _pipe(),
            "view",
            0,
            want,
            core.WindowProperties.size(width, height),
            core.GraphicsPipe.BFRefuseWindow,
        )
        if self.buffer is None:
            raise RuntimeError(f"No off-screen buffer of {width}x{height} could be made.")
        self.texture = core.Texture()
        self.buffer.addRenderTexture(
            self.texture, core.GraphicsOutput.RTMCopyRam, core.GraphicsOutput.RTPColor
        )
        node = core.Camera("camera")
        self.lens = core.PerspectiveLens()
        node.setLens(self.lens)
        node.setScene(root)
        self._node = node
        self.camera = root.attachNewNode(node)
        self.buffer.makeDisplayRegion().setCamera(self.camera)

    def shoot(self, camera: Camera) -> np.ndarray:
        """The picture (H, W, C) uint8 as the rasteriser leaves it: blue first, row 0 on top."""
        self.buffer.setClearColor((*(camera.background or (0.0, 0.0, 0.0)), 1.0))
        near = max(camera.near, NEAREST_NEAR)
        lens: core.Lens
        if camera.orthographic_size is None:
            tall = math.tan(math.radians(camera.fov) / 2)
            wide = math.degrees(2 * math.atan(tall * self.width / self.height))
            lens = self.lens
            lens.setFov(wide, camera.fov)
        else:
            lens = core.OrthographicLens()
            tall = 2 * camera.orthographic_size
            lens.setFilmSize(tall * self.width / self.height, tall)
        # The rasteriser samples a pixel's lower left corner; rays go through its middle.
        film = lens.getFilmSize()
        lens.setFilmOffset(-0.5 * film[0] / self.width, 0.5 * film[1] / self.height)
        lens.setNearFar(near, max(camera.far, near + 0.1))
        self._node.setLens(lens)
        axes = camera.axes
        # Panda's camera looks along its y with z up, which the swap makes of forward and up.
        self.camera.setMat(matrix(axes, np.asarray(camera.position, dtype=float)))
        self.engine.renderFrame()
        data = np.frombuffer(self.texture.getRamImage(), np.uint8)
        return data.reshape(self.height, self.width, -1)[::-1]

    def close(self) -> None:
        """Frees the buffer."""
        self.camera.removeNode()
        self.engine.removeAllWindows()


class _Drawn:
    """The nodes of one object in the RGB graph."""

    def __init__(self, mesh: Mesh, node: core.NodePath) -> None:
        self.mesh = mesh
        self.node = node
        self.joints: dict[int, core.NodePath] = {}
        self.flagged: list[tuple[str, core.NodePath]] = []
        self.batches: list[tuple[Batch, core.GeomNode]] = []
        self.rotation = np.eye(3)
        self.position = np.zeros(3)
        self.color_scale = np.ones(3)


def panda_texture(name: str) -> core.Texture:
    if name not in _textures:
        pixels = texture(name)
        made = core.Texture(name)
        made.setup2dTexture(
            pixels.shape[1], pixels.shape[0], core.Texture.TUnsignedByte, core.Texture.FRgb
        )
        made.setRamImage(np.ascontiguousarray(pixels[::-1, :, ::-1]).tobytes())
        made.setMinfilter(core.SamplerState.FTLinearMipmapLinear)
        made.setMagfilter(core.SamplerState.FTLinear)
        _textures[name] = made
    return _textures[name]


def _geom(batch: Batch, colors: np.ndarray) -> core.Geom:
    count = len(batch.vertices)
    data = core.GeomVertexData("v", core.GeomVertexFormat.getV3c4t2(), core.Geom.UHStatic)
    data.uncleanSetNumRows(count)
    rows = np.zeros(count, dtype=[("v", "<f4", 3), ("c", "u1", 4), ("t", "<f4", 2)])
    rows["v"], rows["t"] = swapped(batch.vertices), batch.uvs
    # Short of full: the rasteriser's interpolation may overshoot and wrap to black.
    rows["c"][:, :3] = np.clip(colors * 255 + 0.5, 0, 249).astype(np.uint8)
    rows["c"][:, 3] = round(batch.alpha * 255)
    memoryview(data.modifyArray(0)).cast("B")[:] = rows.tobytes()
    triangles = core.GeomTriangles(core.Geom.UHStatic)
    triangles.setIndexType(core.Geom.NTUint32)
    indices = triangles.modifyVertices()
    indices.uncleanSetNumRows(batch.faces.size)
    memoryview(indices).cast("B")[:] = batch.faces.astype(np.uint32).tobytes()
    geom = core.Geom(data)
    geom.addPrimitive(triangles)
    return geom


class Renderer:
    """Draws objects by key.

    Attributes:
        keys: Every key ever added since ``clear``, in order; ``Frame.ids`` indexes it.
    """

    def __init__(self, width: int = 300, height: int = 300, supersample: int = 1) -> None:
        if width < 1 or height < 1 or supersample < 1:
            raise ValueError(
                f"Picture size {width}x{height} and supersampling {supersample} must be at least 1."
            )
        self.width, self.height, self.supersample = width, height, supersample
        self._root = core.NodePath("rgb")
        self._view: View | None = None
        self._ids = IdPass()
        self._brightness = 1.0
        self._drawn: dict[str, _Drawn] = {}
        self.keys: list[str] = []
        # How often something was added: who paints looks whether there is something new.
        self.additions = 0

    def clear(self) -> None:
        """Forgets every object."""
        for drawn in self._drawn.values():
            drawn.node.removeNode()
        self._drawn = {}
        self.keys = []
        self._brightness = 1.0
        self._ids.clear()

    def add(
        self,
        key: str,
        mesh: Mesh,
        position: np.ndarray,
        rotation: np.ndarray,
        *,
        openness: float = 0.0,
        flags: frozenset[str] = frozenset(),
        color_scale: tuple[float, float, float] = (1.0, 1.0, 1.0),
    ) -> None:
        """Adds an object; its frame lies at ``position`` (3,), turned by ``rotation`` (3, 3).

        Raises:
            ValueError: If the key is there already.
        """
        if key in self._drawn:
            raise ValueError(f"{key!r} is drawn already; remove it before adding it again.")
        if key not in self.keys:
            self.keys.append(key)
        drawn = _Drawn(mesh, self._root.attachNewNode(key))
        drawn.rotation, drawn.position = rotation, position
        drawn.color_scale = np.asarray(color_scale, dtype=float)
        self._drawn[key] = drawn
        self.additions += 1
        made = batches(mesh)
        for batch in made:
            parent = drawn.node
            if batch.joint is not None:
                if batch.joint not in drawn.joints:
                    drawn.joints[batch.joint] = drawn.node.attachNewNode("joint")
                parent = drawn.joints[batch.joint]
            node = core.GeomNode("batch")
            node.addGeom(_geom(batch, self._colors(drawn, batch, None)))
            path = parent.attachNewNode(node)
            if batch.texture is not None:
                path.setTexture(panda_texture(batch.texture))
            if batch.alpha < 1:
                path.setTransparency(core.TransparencyAttrib.MAlpha)
            if batch.when is not None:
                drawn.flagged.append((batch.when, path))
            drawn.batches.append((batch, node))
        self._ids.add(key, self.keys.index(key), made)
        self.move(key, position, rotation)
        self.set_openness(key, openness)
        self.set_flags(key, flags)

    def _colors(self, drawn: _Drawn, batch: Batch, occlusion: np.ndarray | None) -> np.ndarray:
        if batch.emissive:
            return batch.colors * min(self._brightness, 1.0)
        light = shade(batch.normals @ drawn.rotation.T, self._brightness)
        if occlusion is not None:
            light = light * occlusion[:, None]
        return batch.colors * drawn.color_scale * light

    def bake(self, brightness: float = 1.0) -> None:
        """Bakes light and soft shadows into everything added so far."""
        from envs.simulator.shading import Occlusion

        self._brightness = brightness
        boxes = []
        for key, drawn in self._drawn.items():
            points = np.concatenate([b.vertices for b, _ in drawn.batches] or [np.zeros((1, 3))])
            points = points @ drawn.rotation.T + drawn.position
            boxes.append((key.split("|")[0], points.min(0), points.max(0)))
        occlusion = Occlusion(boxes)
        for drawn in self._drawn.values():
            for batch, node in drawn.batches:
                points = batch.vertices @ drawn.rotation.T + drawn.position
                normals = batch.normals @ drawn.rotation.T
                soft = (
                    None
                    if batch.joint is not None and batch.emissive
                    else occlusion.at(points, normals)
                )
                node.setGeom(0, _geom(batch, self._colors(drawn, batch, soft)))

    def move(self, key: str, position: np.ndarray, rotation: np.ndarray) -> None:
        """Places an object's frame."""
        drawn = self._drawn[key]
        drawn.position, drawn.rotation = position, rotation
        drawn.node.setMat(matrix(rotation, position))
        self._ids.move(key, position, rotation)

    def set_openness(self, key: str, openness: float) -> None:
        """Moves an object's joints to an openness in [0, 1]."""
        drawn = self._drawn[key]
        for index, node in drawn.joints.items():
            turn, shift = joint_pose(drawn.mesh.joints[index], openness)
            node.setMat(matrix(turn, shift))
            self._ids.set_joint(key, index, turn, shift)

    def set_flags(self, key: str, flags: frozenset[str]) -> None:
        """Shows the parts whose state flag holds."""
        for when, node in self._drawn[key].flagged:
            if holds(when, flags):
                node.show()
            else:
                node.hide()
        self._ids.set_flags(key, flags)

    def set_visible(self, key: str, on: bool) -> None:
        """Shows or hides an object."""
        if on:
            self._drawn[key].node.show()
        else:
            self._drawn[key].node.hide()
        self._ids.set_visible(key, on)

    def painted(self) -> Iterator[tuple[Batch, core.NodePath]]:
        """Every batch of everything known, and the node whose texture and colour scale it has."""
        for drawn in self._drawn.values():
            yield from ((batch, core.NodePath.anyPath(node)) for batch, node in drawn.batches)

    def set_light(self, factor: tuple[float, float, float]) -> None:
        """Multiplies red, green and blue of every picture."""
        self._root.setColorScale(*factor, 1)

    def has(self, key: str) -> bool:
        """Whether an object is known, shown or hidden."""
        return key in self._drawn

    def remove(self, key: str) -> None:
        """Forgets an object; its place in ``keys`` stays."""
        drawn = self._drawn.pop(key, None)
        if drawn is not None:
            drawn.node.removeNode()
            self._ids.remove(key)

    def render(
        self,
        camera: Camera,
        *,
        rgb: bool = True,
        depth: bool = False,
        ids: bool = False,
        normals: bool = False,
    ) -> Frame:
        """The images asked for."""
        color = None
        if rgb:
            scale = self.supersample
            if self._view is None:
                self._view = View(self._root, self.width * scale, self.height * scale)
            shot = self._view.shoot(camera)
            color = np.empty((*shot.shape[:2], 3), np.uint8)
            for channel in range(3):  # four times as fast as one copy of turned pixels
                color[..., channel] = shot[..., 2 - channel]
            if scale > 1:
                tiles = color.reshape(self.height, scale, self.width, scale, 3)
                color = tiles.mean((1, 3), dtype=np.float32).astype(np.uint8)
        if not (depth or ids or normals):
            return Frame(rgb=color)
        far, index, normal = self._ids.render(
            camera, self.width, self.height, depth=depth, normals=normals
        )
        return Frame(rgb=color, depth=far, ids=index if ids else None, normals=normal)

    def resize(self, width: int, height: int) -> None:
        """Changes the picture's size in pixels."""
        if (width, height) != (self.width, self.height):
            self.close()
            self.width, self.height = width, height

    def close(self) -> None:
        """Frees the buffers; the next picture makes new ones."""
        if self._view is not None:
            self._view.close()
            self._view = None
        self._ids.close()
