"""Faces in two colours that lie on each other and look the same way would flicker."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.meshes.catalogue import build_mesh

NEAR = 5e-4


def levels(mesh, flags):
    """Height and colour of every upward triangle, with its middle (2,), for parts that may show."""
    for part in mesh.parts:
        if part.when in (None, *flags) and len(part.faces) and part.alpha == 1:
            corners = part.vertices[part.faces].astype(float)
            normals = part.normals[part.faces].mean(1)
            for triangle in corners[normals[:, 1] > 0.99]:
                yield triangle[:, 1].mean(), part.color, triangle[:, [0, 2]]


def inside(point, triangle):
    along, to = np.roll(triangle, -1, axis=0) - triangle, point - triangle
    turn = along[:, 0] * to[:, 1] - along[:, 1] * to[:, 0]
    return turn.min() > 1e-9 or turn.max() < -1e-9


@pytest.mark.parametrize(
    "name, size",
    [("TargetCircle", (0.4, 0.01, 0.4)), ("StoveBurner", (0.22, 0.004, 0.22))],
)
def test_no_two_colours_lie_on_each_other(name, size):
    found = list(levels(build_mesh(name, size), ("isToggled",)))
    for k, (height, color, triangle) in enumerate(found):
        for other_height, other_color, other in found[k + 1 :]:
            if color != other_color and abs(height - other_height) < NEAR:
                assert not inside(triangle.mean(0), other), (color, other_color)
                assert not inside(other.mean(0), triangle), (color, other_color)


@pytest.mark.parametrize("name", ["Shelf", "Painting", "Mirror", "Window", "HousePlant"])
def test_nothing_is_drawn_only_to_fill_the_box(name):
    for seed in range(4):
        mesh = build_mesh(name, (0.8, 0.5, 0.3), seed)
        for part in mesh.parts:
            if len(part.faces) and part.when is None:
                assert np.sort(np.ptp(part.vertices, axis=0))[1] > 0.006, (seed, part.color)
