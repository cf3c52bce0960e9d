"""Fine pictures: softer light on the same geometry."""

from __future__ import annotations

import functools

import numpy as np
import pytest

from envs.backends import make_controller, quality_options
from envs.simulator.core.camera import Camera
from envs.simulator.meshes.maker import Maker
from envs.simulator.meshes.textures import texture
from envs.simulator.rendering.renderer import Renderer
from envs.thor_env import ThorEnv

IMAGES = {"renderDepthImage": True, "renderInstanceSegmentation": True}


def slab(size, color=(0.8, 0.8, 0.8)):
    maker = Maker(size, 0)
    maker.box((0, 0, 0), size, color)
    return maker.mesh()


@functools.cache
def table(fine):
    """The floor under a table and beside it, and what a ball's foot looks like: grey levels."""
    renderer = Renderer(120, 120)
    renderer.fine = fine
    renderer.add("Floor|0", slab((4.0, 0.1, 4.0)), np.array([0.0, -0.05, 2.0]), np.eye(3))
    renderer.add("Top|0", slab((1.2, 0.05, 1.2)), np.array([0.0, 0.7, 2.0]), np.eye(3))
    renderer.bake()
    frame = renderer.render(Camera((0.0, 0.5, 0.0), 0.0, 12.0), depth=True, ids=True, normals=True)
    renderer.close()
    return frame


def test_the_floor_under_a_table_lies_in_a_soft_shadow():
    plain, fine = table(False), table(True)
    share = fine.rgb.astype(float).mean(-1) / np.maximum(plain.rgb.astype(float).mean(-1), 1)
    floor = plain.ids == 0
    rays = Camera((0.0, 0.5, 0.0), 0.0, 12.0).rays(120, 120)
    x, _, z = np.moveaxis(np.array([0.0, 0.5, 0.0]) + plain.depth[..., None] * rays, -1, 0)
    under = floor & (abs(x) < 0.3) & (abs(z - 2) < 0.3)
    beside = floor & (abs(x) > 1.2) & (abs(x) < 1.6) & (z < 2)
    between = floor & (abs(abs(x) - 0.6) < 0.06) & (abs(z - 2) < 0.3)
    assert under.sum() > 20 and beside.sum() > 20 and between.sum() > 5
    assert share[under].mean() < 0.8 < 0.97 < share[beside].mean()
    # Soft: half of the light at the edge.
    assert share[under].mean() + 0.04 < share[between].mean() < share[beside].mean() - 0.04


def test_depth_ids_and_normals_are_those_of_the_standard_picture():
    plain, fine = table(False), table(True)
    for name in ("depth", "ids", "normals"):
        assert (plain.image(name) == fine.image(name)).all()


def test_textures_are_finer_and_of_the_same_colour():
    for name in ("wood", "carpet", "note", "garden"):
        usual, fine = texture(name), texture(name, fine=True)
        assert fine.shape == (256, 256, 3)
        small = fine.reshape(128, 2, 128, 2, 3).mean((1, 3))
        assert np.abs(small - usual).mean() < 4


def test_high_quality_changes_the_picture_and_nothing_else_and_says_so():
    controller = make_controller("embedded", scene="FloorPlan402", width=100, height=100, **IMAGES)
    plain = controller.last_event
    assert "renderQuality" not in plain.metadata
    high = controller.reset("FloorPlan402", render_quality="high", **IMAGES)
    assert high.metadata["renderQuality"] == "high"
    assert np.abs(high.frame.astype(int) - plain.frame).mean() > 1
    assert (high.depth_frame == plain.depth_frame).all()
    assert (high.instance_segmentation_frame == plain.instance_segmentation_frame).all()
    again = controller.reset("FloorPlan402", render_quality="standard", **IMAGES)
    assert (again.frame == plain.frame).all()
    controller.stop()


def test_an_unknown_quality_is_refused_in_words():
    with pytest.raises(ValueError, match="'best' must be 'standard' or 'high'"):
        ThorEnv(render_quality="best")
    with pytest.raises(ValueError, match="embedded simulator's"):
        quality_options("high", "unity")
    with pytest.raises(RuntimeError, match="render_quality 'best' is not one of standard, high"):
        make_controller("embedded", scene="FloorPlan402", render_quality="best")


def test_an_environment_passes_its_quality_on():
    assert quality_options("standard", "embedded") == {}
    env = ThorEnv(scene="FloorPlan402", width=64, height=64, render_quality="high")
    assert env.controller.last_event.metadata["renderQuality"] == "high"
    env.close()
