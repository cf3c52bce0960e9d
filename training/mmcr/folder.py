"""A dialogue set's folder.

mmcr.json                          version and settings
README.md                          the data card, which datasets.load_dataset reads
dialogues/train-00000.parquet      a part; written last, its being there says it is complete
rejected/train-00000.json          why dialogues of the same part were thrown away, and how many
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from envs.simulator.system.foreign_json import ForeignJsonError, read_json
from envs.simulator.system.targets import FolderKind
from envs.simulator.system.whole import write_text
from training.data.data_set_folder import DataSet
from training.data.parquet_tables import DataSetError, read_rows, write_rows
from training.mmcr.dialogue.columns import COLUMNS, dialogue_of, row_of
from training.mmcr.dialogue.records import VERSION, Dialogue

# Split: whose rooms, and of a hundred dialogues how many.
SPLITS = {"train": ("train", 80), "validation": ("val", 10), "test": ("test", 10)}
DIALOGUES, REJECTED, CARD = "dialogues", "rejected", "README.md"
_NAMES = "|".join(SPLITS)
MMCR = DataSet(
    "MMCR",
    "mmcr",
    VERSION,
    "mmcr.json",
    "python -m training.mmcr.build",
    FolderKind(
        "MMCR data set",
        ("mmcr.json",),
        rf"mmcr\.json|README\.md|page\.html|spent\.json|\.spent\.json\.lock"
        rf"|dialogues/({_NAMES})-\d{{5}}\.parquet|rejected/({_NAMES})-\d{{5}}\.json",
    ),
)


def part_file(folder: Path, split: str, number: int) -> Path:
    """Where a part lies."""
    return folder / DIALOGUES / f"{split}-{number:05d}.parquet"


def parts_of(folder: Path, split: str) -> list[Path]:
    """The complete parts of a split, in order."""
    found = (folder / DIALOGUES).glob(f"{split}-*.parquet")
    return sorted(p for p in found if re.fullmatch(rf"{split}-\d{{5}}", p.stem))


def write_part(
    folder: Path, split: str, number: int, dialogues: list[Dialogue], rejected: Counter[str]
) -> None:
    """Writes a part: what was thrown away first, so that whole parts have both."""
    told = json.dumps(dict(sorted(rejected.items())), indent=1) + "\n"
    write_text(folder / REJECTED / f"{split}-{number:05d}.json", told)
    write_rows(part_file(folder, split, number), COLUMNS, [row_of(one) for one in dialogues])


def rejections(folder: Path) -> Counter[str]:
    """Why turns and dialogues were thrown away, of all whole parts.

    Raises:
        DataSetError: A file of it is damaged.
    """
    found: Counter[str] = Counter()
    for split in SPLITS:
        for part in parts_of(folder, split):
            path = folder / REJECTED / f"{part.stem}.json"
            try:
                told = read_json(path)
            except (ForeignJsonError, OSError) as error:
                raise DataSetError(f"{path} can't be read: {error}.") from error
            if not isinstance(told, dict) or not all(type(n) is int for n in told.values()):
                raise DataSetError(f"{path} does not hold counts by reason: build it again.")
            found.update(told)
    return found


def read_dialogues(folder: Path, split: str | None = None) -> Iterator[Dialogue]:
    """The dialogues of a split, or of all, a few in memory at a time.

    Args:
        folder: Of the data set.
        split: One of ``SPLITS``; None: all, in their order.

    Raises:
        DataSetError: The folder is no such data set, of another version or damaged, or the split
            unknown or empty.
    """
    if split is not None and split not in SPLITS:
        raise DataSetError(f"Unknown split {split!r}: use one of {', '.join(SPLITS)}.")
    MMCR.settings(folder)
    names = SPLITS if split is None else (split,)
    parts = [path for name in names for path in parts_of(folder, name)]
    if not parts:
        raise DataSetError(
            f"{folder} holds nothing of {split or 'any split'} yet: go on building it with "
            f"python -m training.mmcr.build --out {folder}."
        )
    for path in parts:
        for row in read_rows(path, COLUMNS, named=DIALOGUES):
            yield _made(row, path)


def _made(row: dict[str, Any], path: Path) -> Dialogue:
    try:
        return dialogue_of(row)
    except (ValueError, TypeError, KeyError, IndexError) as error:
        raise DataSetError(f"{path}, {row.get('id')!r}: {error}") from error
