"""Contact shadows lie under what casts them."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.core.geometry import euler_matrix
from envs.simulator.rendering.ambient_occlusion import Occlusion
from envs.simulator.rendering.shadows import stretch_of

KNIFE = np.array([0.03, 0.02, 0.3])
UP = np.array([[0.0, 1.0, 0.0]])


def test_the_patch_of_a_long_thing_lies_as_it_does():
    made = stretch_of(KNIFE, euler_matrix((0, 45, 0)))
    long, short = np.linalg.norm(made[:, 2]), np.linalg.norm(made[:, 0])
    assert long == pytest.approx(0.35, abs=0.02) and short < 0.05
    assert abs(made[0, 2]) == pytest.approx(abs(made[2, 2]), abs=1e-9)


def test_a_thing_on_its_side_has_the_patch_of_that_side():
    made = stretch_of(np.array([0.1, 0.4, 0.2]), euler_matrix((90, 0, 0)))
    sides = sorted(np.linalg.norm(made[:, k]) for k in (0, 2))
    assert sides == pytest.approx([0.135, 0.45], abs=0.01)


def test_shade_fades_evenly_from_what_casts_it():
    table = ("Sofa", np.array([0.0, 0.0, 0.0]), np.array([1.0, 0.8, 1.0]))
    points = np.stack([np.linspace(-1, 0, 41), np.zeros(41), np.full(41, 0.5)], 1)
    light = Occlusion([table]).at(points, np.repeat(UP, 41, 0))
    steps = -np.diff(light)
    assert (steps >= 0).all() and steps.max() < 0.05
