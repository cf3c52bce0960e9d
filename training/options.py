"""Command-line flags made from a frozen dataclass: one field, one flag, one sentence.

    @dataclass(frozen=True)
    class Settings:
        out: Path = option("folder to write to", Path("runs/views"), metavar="DIR")
        frames: int = option("frames to collect", 20_000, least=1)
        smoke: bool = option("a few frames, to see that it works", False)

    --out DIR      folder to write to; default runs/views
    --frames N     frames to collect; default 20000
    --smoke        a few frames, to see that it works

Type, default and help come from the field. A tuple of paths may be given several times; a flag of
a field that is true by default is called ``--no-FIELD``.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Collection, Sequence
from dataclasses import MISSING, Field, field, fields
from pathlib import Path
from types import NoneType
from typing import Any, TypeVar, get_args, get_type_hints

Settings = TypeVar("Settings")
_METAVAR = {int: "N", float: "X", Path: "DIR", str: "TEXT"}


def option(
    sentence: str | Callable[[], str],
    default: Any = MISSING,
    *,
    metavar: str | None = None,
    choices: Collection[str] | None = None,
    parse: Callable[[str], Any] | None = None,
    least: float | None = None,
    also: Sequence[str] = (),
    required: bool = False,
) -> Any:
    """A dataclass field that is a flag too.

    Args:
        sentence: What it does, without the default, which is added; a function where that is
            found out only when it is shown.
        default: Its value where the flag is not given; without one the flag is required.
        metavar: The value's name in the help.
        choices: The values it may have.
        parse: Reads the value, where the field's type does not; raises ``ArgumentTypeError``.
        least: The smallest number that is taken.
        also: Other names of the flag, such as one it had before.
        required: The flag must be given, though the field has a default.
    """
    known = {
        "help": sentence,
        "metavar": metavar,
        "choices": choices,
        "parse": parse,
        "least": least,
        "also": tuple(also),
        "required": required,
    }
    return field(default=default, metadata=known)


def share(sentence: str, default: float) -> Any:
    """A field that is a share of something, or a chance: a flag that takes 0 to 1.

    Args:
        sentence: As of ``option``.
        default: Its value where the flag is not given.
    """
    return option(sentence, default, parse=_share)


def names(text: str) -> tuple[str, ...]:
    """Names with commas between, as a flag has them.

    >>> names("find,open")
    ('find', 'open')

    Raises:
        ArgumentTypeError: If one is missing.
    """
    found = tuple(text.split(","))
    if not all(found):
        raise argparse.ArgumentTypeError(f"{text!r} is no list of names with commas between")
    return found


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0.0 <= value <= 1.0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a share from 0 to 1, such as 0.25")
    return value


def add_options(parser: argparse.ArgumentParser, kind: type) -> None:
    """Adds a flag for every field of a dataclass that was made by ``option``."""
    types = get_type_hints(kind)
    for entry in fields(kind):
        if "help" in entry.metadata:
            _add(parser, entry, types[entry.name])


def settings_from(kind: type[Settings], options: argparse.Namespace, **rest: Any) -> Settings:
    """The dataclass from parsed flags.

    Args:
        kind: Whose fields were added.
        options: What was parsed.
        **rest: Fields that are no flags, or that replace theirs.
    """
    known = [entry for entry in fields(kind) if "help" in entry.metadata]  # type: ignore[arg-type]
    given = {entry.name: getattr(options, entry.name) for entry in known}
    # Flags that may be given several times are gathered in a list.
    frozen = {k: tuple(v) if isinstance(v, list) else v for k, v in given.items()}
    return kind(**frozen | rest)


def whole_number(least: int) -> Callable[[str], int]:
    """Reads a whole number from ``least`` up.

    >>> whole_number(1)("3")
    3
    """

    def read(text: str) -> int:
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} up")
        return int(text)

    return read


def _add(parser: argparse.ArgumentParser, entry: Field[Any], hint: Any) -> None:
    known, default = entry.metadata, entry.default
    told = known["help"] if isinstance(known["help"], str) else known["help"]()
    name = f"--{entry.name.replace('_', '-')}"
    if hint is bool:
        name = name.replace("--", "--no-", 1) if default else name
        action = "store_false" if default else "store_true"
        parser.add_argument(name, *known["also"], dest=entry.name, action=action, help=told)
        return
    several = getattr(hint, "__origin__", None) is tuple
    single = get_args(hint)[0] if several else _present(hint)
    required = known["required"] or default is MISSING
    shown: dict[str, Any] = {"help": told, "required": required}
    if not required:
        shown["default"] = default
        if default not in (None, "", ()):
            shown["help"] += f"; default {_said(default)}"
    if known["choices"] is not None:
        shown["choices"] = known["choices"]
    else:
        shown["metavar"] = known["metavar"] or _METAVAR.get(single, "VALUE")
    if several and known["parse"] is None:
        # Given values are added to the default: it has to be a list of its own.
        shown |= {"action": "append", "default": [*shown.get("default", ())]}
    shown["type"] = known["parse"] or _reader(single, known["least"])
    parser.add_argument(name, *known["also"], dest=entry.name, **shown)


def _present(hint: Any) -> Any:
    """``X`` of ``X | None``."""
    return next((part for part in get_args(hint) if part is not NoneType), hint)


def _said(default: Any) -> str:
    return ",".join(map(str, default)) if isinstance(default, tuple) else str(default)


def _reader(single: Any, least: float | None) -> Callable[[str], Any]:
    if least is None:
        reader: Callable[[str], Any] = single
        return reader
    if single is int:
        return whole_number(int(least))

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = float("nan")
        if not value >= least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from {least:g} up")
        return value

    return read
