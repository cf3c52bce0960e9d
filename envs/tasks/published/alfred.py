"""ALFRED's trials, read from the publisher's files or from one packed line a trial.

The publisher keeps one ``traj_data.json`` a trial in a tree of folders. The packed form is JSON
lines (``.jsonl`` or ``.jsonl.gz``) with the same facts under shorter names::

    {"task_id": "trial_T2019...", "task_type": "pick_heat_then_place_in_recep",
     "pddl_params": {"object_target": "Egg", "parent_target": "SideTable", ...},
     "scene": {"floor_plan": "FloorPlan21", "init_action": {...}, "object_poses": [...],
               "object_toggles": [...], "dirty_and_empty": false, ...},
     "instructions": [{"task_desc": "Put a heated egg on the table.", "high_descs": [...]}],
     "low": [[0, {"action": "LookDown"}], [1, {"action": "PickupObject", "objectId": ...}]]}

Trials were recorded on AI2-THOR 2.1.0; ``alfred_scene`` maps their names to those of today. Left
out: the pictures, and the discrete planner's own states.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from envs.simulator.system import foreign_json
from envs.simulator.system.typed_records import shown
from envs.tasks.base import room_of

TASK_TYPES = (
    "pick_and_place_simple",
    "pick_two_obj_and_place",
    "look_at_obj_in_light",
    "pick_clean_then_place_in_recep",
    "pick_heat_then_place_in_recep",
    "pick_cool_then_place_in_recep",
    "pick_and_place_with_movable_recep",
)
INTERACTIONS = (
    "PickupObject",
    "PutObject",
    "OpenObject",
    "CloseObject",
    "ToggleObjectOn",
    "ToggleObjectOff",
    "SliceObject",
)
MOVES = ("MoveAhead", "RotateLeft", "RotateRight", "LookUp", "LookDown")
FARTHEST = 1000.0
LONGEST_LINE = 16_000_000
# Types that AI2-THOR has renamed since.
RENAMED = {"Glassbottle": "Bottle"}


class TrialError(ValueError):
    """A file holds no trial that can be used; the message names the file and the field."""


@dataclass(frozen=True)
class Trial:
    """One recorded trial.

    Attributes:
        task_id: The publisher's name of the trial.
        task_type: One of ``TASK_TYPES``.
        target: Object type to be moved or looked at.
        parent: Receptacle type it goes to; empty when looked at.
        movable: Receptacle type that is carried; for the stacked tasks.
        toggle: Lamp type, for the tasks in light.
        is_sliced: Whether a slice of the target is meant.
        scene: AI2-THOR scene name.
        start: x, y, z in metres, yaw and horizon in degrees.
        poses: ``{"objectName", "position", "rotation"}`` of loose objects, names of 2.1.0.
        toggles: (object type, on) of everything that switches.
        dirty_and_empty: Everything that can be dirty is, and nothing is filled.
        actions: Recorded low-level actions, as sent to AI2-THOR.
        instructions: What people called the task, one text each.
    """

    task_id: str
    task_type: str
    target: str
    parent: str
    movable: str
    toggle: str
    is_sliced: bool
    scene: str
    start: tuple[float, float, float, float, float]
    poses: tuple[dict[str, Any], ...]
    toggles: tuple[tuple[str, bool], ...]
    dirty_and_empty: bool
    actions: tuple[dict[str, Any], ...]
    instructions: tuple[str, ...]


def read_trials(path: Path) -> Iterator[Trial]:
    """All trials of a file, or of every ``traj_data.json`` below a folder, in order of name.

    Raises:
        TrialError: If the path holds none, or one is broken.
    """
    if path.is_dir():
        files = sorted(path.rglob("traj_data.json")) + sorted(path.glob("*.jsonl*"))
        if not files:
            raise TrialError(f"{path} has no traj_data.json and no .jsonl file below it.")
        for file in files:
            yield from read_trials(file)
        return
    if not path.is_file():
        raise TrialError(f"{path} is no file and no folder: give ALFRED's folder or a .jsonl.gz.")
    if path.name.endswith((".jsonl", ".jsonl.gz")):
        for number, line in enumerate(_lines(path), 1):
            yield parse_trial(_load(line, f"{path}:{number}"), f"{path}:{number}")
    elif path.suffix == ".json":
        try:
            text = foreign_json.read_text(path)
        except foreign_json.ForeignJsonError as error:
            raise TrialError(f"{path}: {error}.") from error
        yield parse_trial(_load(text, str(path)), str(path))
    else:
        raise TrialError(f"{path}: only .json, .jsonl and .jsonl.gz files hold trials.")


def _lines(path: Path) -> Iterator[str]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig") as stream:
            while line := stream.readline(LONGEST_LINE):
                if len(line) >= LONGEST_LINE:
                    raise TrialError(f"{path}: a line is longer than {LONGEST_LINE} characters.")
                if line.strip():
                    yield line
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise TrialError(f"{path} cannot be read: {error}; get it anew.") from error


def _load(text: str, where: str) -> dict[str, Any]:
    try:
        found = foreign_json.parse(text)
    except foreign_json.ForeignJsonError as error:
        raise TrialError(f"{where}: {error}.") from error
    if not isinstance(found, dict):
        raise TrialError(f"{where} must be a JSON object, not {type(found).__name__}.")
    return found


def parse_trial(raw: dict[str, Any], where: str = "trial") -> Trial:
    """A trial from its JSON, in the publisher's form or the packed one.

    Raises:
        TrialError: If a field is missing or has another form.
    """
    try:
        scene, goal = raw["scene"], raw["pddl_params"]
        task_type = raw["task_type"]
        if task_type not in TASK_TYPES:
            raise TrialError(
                f"{where}: task_type {task_type!r} is none of {', '.join(TASK_TYPES)}."
            )
        begin = scene["init_action"]
        trial = Trial(
            task_id=str(raw["task_id"]),
            task_type=task_type,
            target=_current(goal["object_target"]),
            parent=_current(goal["parent_target"]),
            movable=_current(goal["mrecep_target"]),
            toggle=_current(goal["toggle_target"]),
            is_sliced=bool(goal["object_sliced"]),
            scene=str(scene["floor_plan"]),
            start=(
                _number(begin["x"]),
                _number(begin["y"]),
                _number(begin["z"]),
                _number(begin["rotation"]),
                _number(begin["horizon"]),
            ),
            poses=tuple(_pose(p) for p in scene["object_poses"]),
            toggles=tuple(
                (_current(t["objectType"]), bool(t["isOn"])) for t in scene["object_toggles"]
            ),
            dirty_and_empty=bool(scene["dirty_and_empty"]),
            actions=tuple(dict(a) for a in _actions(raw)),
            instructions=tuple(str(a["task_desc"]) for a in _said(raw)),
        )
    except (KeyError, TypeError, IndexError, ValueError, AttributeError) as error:
        if isinstance(error, TrialError):
            raise
        what = f"has no field {error}" if isinstance(error, KeyError) else f"is broken: {error}"
        raise TrialError(f"{where} {what}; it is not a trial of ALFRED 2.1.0.") from error
    try:
        room_of(trial.scene)
    except ValueError as error:
        raise TrialError(f"{where}: {error}") from error
    for index, action in enumerate(trial.actions):
        _check_action(action, f"{where}: action {index}")
    return trial


def _check_action(action: dict[str, Any], where: str) -> None:
    name = action.get("action")
    try:
        _number(action.get("moveMagnitude", 0.25))
    except (TypeError, ValueError) as error:
        raise TrialError(f"{where}, {name}: moveMagnitude: {error}") from error
    if name not in (*INTERACTIONS, *MOVES):
        raise TrialError(f"{where} {name!r} is none of ALFRED's.")
    if name in INTERACTIONS:
        key = "receptacleObjectId" if name == "PutObject" else "objectId"
        if not isinstance(action.get(key), str):
            raise TrialError(f"{where}, {name}, needs {key}, a text such as 'Apple|+0.1|+0.9|+1'.")


def _actions(raw: dict[str, Any]) -> list[dict[str, Any]]:
    if "plan" in raw:
        return [step["api_action"] for step in raw["plan"]["low_actions"]]
    return [step[1] for step in raw["low"]]


def _said(raw: dict[str, Any]) -> list[dict[str, Any]]:
    if "plan" in raw:
        return raw.get("turk_annotations", {}).get("anns", [])
    return raw.get("instructions", [])


def _number(value: Any) -> float:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not abs(value) <= FARTHEST:
        raise ValueError(f"{shown(value)} is no place, angle or distance in a room")
    return float(value)


def _current(object_type: Any) -> str:
    if not isinstance(object_type, str | None):
        raise ValueError(f"{shown(object_type)} is no object type")
    return RENAMED.get(object_type, object_type) if object_type else ""


def _pose(raw: dict[str, Any]) -> dict[str, Any]:
    place, turn = raw["position"], raw["rotation"]
    return {
        "objectName": str(raw["objectName"]),
        "position": {k: _number(place[k]) for k in "xyz"},
        "rotation": {k: _number(turn[k]) for k in "xyz"},
    }
