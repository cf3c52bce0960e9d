"""A folder belongs to one evaluation, and holds only whole episodes."""

from __future__ import annotations

import json
import os

import pytest

from envs.tasks.suite_sources import open_suite
from policies.chat.endpoint import EndpointSettings
from training.evaluation.folder import EPISODES, ResultsError, begin, done, record_crash, stamp
from training.evaluation.plan import Plan, jobs_of


def test_a_folder_of_another_evaluation_is_left_alone(suite, tmp_path):
    opened = open_suite(str(suite))
    begin(tmp_path / "out", stamp(opened, Plan(suite=str(suite), policy="expert")))
    (tmp_path / "out" / EPISODES / "0000-clean-r3").mkdir()
    with pytest.raises(ResultsError, match="policy was 'expert', is 'random'"):
        begin(tmp_path / "out", stamp(opened, Plan(suite=str(suite), policy="random")))
    begin(tmp_path / "asked", stamp(opened, Plan("x", "openai:m", endpoint=EndpointSettings())))
    (tmp_path / "asked" / EPISODES / "0000-clean-r3").mkdir()
    moved = EndpointSettings(base_url="http://localhost:9/v1")
    begin(tmp_path / "asked", stamp(opened, Plan("x", "openai:m", endpoint=moved)))
    with pytest.raises(ResultsError, match="questions was True, is False"):
        mute = EndpointSettings(questions=False)
        begin(tmp_path / "asked", stamp(opened, Plan("x", "openai:m", endpoint=mute)))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    with pytest.raises(ResultsError, match="no evaluation"):
        begin(tmp_path / "mine", stamp(opened, Plan(suite=str(suite), policy="expert")))


def test_a_folder_in_which_nothing_was_played_is_free(suite, tmp_path):
    opened = open_suite(str(suite))
    mistyped, meant = (stamp(opened, Plan(suite=str(suite), policy=p)) for p in ("xpert", "expert"))
    begin(tmp_path / "a", mistyped)
    begin(tmp_path / "a", meant)
    assert json.loads((tmp_path / "a" / "run.json").read_text()) == meant
    # Cut before even that was written.
    (tmp_path / "b" / EPISODES).mkdir(parents=True)
    (tmp_path / "b" / ".run.json.123").write_text("{")
    begin(tmp_path / "b", meant)
    assert json.loads((tmp_path / "b" / "run.json").read_text()) == meant


def test_what_a_killed_worker_left_half_done_goes_with_its_verdict(suite, tmp_path):
    job = jobs_of(open_suite(str(suite)), Plan(suite=str(suite)))[0]
    left = [tmp_path / EPISODES / f".{job.name}.partial-{pid}" for pid in (os.getpid(), 99999999)]
    for place in left:
        place.mkdir(parents=True)
    record_crash(tmp_path, open_suite(str(suite)), job, "it died")
    assert not any(place.exists() for place in left)
    assert done(tmp_path, [job])[job].verdict.crashed == "it died"


def test_a_plan_that_does_not_name_the_objections_heard_them_all(suite, tmp_path):
    opened = open_suite(str(suite))
    now = stamp(opened, Plan(suite=str(suite), policy="expert"))
    begin(tmp_path / "out", now)
    (tmp_path / "out" / EPISODES / "0000-clean-r3").mkdir()
    earlier = {**now, "plan": {k: v for k, v in now["plan"].items() if k != "objections"}}
    (tmp_path / "out" / "run.json").write_text(json.dumps(earlier))
    begin(tmp_path / "out", now)
    untold = stamp(opened, Plan(suite=str(suite), policy="expert", objections="untold"))
    with pytest.raises(ResultsError, match="objections was 'all', is 'untold'"):
        begin(tmp_path / "out", untold)
