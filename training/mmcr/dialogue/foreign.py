"""Dialogue sets of others: rows of ``messages`` and ``images``, each taken or told why not.

    for entry in read_foreign(Path("their.parquet")):
        print(entry.number, entry.problem or len(entry.dialogue.turns))

Placeholders stand in the text (``<image>``), or as parts of a message (``{"type": "image"}``), as
trainers have it; roles may be told as user and assistant, or human and gpt. Parquet, and JSON lines
whose images are files beside them. Left out: sets whose pictures have to be fetched.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envs.simulator.system.foreign_json import ForeignJsonError, json_lines, read_text
from envs.simulator.system.typed_records import shown
from training.data.parquet_tables import DataSetError, parquet
from training.data.pictures import picture_of
from training.mmcr.dialogue.columns import PLACEHOLDER
from training.mmcr.dialogue.domains import DOMAINS
from training.mmcr.dialogue.records import Dialogue, Turn

_ROLES = {"human": "user", "gpt": "assistant", "model": "assistant"}
_KNOWN = ("system", "user", "assistant")
MOST_BYTES = 500_000_000


@dataclass(frozen=True)
class Entry:
    """A row of a foreign set.

    Attributes:
        number: Of the row, from 1.
        dialogue: What it says; None where it can't be read.
        problem: Why not; empty where it can.
    """

    number: int
    dialogue: Dialogue | None
    problem: str = ""


def read_foreign(path: Path) -> Iterator[Entry]:
    """The rows of a file; a bad one is told with its number, and the rest goes on.

    Raises:
        DataSetError: The file itself can't be read.
    """
    for number, row in _rows(path):
        try:
            yield Entry(number, dialogue_from(row, path.parent, f"{path.stem}-{number:06d}"))
        except (DataSetError, OSError) as error:
            yield Entry(number, None, f"record {number}: {' '.join(str(error).split())}")


def _rows(path: Path) -> Iterator[tuple[int, Any]]:
    if path.suffix in (".jsonl", ".json"):
        try:
            yield from json_lines(read_text(path, MOST_BYTES))
        except ForeignJsonError as error:
            raise DataSetError(f"{path} can't be read: {error}.") from error
        return
    pa, pq = parquet()
    try:
        with pq.ParquetFile(path) as file:
            number = 0
            for batch in file.iter_batches(batch_size=16):
                for row in batch.to_pylist():
                    number += 1
                    yield number, row
    except (OSError, pa.ArrowException) as error:
        why = " ".join(str(error).split())[:160]
        raise DataSetError(f"{path} can't be read as Parquet or JSON lines ({why}).") from error


def dialogue_from(row: Any, folder: Path, name: str) -> Dialogue:
    """A row as a dialogue; what it does not tell of its origin stays empty.

    Args:
        row: Of the form above.
        folder: Where its pictures lie, if they are files.
        name: For a dialogue without an id.

    Raises:
        DataSetError: Naming the field and what is wrong with it.
    """
    if not isinstance(row, Mapping):
        raise DataSetError(f"it is {shown(row)}, no object with messages and images")
    messages = row.get("messages") or row.get("conversations")
    if not isinstance(messages, list) or not messages:
        raise DataSetError("messages must be a list of messages with role and content")
    read = [_message(message, k) for k, message in enumerate(messages, 1)]
    context = " ".join(text for role, text, _ in read if role == "system")
    said = [entry for entry in read if entry[0] != "system"]
    for k, (role, _, _) in enumerate(said):
        wanted = ("user", "assistant")[k % 2]
        if role != wanted:
            raise DataSetError(f"of its messages the {k + 1}th is the {role}'s, not the {wanted}'s")
    if len(said) < 2 or len(said) % 2:
        raise DataSetError(f"it has {len(said)} messages: every question needs its answer")
    pictures = tuple(_picture(given, k, folder) for k, given in enumerate(_images(row), 1))
    marks = sum(count for _, _, count in read)
    if marks != len(pictures):
        raise DataSetError(f"it has {marks} image placeholders and {len(pictures)} images")
    domain = str(row.get("domain") or "")
    if domain and domain not in DOMAINS:
        raise DataSetError(f"its domain is {shown(domain)}: use one of {', '.join(DOMAINS)}")
    turns = tuple(
        Turn(question, answer)
        for (_, question, _), (_, answer, _) in zip(said[::2], said[1::2], strict=True)
    )
    told = {k: str(row.get(k) or "") for k in ("split", "scene", "room", "family", "sub_topic")}
    return Dialogue(
        id=str(row.get("id") or name),
        domain=domain,
        writer=str(row.get("writer") or "foreign"),
        player=str(row.get("player") or ""),
        context=context,
        turns=turns,
        pictures=pictures,
        **told,
    )


def _message(message: Any, number: int) -> tuple[str, str, int]:
    """Role, text without placeholders, and how many of these there are."""
    if not isinstance(message, Mapping):
        raise DataSetError(f"message {number} is {shown(message)}, not role and content")
    role = message.get("role") or message.get("from")
    role = _ROLES.get(str(role), role)
    if role not in _KNOWN:
        raise DataSetError(f"message {number} has the role {shown(role)}: use {', '.join(_KNOWN)}")
    content = message.get("content", message.get("value"))
    marks = 0
    if isinstance(content, list):
        texts = []
        for part in content:
            kind = part.get("type") if isinstance(part, Mapping) else None
            if kind == "image":
                marks += 1
            elif kind == "text" and isinstance(part.get("text"), str):
                texts.append(part["text"])
            else:
                raise DataSetError(f"message {number} has a part {shown(part)}: use text or image")
        content = " ".join(texts)
    if not isinstance(content, str):
        raise DataSetError(f"message {number} has the content {shown(content)}, no text")
    marks += content.count(PLACEHOLDER)
    text = " ".join(content.replace(PLACEHOLDER, " ").split())
    if not text:
        raise DataSetError(f"message {number} says nothing")
    return role, text, marks


def _images(row: Mapping[str, Any]) -> list[Any]:
    given = row.get("images", row.get("image"))
    if given is None:
        return []
    return given if isinstance(given, list) else [given]


def _picture(given: Any, number: int, folder: Path) -> bytes:
    encoded = given.get("bytes") if isinstance(given, Mapping) else given
    if encoded is None and isinstance(given, Mapping):
        encoded = given.get("path")
    if isinstance(encoded, str):
        path = folder / encoded
        if not path.resolve().is_relative_to(folder.resolve()):
            raise DataSetError(f"image {number}, {shown(encoded)}, leads out of the set's folder")
        if not path.is_file():
            raise DataSetError(f"image {number}, {shown(encoded)}, is missing")
        if path.stat().st_size > MOST_BYTES:
            raise DataSetError(f"image {number}, {shown(encoded)}, is larger than any picture")
        encoded = path.read_bytes()
    if not isinstance(encoded, bytes):
        raise DataSetError(f"image {number} is {shown(given)}, neither bytes nor a file's name")
    try:
        picture_of(encoded)
    except DataSetError as error:
        raise DataSetError(f"image {number} is damaged ({error})") from error
    return encoded
