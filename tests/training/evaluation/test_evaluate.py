"""An evaluation has a verdict for every episode, resumes, and is the same every time."""

from __future__ import annotations

import pytest

from envs.tasks.suite_sources import open_suite
from tests.training.made_up import timeless, write_doors
from training.evaluation.evaluate import evaluate
from training.evaluation.folder import EPISODES
from training.evaluation.plan import Plan

ROUNDS = (1, 3)


def run(path, out, **options):
    plan = Plan(suite=str(path), policy="expert", rounds=ROUNDS)
    return evaluate(plan, open_suite(str(path)), out, workers=0, progress=False, **options)


@pytest.fixture(scope="module")
def doors(tmp_path_factory):
    """A suite of two doors; a fault strikes at the second."""
    return write_doors(tmp_path_factory.mktemp("suite") / "two.jsonl", ("Fridge", "Microwave"))


@pytest.fixture(scope="module")
def whole(doors, tmp_path_factory):
    """The figures of one whole run."""
    return run(doors, tmp_path_factory.mktemp("whole") / "out")


def test_the_same_evaluation_twice_gives_the_same_figures(doors, whole, tmp_path):
    assert timeless(run(doors, tmp_path / "out")) == timeless(whole)
    assert (whole["episodes"], whole["faulted_episodes"]) == (2, 1)
    assert whole["success_rate"] == 1.0 and whole["retry_err"] is None
    assert set(whole["by_rounds"]) == {"1", "3"}


def test_a_run_that_was_cut_ends_with_the_same_figures(doors, whole, tmp_path):
    out = tmp_path / "cut"
    run(doors, out, episodes=1)
    before = {p: p.stat().st_mtime_ns for p in (out / EPISODES).glob("*/verdict.json")}
    assert timeless(run(doors, out)) == timeless(whole)
    assert before and all(p.stat().st_mtime_ns == t for p, t in before.items())


def test_a_device_that_is_not_there_is_refused_before_anything_is_written(suite, tmp_path):
    plan = Plan(suite=str(suite), policy="expert", device="gpu")
    with pytest.raises(ValueError, match="--device 'gpu' is unknown: use cpu, cuda"):
        evaluate(plan, open_suite(str(suite)), tmp_path / "out", workers=0, progress=False)
    assert not (tmp_path / "out").exists()
