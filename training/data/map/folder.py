"""A data set's folder: which files, of which version, made by which settings.

map.json                           version and settings
README.md                          the data card, which datasets.load_dataset reads
triples/train-00000.parquet        a part; written last, its being there says it is complete
plans/train-00000.parquet          the plans that it belongs to
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from envs.simulator.system.foreign_json import ForeignJsonError, read_json
from envs.simulator.system.targets import FolderKind, prepare_folder
from envs.simulator.system.typed_records import shown
from envs.simulator.system.whole import whole_file, write_text
from training.data.map.columns import MapError, parquet, schema
from training.data.map.records import VERSION

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
MAP = FolderKind(
    "MAP data set",
    (MANIFEST,),
    rf"map\.json|README\.md|(triples|plans)/({_NAMES})-\d{{5}}\.parquet|page\.html",
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
    prepare_folder(folder, MAP)
    if (folder / MANIFEST).exists():
        begun = read_manifest(folder, "--out")
        other = [name for name in settings if begun.get(name) != settings[name]]
        if other:
            told = ", ".join(
                f"{name.replace('_', '-')} {shown(begun.get(name))}, not {shown(settings[name])}"
                for name in other
            )
            raise MapError(
                f"--out {folder} was begun with {told}: give the same again, or a new folder."
            )
    for table in ("triples", "plans"):
        (folder / table).mkdir(exist_ok=True)
    if not (folder / MANIFEST).exists():
        content = {"format": "map", "version": VERSION, "settings": settings}
        write_text(folder / MANIFEST, json.dumps(content, indent=2) + "\n")


def read_manifest(folder: Path, named: str = "") -> dict[str, Any]:
    """The settings of a data set.

    Raises:
        MapError: The folder is none, or of another version.
    """
    where = f"{named} {folder}".strip()
    try:
        content = read_json(folder / MANIFEST)
    except (ForeignJsonError, OSError) as error:
        raise MapError(
            f"{where} is no MAP data set ({MANIFEST}: {error}): "
            "make one by python -m training.data.map build --out FOLDER."
        ) from error
    if not isinstance(content, dict) or content.get("format") != "map":
        raise MapError(f"{where} is no MAP data set: {MANIFEST} does not say format map.")
    if content.get("version") != VERSION or not isinstance(content.get("settings"), dict):
        raise MapError(
            f"{where} is of version {shown(content.get('version'))}, this one reads {VERSION}: "
            "build it again by python -m training.data.map build --out FOLDER."
        )
    settings: dict[str, Any] = content["settings"]
    return settings


def write_rows(path: Path, table: str, rows: list[dict[str, Any]]) -> None:
    """Writes a part, whole; equal rows give equal bytes."""
    pa, pq = parquet()
    content = pa.Table.from_pylist(rows, schema=schema(table))
    with whole_file(path) as fresh:
        # Pictures are compressed already.
        pq.write_table(content, fresh, compression="zstd", row_group_size=64)


def rows_in(path: Path) -> int:
    """How many rows a part holds; 0 where it is not there or damaged."""
    pa, pq = parquet()
    try:
        return int(pq.read_metadata(path).num_rows)
    except (OSError, pa.ArrowException):
        return 0


def read_rows(path: Path, table: str, columns: list[str] | None = None) -> Iterator[dict[str, Any]]:
    """The rows of a part, a few in memory at a time.

    Args:
        path: The part.
        table: triples or plans.
        columns: Only these.

    Raises:
        MapError: It is missing, damaged or has other columns.
    """
    pa, pq = parquet()
    try:
        with pq.ParquetFile(path) as file:
            if not file.schema_arrow.equals(schema(table), check_metadata=False):
                raise MapError(f"{path} has other columns than {table} have: build it again.")
            for batch in file.iter_batches(batch_size=32, columns=columns):
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        why = " ".join(str(error).split())[:160]
        raise MapError(f"{path} can't be read as Parquet ({why}): build it again.") from error
