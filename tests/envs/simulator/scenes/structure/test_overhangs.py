"""Where a counter's base stands back, so that what is under it can be seen."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.scenes.structure.overhangs import overhangs

COUNTER = (0.0, 0.0, 2.0, 0.6)


def cupboard(x1: float, z0: float = 0.03) -> tuple[np.ndarray, np.ndarray, float]:
    """One that faces down z, at the counter's far end."""
    return np.array([1.4, 0.1, z0]), np.array([x1, 0.8, 0.5]), 180.0


def test_the_base_stands_back_along_the_fronts():
    assert overhangs([COUNTER], [cupboard(1.8)]) == [pytest.approx((0.0, 0.0, 2.0, 0.03))]


def test_it_leaves_the_side_of_a_cupboard_at_the_end_open_as_deep_as_that_is():
    """FloorPlan5: AI2-THOR 5.0.0 sees a cupboard and a drawer from their counter's end."""
    strips = overhangs([COUNTER], [cupboard(1.96)])
    assert strips[1] == pytest.approx((1.96, 0.03, 2.0, 0.5))


def test_it_closes_the_end_where_a_cupboard_stands_farther_from_it():
    assert len(overhangs([COUNTER], [cupboard(1.9)])) == 1
