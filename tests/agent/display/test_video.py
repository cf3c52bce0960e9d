"""The video holds every move, and keeps nothing behind."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from agent.display.panel import SIZE
from agent.display.video import MOVED, Video, VideoWriter
from agent.recording.trajectory import EpisodeSummary
from envs.simulator.system.process_memory import resident_mb
from tests.recorded import record


def test_the_video_holds_every_move_and_has_even_size(tmp_path: Path) -> None:
    directory = record(tmp_path / "a", video=True)
    with av.open(str(directory / "episode.mp4")) as container:
        stream = container.streams.video[0]
        pictures = sum(1 for _ in container.decode(stream))
        assert (stream.width, stream.height) == SIZE and not SIZE[0] % 2 and not SIZE[1] % 2
    assert pictures > 40


def shown(path: Path) -> tuple[list[np.ndarray], float]:
    """The pictures of a video, and how many seconds it plays."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        pictures = [frame.to_ndarray(format="rgb24") for frame in container.decode(stream)]
        return pictures, float(stream.duration * stream.time_base)


def test_a_long_episode_plays_in_a_minute_with_every_picture(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "long.mp4", (64, 48))
    for number in range(90):
        tint = np.full((48, 64, 3), 2 * number, np.uint8)
        writer.add(tint, 5)  # 75 s at six pictures a second
        writer.add(255 - tint, least=MOVED)
    writer.close()
    pictures, seconds = shown(tmp_path / "long.mp4")
    assert len(pictures) == 540 and 58 < seconds < 61
    assert [path.name for path in tmp_path.iterdir()] == ["long.mp4"]
    # In their order still: brighter and brighter.
    assert pictures[0].mean() < pictures[200].mean() < pictures[400].mean()


def test_a_short_episode_keeps_its_times(tmp_path: Path) -> None:
    writer = VideoWriter(tmp_path / "short.mp4", (64, 48))
    writer.add(np.zeros((48, 64, 3), np.uint8), 12)
    writer.close()
    assert shown(tmp_path / "short.mp4")[1] == pytest.approx(2.0, abs=0.2)


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


def test_a_video_that_is_told_of_an_end_before_a_beginning_says_so(tmp_path: Path) -> None:
    film = Video(tmp_path / "a.mp4")
    ended = EpisodeSummary(True, 1, 1, 1, 0, 0, 0, 0, 1.0)
    with pytest.raises(RuntimeError, match=r"Video\.started"):
        film.ended(ended, np.zeros((4, 4, 3), np.uint8))
    film.close()
