"""Where actions point."""

from __future__ import annotations

import numpy as np
import pytest

from envs.actions import Action
from policies.base import Context, PastStep, SeenThing
from policies.cimr.pointing import peak, point_of

PICK = Action("pick up", "Apple")


def _map(**chances: float) -> np.ndarray:
    """A map with chances at a left and a right place."""
    weights = np.zeros((28, 28))
    weights[14, 4], weights[14, 20] = chances.get("left", 0.0), chances.get("right", 0.0)
    return weights


def test_what_was_decided_on_is_pointed_at_even_if_it_is_unlikely_to_be_there():
    x, _ = point_of(PICK, _map(left=0.1, right=0.2), Context())
    assert x == pytest.approx(20.5 / 28)
    assert point_of(PICK, _map(left=0.001), Context()) is None


def test_the_way_to_furniture_needs_no_point():
    assert point_of(Action("goto", "Fridge"), _map(left=0.9), Context()) is None
    assert point_of(Action("open", "Fridge"), _map(left=0.9), Context()) is not None


def test_where_it_failed_just_now_it_does_not_point_again():
    failed = PastStep("pick up Apple at (0.73, 0.52)", "failed")
    again = point_of(PICK, _map(left=0.1, right=0.8), Context(history=(failed,)))
    assert again is not None and again[0] == pytest.approx(4.5 / 28)
    moved = Context(history=(failed, PastStep("look around", "ok")))
    assert point_of(PICK, _map(left=0.1, right=0.8), moved)[0] == pytest.approx(20.5 / 28)


def test_where_all_that_it_glimpsed_has_failed_it_points_nowhere():
    failed = PastStep("pick up Apple at (0.73, 0.52)", "failed")
    assert point_of(PICK, _map(left=0.01, right=0.8), Context(history=(failed,))) is None


def test_it_goes_to_where_it_saw_a_thing_rather_than_to_what_might_be_it():
    walk, seen = Action("goto", "Apple"), Context(seen=(SeenThing("Apple", "Sink", 3),))
    assert point_of(walk, _map(left=0.3), seen) is None
    assert point_of(walk, _map(left=0.3), Context()) is not None
    assert point_of(walk, _map(left=0.8), seen) is not None


def test_the_peak_is_refined_by_its_neighbours():
    weights = np.zeros((28, 28))
    weights[4, 10], weights[4, 11] = 1.0, 1.0
    x, y = peak(weights)
    assert x == pytest.approx(11 / 28) and y == pytest.approx(4.5 / 28)
