"""What is measured of episodes, each figure with its denominator.

Figures are of verdicts (``training.evaluation.verdicts``). Definitions:

- success: all goal conditions hold; goal-condition rate: met of all conditions, summed.
- reached: all conditions held at the end of some step; with honest skills, what is missing from
  this to the success was never said to be done, or was undone again.
- SPL: success weighted by the expert's steps over the steps taken, ``b / max(b, n)`` (Anderson et
  al. 2018, in agent steps as ALFRED's path-length weighting).
- step ERR within k: errors made good within k steps, of all errors (``agent.recovery``).
  Undefined, not 1, where there was no error.
- injected ERR: episodes whose fault struck that still succeed, of those whose fault struck.
- injected ERR of what is won clean: the same, of tasks whose clean twin was won; what is missing
  to 1 was lost to the fault.
- retry ERR: ``(acc - acc_1) / (1 - acc_1)``, acc_1 with one proposal a step on the same tasks.
- repeat-failure rate: failed steps that repeat an action that had failed before in the very same
  view, of all failed steps.
- false alarms: reports of something wrong where nothing was, of all steps without an error; and of
  all reports.
- extra steps a recovery: steps from an error to where it was made good, on average.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from training.evaluation.intervals import bootstrap
from training.evaluation.verdicts import Verdict

WITHIN = (3, 5)


@dataclass(frozen=True)
class Figure:
    """A measured ratio.

    Attributes:
        value: None where the denominator is 0.
        over: Numerator.
        under: Denominator.
        interval: 95 % bounds, None where undefined.
    """

    value: float | None
    over: float
    under: float
    interval: tuple[float, float] | None


def figure(pairs: Iterable[tuple[float, float]], share: bool = True) -> Figure:
    """A ratio of sums over episodes, with its bootstrap interval.

    Args:
        pairs: Numerator and denominator of each episode.
        share: It lies between 0 and 1.

    >>> figure([(1, 1), (0, 1)]).value, figure([]).value
    (0.5, None)
    """
    rows = list(pairs)
    over, under = [a for a, _ in rows], [b for _, b in rows]
    whole = sum(under)
    value = sum(over) / whole if whole else None
    return Figure(value, sum(over), whole, bootstrap(over, under, share) if rows else None)


def retry_rate(first: float | None, final: float | None) -> float | None:
    """Lost at the first answer and won after correction, of those lost at the first answer.

    Negative where correction loses more than it wins; undefined where nothing was lost at first.

    >>> retry_rate(0.5, 0.75), retry_rate(1.0, 1.0)
    (0.5, None)
    """
    if first is None or final is None or first >= 1:
        return None
    return (final - first) / (1 - first)


def summarize(verdicts: Sequence[Verdict]) -> dict[str, Figure]:
    """Every figure of some episodes.

    Success, goal conditions, SPL, steps and proposals are of clean episodes; errors and failures
    of all; injected ERR of those whose fault struck. Crashed episodes count as lost.
    """
    clean = [v for v in verdicts if v.clean]
    played = [v for v in clean if not (v.crashed or v.refused)]
    won = {v.key for v in clean if v.success}
    table: dict[str, Figure] = {
        "success_rate": figure((v.success, 1) for v in clean),
        "reached_rate": figure((v.reached or v.success, 1) for v in clean),
        "goal_condition_rate": figure((v.conditions_met, v.conditions) for v in clean),
        "spl": figure((s, 1) for v in clean if (s := v.spl) is not None),
        "mean_steps": figure(((v.steps, 1) for v in played), share=False),
        "mean_rounds": figure(((v.proposals, v.steps) for v in clean), share=False),
        # What crashed may have been struck: it counts as lost here too.
        "injected_err": figure(
            (v.success, 1) for v in verdicts if v.struck or (v.fault and v.crashed)
        ),
        "injected_err_of_won": figure(
            (v.success, 1) for v in verdicts if v.struck and v.key in won
        ),
        "repeat_failure_rate": figure((v.repeated, v.failed_steps) for v in verdicts),
        "noticed_rate": figure((v.noticed, len(v.errors)) for v in verdicts),
        "false_alarm_rate": figure((v.false_alarms, v.steps - len(v.errors)) for v in verdicts),
        "false_report_rate": figure((v.false_alarms, v.false_alarms + v.noticed) for v in verdicts),
        "pointing": figure((v.hits, v.points) for v in verdicts),
        "extra_steps": figure((_extra(v) for v in verdicts), share=False),
    }
    for k in WITHIN:
        table[f"step_err_{k}"] = figure(
            (sum(e.within(k) for e in v.errors), len(v.errors)) for v in verdicts
        )
    return table


def _extra(verdict: Verdict) -> tuple[float, float]:
    spans = [e.recovered_at - e.step for e in verdict.errors if e.recovered_at is not None]
    return sum(spans), len(spans)


def grouped(verdicts: Sequence[Verdict], by: Callable[[Verdict], Any]) -> dict[str, list[Verdict]]:
    """Verdicts by some property, in its order."""
    table: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        table.setdefault(str(by(verdict)), []).append(verdict)
    return dict(sorted(table.items()))
