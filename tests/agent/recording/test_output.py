"""A run's directory is written whole or not at all, and never over what is not ours."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.recording.output import check_target, run_directory


def test_a_finished_run_replaces_an_earlier_one(tmp_path: Path) -> None:
    for text in ("one", "two"):
        with run_directory(tmp_path / "runs" / "x") as partial:
            (partial / "trajectory.jsonl").write_text(text)
            (partial / f"episode-00{len(text)}").mkdir()
            (partial / ("report.html" if text == "one" else "episode.mp4")).write_text(text)
    assert (tmp_path / "runs" / "x" / "trajectory.jsonl").read_text() == "two"
    assert not (tmp_path / "runs" / "x" / "report.html").exists()
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["x"]


def test_a_broken_run_leaves_nothing_and_keeps_the_earlier_one(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), run_directory(tmp_path / "new" / "deep") as partial:
        (partial / "trajectory.jsonl").write_text("half")
        raise KeyboardInterrupt
    assert list(tmp_path.iterdir()) == []
    with run_directory(tmp_path / "x") as partial:
        (partial / "trajectory.jsonl").write_text("old")
    with pytest.raises(RuntimeError), run_directory(tmp_path / "x"):
        raise RuntimeError
    assert (tmp_path / "x" / "trajectory.jsonl").read_text() == "old"
    assert len(list(tmp_path.iterdir())) == 1


def test_what_others_put_there_is_never_deleted(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"notes\.txt"), run_directory(tmp_path / "x") as partial:
        (partial / "trajectory.jsonl").write_text("new")
        (tmp_path / "x").mkdir()
        (tmp_path / "x" / "trajectory.jsonl").write_text("old")
        (tmp_path / "x" / "notes.txt").write_text("mine")
    assert (tmp_path / "x" / "notes.txt").read_text() == "mine"
    assert (tmp_path / "x" / "trajectory.jsonl").read_text() == "old"


def test_targets_that_are_not_ours_are_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.tex").write_text("")
    for target in (
        tmp_path / "file",
        tmp_path / "full",
        tmp_path / "file" / "below",
        Path("/proc/nowhere/run"),
    ):
        with pytest.raises(ValueError, match="--out"), run_directory(target):
            pass
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "full"]
    (tmp_path / "empty").mkdir()
    check_target(tmp_path / "empty")
