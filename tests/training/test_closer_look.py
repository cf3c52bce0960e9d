"""What two looks say is weighed as it best foretells the truth, where there is enough to tell."""

from __future__ import annotations

import numpy as np
import pytest

from policies.cimr.closer_look import combined
from training.closer_look import IN_VIEW, CloserConfig, Glimpses, fitted, glimpses


def made_up(count: int = 4000) -> Glimpses:
    """First looks that say nothing, and second ones that are right nine times of ten."""
    rng = np.random.default_rng(0)
    there = rng.random(count) < 0.5
    right = rng.random(count) < 0.9
    second = np.where(there == right, 0.9, 0.1)
    return Glimpses(rng.uniform(0.3, 0.7, count), second, np.where(there, IN_VIEW, 0), there * 0)


def test_the_look_that_tells_more_weighs_more():
    first, second, _ = weights = fitted(made_up())
    assert second > 0.8 and abs(first) < 0.4
    assert combined(0.4, 0.9, weights) > 0.85 and combined(0.6, 0.1, weights) < 0.15


class SureAlways:
    """Leaves nothing to a second look."""

    def looks_twice(self, frame: np.ndarray) -> list[tuple[int, float, float]]:
        return []


@pytest.mark.slow
def test_where_nothing_is_unsure_more_views_are_asked_for():
    with pytest.raises(ValueError, match="look at more --views"):
        glimpses(SureAlways(), CloserConfig(views=20))
