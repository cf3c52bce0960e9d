"""What every command that builds a data set of episodes can be told."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from training.data.parquet_tables import DataSetError
from training.data.pictures import FRAME
from training.options import option

_BEST = 95  # beyond it JPEG only grows


@dataclass(frozen=True)
class DataSetConfig:
    """Where it goes, from which rooms, with what pictures, and how it is shared out."""

    out: Path = option("folder of the data set, new, empty or begun with the same flags")
    seed: int = option("of everything random", 0, least=0)
    rooms: str = option("kitchen, living_room, bedroom, bathroom or any", "any", metavar="ROOMS")
    size: int = option("pixels of the pictures' sides", FRAME, least=32)
    quality: int = option(f"of the pictures as JPEG, up to {_BEST}", 88, least=1)
    workers: int = option("processes that build, each a part at a time", 1, least=1)
    minutes: float = option("begin no part after so many minutes", 1e9, metavar="M", least=0)
    rooms_a_part: int = option("arrangements of rooms in a part", 2, least=1)
    max_steps: int = option("steps an episode", 40, least=2)
    smoke: bool = option("a few of them, to see that it works", False)

    def check_pictures(self) -> None:
        """Refuses what pictures can't be like.

        Raises:
            DataSetError: It names the flag, its value and what may be given.
        """
        if self.quality > _BEST:
            raise DataSetError(f"--quality is {self.quality}: give 1 to {_BEST}.")
        if self.size > FRAME:
            raise DataSetError(
                f"--size is {self.size}: views have {FRAME} pixels, give 32 to {FRAME}."
            )
