"""What a rollout earns, and which is flawed."""

from __future__ import annotations

import pytest

from training.ivr_r1.rollouts.screening import (
    RewardWeights,
    checked,
    has_variance,
    is_flawed,
    reward_of,
)


def earned(**changed):
    plain = {"success": True, "met": 2, "conditions": 2, "malformed": 0, "answers": 5, "steps": 5}
    return reward_of(**plain | changed, weights=RewardWeights())


def test_every_part_counts_as_it_says():
    parts = earned(malformed=1)
    assert (parts.success, parts.progress) == (1.0, 0.3)
    assert parts.format == pytest.approx(-0.04) and parts.step_cost == pytest.approx(-0.05)
    assert parts.total == pytest.approx(1.21)
    assert earned(steps=9).total < earned().total
    assert earned(success=False, met=1).progress == pytest.approx(0.15)
    assert earned(conditions=0, answers=0).total == pytest.approx(0.95)


def test_what_failed_or_earned_too_little_is_flawed():
    assert is_flawed(False, 99.0, 0.5) and is_flawed(True, 0.4, 0.5)
    assert not is_flawed(True, 0.5, 0.5)


def test_a_step_less_makes_a_group_differ():
    assert not has_variance([earned().total, earned().total])
    assert has_variance([earned().total, earned(steps=6).total])


@pytest.mark.parametrize("bad", [float("nan"), float("-inf")])
def test_a_reward_that_is_no_number_is_refused_with_its_task(bad):
    with pytest.raises(ValueError, match="Rollout 1 of open-1 .*--step-cost"):
        checked([0.0, bad], "open-1")
