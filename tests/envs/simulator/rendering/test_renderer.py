"""Pictures agree with geometry computed by brute force."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.core.camera import Camera
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.rendering.renderer import Renderer


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
    assert (error < 1e-3).mean() > 0.97
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


def lamp_room():
    """A floor and a wall beside a lamp and a switch."""
    renderer = Renderer(80, 80)
    for key, kind, size, place in (
        ("Slab|0", "Shelf", (3.0, 0.3, 3.0), (0.0, -0.9, 1.5)),
        ("FloorLamp|0", "FloorLamp", (0.35, 1.5, 0.35), (0.6, 0.0, 1.6)),
        ("LightSwitch|0", "LightSwitch", (0.1, 0.15, 0.03), (-1.4, 0.4, 1.5)),
    ):
        renderer.add(key, build_mesh(kind, size), np.array(place), np.eye(3))
    renderer.set_flags("LightSwitch|0", frozenset({"isToggled"}))
    renderer.bake()
    return renderer


def test_lamps_and_switches_light_the_room_and_put_it_back():
    renderer, camera = lamp_room(), Camera((0.0, 0.3, 0.0), 0.0, 25.0)
    on = frozenset({"isToggled"})
    begun = renderer.render(camera).rgb.astype(int)
    renderer.set_flags("FloorLamp|0", on)
    lit = renderer.render(camera).rgb.astype(int)
    floor = renderer.render(camera, ids=True).ids == renderer.keys.index("Slab|0")
    assert (lit[floor] >= begun[floor]).all() and (lit[floor] - begun[floor]).max() > 6
    renderer.set_flags("LightSwitch|0", frozenset())
    dim = renderer.render(camera).rgb.astype(int)
    assert dim[floor].mean() < 0.85 * lit[floor].mean()
    renderer.set_flags("LightSwitch|0", on)
    renderer.set_flags("FloorLamp|0", frozenset())
    assert (renderer.render(camera).rgb == begun).all()
    renderer.close()


def test_a_lamp_that_is_taken_away_takes_its_light():
    renderer, camera = lamp_room(), Camera((0.0, 0.3, 0.0), 0.0, 25.0)
    dark = renderer.render(camera).rgb
    renderer.set_flags("FloorLamp|0", frozenset({"isToggled"}))
    renderer.move("FloorLamp|0", np.array([0.0, 0.0, -9.0]), np.eye(3))
    away = renderer.render(camera).rgb
    renderer.set_flags("FloorLamp|0", frozenset())
    assert (renderer.render(camera).rgb == away).all()
    renderer.move("FloorLamp|0", np.array([0.6, 0.0, 1.6]), np.eye(3))
    assert (renderer.render(camera).rgb == dark).all()
    renderer.close()


def test_supersampling_smooths_colour_and_leaves_ids_and_depth(scene):
    renderer, _ = scene
    camera = Camera((0.1, 0.35, -0.2), yaw=8.0, pitch=14.0, fov=70.0)
    plain = renderer.render(camera, depth=True, ids=True)
    renderer.set_supersample(2)
    smooth = renderer.render(camera, depth=True, ids=True)
    assert smooth.rgb.shape == plain.rgb.shape and (smooth.rgb != plain.rgb).any()
    assert (smooth.ids == plain.ids).all() and (smooth.depth == plain.depth).all()
    near = np.abs(smooth.rgb.astype(int) - plain.rgb).max(2) < 30
    assert near.mean() > 0.9


def test_unknown_pipes_are_named():
    with pytest.raises(ValueError, match="software, egl, not 'vulkan'"):
        Renderer(10, 10, pipe="vulkan")


def test_egl_agrees_with_software_on_ids_and_depth():
    try:
        Renderer.try_pipe("egl")
    except RuntimeError as error:
        pytest.skip(str(error))
    frames = []
    for pipe in ("software", "egl"):
        renderer = Renderer(120, 90, pipe=pipe)
        for key, kind, z in (("Mug|0", "Mug", 1.2), ("Bread|0", "Bread", 2.0)):
            mesh = build_mesh(kind, (0.5, 0.5, 0.5))
            renderer.add(key, mesh, np.array([z - 1.5, 0.0, z]), euler_matrix((10, 30, 0)))
        camera = Camera((0.0, 0.1, 0.0), 5.0, 4.0)
        frames.append(renderer.render(camera, ids=True, depth=True))
        renderer.close()
    same = frames[0].ids == frames[1].ids
    assert same.mean() > 0.98
    assert np.median(np.abs(frames[0].depth - frames[1].depth)[same]) < 1e-4
    both = same & (frames[0].ids >= 0)
    assert np.abs(frames[0].rgb.astype(int) - frames[1].rgb)[both].mean() < 12


def test_loose_things_shade_what_they_stand_on_and_nothing_while_held():
    renderer, camera = Renderer(90, 90), Camera((0.0, 0.5, 0.0), 0.0, 35.0)
    shelf = build_mesh("Shelf", (2.0, 0.3, 2.0))
    renderer.add("Slab|0", shelf, np.array([0.0, 0.0, 1.2]), np.eye(3))
    bare = renderer.render(camera).rgb.astype(int)
    mug = build_mesh("Mug", (0.2, 0.2, 0.2))
    renderer.add("Mug|0", mug, np.array([0.0, -0.03, 0.9]), np.eye(3), loose=True)
    frame = renderer.render(camera, ids=True)
    beside = frame.ids == renderer.keys.index("Slab|0")
    darker = bare[beside].sum(1) - frame.rgb.astype(int)[beside].sum(1)
    assert darker.max() > 40 and (darker > 20).mean() < 0.2
    renderer.set_flags("Mug|0", frozenset({"isPickedUp"}))
    held = renderer.render(camera).rgb.astype(int)
    # Ids have finer edges than colours: beside the mug is what has no pixel of it around.
    inner = np.lib.stride_tricks.sliding_window_view(beside, (3, 3)).all((2, 3))
    assert inner.mean() > 0.4
    assert np.abs(held - bare)[1:-1, 1:-1][inner].max() <= 2
    renderer.close()
