"""Pictures of the world: RGB, depth, ids and normals by Panda3D's software rasteriser, off-screen.

RGB draws batches whose light is baked into vertex colours, so that no light is computed at run
time. Depth, ids and normals come from a second pass in which every triangle has a colour of its
own: the colour names the triangle, and the triangle's plane gives the exact depth.

No display, GPU or X server is used. Several renderers may live in one process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from panda3d import core

from envs.simulator.core.camera import Camera, Frame
from envs.simulator.core.picture_size import check_size
from envs.simulator.core.quality import FINE_SCALE
from envs.simulator.meshes.joints import joint_pose
from envs.simulator.meshes.mesh import Mesh, holds
from envs.simulator.rendering.ambient_occlusion import Occlusion
from envs.simulator.rendering.batches import Batch, batches, shade
from envs.simulator.rendering.color_pass import ColorPass
from envs.simulator.rendering.fine_pictures import lit, room_box
from envs.simulator.rendering.highlights import glossy, skin
from envs.simulator.rendering.id_pass import IdPass
from envs.simulator.rendering.lights import Lights
from envs.simulator.rendering.mirrors import Mirrors
from envs.simulator.rendering.offscreen import View, check_pipe, matrix
from envs.simulator.rendering.panda_geometry import geometry_of, panda_texture, repaint
from envs.simulator.rendering.shadows import Shadows

Tint = Callable[[np.ndarray, np.ndarray], np.ndarray]


class _Painted:
    """A drawn batch and the colours (N, 3) it has by the room's own light."""

    def __init__(self, batch: Batch, node: core.GeomNode) -> None:
        self.batch, self.node = batch, node
        self.lit = batch.colors


class _Drawn:
    """The nodes of one object in the RGB graph."""

    def __init__(self, key: str, mesh: Mesh, node: core.NodePath) -> None:
        self.object_type = key.split("|", 1)[0]
        self.mesh = mesh
        self.node = node
        self.joints: dict[int, core.NodePath] = {}
        self.flagged: list[tuple[str, core.NodePath]] = []
        self.batches: list[_Painted] = []
        self.rotation = np.eye(3)
        self.position = np.zeros(3)
        self.color_scale = np.ones(3)
        self.on = self.held = self.loose = False
        self.shown = True
        points = [p.vertices for p in mesh.parts if len(p.vertices)]
        self.size = np.ptp(np.concatenate(points), axis=0) if points else np.zeros(3)

    def under(self, joint: int | None) -> core.NodePath:
        """The node of what moves with a joint, or of what stands still."""
        if joint is None:
            return self.node
        if joint not in self.joints:
            self.joints[joint] = self.node.attachNewNode("joint")
        return self.joints[joint]

    def place(self) -> tuple[np.ndarray, np.ndarray]:
        """Position (3,) and rotation (3, 3) of its frame."""
        return self.position, self.rotation


class Renderer:
    """Draws objects by key.

    Attributes:
        keys: Every key ever added since ``clear``, in order; ``Frame.ids`` indexes it.
        mirrors: What reflects.
        fine: Whether pictures are fine; set before anything is added.
    """

    def __init__(
        self, width: int = 300, height: int = 300, supersample: int = 1, pipe: str = "software"
    ) -> None:
        if supersample < 1:
            raise ValueError(f"Supersampling must be at least 1, not {supersample}.")
        self.width, self.height = check_size(width, height)
        self.supersample = supersample
        self.pipe = check_pipe(pipe)
        self._root = core.NodePath("rgb")
        self._color = ColorPass(self._root, pipe)
        self.id_pass = IdPass(pipe)
        self._lights = Lights()
        self._shadows = Shadows(self._root)
        self.mirrors = Mirrors(self._root, pipe)
        self.fine = False
        self._box = room_box([])
        self._brightness = 1.0
        self._tint: Tint | None = None
        self._drawn: dict[str, _Drawn] = {}
        self.keys: list[str] = []
        # How often something was added: who paints looks whether there is something new.
        self.additions = 0

    @staticmethod
    def try_pipe(pipe: str) -> None:
        """Draws an empty picture by a pipe.

        Raises:
            ValueError: If there is no such pipe.
            RuntimeError: If it does not work here.
        """
        view = View.of(core.NodePath("empty"), 8, 8, pipe)
        view.shoot(Camera((0.0, 0.0, 0.0), 0.0, 0.0))
        view.close()

    def set_supersample(self, factor: int) -> None:
        """Draws RGB ``factor`` times as wide and high, and averages; ids and depth stay exact."""
        if factor != self.supersample:
            self.supersample = factor
            self._color.close()

    def clear(self) -> None:
        """Forgets every object."""
        for drawn in self._drawn.values():
            drawn.node.removeNode()
        self._drawn = {}
        self.keys = []
        self._brightness, self._tint = 1.0, None
        self._lights = Lights()
        self._shadows.clear()
        self.mirrors.clear()
        self.id_pass.clear()

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
        loose: bool = False,
    ) -> None:
        """Adds an object; its frame lies at ``position`` (3,), turned by ``rotation`` (3, 3).

        What is ``loose`` casts a contact shadow where it stands.

        Raises:
            ValueError: If the key is there already.
        """
        if key in self._drawn:
            raise ValueError(f"{key!r} is drawn already; remove it before adding it again.")
        if key not in self.keys:
            self.keys.append(key)
        drawn = _Drawn(key, mesh, self._root.attachNewNode(key))
        drawn.rotation, drawn.position = rotation, position
        drawn.color_scale = np.asarray(color_scale, dtype=float)
        self._drawn[key] = drawn
        self.additions += 1
        made = batches(mesh)
        for batch in made:
            parent = drawn.under(batch.joint)
            node = core.GeomNode("batch")
            painted = _Painted(batch, node)
            painted.lit = self._lit(drawn, batch, None)
            node.addGeom(geometry_of(batch, self._colors(drawn, painted)))
            path = parent.attachNewNode(node)
            if batch.texture is not None:
                path.setTexture(panda_texture(batch.texture, self.fine))
            if batch.alpha < 1:
                path.setTransparency(core.TransparencyAttrib.MAlpha)
            if batch.when is not None:
                drawn.flagged.append((batch.when, path))
            drawn.batches.append(painted)
            self.mirrors.add(key, batch, path, drawn.place, self.fine)
        for (joint, when, kind), parts in glossy(drawn.object_type, mesh).items():
            path = skin(parts, kind)
            path.reparentTo(drawn.under(joint))
            if when is not None:
                drawn.flagged.append((when, path))
        self.id_pass.add(key, self.keys.index(key), made)
        drawn.loose = loose
        if loose:
            self._shadows.add(key, drawn.size)
        self.move(key, position, rotation)
        self.set_openness(key, openness)
        self.set_flags(key, flags)

    def _lit(self, drawn: _Drawn, batch: Batch, occlusion: np.ndarray | None) -> np.ndarray:
        """Colours (N, 3) of a batch by the room's own light."""
        if batch.emissive:
            return batch.colors * min(self._brightness, 1.0)
        light = shade(batch.normals @ drawn.rotation.T, self._brightness)
        if occlusion is not None:
            light = light * occlusion[:, None]
        if self._tint is not None:
            points = batch.vertices @ drawn.rotation.T + drawn.position
            light = light * self._tint(points, batch.normals @ drawn.rotation.T)
        return (batch.colors * drawn.color_scale * light).astype(np.float32)

    def _colors(self, drawn: _Drawn, painted: _Painted) -> np.ndarray:
        """Colours (N, 3) of a batch by all light."""
        batch = painted.batch
        if batch.emissive:
            return (
                painted.lit * self._lights.room if drawn.object_type == "Ceiling" else painted.lit
            )
        points = batch.vertices @ drawn.rotation.T + drawn.position
        glow = self._lights.at(points, batch.normals @ drawn.rotation.T)
        colors = painted.lit * self._lights.room
        return colors if glow is None else colors + batch.colors * drawn.color_scale * glow

    def _repaint(self) -> None:
        """Paints anew what lies in the reach of lights that changed."""
        changes, self._lights.repaint = self._lights.repaint, []
        for drawn in self._drawn.values():
            away = np.linalg.norm(drawn.size) / 2
            if any(np.linalg.norm(p - drawn.position) < r + away for p, r in changes):
                for painted in drawn.batches:
                    repaint(painted.node, painted.batch, self._colors(drawn, painted))

    def bake(self, brightness: float = 1.0, tint: Tint | None = None) -> None:
        """Bakes light and soft shadows into everything added so far.

        Args:
            brightness: Of the room's own light.
            tint: Factors (N, 3) of colours at points (N, 3) of normals (N, 3); later objects too.
        """
        self._brightness, self._tint = brightness, tint
        boxes = []
        for key, drawn in self._drawn.items():
            if drawn.loose:
                continue
            points = np.concatenate([p.batch.vertices for p in drawn.batches] or [np.zeros((1, 3))])
            points = points @ drawn.rotation.T + drawn.position
            boxes.append((key.split("|")[0], points.min(0), points.max(0)))
        self._box = room_box(boxes)
        occlusion = Occlusion(boxes)
        self._lights.repaint = []
        for drawn in self._drawn.values():
            for painted in drawn.batches:
                batch = painted.batch
                points = batch.vertices @ drawn.rotation.T + drawn.position
                soft = None
                if not batch.emissive:
                    soft = occlusion.at(points, batch.normals @ drawn.rotation.T)
                painted.lit = self._lit(drawn, batch, soft)
                repaint(painted.node, batch, self._colors(drawn, painted))

    def move(self, key: str, position: np.ndarray, rotation: np.ndarray) -> None:
        """Places an object's frame."""
        drawn = self._drawn[key]
        drawn.position, drawn.rotation = position, rotation
        drawn.node.setMat(matrix(rotation, position))
        self.id_pass.move(key, position, rotation)
        self._see(key, drawn)

    def _see(self, key: str, drawn: _Drawn) -> None:
        self._shadows.place(key, drawn.position, drawn.rotation)
        self._shadows.show(key, drawn.shown and not drawn.held)
        lit = drawn.on and drawn.shown
        self._lights.see(key, lit, drawn.position, drawn.rotation, drawn.size)

    def set_openness(self, key: str, openness: float) -> None:
        """Moves an object's joints to an openness in [0, 1]."""
        drawn = self._drawn[key]
        for index, node in drawn.joints.items():
            turn, shift = joint_pose(drawn.mesh.joints[index], openness)
            node.setMat(matrix(turn, shift))
            self.id_pass.set_joint(key, index, turn, shift)

    def set_flags(self, key: str, flags: frozenset[str]) -> None:
        """Shows the parts whose state flag holds."""
        drawn = self._drawn[key]
        drawn.on, drawn.held = "isToggled" in flags, "isPickedUp" in flags
        self._see(key, drawn)
        for when, node in drawn.flagged:
            if holds(when, flags):
                node.show()
            else:
                node.hide()
        self.id_pass.set_flags(key, flags)

    def set_visible(self, key: str, on: bool) -> None:
        """Shows or hides an object."""
        if on:
            self._drawn[key].node.show()
        else:
            self._drawn[key].node.hide()
        self._drawn[key].shown = on
        self._see(key, self._drawn[key])
        self.id_pass.set_visible(key, on)

    def set_plain(self, key: str, color: tuple[float, float, float] | None) -> None:
        """Shows an object in one colour, red, green and blue in [0, 1], or as it is."""
        node = self._drawn[key].node
        if color is None:
            node.clearTexture()
            node.clearColor()
        else:
            node.setTextureOff(1)
            node.setColor(*color, 1.0, 1)

    def painted(self) -> Iterator[tuple[Batch, core.NodePath]]:
        """Every batch of everything known, and the node whose texture and colour scale it has."""
        for drawn in self._drawn.values():
            yield from ((p.batch, core.NodePath.anyPath(p.node)) for p in drawn.batches)

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
            self.id_pass.remove(key)
            self._lights.forget(key)
            self._shadows.remove(key)
            self.mirrors.remove(key)

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
            if self._lights.repaint:
                self._repaint()
            samples = max(self.supersample, FINE_SCALE if self.fine else 1)
            color = self._color.render(camera, self.width, self.height, samples, self.mirrors)
            if self.fine:
                color = lit(color, camera, self.id_pass, self.keys, self._box)
        if not (depth or ids or normals):
            return Frame(rgb=color)
        far, index, normal = self.id_pass.render(
            camera, self.width, self.height, depth=depth, normals=normals
        )
        return Frame(rgb=color, depth=far, ids=index if ids else None, normals=normal)

    def resize(self, width: int, height: int) -> None:
        """Changes the picture's size in pixels."""
        if (width, height) != (self.width, self.height):
            self.close()
            self.width, self.height = check_size(width, height)

    def close(self) -> None:
        """Frees the buffers; the next picture makes new ones."""
        self._color.close()
        self.mirrors.close()
        self.id_pass.close()
