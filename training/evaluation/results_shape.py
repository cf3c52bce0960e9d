"""What ``results.json`` must hold to be shown: a file on disk may have been changed or cut.

A figure is ``{"value": 0.5, "over": 1, "under": 2, "interval": [0.1, 0.9]}``, or null; a table maps
families, rooms, faults or numbers of proposals to figures by name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from envs.simulator.system.typed_records import mapping, record_of, shown, value_of
from training.evaluation.tables import COLUMNS, NAMES

NEEDED = (
    "suite",
    "policy",
    "backend",
    "figures",
    "families",
    "rooms",
    "faults",
    "by_rounds",
    "causes",
    "refused",
    "crashed",
    "retry_under",
    "run",
)
_KINDS: dict[str, Any] = {
    **dict.fromkeys(("suite", "policy", "backend", "control", "feedback"), str),
    **dict.fromkeys(("episodes", "faulted_episodes", "refused", "crashed", "rounds"), int),
    **dict.fromkeys(("retry_err", "retry_under"), float | None),
    "causes": dict[str, int],
    "run": dict[str, Any],
    "times": dict[str, float | None],
}
# Of the stamp; what earlier versions did not write is not asked for.
_RUN: dict[str, Any] = {"suite": str, "suite_sha256": str, "source": str, "policy_sha256": str}
_LATER: dict[str, Any] = {"skills": str, "rules": str, "objections": str, "camera_noise": float}
# Without these there is no page; what came later may be missing.
_FIGURES = {name for name, _ in COLUMNS} | {"injected_err", "noticed_rate", "mean_rounds"}
_TABLES = ("families", "rooms", "faults", "by_rounds")
_TIMES = (("policy_ms_median", "world_ms_median"), ("process_mb_early", "process_mb_late"))


@dataclass(frozen=True)
class _Figure:
    """A figure as it is written."""

    value: float | None
    over: float
    under: float
    interval: tuple[float, float] | None


def check_results(content: dict[str, Any]) -> None:
    """Refuses what could not be shown.

    Raises:
        ValueError: With the name of the field.
    """
    for name, kind in _KINDS.items():
        value_of(content.get(name), kind, name)
    for name, kind in _LATER.items():
        if name in content:
            value_of(content[name], kind, name)
    for name, kind in _RUN.items():
        value_of(content["run"].get(name), kind, f"run.{name}")
    value_of(content["run"].get("plan"), dict[str, Any], "run.plan")
    if not 0 <= content["rounds"] <= 10**6:
        raise ValueError(f"rounds is {shown(content['rounds'])}, no number of proposals")
    if (content["retry_err"] is None) != (content["retry_under"] is None):
        raise ValueError("retry_err and retry_under must both be numbers or both be null")
    for first, second in _TIMES:
        if (content["times"].get(first) is None) != (content["times"].get(second) is None):
            raise ValueError(f"times has only one of {first} and {second}")
    _figures(content["figures"], "figures")
    for table in _TABLES:
        for group, figures in mapping(content[table], table).items():
            if table == "by_rounds" and not (group.isascii() and group.isdigit()):
                raise ValueError(f"by_rounds.{shown(group)} is no number of proposals")
            drawn = table == "by_rounds" and len(content[table]) > 1
            _figures(figures, f"{table}.{group[:40]}", drawn)


def _figures(content: Any, where: str, drawn: bool = False) -> None:
    known = mapping(content, where)
    odd = sorted((set(known) - set(NAMES)) | (_FIGURES - set(known)))
    if odd:
        raise ValueError(f"{where}: {shown(odd[0])} is missing, or no figure of this version")
    for name, figure in known.items():
        if figure is None:
            raise ValueError(f"{where}.{name} is null")
        made: _Figure = record_of(_Figure, figure, f"{where}.{name}")
        if drawn and name == "success_rate" and None in (made.value, made.interval):
            raise ValueError(f"{where}.{name} has no value or no interval")
