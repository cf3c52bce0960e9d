"""Where the moving parts of a mesh go."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.meshes.joints import joint_pose, part_groups
from envs.simulator.meshes.mesh import Joint


@pytest.mark.parametrize("openness", [0.0, 0.4, 1.0])
def test_a_slide_moves_by_its_share_of_the_travel(openness):
    turn, shift = joint_pose(Joint("slide", (0.0, 0.0, 0.0), (0.0, 0.0, 2.0), 0.3), openness)
    assert (turn == np.eye(3)).all()
    assert shift == pytest.approx([0.0, 0.0, 0.3 * openness])


@pytest.mark.parametrize("openness", [0.0, 0.5, 1.0])
def test_the_hinge_line_stays_where_it_is(openness):
    hinge = Joint("hinge", (0.4, 0.0, 0.1), (0.0, 1.0, 0.0), -90.0)
    turn, shift = joint_pose(hinge, openness)
    on_line = np.array([0.4, 0.7, 0.1])
    assert turn @ on_line + shift == pytest.approx(on_line)
    away = turn @ (on_line + [0.0, 0.0, 0.5]) + shift
    assert np.linalg.norm(away - on_line) == pytest.approx(0.5)


def test_parts_are_grouped_by_what_moves_them_and_glass_is_left_out():
    fridge = build_mesh("Fridge", (0.8, 1.8, 0.7))
    groups = part_groups(fridge)
    assert None in groups and set(groups) - {None} == set(range(len(fridge.joints)))
    assert all(part.solid for parts in groups.values() for part in parts)
