"""What of a window's recorded box is glazed."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.scenes import load_scene
from envs.simulator.scenes.object_meshes import mesh_of
from envs.simulator.scenes.structure.room_fixtures import plan_of
from envs.simulator.scenes.window_boxes import window_box


def windows(name):
    scene = load_scene(name)
    return scene, [o for o in scene.objects if o.object_type == "Window"]


def test_windows_side_by_side_have_one_sill_and_one_lintel():
    scene, (one, other) = windows("FloorPlan328")
    levels = []
    for window in (one, other):
        size, place = window_box(window, scene)
        middle = window.center[1] + place[1]
        levels.append((middle - size[1] / 2, middle + size[1] / 2))
    assert levels[0] == pytest.approx(levels[1], abs=1e-3)


def test_a_window_recorded_with_its_neighbours_is_as_wide_as_its_pivot_allows():
    scene, found = windows("FloorPlan204")
    merged = next(w for w in found if min(w.size[0], w.size[2]) > 4)
    size, _ = window_box(merged, scene)
    assert sorted(size)[:2] == pytest.approx([0.1, 0.5], abs=0.02)
    mesh = mesh_of(merged, scene, "FloorPlan204", 0)
    points = np.concatenate([p.vertices for p in mesh.parts])
    assert np.ptp(points, axis=0) == pytest.approx(size, abs=2e-3)


@pytest.mark.parametrize("name", ["FloorPlan4", "FloorPlan212", "FloorPlan218", "FloorPlan317"])
def test_no_window_goes_through_the_ceiling(name):
    scene, found = windows(name)
    ceiling = plan_of(scene).high[1]
    assert max(w.center[1] + w.size[1] / 2 for w in found) < ceiling
