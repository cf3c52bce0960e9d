"""Reads a built data set: typed records, a few in memory at a time.

for triple in read_triples(Path("datasets/map"), "train"):
    frame = picture_of(triple.before)      # (H, W, 3) uint8
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

from training.data.map.columns import MapError
from training.data.map.folder import SPLITS, parts_of, read_manifest, read_rows
from training.data.map.records import Plan, Triple
from training.data.map.rows import plan_of_row, triple_of_row
from training.data.pictures import picture_of

__all__ = ["picture_of", "read_plans", "read_triples"]

Record = TypeVar("Record", Plan, Triple)


def read_triples(folder: Path, split: str | None = None) -> Iterator[Triple]:
    """The triples of a split, or of all.

    Args:
        folder: Of the data set.
        split: One of ``training.data.map.folder.SPLITS``; None: all, in their order.

    Raises:
        MapError: The folder is no such data set, of another version or damaged, or the split
            unknown or empty.
    """
    yield from _records(folder, "triples", split, triple_of_row)


def read_plans(folder: Path, split: str | None = None) -> Iterator[Plan]:
    """The plans of a split, or of all; as ``read_triples``.

    Raises:
        MapError: As there.
    """
    yield from _records(folder, "plans", split, plan_of_row)


def _records(
    folder: Path, table: str, split: str | None, made: Callable[[dict[str, Any]], Record]
) -> Iterator[Record]:
    if split is not None and split not in SPLITS:
        raise MapError(f"Unknown split {split!r}: use one of {', '.join(SPLITS)}.")
    read_manifest(folder)
    names = SPLITS if split is None else (split,)
    parts = [path for name in names for path in parts_of(folder, table, name)]
    if not parts:
        raise MapError(
            f"{folder} holds nothing of {split or 'any split'} yet: go on building it with "
            f"python -m training.data.map build --out {folder}."
        )
    for path in parts:
        for row in read_rows(path, table):
            try:
                record = made(row)
            except (ValueError, TypeError, KeyError) as error:
                raise MapError(f"{path}, {row.get('id')!r}: {error}") from error
            yield record
