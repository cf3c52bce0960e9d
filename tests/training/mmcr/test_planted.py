"""The filter catches lies and lets truths pass; its figures are what they say."""

from __future__ import annotations

from collections import Counter

import numpy as np

from tests.training.mmcr.made_set import written
from tests.training.mmcr.made_worlds import one_frame, world
from training.mmcr.planted import Case, FilterScore, score_filter


def test_the_filter_catches_nearly_all_lies_and_hardly_any_truth():
    cases = [Case(world() if len(d.pictures) > 1 else one_frame(), d.turns, ()) for d in written()]
    score = score_filter(cases, np.random.default_rng(0))
    assert score.planted.total() > 40
    assert score.recall is not None and score.recall >= 0.95, (score.caught, score.planted)
    assert score.rejected <= 0.05 * score.true


def test_precision_is_of_as_many_truths_as_lies():
    score = FilterScore(200, 10, Counter(state=50), Counter(state=45))
    assert score.recall == 0.9
    assert score.precision is not None and abs(score.precision - 0.9 / 0.95) < 1e-9
    assert FilterScore(0, 0, Counter(), Counter()).precision is None
