"""A record is readable back, or refused with its line."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from agent.display.report import write_report
from agent.recording.trajectory import frame_hash, read_trajectory
from tests.fakes import FakeKitchen, FakeOnlooker
from tests.recorded import record


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


def test_a_record_of_an_earlier_version_reads_with_what_held_then(tmp_path: Path) -> None:
    path = record(tmp_path / "a") / "trajectory.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    later = ("skills", "rules", "camera_noise", "view")
    earlier = [{k: v for k, v in line.items() if k not in later} for line in lines]
    path.write_text("".join(json.dumps(line) + "\n" for line in earlier))
    header = read_trajectory(tmp_path / "a").header
    assert (header.skills, header.rules, header.camera_noise) == ("helped", True, 0.0)
    del earlier[0]["scene"]
    path.write_text("".join(json.dumps(line) + "\n" for line in earlier))
    with pytest.raises(ValueError, match="'scene'"):
        read_trajectory(tmp_path / "a")


def test_a_run_that_was_cut_short_still_reads(tmp_path: Path) -> None:
    path = record(tmp_path / "a") / "trajectory.jsonl"
    path.write_text("".join(line + "\n" for line in path.read_text().split("\n")[:3]))
    trajectory = read_trajectory(tmp_path / "a")
    assert trajectory.summary is None and len(trajectory.steps) == 2
    assert "CUT SHORT" in write_report(tmp_path / "a").read_text()


def test_what_was_understood_is_kept_and_is_no_field_where_nothing_was_said() -> None:
    from agent.recording.trajectory import to_line
    from tests.recorded import HEADER

    said = replace(HEADER, understood="understood: put Apple in Fridge")
    assert '"understood": "understood: put Apple in Fridge"' in to_line(said)
    assert "understood" not in to_line(HEADER)


def test_room_and_path_read_back_and_an_earlier_record_is_told_by_its_answers(
    tmp_path: Path,
) -> None:
    path = record(tmp_path / "a", seen_from_above=True) / "trajectory.jsonl"
    trajectory = read_trajectory(tmp_path / "a")
    assert trajectory.header.room == FakeOnlooker().room()
    assert all(step.path and step.told in ("ok", "failed") for step in trajectory.steps)
    earlier = [json.loads(line) for line in path.read_text().splitlines()]
    for line in earlier:
        for name in ("told", "false_alarm", "reason", "path", "room"):
            line.pop(name, None)
    path.write_text("".join(json.dumps(line) + "\n" for line in earlier))
    again = read_trajectory(tmp_path / "a")
    assert [step.told for step in again.steps] == [step.told for step in trajectory.steps]
    assert again.header.room is None and again.steps[0].path == ()
