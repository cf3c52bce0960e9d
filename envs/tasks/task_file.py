"""Tasks as plain JSON and back: what suites on disk are made of.

Only what differs from a task's defaults is written. Conditions are written with their class as
``"is"``, for example ``{"is": "Contained", "target": "Apple", "receptacle": "Fridge"}``.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields
from typing import Any

from envs.tasks import goals
from envs.tasks.base import Task
from envs.tasks.published.eb_navigation import Within

CONDITIONS: dict[str, type] = {
    kind.__name__: kind
    for kind in (
        goals.Found,
        goals.Contained,
        goals.Openness,
        goals.Toggled,
        goals.Sliced,
        goals.Near,
        goals.Held,
        goals.Lit,
        goals.Treated,
        goals.TreatedContained,
        goals.Together,
        goals.Stacked,
        Within,
    )
}
GOALS: dict[str, type] = {kind.__name__: kind for kind in (goals.Every, goals.InOrder)}


class TaskFileError(ValueError):
    """A file of tasks is not as it should be."""


def to_plain(task: Task) -> dict[str, Any]:
    """A task as JSON's own types."""
    content: dict[str, Any] = {}
    for field in fields(Task):
        value = getattr(task, field.name)
        if field.name == "goal":
            content["goal"] = {
                "is": type(value).__name__,
                "conditions": [_condition_to_plain(c) for c in value.conditions],
            }
        elif field.name == "parts":
            if value:
                content["parts"] = [to_plain(part) for part in value]
        elif value != field.default:
            content[field.name] = _listed(value)
    return content


def _condition_to_plain(condition: Any) -> dict[str, Any]:
    name = type(condition).__name__
    if name not in CONDITIONS:
        raise TaskFileError(f"A goal condition {name} can't be written to a file of tasks.")
    values = {f.name: _listed(getattr(condition, f.name)) for f in fields(condition)}
    return {"is": name, **values}


def _listed(value: Any) -> Any:
    return [_listed(v) for v in value] if isinstance(value, tuple) else value


def from_plain(content: Any, where: str = "the task") -> Task:
    """A task from JSON's own types.

    Args:
        content: As of ``to_plain``.
        where: Said in errors.

    Raises:
        TaskFileError: If a field is missing, unknown, or of another type; says which.
    """
    given = dict(_mapping(content, where))
    given["goal"] = _goal(given.get("goal"), f"{where}, goal")
    parts = given.pop("parts", [])
    if not isinstance(parts, list):
        raise TaskFileError(f"{where}: parts must be a list of tasks, not {parts!r}.")
    given["parts"] = tuple(
        from_plain(part, f"{where}, part {k + 1}") for k, part in enumerate(parts)
    )
    return made_of(Task, given, where)


def _goal(content: Any, where: str) -> goals.Every:
    given = _mapping(content, where)
    kind = GOALS.get(str(given.get("is")))
    conditions = given.get("conditions")
    if kind is None or not isinstance(conditions, list) or not conditions:
        raise TaskFileError(
            f"{where} must be one of {', '.join(GOALS)} with a list of conditions, "
            f"not {str(content)[:80]}."
        )
    made = []
    for k, condition in enumerate(conditions):
        place = f"{where}, condition {k + 1}"
        arguments = dict(_mapping(condition, place))
        name = str(arguments.pop("is", None))
        if name not in CONDITIONS:
            raise TaskFileError(
                f"{place}: unknown condition {name!r}; use one of {', '.join(CONDITIONS)}."
            )
        made.append(made_of(CONDITIONS[name], arguments, place))
    goal: goals.Every = kind(tuple(made))
    return goal


def _mapping(content: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(content, dict):
        raise TaskFileError(f"{where} must be an object with named fields, not {content!r}.")
    return content


def made_of(kind: type, given: Mapping[str, Any], where: str) -> Any:
    """A dataclass from named values, each of the type its field is declared with.

    Args:
        kind: The dataclass.
        given: Its fields.
        where: Said in errors.

    Raises:
        TaskFileError: If a field is missing, unknown, or of another type; says which.
    """
    known = {f.name: f for f in fields(kind)}
    unknown = sorted(set(given) - set(known))
    if unknown:
        raise TaskFileError(
            f"{where}: unknown field {unknown[0]!r}; a {kind.__name__} has {', '.join(known)}."
        )
    missing = [n for n, f in known.items() if n not in given and _needed(f)]
    if missing:
        raise TaskFileError(f"{where}: the field {missing[0]!r} is missing.")
    hints = typing.get_type_hints(kind)
    values = {
        name: value if name in ("goal", "parts") else _checked(value, hints[name], name, where)
        for name, value in given.items()
    }
    return kind(**values)


def _needed(field: Field) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


def _checked(value: Any, hint: Any, name: str, where: str) -> Any:
    """The value with lists as tuples, if it is of the type its field is declared with."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        hint = next(a for a in arguments if a is not type(None))
        return _checked(value, hint, name, where)
    if origin is tuple and isinstance(value, list):
        inner = arguments[:1] * len(value) if arguments[-1] is Ellipsis else arguments
        if len(inner) == len(value):
            return tuple(_checked(v, h, name, where) for v, h in zip(value, inner, strict=True))
    elif hint is float and isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    elif isinstance(hint, type) and type(value) is hint:
        return value
    raise TaskFileError(f"{where}: {name} is {value!r}, not a value of type {hint}.")
