"""Terminal, video and report speak of an ending in the same words."""

from __future__ import annotations

from dataclasses import replace

from agent.display.episode_words import result_lines, verdict
from tests.recorded import ENDED

WON = replace(ENDED, goal_conditions_met=2, goal_conditions=2, noticed=0)


def test_an_ending_is_won_lost_or_nobodys_to_judge():
    assert verdict(WON) == "SUCCESS"
    assert verdict(replace(WON, success=False)) == "NOT SOLVED"
    assert verdict(replace(WON, success=False, judged=False)) == "NOT JUDGED"


def test_the_counters_are_a_line_each():
    assert result_lines(WON) == [
        "6 steps",
        "2 of 2 goal conditions met",
        "1 error: 0 noticed, 1 recovered",
        "1.50 proposals a step on average",
    ]
    free = result_lines(replace(WON, judged=False, errors=0))
    assert free[1].startswith("a free instruction") and free[2] == "no errors"
