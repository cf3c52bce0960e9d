"""The shape of an object: its parts, its joints, and the surfaces objects can stand on.

A part has one material; a joint moves some of the parts.

All coordinates are in the object frame: origin at the middle of the object's box, metres, y up,
+z towards the object's front.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.core.geometry import Triple

# Red, green and blue, 0 to 1.
Color = Triple


@dataclass(frozen=True, eq=False)
class Part:
    """Triangles of one material; without any, its vertices only bound the box.

    Attributes:
        vertices: (N, 3) float32, metres.
        normals: (N, 3) float32, outward, unit length.
        uvs: (N, 2) float32 texture coordinates.
        faces: (M, 3) int32; the winding is free, renderers orient faces by the normals.
        color: 0..1, multiplies the texture.
        texture: A name of ``meshes.textures``, or None for plain colour.
        joint: Index into ``Mesh.joints`` if the part moves with openness.
        when: Drawn only if the flag holds, for example ``"isToggled"`` or ``"!isBroken"``; several
            are joined by ``&``: ``"isDirty&!isBroken"``.
        emissive: Not shaded: lit bulbs, screens, the sky behind a window.
        solid: Rays and collisions meet it; False for water, glow and glass panes.
        alpha: Opacity; below 1 what lies behind shows through.
    """

    vertices: np.ndarray
    normals: np.ndarray
    uvs: np.ndarray
    faces: np.ndarray
    color: Color
    texture: str | None = None
    joint: int | None = None
    when: str | None = None
    emissive: bool = False
    solid: bool = True
    alpha: float = 1.0


def holds(when: str, flags: frozenset[str]) -> bool:
    """Whether a part's ``when`` is met by the true state flags."""
    return all(
        (term[1:] not in flags) if term.startswith("!") else (term in flags)
        for term in when.split("&")
    )


@dataclass(frozen=True)
class Joint:
    """How parts move with openness.

    Attributes:
        kind: ``"hinge"`` or ``"slide"``.
        origin: A point of the hinge line, object frame.
        axis: Unit direction of the hinge line or of the slide.
        travel: At openness 1: degrees about the axis (positive about +y is clockwise from above),
            or metres along it.
    """

    kind: str
    origin: Triple
    axis: Triple
    travel: float


@dataclass(frozen=True)
class Surface:
    """A rectangle that objects can stand on.

    Attributes:
        center: Its middle, object frame; y is the height objects stand at.
        size: Usable extent along x and z, metres.
        clearance: Free height above it, metres.
        joint: Index into ``Mesh.joints`` if it moves with openness, as a drawer's floor does.
    """

    center: Triple
    size: tuple[float, float]
    clearance: float
    joint: int | None = None


@dataclass(frozen=True, eq=False)
class Mesh:
    """Everything about the shape of one object or fixture."""

    parts: tuple[Part, ...]
    joints: tuple[Joint, ...] = ()
    surfaces: tuple[Surface, ...] = ()
