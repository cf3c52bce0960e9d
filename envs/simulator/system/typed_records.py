"""Records from plain JSON, each value held against the type its field is declared with.

    >>> from dataclasses import dataclass
    >>> @dataclass(frozen=True)
    ... class Mug:
    ...     weight: float
    ...     place: tuple[float, float] | None = None
    >>> record_of(Mug, {"weight": 1, "place": [0.5, 2]}, "the mug")
    Mug(weight=1.0, place=(0.5, 2.0))

Lists become tuples, whole numbers floats where a float is declared; nothing else is turned into
something else. Left out: values that are of the right type and still make no sense.
"""

from __future__ import annotations

import reprlib
import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any

_REPR = reprlib.Repr()
_REPR.maxstring = _REPR.maxother = 80


class RecordError(ValueError):
    """A record lacks a field, has one too many, or one of another type."""


def shown(value: object) -> str:
    """A foreign value in a message: one line, short however long or deep it is.

    >>> len(shown("a" * 10_000)), len(shown(10**400)) < 80
    (80, True)
    """
    text = " ".join(_REPR.repr(value).split())
    return text if len(text) <= 160 else f"{text[:157]}..."


def mapping(content: Any, where: str) -> Mapping[str, Any]:
    """The same content, if it is an object with named fields.

    Raises:
        RecordError: If it is none.
    """
    if not isinstance(content, dict):
        raise RecordError(f"{where} must be an object with named fields, not {shown(content)}.")
    return content


def record_of(kind: type, given: Any, where: str, *, made: frozenset[str] = frozenset()) -> Any:
    """A dataclass from named values, each of the type its field is declared with.

    Args:
        kind: The dataclass; records within are read alike.
        given: Its fields.
        where: Said in errors.
        made: Fields whose values are taken as they are.

    Raises:
        RecordError: If a field is missing, unknown, or of another type; says which.
        ValueError: If the record itself refuses the values.
    """
    content, known = mapping(given, where), {f.name: f for f in fields(kind)}
    unknown = sorted(set(content) - set(known))
    if unknown:
        raise RecordError(
            f"{where}: unknown field {shown(unknown[0])}; a {kind.__name__} has {', '.join(known)}."
        )
    missing = [n for n, f in known.items() if n not in content and _needed(f)]
    if missing:
        raise RecordError(f"{where}: the field {missing[0]!r} is missing.")
    hints = _hints(kind)
    return kind(
        **{
            name: value if name in made else value_of(value, hints[name], f"{where}: {name}")
            for name, value in content.items()
        }
    )


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _needed(field: Field) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def value_of(value: Any, hint: Any, where: str) -> Any:
    """The value, with lists as tuples, if it is of a type.

    Args:
        value: Of JSON's own types.
        hint: The type: str, bool, int, float, None, one with a fixed set of texts, a dataclass, or
            a tuple, dict or union of such.
        where: Said in errors.

    Raises:
        RecordError: If it is of another.
    """
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None and type(None) in arguments:
            return None
        return value_of(value, next(a for a in arguments if a is not type(None)), where)
    if hint is Any:
        return value
    if origin is tuple and isinstance(value, list | tuple):
        inner = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        if len(inner) == len(value):
            return tuple(
                value_of(v, h, f"{where}, number {k}")
                for k, (v, h) in enumerate(zip(value, inner, strict=True), 1)
            )
    elif origin is dict and isinstance(value, dict):
        return {str(k): value_of(v, arguments[1], f"{where}.{k!s:.40}") for k, v in value.items()}
    elif hint is float and type(value) in (int, float):
        try:
            return float(value)
        except OverflowError:
            pass
    elif is_dataclass(hint) and isinstance(hint, type):
        return value if isinstance(value, hint) else record_of(hint, value, where)
    elif isinstance(hint, type) and issubclass(hint, StrEnum) and isinstance(value, str):
        if value in [str(member) for member in hint]:
            return hint(value)
    elif isinstance(hint, type) and type(value) is hint:
        return value
    raise RecordError(f"{where} is {shown(value)}, not a value of type {_name(hint)}.")


def _name(hint: Any) -> str:
    return hint.__name__ if isinstance(hint, type) and not typing.get_args(hint) else str(hint)
