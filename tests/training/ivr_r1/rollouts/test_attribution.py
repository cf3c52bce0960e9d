"""The flawed step, from what the expert needs at each."""

from __future__ import annotations

import numpy as np
import pytest

from training.ivr_r1.rollouts.attribution import (
    METHODS,
    attribute,
    condition_loss,
    exact,
    key_deviation,
)


class Reach:
    """Steps to go by a list; counts what was asked."""

    def __init__(self, needed):
        self.needed, self.asked = needed, set()

    def __call__(self, step):
        self.asked.add(step)
        return self.needed[step]


@pytest.mark.parametrize("pivot", range(12))
def test_the_exact_step_is_the_last_from_which_the_goal_was_in_reach(pivot):
    steps, budget = 12, 12
    needed = [0 if k <= pivot else None for k in range(steps + 1)]
    reach = Reach(needed)
    found = exact(reach, steps, budget)
    assert (found.step, found.is_checked, found.method) == (pivot, True, "exact")
    assert len(reach.asked) <= 8


def test_time_that_runs_out_is_a_flaw_too():
    # Standing still: five steps to go all the while, of a budget of ten.
    found = exact(Reach([5] * 11), 10, 10)
    assert found.step == 5 and "5 steps would have done of 5 left" in found.why


def test_where_the_neighbours_contradict_every_step_is_looked_at():
    needed = [0, 0, 0, None, 0, None, None, None, None]
    found = exact(Reach(needed), 8, 8)
    assert (found.step, found.is_checked) == (2, False)


def test_what_was_never_in_reach_has_no_flawed_step():
    assert exact(Reach([None] * 5), 4, 4) is None
    assert exact(Reach([3]), 0, 4) is None


def test_a_lost_condition_and_an_action_that_did_not_help_are_found():
    assert condition_loss([0, 1, 1, 0, 1]).step == 2
    assert condition_loss([0, 1, 2]) is None
    assert key_deviation(Reach([4, 3, 3, 2]), 3).step == 1
    assert key_deviation(Reach([2, 1, 0]), 2) is None
    assert key_deviation(Reach([2, None]), 1).step == 0


def test_every_method_says_which_it_is():
    needed, met = [4, 3, 5, None, None], [0, 1, 1, 0, 0]
    rng = np.random.default_rng(0)
    found = {m: attribute(m, Reach(needed), met, 8, rng) for m in METHODS}
    assert {m: f.method for m, f in found.items()} == {m: m for m in METHODS}
    assert found["late"].step == found["exact"].step + 1 == 3
    assert 0 <= found["random"].step < 4
    with pytest.raises(ValueError, match="'guess': use one of exact"):
        attribute("guess", Reach(needed), met, 8, rng)
    assert attribute("exact", Reach([1]), [0], 8, rng) is None
