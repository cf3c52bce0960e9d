"""A video is as long as it has to be, and rarely longer than a minute."""

from __future__ import annotations

import pytest

from agent.display.pacing import paced


def test_what_is_short_is_shown_as_wished():
    assert paced([1.0, 2.0], [0.1, 0.1]) == [1.0, 2.0]


def test_what_is_long_is_shortened_by_one_factor_down_to_the_least():
    times = paced([1.0] * 100 + [2.0] * 10, [0.1] * 109 + [1.9])
    assert sum(times) == pytest.approx(60.0, abs=0.01)
    assert times[-1] == 1.9 and times[100] == pytest.approx(2 * times[0], abs=1e-4)


def test_nothing_is_shown_too_shortly_to_be_seen_however_long_it_becomes():
    assert paced([1.0] * 1000, [0.1] * 1000) == [0.1] * 1000
