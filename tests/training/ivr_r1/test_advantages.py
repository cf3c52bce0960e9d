"""Advantages of groups and of steps."""

from __future__ import annotations

import numpy as np
import pytest

from training.ivr_r1.advantages import group_advantages, step_advantages


def test_a_group_is_compared_with_itself_alone():
    made = group_advantages([1.0, 0.0, 0.0, 10.0, 10.0, 7.0], [0, 0, 0, 1, 1, 1])
    own = np.array([1.0, 0.0, 0.0])
    assert np.allclose(made[:3], (own - own.mean()) / (own.std(ddof=1) + 1e-4))
    assert abs(made[:3].sum()) < 1e-9 and abs(made[3:].sum()) < 1e-9


def test_a_group_all_alike_teaches_nothing():
    assert not group_advantages([0.5, 0.5, 0.5], [3, 3, 3]).any()


@pytest.mark.parametrize(("scale", "factor"), [("none", 1.0), ("batch", 1 / (2.5**0.5 + 1e-4))])
def test_a_scale_divides_by_what_it_says(scale, factor):
    rewards = [1.0, 2.0, 3.0, 4.0, 5.0]
    plain = group_advantages(rewards, [0, 0, 1, 1, 1], "none")
    assert np.allclose(group_advantages(rewards, [0, 0, 1, 1, 1], scale), plain * factor)


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_a_reward_that_is_no_number_is_refused(bad):
    with pytest.raises(ValueError, match="finite numbers"):
        group_advantages([1.0, bad], [0, 0])
    with pytest.raises(ValueError, match="'std': use one of group, batch, none"):
        group_advantages([1.0], [0], "std")


def test_steps_that_begin_alike_are_compared_and_others_are_not():
    keys = [[("g", "a"), ("g", "b")], [("g", "a"), ("g", "c")], [("h", "a")]]
    one, other, alone = step_advantages(keys, [[0.0, 1.0], [0.0, 0.0], [5.0]], gamma=0.9)
    assert one.tolist() == [0.45, 0.0] and other.tolist() == [-0.45, 0.0]
    assert alone.tolist() == [0.0], "another group's state of the same name"
