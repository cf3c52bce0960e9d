"""Suites: lists of tasks that mean the same today and next year.

A suite file is JSON lines: a header, then one task a line with the expert's steps and the fault
its faulted twin gets. The header holds a SHA-256 of the lines below it; a file that was changed by
hand is refused.

    >>> suite = load_suite("map-val")
    >>> suite.name, len(suite.entries) > 0
    ('map-val', True)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from envs.fault_kinds import KINDS
from envs.simulator.core.picture_size import MAX_SIDE
from envs.simulator.system.foreign_json import ForeignJsonError, json_lines, read_text
from envs.simulator.system.typed_records import shown
from envs.simulator.system.whole import write_text
from envs.tasks.base import Task
from envs.tasks.task_file import TaskFileError, from_plain, made_of, to_plain

FORMAT = 1
MOST_STEPS = 100_000
_FOLDER = Path(__file__).with_name("suites")


class SuiteError(TaskFileError):
    """A suite is unknown, or its file is damaged."""


@dataclass(frozen=True)
class SuiteSetting:
    """How a suite's tasks are played.

    Attributes:
        action_level: skill or primitive.
        feedback: none, binary or reason.
        max_steps: Agent steps before an episode is cut; None: as ``ThorEnv`` has it by family.
        move: Metres of a primitive move.
        size: Frame width and height, pixels.
    """

    action_level: str = "skill"
    feedback: str = "binary"
    max_steps: int | None = None
    move: float = 0.25
    size: int = 300


@dataclass(frozen=True)
class Entry:
    """One task of a suite.

    Attributes:
        key: Names it within the suite.
        task: What is to be done.
        seed: Of the policy and of the fault.
        best_steps: Steps the expert takes; None if unknown.
        fault: Kind of the fault its faulted twin gets, proved recoverable; empty: none.
        fault_seed: Decides when it strikes.
    """

    key: str
    task: Task
    seed: int
    best_steps: int | None = None
    fault: str = ""
    fault_seed: int = 0


@dataclass(frozen=True)
class Suite:
    """A list of tasks with a name.

    Attributes:
        name: For example ``map-val``.
        title: One line on what it is.
        setting: How it is played.
        entries: The tasks.
        source: Where the tasks are from: this project, or a publisher's files.
    """

    name: str
    title: str
    setting: SuiteSetting
    entries: tuple[Entry, ...]
    source: str = "this project"

    @property
    def walks(self) -> bool:
        """Whether nothing but walking somewhere is asked for."""
        return all(entry.task.family == "navigate" for entry in self.entries)

    def digest(self) -> str:
        """SHA-256 over setting and tasks."""
        whole = hashlib.sha256(json.dumps(asdict(self.setting), sort_keys=True).encode())
        for entry in self.entries:
            whole.update(_identity(entry).encode())
        return whole.hexdigest()


def suite_names() -> tuple[str, ...]:
    """The named suites that come with the project."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.jsonl")))


def load_suite(name: str) -> Suite:
    """A named suite, or one from a file.

    Args:
        name: One of ``suite_names()``, or the path of a suite's ``.jsonl``.

    Raises:
        SuiteError: If there is no such suite, or its file is damaged.
    """
    path = _FOLDER / f"{name}.jsonl"
    if not path.is_file():
        path = Path(name).expanduser()
        if not path.is_file():
            raise SuiteError(
                f"Unknown suite {name!r}: use one of {', '.join(suite_names())}, or the path of a "
                "suite's .jsonl file."
            )
    return read_suite(path)


def _line(entry: Entry) -> str:
    content = {f.name: getattr(entry, f.name) for f in fields(Entry)}
    content["task"] = to_plain(entry.task)
    return json.dumps(content, ensure_ascii=False, sort_keys=True)


def _identity(entry: Entry) -> str:
    """What decides a task; a publisher's is decided by its file, of which this is the gist."""
    task = entry.task
    if task.scenario is None:
        return _line(entry)
    gist = (entry.key, task.suite, task.name, task.scene, task.instruction, task.start)
    return json.dumps([*gist, task.goal.text()], ensure_ascii=False)


def write_suite(path: Path, suite: Suite) -> None:
    """Writes a suite, frozen by its hash; a reader sees the old file or the whole new one."""
    header = {
        "suite": suite.name,
        "format": FORMAT,
        "title": suite.title,
        "source": suite.source,
        "setting": asdict(suite.setting),
        "sha256": suite.digest(),
    }
    lines = [json.dumps(header, ensure_ascii=False), *map(_line, suite.entries)]
    write_text(path, "\n".join(lines) + "\n")


def read_suite(path: Path) -> Suite:
    """Reads a suite's file.

    Raises:
        SuiteError: If it is no suite of this format, or was changed since it was frozen.
    """
    try:
        rows = [row for _, row in json_lines(read_text(path))]
    except ForeignJsonError as error:
        raise SuiteError(f"{path} can't be read as JSON lines: {error}.") from error
    header = rows[0] if rows and isinstance(rows[0], dict) else {}
    if "suite" not in header:
        raise SuiteError(f"{path} is no suite: its first line must have the field 'suite'.")
    if header.get("format") != FORMAT:
        raise SuiteError(
            f"{path} has format {shown(header.get('format'))}, this version reads {FORMAT}."
        )
    try:
        setting = _setting(header.get("setting"), path)
        entries = tuple(_entries(rows[1:], path))
    except TaskFileError as error:
        raise SuiteError(str(error)) from error
    if not entries:
        raise SuiteError(f"{path} has no tasks.")
    for name in ("suite", "title", "source"):
        if not isinstance(header.get(name, ""), str):
            raise SuiteError(f"{path}: {name} is {shown(header[name])}, not a text.")
    suite = Suite(
        header["suite"],
        header.get("title", ""),
        setting,
        entries,
        header.get("source", "this project"),
    )
    if suite.digest() != header.get("sha256"):
        raise SuiteError(
            f"{path} was changed since it was frozen (its hash does not fit). Restore it, or "
            "freeze a suite of another name with python -m training.evaluation.freeze."
        )
    return suite


def _setting(content: Any, path: Path) -> SuiteSetting:
    where = f"{path}, the header's setting"
    setting: SuiteSetting = made_of(SuiteSetting, content, where)
    allowed = {"action_level": ("skill", "primitive"), "feedback": ("none", "binary", "reason")}
    for name, values in allowed.items():
        if getattr(setting, name) not in values:
            raise SuiteError(
                f"{where}: {name} is {shown(getattr(setting, name))}; "
                f"use one of {', '.join(values)}."
            )
    if not 1 <= setting.size <= MAX_SIDE:
        raise SuiteError(f"{where}: size is {setting.size}; use 1 to {MAX_SIDE} pixels.")
    if setting.max_steps is not None and not 1 <= setting.max_steps <= MOST_STEPS:
        raise SuiteError(
            f"{where}: max_steps is {setting.max_steps}; use null, or 1 to {MOST_STEPS}."
        )
    if not 0 < setting.move <= 5:
        raise SuiteError(f"{where}: move is {setting.move:g}; use more than 0, at most 5 metres.")
    return setting


def _entries(rows: Iterable[Any], path: Path) -> Iterable[Entry]:
    known = {f.name for f in fields(Entry)}
    keys: set[str] = set()
    for number, row in enumerate(rows, 2):
        where = f"{path}, line {number}"
        if not isinstance(row, dict) or set(row) != known:
            raise SuiteError(f"{where}: a task has exactly the fields {', '.join(sorted(known))}.")
        task = from_plain(row["task"], where)
        entry: Entry = made_of(Entry, {**row, "task": task}, where, frozenset({"task"}))
        for name in ("seed", "fault_seed"):
            if not 0 <= getattr(entry, name) < 2**63:
                raise SuiteError(
                    f"{where}: {name} is {getattr(entry, name)}; seeds are whole numbers from 0 up."
                )
        if entry.best_steps is not None and not 0 <= entry.best_steps <= MOST_STEPS:
            raise SuiteError(
                f"{where}: best_steps is {entry.best_steps}; use null, or 0 to {MOST_STEPS}."
            )
        if entry.fault and entry.fault not in KINDS:
            raise SuiteError(
                f"{where}: unknown fault {shown(entry.fault)}; use one of "
                f"{', '.join(KINDS)}, or leave it empty."
            )
        if entry.key in keys:
            raise SuiteError(f"{where}: the key {shown(entry.key)} is another task's too.")
        keys.add(entry.key)
        yield entry
