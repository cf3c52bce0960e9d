"""Tasks as plain JSON and back: what suites on disk are made of.

Only what differs from a task's defaults is written. Conditions are written with their class as
``"is"``, for example ``{"is": "Contained", "target": "Apple", "receptacle": "Fridge"}``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from envs.observations import CHARSET, MAX_INSTRUCTION
from envs.simulator.system import typed_records
from envs.simulator.system.typed_records import RecordError, shown
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
LEVELS = ("skill", "primitive")
FARTHEST = 1000.0
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
        raise TaskFileError(f"{where}: parts must be a list of tasks, not {shown(parts)}.")
    given["parts"] = tuple(
        from_plain(part, f"{where}, part {k + 1}") for k, part in enumerate(parts)
    )
    task: Task = made_of(Task, given, where, frozenset({"goal", "parts"}))
    _check(task, where)
    return task


def _goal(content: Any, where: str) -> goals.Every:
    given = _mapping(content, where)
    kind = GOALS.get(given["is"]) if isinstance(given.get("is"), str) else None
    conditions = given.get("conditions")
    if kind is None or not isinstance(conditions, list) or not conditions:
        raise TaskFileError(
            f"{where} must be one of {', '.join(GOALS)} with a list of conditions, "
            f"not {shown(content)}."
        )
    made = []
    for k, condition in enumerate(conditions):
        place = f"{where}, condition {k + 1}"
        arguments = dict(_mapping(condition, place))
        name = arguments.pop("is", None)
        if not isinstance(name, str) or name not in CONDITIONS:
            raise TaskFileError(
                f"{place}: unknown condition {shown(name)}; use one of {', '.join(CONDITIONS)}."
            )
        made.append(made_of(CONDITIONS[name], arguments, place))
    goal: goals.Every = kind(tuple(made))
    return goal


def _check(task: Task, where: str) -> None:
    """Refuses values of the right type that no room can make anything of."""
    for name in ("spawn_seed", "appearance_seed"):
        seed = getattr(task, name)
        if seed is not None and not 0 <= seed < 2**31:
            raise TaskFileError(f"{where}: {name} is {seed}; seeds are whole numbers from 0 up.")
    if not all(abs(number) <= FARTHEST for number in task.start):
        raise TaskFileError(
            f"{where}: start is {shown(task.start)}; x and z in metres and both angles lie within "
            f"{FARTHEST:g}."
        )
    if not task.instruction.strip() or len(task.instruction) > MAX_INSTRUCTION:
        raise TaskFileError(
            f"{where}: instruction is {shown(task.instruction)}; it has 1 to {MAX_INSTRUCTION} "
            "characters."
        )
    odd = sorted(set(task.instruction) - set(CHARSET))
    if odd:
        raise TaskFileError(
            f"{where}: instruction has the character {odd[0]!a}; write it in plain ASCII."
        )
    for level, most in task.max_steps:
        if level not in LEVELS or most < 1:
            raise TaskFileError(
                f"{where}: max_steps has {shown((level, most))}; use one of {', '.join(LEVELS)} "
                "with a number from 1 up."
            )


def _mapping(content: Any, where: str) -> Mapping[str, Any]:
    try:
        return typed_records.mapping(content, where)
    except RecordError as error:
        raise TaskFileError(str(error)) from error


def made_of(kind: type, given: Any, where: str, made: frozenset[str] = frozenset()) -> Any:
    """A dataclass from named values, as ``typed_records.record_of`` makes it.

    Raises:
        TaskFileError: If a field is missing, unknown, or of another type; says which.
    """
    try:
        return typed_records.record_of(kind, given, where, made=made)
    except RecordError as error:
        raise TaskFileError(str(error)) from error
