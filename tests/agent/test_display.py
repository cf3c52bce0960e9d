"""What people watch of an episode: the video holds every move, the report is one safe page."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from agent.display.panel import SIZE
from agent.display.report import main as report_main
from agent.display.report import write_report
from agent.display.video import VideoWriter
from envs.simulator.system.process_memory import resident_mb
from tests.agent.recorded_episode import record


def test_the_video_holds_every_move_and_has_even_size(tmp_path: Path) -> None:
    directory = record(tmp_path / "a", video=True)
    with av.open(str(directory / "episode.mp4")) as container:
        stream = container.streams.video[0]
        pictures = sum(1 for _ in container.decode(stream))
        assert (stream.width, stream.height) == SIZE and not SIZE[0] % 2 and not SIZE[1] % 2
    assert pictures > 40


def test_a_closed_video_keeps_nothing_of_its_encoder(tmp_path: Path) -> None:
    picture = np.zeros((*SIZE[::-1], 3), np.uint8)

    def write(number: int) -> VideoWriter:
        writer = VideoWriter(tmp_path / f"{number}.mp4", SIZE)
        writer.add(picture, 20)
        writer.close()
        return writer

    closed = [write(0)]
    before = resident_mb()
    closed += [write(number) for number in range(1, 6)]
    # An encoder that stays behind is some 50 MiB.
    assert resident_mb() - before < 100


def test_an_odd_video_size_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="even"):
        VideoWriter(tmp_path / "a.mp4", (301, 300))


def test_the_report_is_one_page_without_references_to_elsewhere(tmp_path: Path) -> None:
    page = write_report(record(tmp_path / "a")).read_text()
    assert "http://" not in page and "https://" not in page and "<script" not in page
    assert page.count("data:image/jpeg;base64,") == 7
    assert "SUCCESS" in page and "no effect" in page


def test_the_report_escapes_what_strangers_wrote(tmp_path: Path) -> None:
    path = record(tmp_path / "a") / "trajectory.jsonl"
    path.write_text(path.read_text().replace("put the apple", "<script>alert(1)</script>"))
    assert "<script" not in write_report(tmp_path / "a").read_text()


def test_the_report_command_names_a_directory_without_a_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report_main([str(tmp_path)]) == 2
    assert str(tmp_path) in capsys.readouterr().err
