"""`thumbnails.webp`: what the agent saw at every step, small, side by side in one picture."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from agent.recording.observer import Decided, Observer
from agent.recording.trajectory import EpisodeSummary

THUMBNAILS_FILE = "thumbnails.webp"
SIDE = 128  # pixels
# WebP pictures have at most 16383 pixels a side.
MOST = 127


class Thumbnails(Observer):
    """Gathers one small frame a step and the last view; writes them when the episode is over."""

    def __init__(self, directory: Path) -> None:
        self.directory = Path(directory)
        self._frames: list[np.ndarray] = []

    def decided(self, moment: Decided) -> None:
        """Keep what was seen."""
        self._keep(moment.frame)

    def ended(self, summary: EpisodeSummary, frame: np.ndarray) -> None:
        """Write the strip: (128, 128 n, 3) for n - 1 steps and the last view."""
        from PIL import Image

        self._keep(frame)
        strip = np.concatenate(self._frames[:MOST], axis=1)
        Image.fromarray(strip).save(self.directory / THUMBNAILS_FILE, quality=60, method=2)

    def _keep(self, frame: np.ndarray) -> None:
        from PIL import Image

        image = Image.fromarray(frame).resize((SIDE, SIDE), Image.Resampling.BOX)
        self._frames.append(np.asarray(image))
