"""Intervals hold the share, narrow with more episodes, and do not pretend at the ends."""

from __future__ import annotations

import pytest

from training.evaluation.intervals import bootstrap, mcnemar, paired_difference, wilson


def test_the_score_interval_holds_the_share_and_narrows():
    low, high = wilson(5, 10)
    lower, higher = wilson(500, 1000)
    assert low < lower < 0.5 < higher < high
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_bootstrap_holds_the_ratio_and_narrows():
    few = bootstrap([1, 0] * 5, [1] * 10)
    many = bootstrap([1, 0] * 500, [1] * 1000)
    assert few[0] < many[0] < 0.5 < many[1] < few[1]
    assert bootstrap([1, 0] * 5, [1] * 10) == few


def test_steps_of_one_episode_stay_together():
    alone = bootstrap([1, 0] * 50, [1] * 100)
    together = bootstrap([10, 0] * 5, [10] * 10)
    assert together[1] - together[0] > 2 * (alone[1] - alone[0])


def test_a_share_that_is_always_won_is_not_certain():
    low, high = bootstrap([1] * 20, [1] * 20)
    assert 0.8 < low < 0.9 and high == 1.0
    assert bootstrap([3] * 20, [1] * 20, share=False) == (3.0, 3.0)


def test_nothing_measured_has_no_interval():
    assert bootstrap([0, 0], [0, 0]) is None


def test_pairs_are_compared_by_their_differences():
    mean, (low, high) = paired_difference([0, 0, 1, 1] * 20, [0, 1, 1, 1] * 20)
    assert mean == 0.25
    assert 0.1 < low < 0.25 < high < 0.4
    with pytest.raises(ValueError, match="Pairs"):
        paired_difference([], [])


def test_wins_on_either_side_are_weighed_exactly():
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(3, 3) == 1.0
    assert mcnemar(0, 6) == pytest.approx(2 / 64)


def test_many_errors_of_one_episode_are_still_one_episode():
    assert bootstrap([0], [40]) == wilson(0, 1)
    assert bootstrap([2, 3], [4, 6]) == wilson(1, 2)
