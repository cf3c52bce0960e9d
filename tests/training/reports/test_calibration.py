"""Probabilities that are said become true."""

from __future__ import annotations

import numpy as np
import pytest

from training.reports.calibration import fit_odds, fit_temperature, reliability


def test_one_answer_to_all_is_one_bin():
    bins, error = reliability(np.full(4, 0.5), np.array([1, 0, 0, 0], bool), np.ones(4))
    assert bins == [(0.5, 0.25, 1.0)] and error == 0.25


def test_weights_move_the_bias():
    level, truth = np.zeros(4), np.array([True, True, False, False])
    assert fit_odds(level, truth, np.ones(4))[1] == pytest.approx(0, abs=1e-3)
    assert fit_odds(level, truth, np.array([1.0, 1, 3, 3]))[1] == pytest.approx(
        -np.log(3), abs=0.01
    )


@pytest.mark.parametrize("truth", [np.ones(3, bool), np.zeros(3, bool), np.zeros(0, bool)])
def test_without_both_answers_nothing_is_fitted(truth):
    assert fit_odds(np.ones(len(truth)), truth, np.ones(len(truth))) == (1.0, 0.0)


def test_too_sure_a_word_is_cooled():
    rng = np.random.default_rng(0)
    logits = rng.normal(size=(4000, 3))
    chances = np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    truth = np.array([rng.choice(3, p=p) for p in chances])
    assert fit_temperature(logits * 2, truth) == pytest.approx(0.5, rel=0.15)
