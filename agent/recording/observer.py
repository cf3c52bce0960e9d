"""What may watch an episode: the recorder, the video, the progress on screen.

The loop calls every observer in order, each hook once where it says; none can change the run.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from agent.recording.trajectory import (
    EpisodeHeader,
    EpisodeSummary,
    RoundRecord,
    StepRecord,
    Timing,
)


@dataclass(frozen=True)
class Decided:
    """The moment before acting: what is seen, remembered, proposed and chosen."""

    index: int
    frame: np.ndarray  # (H, W, 3) uint8
    memory: tuple[str, ...]
    rounds: tuple[RoundRecord, ...]
    action: str
    thought: str
    plan: tuple[str, ...]
    point: tuple[float, float] | None  # image fractions from the top left
    attention: np.ndarray | None  # (h, w), sums to at most 1


class Observer:
    """Does nothing at every hook; override those of interest."""

    def started(self, header: EpisodeHeader, frame: np.ndarray) -> None:
        """The environment is reset; `frame` (H, W, 3) is the first view."""

    def decided(self, moment: Decided) -> None:
        """The policy has chosen; nothing is executed yet."""

    def moved(self, frame: np.ndarray) -> None:
        """One primitive move inside the step was made; `frame` (H, W, 3) is the view now."""

    def stepped(self, record: StepRecord, frame: np.ndarray, timing: Timing) -> None:
        """The step is over; `frame` is the view now, `timing` what it took by the clock."""

    def ended(self, summary: EpisodeSummary, frame: np.ndarray) -> None:
        """The episode is over; `frame` is the last view."""
