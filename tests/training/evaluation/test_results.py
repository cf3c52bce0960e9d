"""Results are read back whole, or it is said what is wrong with them."""

from __future__ import annotations

import pytest

from envs.tasks.suite_sources import open_suite
from training.evaluation.folder import ResultsError, done
from training.evaluation.plan import Plan, jobs_of
from training.evaluation.results import load_results


def test_folders_without_whole_results_say_so(suite, tmp_path):
    with pytest.raises(ResultsError, match="holds no results.json"):
        load_results(tmp_path)
    (tmp_path / "results.json").write_text('{"run": {"format": 99}}')
    with pytest.raises(ResultsError, match="format 99"):
        load_results(tmp_path)
    (tmp_path / "results.json").write_text("{")
    with pytest.raises(ResultsError, match="damaged"):
        load_results(tmp_path)
    assert done(tmp_path, jobs_of(open_suite(str(suite)), Plan(suite=""))) == {}
