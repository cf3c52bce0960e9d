"""Terminal, video and report speak of an ending in the same words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agent.display.episode_words import result_lines, untold_reason, verdict
from agent.environment import facts_of
from agent.recording.trajectory import read_trajectory
from tests.recorded import ENDED, record

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


REASON = "the Fridge  is\nin  the way of Shelf|+01.00 " * 12


@pytest.mark.parametrize(
    ("answer", "untold"),
    [
        ("failed: " + REASON[:392], False),
        ("failed: " + REASON[:20], False),
        ("failed: something else", True),
        ("failed", True),
        ("", True),
        ("ok", True),
    ],
)
def test_a_reason_is_untold_only_where_the_answer_did_not_give_it(tmp_path, answer, untold):
    step = read_trajectory(record(tmp_path / "a")).steps[0]
    reason = facts_of({"error": REASON}).reason
    shown = untold_reason(replace(step, discrepancies=(), answer=answer, reason=reason))
    assert shown == (reason if untold else "")
