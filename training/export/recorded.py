"""Finds recorded episodes to export: runs of run_episode.py, and evaluations with their frames.

An episode is whole here, or an error: its steps, and a picture of what was seen before each of them
and at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from agent.recording.trajectory import (
    FRAMES_DIRECTORY,
    TRAJECTORY_FILE,
    EpisodeHeader,
    EpisodeSummary,
    StepRecord,
    read_trajectory,
)
from training.evaluation.folder import EPISODES


class RecordingError(ValueError):
    """A folder holds no episode that can be exported."""


@dataclass(frozen=True)
class Recorded:
    """A whole episode on disk.

    Attributes:
        place: Its folder.
        header: What was run.
        steps: In order, at least one.
        summary: How it ended.
    """

    place: Path
    header: EpisodeHeader
    steps: tuple[StepRecord, ...]
    summary: EpisodeSummary

    @property
    def feedback(self) -> list[str]:
        """What was read before each step and at the end."""
        return [step.feedback for step in self.steps] + [self.steps[-1].answer]

    def frames(self) -> Iterator[np.ndarray]:
        """What was seen before each step and at the end, each (H, W, 3) uint8.

        Raises:
            RecordingError: If a picture is missing or damaged.
        """
        from PIL import Image

        for name in [step.frame for step in self.steps] + [self.summary.final_frame]:
            try:
                with Image.open(self.place / name) as image:
                    yield np.asarray(image.convert("RGB"))
            except OSError as error:
                raise RecordingError(f"{self.place / name} can't be read: {error}.") from error


def episode_folders(folder: Path) -> list[Path]:
    """The folders of episodes in a run: itself, or those below it.

    Raises:
        RecordingError: If there are none.
    """
    if (folder / TRAJECTORY_FILE).is_file():
        return [folder]
    below = folder / EPISODES if (folder / EPISODES).is_dir() else folder
    found = sorted(
        path.parent
        for path in below.glob(f"*/{TRAJECTORY_FILE}")
        if not path.parent.name.startswith(".")
    )
    if not found:
        raise RecordingError(
            f"{folder} holds no recorded episode: give the --out of run_episode.py, or of "
            "training.evaluate with --keep frames."
        )
    return found


def load_recorded(place: Path) -> Recorded:
    """Reads an episode's folder.

    Raises:
        RecordingError: If it breaks off, has no step, or was recorded without frames.
        ValueError: If its file is damaged.
    """
    trajectory = read_trajectory(place)
    if trajectory.summary is None or not trajectory.steps:
        raise RecordingError(f"{place} breaks off before its end: play it again, or leave it out.")
    if not (place / FRAMES_DIRECTORY).is_dir():
        raise RecordingError(
            f"{place} was recorded without frames: run_episode.py keeps them, and so does "
            "training.evaluate --keep frames."
        )
    return Recorded(place, trajectory.header, trajectory.steps, trajectory.summary)


def load_all(folders: Iterable[Path], won_only: bool = False) -> list[Recorded]:
    """All episodes of some runs, in order; their frames stay on disk.

    Args:
        folders: Of runs.
        won_only: Leave out those that did not reach their goal.

    Raises:
        RecordingError: If one can't be exported, or none is left.
        ValueError: If a file is damaged.
    """
    found = [load_recorded(place) for folder in folders for place in episode_folders(folder)]
    kept = [episode for episode in found if episode.summary.success or not won_only]
    if not kept:
        raise RecordingError(f"None of {len(found)} episodes reached its goal: leave out --won.")
    return kept


def size_of(episodes: Sequence[Recorded]) -> tuple[int, int]:
    """Height and width of all frames, as the first of each episode says.

    Raises:
        RecordingError: If episodes differ.
    """
    sizes = {next(episode.frames()).shape[:2]: episode.place for episode in episodes}
    if len(sizes) > 1:
        said = ", ".join(f"{w} x {h} in {place}" for (h, w), place in sizes.items())
        raise RecordingError(f"A dataset has frames of one size; here are {said}.")
    height, width = next(iter(sizes))
    return height, width
