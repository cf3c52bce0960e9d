"""Pictures agree with geometry computed by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.geometry import euler_matrix
from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.renderer import Camera, Renderer


def nearest_along(rays, eye, triangles):
    """Distance (R,) along rays (R, 3) to the nearest triangle (M, 3, 3), inf if none."""
    best = np.full(len(rays), np.inf)
    for a, b, c in triangles:
        normal = np.cross(b - a, c - a)
        with np.errstate(divide="ignore", invalid="ignore"):
            t = (normal @ (a - eye)) / (rays @ normal)
        points = eye + t[:, None] * rays
        inside = np.isfinite(t) & (t > 0.04)
        signs = [((np.cross(q - p, points - p)) @ normal) for p, q in ((a, b), (b, c), (c, a))]
        inside &= (np.minimum.reduce(signs) >= 0) | (np.maximum.reduce(signs) <= 0)
        best = np.where(inside & (t < best), t, best)
    return best


@pytest.fixture()
def scene():
    renderer = Renderer(120, 90)
    things = {
        "Mug|0": ("Mug", (0.3, 0.3, 0.3), (0.0, 0.1, 1.2), (0, 30, 0)),
        "Bread|0": ("Bread", (0.4, 0.3, 0.6), (0.6, -0.1, 1.6), (10, 200, 5)),
        "Slab|0": ("Slab", (1.6, 0.05, 1.6), (0.0, -0.4, 1.5), (0, 0, 0)),
    }
    triangles = []
    for key, (kind, size, place, euler) in things.items():
        mesh, turn = build_mesh(kind, size), euler_matrix(euler)
        renderer.add(key, mesh, np.array(place), turn)
        for part in mesh.parts:
            if part.when is None or part.when.startswith("!"):
                triangles.append(part.vertices[part.faces] @ turn.T + np.array(place))
    renderer.bake()
    yield renderer, np.concatenate(triangles).astype(float)
    renderer.close()


def test_depth_is_exact_where_the_triangle_agrees(scene):
    renderer, triangles = scene
    camera = Camera((0.1, 0.35, -0.2), yaw=8.0, pitch=14.0, fov=70.0)
    frame = renderer.render(camera, depth=True, ids=True)
    rays = camera.rays(120, 90)
    rng = np.random.default_rng(0)
    rows, columns = rng.integers(0, 90, 250), rng.integers(0, 120, 250)
    truth = nearest_along(rays[rows, columns], np.array(camera.position), triangles)
    drawn = frame.depth[rows, columns]
    hit = np.isfinite(truth)
    assert hit.mean() > 0.2
    assert ((frame.ids[rows, columns] >= 0) == hit).mean() > 0.97
    error = np.abs(drawn[hit] - truth[hit])
    assert (error < 1e-3).mean() > 0.93
    assert np.median(error) < 1e-4


def test_ids_index_keys_and_follow_moves(scene):
    renderer, _ = scene
    camera = Camera((0.0, 0.1, 0.0), yaw=0.0, pitch=0.0)
    before = renderer.render(camera, ids=True, rgb=False).ids == renderer.keys.index("Mug|0")
    assert before.any()
    renderer.move("Mug|0", np.array([0.0, 0.1, -3.0]), np.eye(3))
    after = renderer.render(camera, ids=True, rgb=False).ids == renderer.keys.index("Mug|0")
    assert not after.any()


def test_openness_moves_what_is_drawn():
    renderer = Renderer(100, 100)
    renderer.add(
        "Fridge|0",
        build_mesh("Fridge", (0.8, 1.8, 0.7)),
        np.array([0.0, 0.0, 2.0]),
        euler_matrix((0, 180, 0)),
    )
    camera = Camera((0.0, 0.0, 0.0), 0.0, 0.0)
    closed = renderer.render(camera, depth=True)
    renderer.set_openness("Fridge|0", 1.0)
    opened = renderer.render(camera, depth=True)
    renderer.set_openness("Fridge|0", 0.0)
    again = renderer.render(camera, depth=True)
    assert (opened.depth > closed.depth + 0.2).any()
    assert (again.rgb == closed.rgb).all()
    renderer.close()


def test_flags_show_and_hide_parts():
    renderer = Renderer(80, 80)
    renderer.add(
        "StoveBurner|0",
        build_mesh("StoveBurner", (0.3, 0.05, 0.3)),
        np.array([0.0, -0.3, 0.5]),
        np.eye(3),
    )
    camera = Camera((0.0, 0.0, 0.2), 0.0, 45.0)
    off = renderer.render(camera).rgb.astype(int)
    renderer.set_flags("StoveBurner|0", frozenset({"isToggled"}))
    on = renderer.render(camera).rgb.astype(int)
    assert (on[..., 0] - off[..., 0]).max() > 100
    renderer.close()


@pytest.mark.parametrize("size", [(301, 203), (64, 64), (257, 100)])
def test_odd_sizes_are_exact(size):
    renderer = Renderer(*size)
    renderer.add(
        "Apple|0", build_mesh("Apple", (0.4, 0.4, 0.4)), np.array([0.0, 0.0, 1.0]), np.eye(3)
    )
    frame = renderer.render(Camera((0.0, 0.0, 0.0), 0.0, 0.0), depth=True, ids=True)
    assert frame.rgb.shape == (size[1], size[0], 3)
    columns = np.flatnonzero((frame.ids >= 0).any(0))
    assert abs((columns[0] + columns[-1]) / 2 - (size[0] - 1) / 2) <= 1.5
    renderer.close()


def test_two_renderers_do_not_disturb_each_other():
    one, two = Renderer(60, 60), Renderer(60, 60)
    for renderer, kind in ((one, "Apple"), (two, "Bread")):
        renderer.add(
            f"{kind}|0", build_mesh(kind, (0.4, 0.4, 0.4)), np.array([0.0, 0.0, 1.0]), np.eye(3)
        )
    camera = Camera((0.0, 0.0, 0.0), 0.0, 0.0)
    first = one.render(camera).rgb
    two.render(camera)
    assert (one.render(camera).rgb == first).all()
    one.close()
    two.close()


def test_a_key_cannot_be_added_twice():
    renderer = Renderer(10, 10)
    mesh = build_mesh("Apple", (0.1, 0.1, 0.1))
    renderer.add("a", mesh, np.zeros(3), np.eye(3))
    with pytest.raises(ValueError, match="drawn already"):
        renderer.add("a", mesh, np.zeros(3), np.eye(3))
