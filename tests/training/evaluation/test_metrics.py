"""A made-up set of trajectories with known answers gives exactly these."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.training.made_up import OK, trajectory
from training.evaluation.metrics import retry_rate, summarize
from training.evaluation.verdicts import judge


@pytest.fixture
def verdicts():
    clean_won = judge(
        trajectory([OK, ("open Fridge", "b", False, "", 1)], True, 1), "won", best_steps=2
    )
    # Fails twice on the same view; the first failure is made good after four steps.
    slow = judge(
        trajectory(
            [
                ("open Fridge", "b", True, "", 0),
                ("open Fridge", "b", True, "", 0),
                OK,
                OK,
                ("open Fridge", "c", False, "", 1),
            ],
            True,
            1,
            noticed=2,
            rounds=2,
        ),
        "slow",
        best_steps=2,
    )
    # One of two conditions; an error never made good; one alarm without reason.
    lost = judge(
        trajectory([OK, ("pick up Mug", "b", True, "", 1), OK, OK], False, 1, 2, alarms=1),
        "lost",
        best_steps=1,
        cause="grounding",
    )
    # The fault is made good in the next step and the task is done.
    mended = judge(
        trajectory(
            [("open Fridge", "a", True, "noop", 0), ("open Fridge", "b", False, "", 1)],
            True,
            1,
            noticed=1,
        ),
        "mended",
        fault="noop",
        best_steps=1,
    )
    broken = judge(
        trajectory(
            [("goto Fridge", "a", True, "noop", 0), ("look around", "b", False, "", 0)], False, 0
        ),
        "broken",
        fault="noop",
        best_steps=1,
    )
    spared = judge(trajectory([OK], True, 1), "spared", fault="dropped", best_steps=1)
    return [clean_won, slow, lost, mended, broken, spared]


@pytest.mark.parametrize(
    ("name", "over", "under"),
    [
        ("success_rate", 2, 3),
        ("reached_rate", 2, 3),
        ("goal_condition_rate", 3, 4),
        ("spl", 1 + 2 / 5 + 0, 3),
        ("mean_steps", 2 + 5 + 4, 3),
        ("mean_rounds", 2 + 10 + 4, 11),
        # Errors: two in slow (made good after 4 and 3 steps), one in lost, one each in the faulted.
        ("step_err_3", 2, 5),
        ("step_err_5", 3, 5),
        ("injected_err", 1, 2),
        ("repeat_failure_rate", 1, 3),
        ("noticed_rate", 3, 5),
        ("false_alarm_rate", 1, 16 - 5),
        ("extra_steps", 4 + 3 + 1, 3),
    ],
)
def test_every_figure_is_what_was_put_in(verdicts, name, over, under):
    figure = summarize(verdicts)[name]
    assert (figure.over, figure.under) == (pytest.approx(over), under)
    assert figure.value == pytest.approx(over / under)


def test_a_run_without_errors_has_no_recovery_rate(verdicts):
    table = summarize(verdicts[:1])
    for name in ("step_err_3", "step_err_5", "injected_err", "repeat_failure_rate"):
        assert table[name].value is None
        assert table[name].interval is None


def test_retry_err_is_of_what_was_lost_at_first():
    assert retry_rate(0.6, 0.8) == pytest.approx(0.5)
    assert retry_rate(0.8, 0.6) == pytest.approx(-1.0)
    assert retry_rate(1.0, 1.0) is None
    assert retry_rate(None, 0.5) is None


def test_a_fault_is_held_against_the_clean_twin(verdicts):
    clean_won, _, lost, mended, broken, spared = verdicts
    twins = [
        clean_won,
        lost,
        replace(mended, key="won"),
        replace(broken, key="won"),
        replace(mended, key="lost"),
        replace(spared, key="won"),
    ]
    table = summarize(twins)
    assert (table["injected_err"].over, table["injected_err"].under) == (2, 3)
    assert (table["injected_err_of_won"].over, table["injected_err_of_won"].under) == (1, 2)


def test_a_faulted_episode_that_crashed_counts_as_lost(verdicts):
    crashed = replace(verdicts[4], key="gone", struck=False, crashed="died")
    before, after = summarize(verdicts), summarize([*verdicts, crashed])
    assert after["injected_err"].under == before["injected_err"].under + 1
    assert after["injected_err"].over == before["injected_err"].over
