"""Mixtures keep to their shares, take nothing twice, and say what is lacking."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from training.mmcr.mixing import available, balanced, mix, quotas, skewed

RECORDS = [(name, k) for name, count in (("a", 30), ("b", 10), ("c", 20)) for k in range(count)]


def mixed(count: int, shares: dict[str, float], seed: int = 0):
    return mix(RECORDS, count, shares, key=lambda r: r[0], rng=np.random.default_rng(seed))


def test_a_balanced_mixture_has_as_many_of_each():
    assert Counter(r[0] for r in mixed(30, balanced("abc"))) == {"a": 10, "b": 10, "c": 10}


def test_a_skewed_mixture_has_most_of_one():
    assert Counter(r[0] for r in mixed(20, skewed("abc", 0.8))) == {"a": 16, "b": 2, "c": 2}


def test_nothing_is_taken_twice_and_a_seed_takes_the_same():
    chosen = mixed(30, balanced("abc"))
    assert len(set(chosen)) == 30 and chosen == mixed(30, balanced("abc"))
    assert chosen != mixed(30, balanced("abc"), seed=1)


def test_what_is_lacking_is_named_with_what_can_be_had():
    with pytest.raises(ValueError, match="wants 20 of 'b', there are 10: take at most 30 in all"):
        mixed(60, balanced("abc"))
    assert available({"a": 30, "b": 10, "c": 20}, balanced("abc")) == 30


@pytest.mark.parametrize("shares", [{"a": -1.0, "b": 2.0}, {"a": 0.0}, {"a": float("nan")}])
def test_shares_that_are_none_are_refused(shares):
    with pytest.raises(ValueError, match="Shares must be"):
        quotas(10, shares)
