"""Mirrors show what stands before them, where it should be seen, and change nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.core.camera import Camera
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.meshes.maker import Maker
from envs.simulator.rendering.batches import batches
from envs.simulator.rendering.mirrors import pane_of
from envs.simulator.rendering.renderer import Renderer

SIZE = 120


def red_ball():
    maker = Maker((0.3, 0.3, 0.3), 0)
    maker.ball((0, 0, 0), (0.15, 0.15, 0.15), (0.9, 0.05, 0.05))
    return maker.mesh()


def room(mirror_at=2.0, seed=2):
    """A mirror straight ahead, facing the camera at the origin."""
    renderer = Renderer(SIZE, SIZE)
    pane = build_mesh("Mirror", (1.2, 1.2, 0.04), seed)
    renderer.add("Mirror|0", pane, np.array([0.0, 0.0, mirror_at]), euler_matrix((0, 180, 0)))
    return renderer


def reds(rgb):
    """Middle (x, y) of the red pixels, in pixels, or None."""
    red = (rgb[..., 0] > 90) & (rgb[..., 0].astype(int) > 2 * rgb[..., 1].astype(int) + 20)
    rows, columns = np.nonzero(red)
    return None if len(rows) < 4 else (float(columns.mean()), float(rows.mean()))


@pytest.mark.parametrize("place", [(0.5, 0.2, -0.6), (-0.4, -0.3, -1.0), (0.3, -0.2, -0.3)])
def test_a_red_thing_behind_the_viewer_shows_in_the_mirror_where_light_would_bring_it(place):
    renderer = room()
    renderer.add("Ball|0", red_ball(), np.array(place), np.eye(3))
    camera = Camera((0.0, 0.0, 0.0), 0.0, 0.0)
    found = reds(renderer.render(camera).rgb)
    renderer.close()
    # The glass stands a little before the middle of its box.
    far = 2 * (2.0 - 0.005) - place[2]
    expected = [SIZE / 2 * (1 + place[0] / far), SIZE / 2 * (1 - place[1] / far)]
    assert found == pytest.approx(expected, abs=1.6)


@pytest.mark.parametrize("seed", range(4))
def test_mirrors_of_every_form_reflect_the_right_way_round(seed):
    renderer, camera = room(seed=seed), Camera((0.0, 0.0, 0.0), 0.0, 0.0)
    renderer.add("Ball|0", red_ball(), np.array([-0.4, 0.1, -0.5]), np.eye(3))
    found = reds(renderer.render(camera).rgb)
    renderer.close()
    assert found[0] < SIZE / 2 - 2 and found[1] < SIZE / 2


def test_an_oval_mirror_reflects():
    renderer = Renderer(SIZE, SIZE)
    pane = next(
        mesh
        for mesh in (build_mesh("Mirror", (0.9, 1.2, 0.04), seed) for seed in range(30))
        if any(p.texture == "mirror" and len(p.faces) > 40 for p in mesh.parts)
    )
    renderer.add("Mirror|0", pane, np.array([0.0, 0.0, 1.5]), euler_matrix((0, 180, 0)))
    renderer.add("Ball|0", red_ball(), np.array([0.25, 0.2, -0.5]), np.eye(3))
    found = reds(renderer.render(Camera((0.0, 0.0, 0.0), 0.0, 0.0)).rgb)
    renderer.close()
    far = 2 * 1.5 + 0.5
    expected = [SIZE / 2 * (1 + 0.25 / far), SIZE / 2 * (1 - 0.2 / far)]
    assert found == pytest.approx(expected, abs=1.6)


def test_what_moves_moves_in_the_mirror_and_what_is_hidden_is_not_there():
    renderer, camera = room(), Camera((0.0, 0.0, 0.0), 0.0, 0.0)
    assert reds(renderer.render(camera).rgb) is None
    renderer.add("Ball|0", red_ball(), np.array([-0.5, 0.0, -0.5]), np.eye(3))
    left = reds(renderer.render(camera).rgb)
    renderer.move("Ball|0", np.array([0.5, 0.0, -0.5]), np.eye(3))
    right = reds(renderer.render(camera).rgb)
    renderer.set_visible("Ball|0", False)
    gone = reds(renderer.render(camera).rgb)
    renderer.close()
    assert left[0] < SIZE / 2 < right[0] and gone is None


def test_depth_and_ids_do_not_know_of_what_is_in_the_mirror():
    renderer, camera = room(), Camera((0.0, 0.0, 0.0), 5.0, 3.0)
    before = renderer.render(camera, depth=True, ids=True, normals=True)
    renderer.add("Ball|0", red_ball(), np.array([0.3, 0.0, -0.5]), np.eye(3))
    after = renderer.render(camera, depth=True, ids=True, normals=True)
    renderer.close()
    assert (before.rgb != after.rgb).any()
    for name in ("depth", "ids", "normals"):
        assert (before.image(name) == after.image(name)).all()


def test_mirrors_out_of_view_from_behind_small_or_broken_cost_no_picture():
    renderer = room()
    mirrors, ahead = renderer.mirrors, Camera((0.0, 0.0, 0.0), 0.0, 0.0)
    assert mirrors.reflect(ahead, SIZE, SIZE) == 1
    assert mirrors.reflect(Camera((0.0, 0.0, 0.0), 180.0, 0.0), SIZE, SIZE) == 0
    assert mirrors.reflect(Camera((0.0, 0.0, 4.0), 180.0, 0.0), SIZE, SIZE) == 0
    assert mirrors.reflect(Camera((0.0, 0.0, -18.0), 0.0, 0.0), SIZE, SIZE) == 0
    renderer.set_flags("Mirror|0", frozenset({"isBroken"}))
    assert mirrors.reflect(ahead, SIZE, SIZE) == 0
    renderer.set_flags("Mirror|0", frozenset())
    renderer.remove("Mirror|0")
    assert mirrors.reflect(ahead, SIZE, SIZE) == 0
    renderer.close()


@pytest.mark.parametrize("seed", range(6))
def test_the_glass_of_every_form_of_mirror_is_found(seed):
    """Square and oval ones."""
    mesh = build_mesh("Mirror", (0.6, 0.8, 0.04), seed)
    (pane,) = [p for p in map(pane_of, batches(mesh)) if p is not None]
    assert pane.normal == pytest.approx([0, 0, 1], abs=1e-6)
    assert np.ptp(pane.corners, axis=0)[:2] == pytest.approx([0.54, 0.74], abs=0.06)
