"""JSON from outside: read whole and within bounds, or refused in one line.

Python's own reader lets pass what breaks much later: ``1e999``, ``NaN``, numbers of 400 digits,
half characters (lone surrogates), nesting without end, a name that stands twice. Here all of that
is refused, with the place where it stands::

    >>> parse('{"rooms": [{"height": 1e999}]}')
    Traceback (most recent call last):
    ...
    envs.simulator.system.foreign_json.ForeignJsonError: rooms[0].height is inf, beyond all measure

Not here: what a format wants; its own reader checks that.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

MAX_BYTES = 64_000_000
MAX_DEPTH = 48
MOST = 2**63
_SHOWN = 40
_Trail = tuple[Any, Any] | None


class ForeignJsonError(ValueError):
    """A text that is no JSON within bounds; the message is one line without the file's name."""


def read_text(path: Path, most: int = MAX_BYTES) -> str:
    """What a file says, in UTF-8; a byte order mark is left out.

    Args:
        path: A regular file: a pipe or a device might never end.
        most: Bytes that are read.

    Raises:
        ForeignJsonError: If it is none, too large, or in no UTF-8.
    """
    try:
        if path.is_dir():
            raise ForeignJsonError("it is a folder, not a file")
        if not path.is_file():
            there = path.exists()
            raise ForeignJsonError("it is no regular file" if there else "there is no such file")
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
    except OSError as error:
        raise ForeignJsonError(f"it can't be read: {error.strerror or error}") from error
    except ValueError as error:  # a name with a NUL in it
        if isinstance(error, ForeignJsonError):
            raise
        raise ForeignJsonError(f"it can't be read: {error}") from error
    if len(raw) > most:
        raise ForeignJsonError(f"it is larger than {most} bytes")
    return as_text(raw)


def as_text(raw: bytes) -> str:
    """Bytes in UTF-8 as text.

    Raises:
        ForeignJsonError: If they are none.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ForeignJsonError(f"it is no UTF-8 text (byte {error.start})") from error


def parse(text: str | bytes, whole: int = MOST, finite: bool = True) -> Any:
    """What a JSON text holds.

    Args:
        text: The text.
        whole: Whole numbers must be smaller, in magnitude.
        finite: Refuse NaN and infinities; a score may be none where nothing was counted.

    Raises:
        ForeignJsonError: If it is no JSON, or not within bounds; says where.
    """
    try:
        made = json.loads(
            as_text(text) if isinstance(text, bytes) else text, object_pairs_hook=_object
        )
    except RecursionError as error:
        raise ForeignJsonError(f"it is nested deeper than {MAX_DEPTH}") from error
    except ValueError as error:
        if isinstance(error, ForeignJsonError):
            raise
        raise ForeignJsonError(f"it is no JSON: {_short(str(error), 160)}") from error
    check(made, whole, finite)
    return made


def read_json(path: Path, most: int = MAX_BYTES, whole: int = MOST, finite: bool = True) -> Any:
    """What a JSON file holds.

    Raises:
        ForeignJsonError: As of ``read_text`` and ``parse``.
    """
    return parse(read_text(path, most), whole, finite)


def json_lines(text: str) -> Iterator[tuple[int, Any]]:
    """What the lines of a text hold, each with its number; empty ones are left out.

    Raises:
        ForeignJsonError: As of ``parse``; says which line.
    """
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, parse(line)
            except ForeignJsonError as error:
                raise ForeignJsonError(f"line {number}: {error}") from error


def check(made: Any, whole: int = MOST, finite: bool = True) -> None:
    """Refuses values that JSON can spell but nothing can use.

    Args:
        made: Of JSON's own types.
        whole: Whole numbers must be smaller, in magnitude.
        finite: Refuse NaN and infinities.

    Raises:
        ForeignJsonError: With the place of the first that was found.
    """
    waiting: list[tuple[Any, int, _Trail]] = [([made], 0, None)]
    while waiting:
        holder, depth, trail = waiting.pop()
        for key, value in holder.items() if isinstance(holder, dict) else enumerate(holder):
            if isinstance(key, str) and not key.isascii() and _half(key):
                raise ForeignJsonError(f"{_place(trail, 'a name')} holds half a character")
            if isinstance(value, str):
                if not value.isascii() and _half(value):
                    raise ForeignJsonError(f"{_place((key, trail))} holds half a character")
            elif isinstance(value, float):
                if finite and not math.isfinite(value):
                    raise ForeignJsonError(f"{_place((key, trail))} is {value}, beyond all measure")
            elif isinstance(value, int):
                if not -whole < value < whole:
                    digits = int(value.bit_length() * math.log10(2)) + 1
                    raise ForeignJsonError(
                        f"{_place((key, trail))} has about {digits} digits, beyond all measure"
                    )
            elif isinstance(value, dict | list):
                if depth > MAX_DEPTH:
                    raise ForeignJsonError(f"it is nested deeper than {MAX_DEPTH}")
                waiting.append((value, depth + 1, (key, trail)))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise ForeignJsonError(f"the name {_short(repr(key))} stands twice in one object")
            seen.add(key)
    return made


def _half(text: str) -> bool:
    """Whether a text can't be written: a lone surrogate is in it."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return True
    return False


def _place(trail: _Trail, otherwise: str = "it") -> str:
    """Where a value stands, as one would write it; the outermost is a list of our own."""
    keys: list[Any] = []
    while trail is not None:
        keys.append(trail[0])
        trail = trail[1]
    words = [
        f"[{key}]" if isinstance(key, int) else f".{_short(ascii(key)[1:-1])}"
        for key in reversed(keys[:-1])
    ]
    return "".join(words).removeprefix(".") or otherwise


def _short(text: str, most: int = _SHOWN) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."
