"""What a run leaves on disk is the same for the same seed, and free of the clock."""

from __future__ import annotations

import filecmp
import json
from pathlib import Path

from agent.recording.trajectory import read_trajectory
from tests.recorded import record


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


def test_every_line_is_plain_json(tmp_path: Path) -> None:
    lines = (record(tmp_path / "a") / "trajectory.jsonl").read_text().split("\n")
    kinds = [json.loads(line)["record"] for line in lines if line]
    assert kinds == ["episode", *["step"] * 6, "summary"]
