"""A second look at full resolution changes what is believed only where it can, and where asked."""

from __future__ import annotations

import numpy as np
import pytest

from policies.base import Question
from policies.cimr.closer_look import combined, odds_of, window_around
from policies.cimr.language.lexicon import type_names
from policies.loading import DEFAULT, load_default


@pytest.fixture(scope="module")
def policy():
    return load_default(DEFAULT)


@pytest.fixture
def frame():
    return np.random.default_rng(1).integers(0, 256, (600, 600, 3)).astype(np.uint8)


def _said(policy, frame, kind):
    answer = policy.ask(frame, Question("in_view", kind, ""))
    return answer.confidence if answer.yes else 1 - answer.confidence


@pytest.mark.parametrize("point", [(0.0, 0.0), (1.0, 1.0), (0.5, 0.02), (0.97, 0.4)])
def test_the_part_looked_at_lies_within_the_frame(frame, point):
    part = frame[window_around(frame.shape, point, 288)]
    assert part.shape == (288, 288, 3)


def test_both_looks_count(policy, frame):
    number, first, second = policy.looks_twice(frame)[0]
    kind = type_names()[number]
    for weights, said in (
        (None, first),
        ([1.0, 0.0, 0.0], first),
        ([0.0, 1.0, 0.0], second),
        ([0.0, 0.0, 2.0], combined(0.5, 0.5, (0.0, 0.0, 2.0))),
    ):
        policy.model.config.closer_weights = weights
        assert _said(policy, frame, kind) == pytest.approx(said, abs=1e-4)


def test_a_small_frame_has_no_closer_look(policy, frame):
    small = frame[:300, :300]
    policy.model.config.closer_weights = None
    first = _said(policy, small, "Apple")
    policy.model.config.closer_weights = [0.0, 0.0, 2.0]
    assert _said(policy, small, "Apple") == first
    with pytest.raises(ValueError, match="closer"):
        policy.looks_twice(small)


def test_odds_stay_finite():
    assert np.isfinite([odds_of(0.0), odds_of(1.0)]).all()
