"""A collector that takes no time, and fails where it is told to."""

from __future__ import annotations

import os
from pathlib import Path


class ToyCollector:
    """Writes its number and process into files.

    Args:
        folder: Where.
        dies_at: Its process ends at this part, the first time.
        fails_at: This part fails every time.
    """

    def __init__(self, folder: Path, dies_at: int = -1, fails_at: int = -1) -> None:
        if not folder.is_dir():
            raise ValueError(f"{folder} is no folder: make one.")
        self.folder, self.dies_at, self.fails_at = folder, dies_at, fails_at

    def make(self, number: int, until: float) -> str:
        died = self.folder / "died"
        if number == self.dies_at and not died.exists():
            died.touch()
            os._exit(9)
        if number == self.fails_at:
            raise RuntimeError("it is no good")
        (self.folder / str(number)).write_text(str(os.getpid()))
        return "made"

    def close(self) -> None:
        pass


def held(folder: Path, number: int) -> int:
    """Ten samples a part."""
    return 10 * (folder / str(number)).exists()
