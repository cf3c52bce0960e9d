"""An episode's verdict is made of the records that were written, and counts what they count."""

from __future__ import annotations

import json

import pytest

from agent.recording.trajectory import read_trajectory
from training.evaluation.episode_runner import EpisodeRunner, TrajectoryKeeper
from training.evaluation.plan import Plan, jobs_of
from training.evaluation.verdicts import TRUTH_FILE, load_result, recovery_of


def test_what_is_handed_on_is_what_was_written(suite, tmp_path):
    plan = Plan(suite=str(suite), policy="expert", keep="none")
    runner = EpisodeRunner(plan)
    try:
        for job in jobs_of(runner.suite, plan):
            result = runner.play(job, tmp_path)
            place = tmp_path / job.name
            assert load_result(place) == result
            record = read_trajectory(place)
            assert recovery_of(record) == result.verdict.errors
            assert len(json.loads((place / TRUTH_FILE).read_text())) == len(record.steps)
            assert bool(result.verdict.errors) == bool(job.fault)
    finally:
        runner.close()


def test_a_keeper_without_an_episode_says_so():
    with pytest.raises(RuntimeError, match="No episode was observed"):
        _ = TrajectoryKeeper().trajectory
