"""Writes an episode to disk as it happens; see `agent.recording.trajectory` for the format.

Frames go to disk at once, so memory stays flat. The directory is moved to its final name only when
the run is whole (see `agent.recording.output`).
"""

from __future__ import annotations

import json
from pathlib import Path
from types import TracebackType

import numpy as np

from agent.recording.observer import Decided, Observer
from agent.recording.trajectory import (
    FRAMES_DIRECTORY,
    TIMING_FILE,
    TRAJECTORY_FILE,
    EpisodeHeader,
    EpisodeSummary,
    StepRecord,
    Timing,
    to_line,
)


def frame_name(index: int) -> str:
    """Path inside the run's directory of the frame seen before step `index`."""
    return f"{FRAMES_DIRECTORY}/{index:04d}.png"


class Recorder(Observer):
    """Streams header, steps and summary to `directory`, which must exist. A context manager.

    Args:
        directory: Where to.
        frames: Keep every frame as a picture too.
    """

    def __init__(self, directory: Path, frames: bool = True) -> None:
        self.directory, self._frames = Path(directory), frames
        if frames:
            (self.directory / FRAMES_DIRECTORY).mkdir(exist_ok=True)
        self._lines = (self.directory / TRAJECTORY_FILE).open("w", encoding="utf-8", newline="\n")
        self._timing = (self.directory / TIMING_FILE).open("w", encoding="utf-8", newline="\n")

    def started(self, header: EpisodeHeader, frame: np.ndarray) -> None:
        """Write the header line."""
        self._write(header)

    def decided(self, moment: Decided) -> None:
        """Save the frame that was seen."""
        self._save(moment.index, moment.frame)

    def stepped(self, record: StepRecord, frame: np.ndarray, timing: Timing) -> None:
        """Append the step, and its times (s) to the timing file."""
        self._write(record)
        entry = {
            "step": record.index,
            "policy": round(timing.policy, 4),
            "world": round(timing.world, 4),
        }
        self._timing.write(json.dumps(entry) + "\n")

    def ended(self, summary: EpisodeSummary, frame: np.ndarray) -> None:
        """Append the closing line and save the last frame."""
        self._save(summary.steps, frame)
        self._write(summary)

    def close(self) -> None:
        """Close both files."""
        self._lines.close()
        self._timing.close()

    def _write(self, record: EpisodeHeader | StepRecord | EpisodeSummary) -> None:
        self._lines.write(to_line(record))
        self._lines.flush()

    def _save(self, index: int, frame: np.ndarray) -> None:
        if not self._frames:
            return
        from PIL import Image

        Image.fromarray(frame).save(self.directory / frame_name(index), compress_level=4)

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
