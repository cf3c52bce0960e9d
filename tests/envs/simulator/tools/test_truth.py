"""The measure of the pictures' truth: its rays are right, it finds what is false, rooms pass."""

from __future__ import annotations

import json

import numpy as np
import pytest

from envs.simulator.core.camera import Camera
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.rendering.ray_cast import ray_cast
from envs.simulator.rendering.renderer import Renderer
from envs.simulator.tools.truth import Truth, compare, compare_masks, main, measure

SQUARE = np.array([[-1.0, -1.0, 0.0], [1.0, -1.0, 0.0], [1.0, 1.0, 0.0], [-1.0, 1.0, 0.0]])
AHEAD = Camera((0.0, 0.0, 0.0), 0.0, 0.0)


def square(z, turn=None):
    """Two triangles (2, 3, 3) that face the origin from ``z`` metres ahead."""
    corners = (SQUARE if turn is None else SQUARE @ turn.T) + (0.0, 0.0, z)
    return corners[[[0, 1, 2], [0, 2, 3]]]


def test_rays_meet_the_nearest_triangle_at_its_very_depth():
    index, depth = ray_cast(AHEAD, 40, 40, np.concatenate([square(3.0), square(2.0)]), 0.04)
    hit = index >= 2
    assert np.allclose(depth[hit], 2.0, rtol=1e-14) and 0.2 < hit.mean() < 0.3
    # A square two metres wide at two metres covers half the view's width of 90 degrees.
    assert hit[20].sum() == 20 and hit[:, 20].sum() == 20
    assert (np.isinf(depth) == (index < 0)).all() and (index >= 0).sum() == hit.sum()


def test_rays_pass_the_back_of_triangles_and_what_is_too_near():
    behind = square(2.0)[:, ::-1]
    assert (ray_cast(AHEAD, 20, 20, behind, 0.04)[0] == -1).all()
    assert (ray_cast(AHEAD, 20, 20, square(0.03), 0.04)[0] == -1).all()


def test_rays_meet_a_plane_that_passes_the_camera():
    floor = square(0.0, euler_matrix((90.0, 0.0, 0.0))) * 5 + (0.0, -1.0, 0.0)
    index, depth = ray_cast(AHEAD, 41, 40, floor, 0.04)
    _, up = AHEAD.coordinates(41, 40)
    met = index[:, 20] >= 0
    assert met.tolist() == [u < 0 and -1 / u < 5 for u in up]
    assert np.allclose(depth[met, 20], -1 / up[met])


@pytest.fixture()
def renderer():
    made = Renderer(120, 90)
    for key, kind, size, place, euler in (
        ("Mug|0", "Mug", (0.3, 0.3, 0.3), (0.0, 0.1, 1.2), (0, 30, 0)),
        ("Fridge|0", "Fridge", (0.6, 1.2, 0.5), (0.7, 0.1, 2.2), (0, 200, 0)),
        ("Shelf|0", "Shelf", (2.6, 0.05, 2.6), (0.0, -0.5, 1.5), (0, 0, 0)),
    ):
        made.add(key, build_mesh(kind, size), np.array(place), euler_matrix(euler))
    made.set_openness("Fridge|0", 0.6)
    yield made
    made.close()


def test_pictures_of_shapes_with_joints_are_true(renderer):
    found = Truth()
    for yaw, pitch in ((8.0, 14.0), (20.0, 40.0), (-10.0, 5.0)):
        found += compare(renderer, Camera((0.1, 0.35, -0.2), yaw, pitch, fov=70.0))
    assert found.passed and found.pixels == 3 * 120 * 90
    assert found.agree > 0.98 * found.pixels and found.worst < 1e-5


def test_a_picture_of_another_place_is_found_false(renderer):
    camera = Camera((0.1, 0.35, -0.2), 8.0, 14.0)
    true = compare(renderer, camera)
    # The planes stay where they were, the drawn triangles go elsewhere.
    node = renderer.id_pass.node_of("Shelf|0")
    node.setZ(node.getZ() - 0.2)
    false = compare(renderer, camera)
    assert true.passed and not false.passed
    assert false.agree < true.agree and false.exact <= false.agree


def test_rooms_are_true_through_the_client():
    found = dict(measure(["FloorPlan415", "FloorPlan_Train1_1"], poses=3, size=150, seed=1))
    assert list(found) == ["FloorPlan415", "FloorPlan_Train1_1"]
    assert all(room.passed and room.masks for room in found.values())


class OneMask:
    """An event with one object and its mask."""

    def __init__(self, mask):
        self.instance_masks = {"Mug|1": mask}
        self.metadata = {"objects": [{"objectId": "Mug|1"}]}


def test_masks_that_differ_in_a_pixel_are_counted():
    ids = np.array([[0, 0, -1], [1, 1, 1]], np.int32)
    keys = ["Wall", "Mug|1"]
    assert compare_masks(OneMask(ids == 1), ids, keys) == Truth(masks=1)
    wrong = ids == 1
    wrong[0, 0] = True
    assert compare_masks(OneMask(wrong), ids, keys).wrong_masks == 1
    assert compare_masks(OneMask(ids == 1), np.zeros_like(ids), keys).wrong_masks == 1


def test_the_command_prints_figures_and_names_unknown_rooms(capsys):
    arguments = ["--scenes", "FloorPlan415", "--poses", "1", "--size", "100", "--json"]
    assert main(arguments) == 0
    printed = json.loads(capsys.readouterr().out)
    assert printed["pixels"] == 10_000 and printed["passed"] and "FloorPlan415" in printed["scenes"]
    assert main(["--scenes", "FloorPlan999"]) == 2
    assert "unknown room 'FloorPlan999'" in capsys.readouterr().err
