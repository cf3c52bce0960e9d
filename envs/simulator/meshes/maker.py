"""Collects the parts of one mesh and fits them to a box."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.core.geometry import axis_angle_matrix, triple
from envs.simulator.meshes import primitives, soft
from envs.simulator.meshes.mesh import Color, Joint, Mesh, Part, Surface


class Maker:
    """Builds a mesh in a box of ``size`` (3,) metres about the origin.

    Attributes:
        size: The box.
        half: Half of it.
        rng: Chooses the variant.
    """

    def __init__(self, size: tuple[float, float, float], seed: int) -> None:
        self.size = np.asarray(size, dtype=float)
        self.half = self.size / 2
        self.rng = np.random.default_rng(seed)
        self.parts: list[Part] = []
        self.joints: list[Joint] = []
        self.surfaces: list[Surface] = []

    def pick(self, *choices: Color) -> Color:
        """One of some colours, a little varied; earlier ones are likelier."""
        weights = 1.0 / np.arange(1.5, len(choices) + 1.5)
        color = choices[int(self.rng.choice(len(choices), p=weights / weights.sum()))]
        jitter = self.rng.uniform(-0.03, 0.03)
        return triple(np.clip(np.asarray(color) + jitter, 0, 1))

    def chance(self, share: float) -> bool:
        """True with a probability."""
        return bool(self.rng.random() < share)

    def add(
        self, shape: primitives.Solid, color: Color, texture: str | None = None, **options
    ) -> None:
        """Adds a solid; ``options`` are Part's joint, when, emissive, solid, alpha."""
        v, n, t, f = shape
        if texture == "wood" and min(color) > 0.55:
            # Painted white: no grain shows.
            texture = None
        self.parts.append(
            Part(
                np.asarray(v, np.float32),
                np.asarray(n, np.float32),
                np.asarray(t, np.float32),
                np.asarray(f, np.int32),
                color,
                texture,
                **options,
            )
        )

    def one_of(self, *choices):
        """One of some choices; earlier ones are likelier."""
        weights = 1.0 / np.arange(1.5, len(choices) + 1.5)
        return choices[int(self.rng.choice(len(choices), p=weights / weights.sum()))]

    def cushion(
        self,
        center: tuple,
        size: tuple,
        color: Color,
        texture: str | None = None,
        bevel: float = 0.04,
        **options,
    ) -> None:
        """Adds a box with rounded edges."""
        self.add(soft.cushion(center, size, bevel), color, texture, **options)

    def pillow(
        self,
        center: tuple,
        size: tuple,
        color: Color,
        texture: str | None = None,
        cells: int = 6,
        **options,
    ) -> None:
        """Adds a stuffed bag lying in the xz plane."""
        self.add(soft.pillow(center, size, cells), color, texture, **options)

    def sheet(
        self,
        points: np.ndarray,
        color: Color,
        texture: str | None = None,
        repeat: tuple[float, float] = (1.0, 1.0),
        both: bool = True,
        **options,
    ) -> None:
        """Adds cloth through a grid of points (R, C, 3)."""
        self.add(soft.sheet(points, repeat, both), color, texture, **options)

    def prism(
        self, outline, low: float, high: float, color: Color, axis: int = 2, **options
    ) -> None:
        """Adds a plate cut along an outline (K, 2)."""
        self.add(soft.prism(np.asarray(outline, float), low, high, axis), color, **options)

    def panel(
        self,
        center: tuple,
        size: tuple[float, float],
        texture: str | None,
        facing: str = "+z",
        color: Color = (1.0, 1.0, 1.0),
        cells: int = 1,
        **options,
    ) -> None:
        """Adds a picture plane that its texture fills once."""
        self.add(soft.panel(center, size, facing, cells), color, texture, **options)

    def turn(self, first: int, axis: tuple, degrees: float, pivot: tuple = (0, 0, 0)) -> None:
        """Turns the parts added since there were ``first`` of them about a line."""
        matrix, at = axis_angle_matrix(axis, degrees), np.asarray(pivot, float)
        for k in range(first, len(self.parts)):
            part = self.parts[k]
            self.parts[k] = replace(
                part,
                vertices=((part.vertices - at) @ matrix.T + at).astype(np.float32),
                normals=(part.normals @ matrix.T).astype(np.float32),
            )

    def box(
        self,
        center: tuple,
        size: tuple,
        color: Color,
        texture: str | None = None,
        cell: float = 1e9,
        **options,
    ) -> None:
        """Adds a box."""
        self.add(
            primitives.box(center, tuple(np.maximum(size, 1e-4)), cell=cell),
            color,
            texture,
            **options,
        )

    def span(
        self,
        low: tuple,
        high: tuple,
        color: Color,
        texture: str | None = None,
        cell: float = 1e9,
        **options,
    ) -> None:
        """Adds a box given by two corners."""
        a, b = np.minimum(low, high), np.maximum(low, high)
        self.box(tuple((a + b) / 2), tuple(b - a), color, texture, cell, **options)

    def lathe(
        self,
        profile: list,
        color: Color,
        segments: int = 14,
        at: tuple = (0, 0, 0),
        texture: str | None = None,
        sharp: float = 40.0,
        **options,
    ) -> None:
        """Adds a surface of revolution about y."""
        self.add(
            primitives.moved(primitives.lathe(profile, segments, sharp), at),
            color,
            texture,
            **options,
        )

    def ball(
        self,
        center: tuple,
        radii: tuple,
        color: Color,
        texture: str | None = None,
        segments: int = 12,
        rings: int = 7,
        **options,
    ) -> None:
        """Adds an ellipsoid."""
        self.add(primitives.sphere(center, radii, segments, rings), color, texture, **options)

    def rod(
        self,
        center: tuple,
        radius: float,
        length: float,
        color: Color,
        axis: int = 1,
        segments: int = 10,
        top: float | None = None,
        texture: str | None = None,
        **options,
    ) -> None:
        """Adds a cylinder or frustum."""
        self.add(
            primitives.cylinder(center, radius, length, axis, segments, top),
            color,
            texture,
            **options,
        )

    def tube(self, path: list, radius: float, color: Color, segments: int = 8, **options) -> None:
        """Adds a bent bar."""
        self.add(primitives.tube(path, radius, segments), color, **options)

    def ring(
        self,
        center: tuple,
        radius: float,
        thickness: float,
        color: Color,
        axis: int = 1,
        segments: int = 14,
        arc: tuple = (0.0, 360.0),
        **options,
    ) -> None:
        """Adds a torus or an arc of one."""
        self.add(primitives.ring(center, radius, thickness, axis, segments, arc), color, **options)

    def surface(
        self, center: tuple, size: tuple, clearance: float, joint: int | None = None
    ) -> None:
        """Adds a place to stand objects on."""
        self.surfaces.append(
            Surface(
                triple(center),
                (max(float(size[0]), 0.02), max(float(size[1]), 0.02)),
                max(float(clearance), 0.01),
                joint,
            )
        )

    def bound(self, low: tuple, high: tuple) -> None:
        """Makes the box reach to two corners without anything to see, touch or meet there."""
        points, none = np.array([low, high], np.float32), np.zeros((0, 3), np.int32)
        up = np.array([[0, 1, 0], [0, 1, 0]], np.float32)
        self.parts.append(Part(points, up, np.zeros((2, 2), np.float32), none, (1.0, 1.0, 1.0)))

    def hinge(self, origin: tuple, axis: tuple, degrees: float) -> int:
        """Adds a hinge and returns its index."""
        self.joints.append(Joint("hinge", triple(origin), triple(axis), float(degrees)))
        return len(self.joints) - 1

    def slide(self, axis: tuple, metres: float) -> int:
        """Adds a slide and returns its index."""
        self.joints.append(Joint("slide", (0.0, 0.0, 0.0), triple(axis), float(metres)))
        return len(self.joints) - 1

    def mesh(self, fit: bool = True, openness: float = 0.0) -> Mesh:
        """The mesh, stretched so that its box at an openness is exactly the asked one."""
        if not fit or not self.parts:
            return Mesh(tuple(self.parts), tuple(self.joints), tuple(self.surfaces))
        points = np.concatenate([self._posed(p, openness) for p in self.parts]).astype(float)
        low, high = points.min(0), points.max(0)
        scale = self.size / np.maximum(high - low, 1e-6)
        middle = (low + high) / 2
        parts = []
        for part in self.parts:
            normals = part.normals / scale
            normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
            parts.append(
                replace(
                    part,
                    vertices=((part.vertices - middle) * scale).astype(np.float32),
                    normals=normals.astype(np.float32),
                )
            )
        joints = []
        for joint in self.joints:
            along = float(np.abs(np.asarray(joint.axis)) @ scale)
            origin = triple((np.asarray(joint.origin) - middle) * scale)
            travel = joint.travel * (along if joint.kind == "slide" else 1.0)
            joints.append(replace(joint, origin=origin, travel=travel))
        surfaces = [
            replace(
                s,
                center=triple((np.asarray(s.center) - middle) * scale),
                size=(s.size[0] * float(scale[0]), s.size[1] * float(scale[2])),
                clearance=s.clearance * float(scale[1]),
            )
            for s in self.surfaces
        ]
        return Mesh(tuple(parts), tuple(joints), tuple(surfaces))

    def _posed(self, part: Part, openness: float) -> np.ndarray:
        """Vertices of a part at an openness."""
        if part.joint is None or openness == 0:
            return part.vertices
        joint = self.joints[part.joint]
        if joint.kind == "slide":
            return part.vertices + np.asarray(joint.axis) * joint.travel * openness
        origin = np.asarray(joint.origin)
        turn = axis_angle_matrix(joint.axis, joint.travel * openness)
        return (part.vertices - origin) @ turn.T + origin


def darker(color: Color, by: float) -> Color:
    """A colour of less light."""
    return triple(min(1.0, c * by) for c in color)


def paler(color: Color, by: float) -> Color:
    """A colour with more of every part."""
    return triple(min(1.0, c + by) for c in color)


def laid(size: tuple, seed: int, build, readable: bool = False) -> Mesh:
    """A long flat object, turned so that its longest and thinnest axes are the box's.

    It is built with its length along z and its thickness along y.

    Args:
        size: The box, metres.
        seed: Variant.
        build: Function of a Maker whose box is (middle, thinnest, longest).
        readable: Never mirrored, so that print on it can be read.
    """
    order = np.argsort(size)
    thin, middle, long = (int(i) for i in order)
    maker = Maker((size[middle], size[thin], size[long]), seed)
    build(maker)
    made = maker.mesh()
    # Column k of the source (x, y, z) goes to axis (middle, thin, long)[k] of the box.
    back = np.argsort([middle, thin, long])
    signs = np.ones(3, np.float32)
    if readable and np.linalg.det(np.eye(3)[back]) < 0:
        signs[int(np.flatnonzero(back == 2)[0])] = -1
    parts = tuple(
        replace(
            p,
            vertices=np.ascontiguousarray(p.vertices[:, back] * signs),
            normals=np.ascontiguousarray(p.normals[:, back] * signs),
        )
        for p in made.parts
    )
    return Mesh(parts, (), ())
