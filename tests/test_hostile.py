"""Odd files and a server's odd replies end in our own words: a few of each; with -m slow, many."""

from __future__ import annotations

import pytest

from tests.hostile.kinds import KINDS
from tests.hostile.play import play
from tests.hostile.replies import play_replies

QUICK = ("task", "suite", "twin-zip", "alfred", "eb-navigation", "embodied-reasoner", "ledger")
KIND = {kind.name: kind for kind in KINDS}


@pytest.mark.parametrize("name", QUICK)
def test_a_few_odd_files_are_read_or_refused_in_one_line(name, tmp_path):
    (tmp_path / name).mkdir()
    outcome = play(KIND[name], tmp_path / name, range(40), seed=1)
    assert outcome.wrong == [] and outcome.refused > 40 * KIND[name].least_refused


@pytest.mark.slow
@pytest.mark.parametrize("name", list(KIND))
def test_odd_files_are_read_or_refused_in_one_line(name, tmp_path):
    (tmp_path / name).mkdir()
    outcome = play(KIND[name], tmp_path / name, range(500), seed=2)
    assert outcome.wrong == [] and outcome.refused >= 500 * KIND[name].least_refused


def test_a_few_odd_replies_end_in_time_and_hide_the_key():
    assert play_replies(range(12), seed=1).wrong == []


@pytest.mark.slow
def test_odd_replies_end_in_time_and_hide_the_key():
    told = play_replies(range(500), seed=2)
    assert told.wrong == [] and told.answered > 50
