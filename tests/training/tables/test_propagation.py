"""EPR and PAC of episodes whose errors spread as they were made to."""

from __future__ import annotations

import numpy as np
import pytest

from training.tables.propagation import attenuation, error_propagation, risk


def episodes_of(keeps, count=400, length=12, seed=0):
    """Errors that keep on from step to step with a chance, and begin anew with a small one."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        wrong = [bool(rng.random() < 0.3)]
        while len(wrong) < length:
            wrong.append(bool(rng.random() < (keeps if wrong[-1] else 0.05)))
        found.append(tuple(wrong))
    return found


def test_errors_that_stay_alone_add_no_risk():
    rng = np.random.default_rng(1)
    alone = [tuple(rng.random(12) < 0.3) for _ in range(400)]
    found = error_propagation(alone, 1)
    assert abs(found.value) < 0.03
    assert found.interval[0] < 0 < found.interval[1]


def test_errors_that_keep_on_add_what_they_keep():
    found = error_propagation(episodes_of(0.8), 1)
    assert found.value == pytest.approx(0.8 - 0.05, abs=0.03)
    assert found.interval[0] < found.value < found.interval[1]
    assert error_propagation(episodes_of(0.8), 3).value < found.value


def test_the_risk_is_counted_by_hand():
    wrong = (True, False, True, True)
    assert risk([wrong], 1) == (0.5, 1.0)
    assert risk([wrong], 2) == (1.0, 1.0)
    assert risk([wrong], 3) == (1.0, None), "no right step has one three later"
    assert risk([wrong], 1, least=3) == (None, None)


def test_a_risk_that_halves_each_step_fades_by_the_logarithm_of_two():
    # After one error: 64 of 64 wrong one step later, 32 of 64 two steps later, and so on.
    halving = [(True, *(k < 64 >> lag for lag in range(6))) for k in range(64)]
    first = [(True, *wrong[1:]) for wrong in halving]
    # Only the first step counts as an error here: later ones are looked at through lags alone.
    found = attenuation(first, lags=(1, 2, 3, 4), least=10)
    rates = [risk(first, lag)[0] for lag in (1, 2, 3, 4)]
    slope = np.polyfit((1, 2, 3, 4), np.log(rates), 1)[0]
    assert found.value == pytest.approx(-slope)
    assert found.interval[0] < found.value < found.interval[1]


def test_what_fades_faster_has_the_larger_coefficient():
    slow, fast = (attenuation(episodes_of(keeps)).value for keeps in (0.9, 0.4))
    assert 0 < slow < fast


@pytest.mark.parametrize("episodes", [[], [()], [(False,) * 5], [(True,)]])
def test_without_errors_that_go_on_nothing_is_defined(episodes):
    assert error_propagation(episodes, 1).value is None
    assert attenuation(episodes).value is None


def test_a_single_episode_has_no_interval():
    found = error_propagation([(True, True, False, False, True)], 1)
    assert found.value is not None and found.interval is None
