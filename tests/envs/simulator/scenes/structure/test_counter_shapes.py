"""Counters run at an angle where the grid of the floor shows but steps."""

from __future__ import annotations

import numpy as np

from envs.simulator.scenes import load_scene
from envs.simulator.scenes.structure.counter_shapes import plate, top_pieces
from envs.simulator.scenes.structure.overhangs import overhangs


def pieces(name):
    found = top_pieces(load_scene(name))
    return [piece for shapes in found.values() for piece in shapes]


def test_the_step_of_a_counter_is_bevelled():
    bevels = [p for p in pieces("FloorPlan28") if len(p) == 3]
    assert bevels
    for shape in bevels:
        corner, *ends = np.asarray(shape)
        assert all(0.02 < np.linalg.norm(end - corner) < 0.5 for end in ends)


def test_no_bevel_is_where_the_agent_stands():
    for name in ("FloorPlan28", "FloorPlan30", "FloorPlan6"):
        scene = load_scene(name)
        for shape in (np.asarray(p) for p in pieces(name) if len(p) == 3):
            spots = [shape.mean(0), *shape, *((shape + np.roll(shape, 1, 0)) / 2)]
            away = np.linalg.norm(scene.walked[:, None] - spots, axis=2)
            assert away.min() > 0.18


def test_a_turned_row_of_cupboards_has_a_top():
    tops = [np.asarray(p) for p in pieces("FloorPlan16") if len(p) == 4]
    assert len(tops) >= 1
    assert max(np.ptp(top, axis=0).min() for top in tops) > 1.0


def test_the_texture_of_a_piece_goes_on_where_it_meets_the_counter():
    part = plate(((1.0, 1.0), (1.4, 1.0), (1.0, 1.3)), 0.0, 0.04, (1, 1, 1), "granite")
    level = np.abs(part.normals[:, 1]) > 0.5
    assert np.allclose(part.uvs[level], part.vertices[level][:, [0, 2]] / 0.4)


def test_a_counter_is_open_before_cupboards_and_closed_at_sides_that_stand_back():
    body = np.array([0.1, 0, 0.05]), np.array([0.9, 0.8, 0.55]), 0.0
    assert overhangs([(0.0, 0.0, 1.0, 0.6)], [body]) == [(0.0, 0.55, 1.0, 0.6)]
