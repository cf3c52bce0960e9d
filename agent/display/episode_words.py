"""How a step and an episode ended, in the words that terminal, video and report share."""

from __future__ import annotations

from agent.recording.trajectory import EpisodeSummary, StepRecord
from agent.wording import NO_REASON, describe, plain
from policies.discrepancy import Discrepancy, DiscrepancyKind

# What the environment answered.
ANSWER_WORDS = {"ok": "worked", "failed": "failed", "unknown": "not told"}
DOUBT = "the agent takes it for failed"


def problem(entry: Discrepancy) -> str:
    """A discrepancy in a sentence; of a reason that was not given nothing is said."""
    if entry.kind is DiscrepancyKind.ACTION_FAILED and entry.observed == NO_REASON:
        return f"{plain(entry.subject)} failed"
    return describe(entry)


def untold_reason(step: StepRecord) -> str:
    """Why an action failed, where the simulator knows and the agent was not told; else empty."""
    # Both may have been cut, and a reason is kept in one line.
    told = " ".join(step.answer.removeprefix("failed").lstrip(": ").split())
    known = told and (step.reason.startswith(told) or told.startswith(step.reason))
    own = any(entry.kind is DiscrepancyKind.MALFORMED_REPLY for entry in step.discrepancies)
    return "" if known or own else step.reason


def alarm(step: StepRecord) -> str:
    """What became of the agent's attention: a false alarm, an error that it missed, or neither."""
    if step.false_alarm:
        return "false alarm"
    if not step.is_error or step.is_reported:
        return ""
    return "not taken for an error" if step.discrepancies else "not noticed by the agent"


def verdict(summary: EpisodeSummary) -> str:
    """The ending in a word or two."""
    if summary.success:
        return "SUCCESS"
    return "NOT SOLVED" if summary.judged else "NOT JUDGED"


def goal_line(summary: EpisodeSummary) -> str:
    """How much of the goal was reached."""
    if summary.judged:
        return conditions(summary.goal_conditions_met, summary.goal_conditions)
    return "a free instruction: nobody but you can say whether it was done"


def result_lines(summary: EpisodeSummary) -> list[str]:
    """The counters, a line each."""
    errors = "no errors"
    if summary.errors:
        errors = (
            f"{count(summary.errors, 'error')}: {summary.noticed} noticed, "
            f"{summary.recovered} recovered"
        )
    if summary.false_alarms:
        errors += f"; {count(summary.false_alarms, 'false alarm')}"
    rounds = f"{summary.mean_rounds:.2f} proposals a step on average"
    return [count(summary.steps, "step"), goal_line(summary), errors, rounds]


def conditions(met: int, of: int) -> str:
    """Goal conditions met; nothing where there are none.

    >>> conditions(1, 2), conditions(0, 0)
    ('1 of 2 goal conditions met', '')
    """
    return f"{met} of {count(of, 'goal condition')} met" if of else ""


def count(number: int, noun: str) -> str:
    """A number with its noun.

    >>> count(1, "step"), count(3, "step")
    ('1 step', '3 steps')
    """
    return f"{number} {noun}{'' if number == 1 else 's'}"
