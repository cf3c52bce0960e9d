"""Parts are shared out, made once, and made again where a process died."""

from __future__ import annotations

import os
from functools import partial

import pytest

from tests.training.data.toy_collector import ToyCollector, held
from training.data.parts import Goal, collect_parts


def _collect(folder, goal, **faults):
    return collect_parts(partial(ToyCollector, folder, **faults), partial(held, folder), goal)


def _numbers(folder):
    return sorted(int(path.name) for path in folder.iterdir() if path.name.isdigit())


@pytest.mark.parametrize("workers", [1, 2])
def test_only_missing_parts_are_made(tmp_path, workers, capsys):
    (tmp_path / "1").write_text("before")
    assert _collect(tmp_path, Goal("samples", 35, workers=workers, part=10)) == 40
    assert _numbers(tmp_path) == [0, 1, 2, 3]
    assert (tmp_path / "1").read_text() == "before"
    here = {(tmp_path / str(number)).read_text() == str(os.getpid()) for number in (0, 2, 3)}
    assert here == {workers == 1}
    assert "40 of 35 samples; made; " in capsys.readouterr().out


def test_a_part_whose_worker_died_is_made_by_another(tmp_path):
    assert _collect(tmp_path, Goal("samples", 30, workers=2, part=10), dies_at=1) == 30
    assert _numbers(tmp_path) == [0, 1, 2]


def test_a_part_that_fails_again_and_again_ends_the_collection(tmp_path):
    with pytest.raises(ValueError, match="Part 0 failed 3 times.*it is no good"):
        _collect(tmp_path, Goal("samples", 30, workers=2), fails_at=0)


def test_a_collector_that_cannot_begin_says_why(tmp_path):
    with pytest.raises(ValueError, match="is no folder"):
        _collect(tmp_path / "none", Goal("samples", 30, workers=2))


def test_after_its_minutes_no_part_is_begun(tmp_path):
    assert _collect(tmp_path, Goal("samples", 30, minutes=0)) == 0
    assert _numbers(tmp_path) == []
