"""What a run leaves on disk: whole or not at all, the same for the same seed, readable back."""

from __future__ import annotations

import filecmp
import json
from pathlib import Path

import numpy as np
import pytest

from agent.display.report import write_report
from agent.recording.output import check_target, run_directory
from agent.recording.trajectory import frame_hash, read_trajectory
from tests.agent.recorded_episode import record
from tests.fakes import FakeKitchen


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    first, second = record(tmp_path / "a"), record(tmp_path / "b")
    assert filecmp.cmp(first / "trajectory.jsonl", second / "trajectory.jsonl", shallow=False)
    assert read_trajectory(first).digest() == read_trajectory(second).digest()
    names = sorted(path.name for path in (first / "frames").iterdir())
    assert names == sorted(path.name for path in (second / "frames").iterdir())
    _, different, broken = filecmp.cmpfiles(first / "frames", second / "frames", names, False)
    assert not different and not broken


def test_another_seed_writes_another_digest(tmp_path: Path) -> None:
    assert (
        read_trajectory(record(tmp_path / "a")).digest()
        != read_trajectory(record(tmp_path / "b", seed=1)).digest()
    )


def test_the_clock_stays_out_of_the_trajectory(tmp_path: Path) -> None:
    record(tmp_path / "a")
    trajectory = read_trajectory(tmp_path / "a")
    assert len(trajectory.timing) == len(trajectory.steps)
    (tmp_path / "a" / "timing.jsonl").write_text("damaged")
    assert read_trajectory(tmp_path / "a") == trajectory


def test_a_trajectory_reads_back_whole_and_its_frames_have_their_hashes(tmp_path: Path) -> None:
    from PIL import Image

    directory = record(tmp_path / "a")
    trajectory = read_trajectory(directory)
    assert trajectory.header.instruction == FakeKitchen.INSTRUCTION
    assert trajectory.summary is not None and trajectory.summary.success
    for step in trajectory.steps:
        assert frame_hash(np.asarray(Image.open(directory / step.frame))) == step.frame_hash
    first = trajectory.steps[0]
    assert len(first.rounds) == 2 and first.rounds[0].discrepancies[0].kind == "object_missing"


@pytest.mark.parametrize(
    "line", ["not json", "[]", "{}", '{"record": "song"}', '{"record": "step", "index": 0}']
)
def test_a_damaged_trajectory_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    path = record(tmp_path / "a") / "trajectory.jsonl"
    lines = path.read_text().split("\n")
    path.write_text("\n".join([lines[0], line, *lines[1:]]))
    with pytest.raises(ValueError, match=r"trajectory\.jsonl, line 2"):
        read_trajectory(tmp_path / "a")


def test_a_run_that_was_cut_short_still_reads(tmp_path: Path) -> None:
    path = record(tmp_path / "a") / "trajectory.jsonl"
    path.write_text("".join(line + "\n" for line in path.read_text().split("\n")[:3]))
    trajectory = read_trajectory(tmp_path / "a")
    assert trajectory.summary is None and len(trajectory.steps) == 2
    assert "CUT SHORT" in write_report(tmp_path / "a").read_text()


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


def test_every_line_is_plain_json(tmp_path: Path) -> None:
    lines = (record(tmp_path / "a") / "trajectory.jsonl").read_text().split("\n")
    kinds = [json.loads(line)["record"] for line in lines if line]
    assert kinds == ["episode", *["step"] * 6, "summary"]
