"""The figures of a row, and of two rows on the same tasks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from training.evaluation.intervals import mcnemar, paired_difference
from training.evaluation.metrics import Figure, retry_rate, summarize
from training.evaluation.verdicts import CAUSES, Verdict
from training.tables.cells import Cell
from training.tables.propagation import LAGS, Spread, attenuation, error_propagation, risk

EPR_LAGS = (1, 3, 10)


@dataclass(frozen=True)
class Difference:
    """A row's success less another's, on the tasks that both played.

    Attributes:
        value: As a share.
        interval: 95 % bootstrap bounds; None where all pairs differ alike.
        pairs: Tasks that both played.
        p: McNemar's, exact and two-sided.
    """

    value: float
    interval: tuple[float, float] | None
    pairs: int
    p: float


def by_key(verdicts: Sequence[Verdict]) -> dict[str, Verdict]:
    """Verdicts on clean episodes by their task's key."""
    return {v.key: v for v in verdicts if v.clean}


def difference(row: Sequence[Verdict], reference: Sequence[Verdict]) -> Difference | None:
    """A row's success less the reference's; None if they share no task."""
    own, other = by_key(row), by_key(reference)
    shared = [key for key in own if key in other]
    if not shared:
        return None
    first = [float(other[key].success) for key in shared]
    second = [float(own[key].success) for key in shared]
    gap, (low, high) = paired_difference(first, second)
    only = [sum(a > b for a, b in zip(first, second, strict=True))]
    only.append(sum(b > a for a, b in zip(first, second, strict=True)))
    interval = (low, high) if low < high else None
    return Difference(gap, interval, len(shared), mcnemar(only[0], only[1]))


def retry_err(row: Sequence[Verdict], single: Sequence[Verdict]) -> tuple[float | None, int]:
    """Of the tasks lost with one answer, the share won by a row, net; and how many were lost."""
    own, other = by_key(row), by_key(single)
    shared = [key for key in own if key in other]
    if not shared:
        return None, 0
    first = sum(other[key].success for key in shared)
    rate = retry_rate(first / len(shared), sum(own[k].success for k in shared) / len(shared))
    return rate, len(shared) - first


def grouped(
    verdicts: Sequence[Verdict], by: Callable[[Verdict], str]
) -> dict[str, tuple[Verdict, ...]]:
    """Verdicts on clean episodes by some property, in its order."""
    table: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        if verdict.clean:
            table.setdefault(by(verdict), []).append(verdict)
    return {name: tuple(table[name]) for name in sorted(table)}


def causes(cell: Cell) -> dict[str, int]:
    """What lost episodes are put down to, how many each."""
    found = Counter(v.cause for v in cell.verdicts if not v.success and v.cause)
    return {cause: found[cause] for cause in CAUSES if found[cause]}


def latency_ratio(cell: Cell, single: Cell) -> float | None:
    """Mean seconds of the policy a task, over those of the single pass on the same tasks."""
    if cell.latency is None or single.latency is None:
        return None
    own, other = cell.latency.tasks, single.latency.tasks
    shared = [key for key in own if key in other]
    base = sum(other[key] for key in shared)
    return sum(own[key] for key in shared) / base if base else None


def measured(cell: Cell) -> dict[str, Any]:
    """Every figure of a row by itself, as it stands in ``tables.json``."""
    figures = {name: _plain(value) for name, value in summarize(cell.verdicts).items()}
    found: dict[str, Any] = {
        "title": cell.row.title,
        "policy": cell.plan.policy,
        "changes": dict(cell.row.changes),
        "clean_played": len(cell.clean),
        "clean_asked": cell.asked,
        "faulted_played": len(cell.verdicts) - len(cell.clean),
        "crashed": sum(bool(v.crashed) for v in cell.verdicts),
        "refused": sum(bool(v.refused) for v in cell.verdicts),
        "figures": figures,
        "epr": {str(k): asdict(error_propagation(cell.wrong, k)) for k in EPR_LAGS},
        "pac": asdict(attenuation(cell.wrong)),
        "risk": {str(k): risk(cell.wrong, k) for k in LAGS},
        "causes": causes(cell),
    }
    if cell.latency is not None:
        tasks = cell.latency.tasks.values()
        found["latency"] = {
            "step_ms_median": round(cell.latency.step_median, 1),
            "step_ms_95": round(cell.latency.step_95, 1),
            "task_s_mean": round(sum(tasks) / len(tasks), 3),
        }
    return found


def _plain(figure: Figure) -> dict[str, Any]:
    return asdict(figure)


def spread_of(found: dict[str, Any]) -> Spread:
    """A spread from its plain form."""
    return Spread(found["value"], found["interval"], found["errors"])
