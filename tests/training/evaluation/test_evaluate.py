"""An evaluation has a verdict for every episode, resumes, and is the same every time."""

from __future__ import annotations

import pytest

from envs.tasks.suite_sources import open_suite
from tests.training.made_up import timeless
from training.evaluation.evaluate import evaluate
from training.evaluation.folder import EPISODES
from training.evaluation.plan import Plan


def run(path, out, **options):
    plan = Plan(suite=str(path), policy="expert", **options)
    return evaluate(plan, open_suite(str(path)), out, workers=0, progress=False)


def test_the_same_evaluation_twice_gives_the_same_figures(suite, tmp_path):
    first = run(suite, tmp_path / "a", rounds=(1, 3))
    assert timeless(first) == timeless(run(suite, tmp_path / "b", rounds=(1, 3)))
    assert (first["episodes"], first["faulted_episodes"]) == (3, 2)
    assert first["success_rate"] == 1.0 and first["retry_err"] is None
    assert set(first["by_rounds"]) == {"1", "3"}


def test_a_run_that_was_cut_ends_with_the_same_figures(suite, tmp_path):
    whole = run(suite, tmp_path / "whole")
    plan = Plan(suite=str(suite), policy="expert")
    out = tmp_path / "cut"
    opened = open_suite(str(suite))
    evaluate(plan, opened, out, episodes=1, workers=0, progress=False)
    before = {p: p.stat().st_mtime_ns for p in (out / EPISODES).glob("*/verdict.json")}
    assert timeless(evaluate(plan, opened, out, workers=0, progress=False)) == timeless(whole)
    assert before and all(p.stat().st_mtime_ns == t for p, t in before.items())


def test_a_device_that_is_not_there_is_refused_before_anything_is_written(suite, tmp_path):
    plan = Plan(suite=str(suite), policy="expert", device="gpu")
    with pytest.raises(ValueError, match="--device 'gpu' is unknown: use cpu, cuda"):
        evaluate(plan, open_suite(str(suite)), tmp_path / "out", workers=0, progress=False)
    assert not (tmp_path / "out").exists()
