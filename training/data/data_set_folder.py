"""A data set's folder: what marks it, and that it goes on only as it was begun.

MAP = DataSet("MAP", "map", 1, "map.json", "python -m training.data.map build", folder_kind)
MAP.begin(folder, settings, ("plans", "triples"))
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from envs.simulator.system.foreign_json import ForeignJsonError, read_json
from envs.simulator.system.targets import FolderKind, prepare_folder
from envs.simulator.system.typed_records import shown
from envs.simulator.system.whole import write_text
from training.data.parquet_tables import DataSetError

Entry = TypeVar("Entry")


@dataclass(frozen=True)
class DataSet:
    """A kind of data set.

    Attributes:
        name: In messages.
        format: In its manifest.
        version: Of its format.
        manifest: File of version and settings.
        command: That builds it.
        kind: What its folder looks like.
    """

    name: str
    format: str
    version: int
    manifest: str
    command: str
    kind: FolderKind

    def begin(self, folder: Path, settings: dict[str, Any], tables: Iterable[str]) -> None:
        """Makes the folder, or takes up what was begun there with the same settings.

        Args:
            folder: New, empty, or begun.
            settings: That decide what it holds, of JSON's own types.
            tables: Its folders of parts.

        Raises:
            DataSetError: It was begun with other settings, or in another version.
            ValueError: It holds something else, or can't be written.
        """
        prepare_folder(folder, self.kind)
        if (folder / self.manifest).exists():
            begun = self.settings(folder, "--out")
            other = [name for name in settings if begun.get(name) != settings[name]]
            if other:
                told = ", ".join(
                    f"{name.replace('_', '-')} {shown(begun.get(name))}, not "
                    f"{shown(settings[name])}"
                    for name in other
                )
                raise DataSetError(
                    f"--out {folder} was begun with {told}: give the same again, or a new folder."
                )
        for table in tables:
            (folder / table).mkdir(exist_ok=True)
        if not (folder / self.manifest).exists():
            content = {"format": self.format, "version": self.version, "settings": settings}
            write_text(folder / self.manifest, json.dumps(content, indent=2) + "\n")

    def settings(self, folder: Path, named: str = "") -> dict[str, Any]:
        """The settings of a data set.

        Args:
            folder: Of it.
            named: The flag that named it.

        Raises:
            DataSetError: The folder is none, or of another version.
        """
        where = f"{named} {folder}".strip()
        try:
            content = read_json(folder / self.manifest)
        except (ForeignJsonError, OSError) as error:
            raise DataSetError(
                f"{where} is no {self.name} data set ({self.manifest}: {error}): "
                f"make one by {self.command} --out FOLDER."
            ) from error
        if not isinstance(content, dict) or content.get("format") != self.format:
            raise DataSetError(
                f"{where} is no {self.name} data set: {self.manifest} does not say format "
                f"{self.format}."
            )
        if content.get("version") != self.version or not isinstance(content.get("settings"), dict):
            raise DataSetError(
                f"{where} is of version {shown(content.get('version'))}, this one reads "
                f"{self.version}: build it again by {self.command} --out FOLDER."
            )
        settings: dict[str, Any] = content["settings"]
        return settings


def drawn(entries: Iterable[Entry], count: int, rng: np.random.Generator) -> list[Entry]:
    """Some of many entries, each as likely, in one pass: only those are held in memory.

    Args:
        entries: All.
        count: How many are wanted; of fewer, all.
        rng: Draws.
    """
    kept: list[Entry] = []
    for number, entry in enumerate(entries):
        if number < count:
            kept.append(entry)
        elif (place := int(rng.integers(number + 1))) < count:
            kept[place] = entry
    return kept
