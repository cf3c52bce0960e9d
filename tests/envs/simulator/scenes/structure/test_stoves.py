"""Burners and knobs are on a stove or a hob."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.meshes.slabs import centered
from envs.simulator.scenes import load_scene, scene_names
from envs.simulator.scenes.footprints import without
from envs.simulator.scenes.object_meshes import mesh_of
from envs.simulator.scenes.structure.room_fixtures import plan_of
from envs.simulator.scenes.structure.stoves import hob_in, stove_bodies, stove_of

KITCHENS = scene_names()[:30]


@pytest.mark.parametrize("name", KITCHENS)
def test_every_knob_is_on_its_stove(name):
    scene = load_scene(name)
    plan = plan_of(scene)
    parts = [p for parts in stove_bodies(scene, plan.low, plan.high) for p in parts]
    points = np.concatenate([p.vertices[p.faces] for p in centered(parts, np.zeros(3)).parts])
    low, high = points.min(1) - 0.06, points.max(1) + 0.06
    for knob in (o for o in scene.objects if o.object_type == "StoveKnob"):
        middle = np.asarray(knob.center)
        assert ((middle > low) & (middle < high)).all(1).any(), knob.object_id


def test_a_hob_is_let_into_its_counter():
    scene = load_scene("FloorPlan16")
    x0, z0, x1, z1 = hob_in(scene)
    stove = stove_of(scene)
    for top in (o for o in scene.objects if o.object_type == "CounterTop"):
        for part in mesh_of(top, scene, "FloorPlan16", 0).parts:
            corners = (part.vertices[part.faces] + np.asarray(top.center))[..., [0, 2]]
            middle = corners.mean(1)
            inside = (middle > (x0 + 0.005, z0 + 0.005)) & (middle < (x1 - 0.005, z1 - 0.005))
            assert not inside.all(1).any()
    assert stove.glass[1][1] < stove.height


def test_a_stove_in_a_corner_stands_as_its_burners_do():
    stove = stove_of(load_scene("FloorPlan30"))
    assert stove.turn == pytest.approx(45, abs=1)
    assert (stove.high - stove.low)[[0, 2]] == pytest.approx([0.47, 0.47], abs=0.03)


def test_a_rectangle_less_a_hole_has_their_area():
    left = without((0, 0, 2, 1), (0.5, -1, 1.0, 0.5))
    assert sum((c - a) * (d - b) for a, b, c, d in left) == pytest.approx(2 - 0.25)
    assert without((0, 0, 1, 1), (2, 2, 3, 3)) == [(0, 0, 1, 1)]
