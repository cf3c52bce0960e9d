"""An episode is judged alike while it is played and from its record, and read back as written."""

from __future__ import annotations

import pytest

from agent.loop import Episode, EpisodeSettings
from agent.recording.recorder import Recorder
from agent.recording.trajectory import EpisodeHeader, Trajectory, read_trajectory
from tests.fakes import FakeKitchen, ScriptedPolicy
from tests.training.made_up import OK, trajectory
from training.evaluation.verdicts import (
    EpisodeResult,
    judge,
    load_result,
    recovery_of,
    save_result,
)

SCRIPT = (
    "goto CounterTop",
    "open Fridge",
    "pick up Apple",
    "gibberish",
    "goto Fridge",
    "open Fridge",
    "open Fridge",
    "put in Fridge",
)


def test_a_record_gives_the_recovery_that_was_counted_while_it_was_played(tmp_path):
    header = EpisodeHeader("", "", "", 0, "scripted", "fake", "skill", "binary", 1)
    with Recorder(tmp_path, frames=False) as recorder:
        kitchen, policy = FakeKitchen(broken=("open Fridge",)), ScriptedPolicy(SCRIPT)
        episode = Episode(kitchen, policy, EpisodeSettings(rounds=1), [recorder])
        summary = episode.run(header, seed=0)
    assert [(e.step, e.recovered_at) for e in episode.recovery] == [(1, 2), (3, 7), (6, 7)]
    assert recovery_of(read_trajectory(tmp_path)) == episode.recovery
    assert len(episode.recovery) == summary.errors
    assert sum(e.recovered_at is not None for e in episode.recovery) == summary.recovered


def test_a_verdict_is_read_back_as_it_was_written(tmp_path):
    record = trajectory([("open Fridge", "a", True, "noop", 0), OK], False)
    result = EpisodeResult.now(judge(record, "k", fault="noop", cause="execution"), 1.23456)
    save_result(tmp_path, result)
    assert load_result(tmp_path) == result and result.seconds == 1.235
    (tmp_path / "verdict.json").write_text("{")
    assert load_result(tmp_path) is None


def test_recovery_by_a_goal_condition_counts_from_the_error():
    verdict = judge(
        trajectory(
            [("open Fridge", "a", True, "", 0), OK, ("pick up Mug", "b", False, "", 1)], False, 1, 2
        ),
        "k",
    )
    assert [(e.step, e.recovered_at) for e in verdict.errors] == [(0, 2)]


def test_a_record_that_breaks_off_is_refused():
    whole = trajectory([OK], True, 1)
    with pytest.raises(ValueError, match="play it again"):
        judge(Trajectory(whole.header, whole.steps, None), "cut")


@pytest.mark.parametrize(
    ("fault", "mended_by"),
    [
        ("dropped", "pick up Mug"),
        ("door_shut", "open Fridge"),
        ("target_moved", "pick up Mug"),
    ],
)
def test_a_changed_world_is_made_good_by_what_mends_it_not_by_repetition(fault, mended_by):
    struck = ("goto Fridge", "a", True, fault, 0)
    again = ("goto Fridge", "b", False, "", 0)
    mend = (mended_by, "c", False, "", 0)
    repeated = judge(trajectory([struck, again], False), "k", fault=fault)
    mended = judge(trajectory([struck, again, mend], False), "k", fault=fault)
    assert [e.recovered_at for e in repeated.errors] == [None]
    assert [e.recovered_at for e in mended.errors] == [2]
