"""A data set's folder: which files, of which version, made by which settings.

map.json                           version and settings
README.md                          the data card, which datasets.load_dataset reads
triples/train-00000.parquet        a part; written last, its being there says it is complete
plans/train-00000.parquet          the plans that it belongs to
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from envs.simulator.system.targets import FolderKind
from training.data import parquet_tables
from training.data.data_set_folder import DataSet
from training.data.map.columns import TABLES
from training.data.map.records import VERSION
from training.data.parquet_tables import rows_in

__all__ = ["begin", "part_file", "parts_of", "read_manifest", "read_rows", "rows_in", "write_rows"]

MANIFEST, CARD = "map.json", "README.md"
# Split: whose rooms, whose wording, and of a hundred triples how many.
SPLITS: dict[str, tuple[str, str, int]] = {
    "train": ("train", "train", 60),
    "validation": ("val", "test", 10),
    "test": ("test", "test", 10),
    "test_rooms": ("test", "train", 10),
    "test_wording": ("train", "test", 10),
}
_NAMES = "|".join(SPLITS)
MAP = DataSet(
    "MAP",
    "map",
    VERSION,
    MANIFEST,
    "python -m training.data.map build",
    FolderKind(
        "MAP data set",
        (MANIFEST,),
        rf"map\.json|README\.md|(triples|plans)/({_NAMES})-\d{{5}}\.parquet|page\.html",
    ),
)


def part_file(folder: Path, table: str, split: str, number: int) -> Path:
    """Where a part of a table lies."""
    return folder / table / f"{split}-{number:05d}.parquet"


def parts_of(folder: Path, table: str, split: str) -> list[Path]:
    """The complete parts of a split, in order."""
    numbers = [
        int(found[1])
        for path in (folder / "triples").glob(f"{split}-*.parquet")
        if (found := re.fullmatch(rf"{split}-(\d{{5}})", path.stem))
    ]
    return [part_file(folder, table, split, number) for number in sorted(numbers)]


def begin(folder: Path, settings: dict[str, Any]) -> None:
    """Makes the folder, or takes up what was begun there with the same settings.

    Raises:
        MapError: It was begun with other settings, or in another version.
        ValueError: It holds something else, or can't be written.
    """
    MAP.begin(folder, settings, ("triples", "plans"))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The settings of a data set.

    Raises:
        MapError: The folder is none, or of another version.
    """
    return MAP.settings(folder)


def write_rows(path: Path, table: str, rows: list[dict[str, Any]]) -> None:
    """Writes a part, whole; equal rows give equal bytes."""
    parquet_tables.write_rows(path, TABLES[table], rows)


def read_rows(path: Path, table: str, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a part, a few in memory at a time.

    Args:
        path: The part.
        table: triples or plans.
        columns: Only these.

    Raises:
        MapError: It is missing, damaged or has other columns.
    """
    return parquet_tables.read_rows(path, TABLES[table], columns, named=table)
