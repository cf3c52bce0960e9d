"""Cupboards that stand at an angle to their room are drawn so."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.core.geometry import box_corners, euler_matrix
from envs.simulator.scenes import load_scene
from envs.simulator.scenes.frames import box_before_turn
from envs.simulator.scenes.structure.counter_shapes import is_turned
from envs.simulator.scenes.turned_rows import turned_rows


def drawer(number, x, z, side=0.69):
    return {
        "id": f"Drawer|{number}",
        "type": "Drawer",
        "center": [x, 0.8, z],
        "size": [side, 0.2, side],
    }


def test_fronts_of_a_turned_row_lie_in_one_plane():
    row = [o for o in load_scene("FloorPlan16").objects if is_turned(o)]
    drawers = [o for o in row if o.object_type == "Drawer"]
    assert len(drawers) == 4
    ahead = euler_matrix(drawers[0].local_rotation)[:, 2]
    fronts = [np.asarray(o.center) @ ahead + o.local_size[2] / 2 for o in drawers]
    assert np.ptp(fronts) < 0.02
    assert {round(o.local_rotation[1]) for o in drawers} == {round(drawers[0].local_rotation[1])}


def test_drawers_of_a_turned_row_stand_side_by_side_and_face_the_free_floor():
    step = 0.43 / np.sqrt(2)
    found = turned_rows([drawer(k, k * step, -k * step) for k in range(3)], np.array([[-1.0, -1]]))
    sizes, angles = zip(*found.values(), strict=True)
    assert [s[0] for s in sizes] == pytest.approx([0.43] * 3, abs=0.01)
    assert [a[1] for a in angles] == pytest.approx([225.0] * 3, abs=0.5)
    corners = box_corners(np.zeros(3), np.array(sizes[0]), euler_matrix(angles[0]))
    assert np.ptp(corners, axis=0)[[0, 2]] == pytest.approx([0.69, 0.69], abs=0.01)


def test_a_straight_row_is_not_turned():
    assert not turned_rows([drawer(k, k * 0.7, 0.0) for k in range(3)], np.array([[0.0, 1.0]]))


def test_the_box_before_a_turn_turns_into_the_recorded_one():
    wide, deep = box_before_turn(0.7, 0.9, 20.0)
    corners = box_corners(np.zeros(3), np.array([wide, 1, deep]), euler_matrix((0, 20, 0)))
    assert np.ptp(corners, axis=0)[[0, 2]] == pytest.approx([0.7, 0.9])
