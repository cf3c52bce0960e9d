"""The rows of CIMR's tables: each is an evaluation of its own, in a folder of its own.

    row.name, row.title            'retries', 'equal number of plain retries'
    plan_of(row, setting)          what ``training.evaluation.evaluate`` plays for it

Rows of two groups may be the same evaluation (one proposal a step is both the single pass and the
first of the rounds): then they share a name, and it is played once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from envs.skill_modes import HELPED, HONEST
from training.evaluation.plan import Plan
from training.tables.setting import ABLATIONS, Setting

GROUPS = ("main", "ablations", "rounds", "feedback", "blind", "noise")
ROUNDS = (1, 2, 3, 4)


@dataclass(frozen=True)
class Row:
    """A row of a table.

    Attributes:
        name: Of its folder.
        title: In the table.
        changes: How its plan differs from the full agent's.
        trained: False where it needs a checkpoint that was not given.
    """

    name: str
    title: str
    changes: dict[str, Any] = field(default_factory=dict)
    trained: bool = True


def plan_of(row: Row, setting: Setting) -> Plan:
    """What is played for a row."""
    full = Plan(
        suite=setting.suite,
        policy=setting.policy,
        device=setting.device,
        rounds=(setting.rounds,),
        faults=setting.faults,
        skills=HONEST,
        rules="off",
        keep="none",
        threads=setting.threads,
    )
    changes = dict(row.changes)
    if not setting.faults:
        changes.pop("faults", None)
    return replace(full, **changes)


def rows_of(setting: Setting, group: str) -> tuple[Row, ...]:
    """The rows of a group, in their order.

    Raises:
        ValueError: If there is no such group.
    """
    make = {
        "main": _main,
        "ablations": _ablations,
        "rounds": _rounds,
        "feedback": _feedback,
        "blind": _blind,
        "noise": _noise,
    }
    if group not in make:
        raise ValueError(f"--rows {group!r}: use some of {', '.join(GROUPS)}.")
    return tuple(make[group](setting))


def all_rows(setting: Setting, groups: Sequence[str] = GROUPS) -> tuple[Row, ...]:
    """The rows of some groups, each evaluation once."""
    found: dict[str, Row] = {}
    for group in groups:
        for row in rows_of(setting, group):
            found.setdefault(row.name, row)
    return tuple(found.values())


def _main(setting: Setting) -> list[Row]:
    most = setting.rounds
    return [
        Row("full", f"full: at most {most} answers, told what speaks against each"),
        _single("same model, single pass"),
        Row("retries", "same model, equal number of plain retries", {"objections": "untold"}),
        Row(
            "rules",
            "rules only: no question to the model about frames",
            {"rules": "on", "objections": "written"},
        ),
        Row("learned", "learned only: objections from what is seen", {"objections": "seen"}),
        Row("with-rules", "full, and rules", {"rules": "on"}),
        Row("helped", "full, and rules, helped skills", {"rules": "on", "skills": HELPED}),
        Row("expert", "expert, knows where everything is", {"policy": "expert"}),
        Row("random", "random actions", {"policy": "random"}),
    ]


def _single(title: str) -> Row:
    return Row("single", title, {"rounds": (1,)})


def _ablations(setting: Setting) -> list[Row]:
    rows = [Row("full", "full")]
    given = setting.checkpoints
    for name, title in ABLATIONS.items():
        changes = {"policy": given[name]} if name in given else {}
        rows.append(Row(name, title, changes, trained=name in given))
    others = [name for name in given if name not in ABLATIONS]
    return [*rows, *(Row(name, name, {"policy": given[name]}) for name in others)]


def _rounds(setting: Setting) -> list[Row]:
    names = {1: "single", setting.rounds: "full"}
    rows = []
    for count in ROUNDS:
        title = "1 answer" if count == 1 else f"at most {count} answers"
        changes: dict[str, Any] = {"rounds": (count,)}
        if count not in names:
            changes["faults"] = False
        rows.append(Row(names.get(count, f"rounds-{count}"), title, changes))
    return rows


def _feedback(setting: Setting) -> list[Row]:
    titles = {
        "scrambled": "scrambled: failed at every fifth step by lot",
        "misleading": "misleading: the opposite",
        "empty": "empty: told nothing",
    }
    controls = [Row(f"feedback-{k}", said, {"feedback": k}) for k, said in titles.items()]
    return [Row("full", "real"), *controls]


def _blind(setting: Setting) -> list[Row]:
    titles = {
        "blank_frame": "sees grey",
        "blank_instruction": "reads no instruction",
        "wrong_instruction": "reads another task's instruction",
    }
    controls = [
        Row(k.replace("_", "-"), said, {"control": k, "faults": False})
        for k, said in titles.items()
    ]
    return [Row("full", "sees and reads"), *controls]


def _noise(setting: Setting) -> list[Row]:
    sigma = setting.camera_noise
    noisy = Row("noise", f"noise of {sigma:g} levels", {"camera_noise": sigma, "faults": False})
    return [Row("full", "clear camera"), noisy]
