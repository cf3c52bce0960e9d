"""The run in the terminal: a line for each step as it happens, and one at the end."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, TextIO

import numpy as np

from agent.display.episode_words import (
    ANSWER_WORDS,
    DOUBT,
    alarm,
    count,
    problem,
    untold_reason,
)
from agent.recording.observer import Observer
from agent.recording.trajectory import EpisodeHeader, EpisodeSummary, StepRecord, Timing
from agent.wording import objection, plain

if TYPE_CHECKING:
    from rich.console import Console

_COLOURS = {"ok": "green", "failed": "red", "unknown": "cyan"}


def make_console(stream: TextIO | None = None) -> Console:
    """A console that never wraps or colours what goes to a file."""
    from rich.console import Console

    return Console(file=stream or sys.stdout, soft_wrap=True, highlight=False)


class Progress(Observer):
    """Prints an episode while it runs."""

    def __init__(self, console: Console) -> None:
        self.console = console

    def started(self, header: EpisodeHeader, frame: np.ndarray) -> None:
        """Says what the agent is to do."""
        from rich.text import Text

        self.console.print(
            Text.assemble(
                (f"{header.scene}: ", "bold"),
                (header.instruction, "bold cyan"),
                (f"   (policy {header.policy}, {header.backend}, seed {header.seed})", "dim"),
            )
        )
        if header.understood:
            self.console.print(Text(f"      {header.understood}", "dim"))

    def stepped(self, record: StepRecord, frame: np.ndarray, timing: Timing) -> None:
        """A line of number, action, outcome and problems, after one for each proposal dropped."""
        from rich.text import Text

        for entry in record.rounds[:-1]:
            if entry.discrepancies:
                worst = max(entry.discrepancies, key=lambda found: found.confidence)
                self.console.print(
                    Text(
                        f"      thinks again: {entry.action or entry.text}? {objection(worst)}",
                        "yellow",
                    )
                )
        word, colour = ANSWER_WORDS[record.told], _COLOURS[record.told]
        line = Text.assemble(
            (f"{record.index + 1:4d}  ", "dim"), f"{record.action:<42} ", (f"{word:<8}", colour)
        )
        for text, style in _remarks(record):
            line.append(" " + text, style)
        line.rstrip()
        self.console.print(line)


def _remarks(record: StepRecord) -> list[tuple[str, str]]:
    """What is added to a step's answer: the agent's belief, and in brackets what it can't know."""
    said = "; ".join(problem(entry) for entry in record.discrepancies)
    reason, attention = untold_reason(record), alarm(record)
    if record.doubts:
        said = f"but {DOUBT}: {said}" if said else f"but {DOUBT}"
    elif record.told == "failed" and said == f"{plain(record.action)} failed":
        said = ""  # as the answer says already
    hidden = [
        f"fault injected: {record.fault}" if record.fault else "",
        f"the simulator's reason, not told to the agent: {reason}" if reason else "",
        attention,
    ]
    remarks = [(said, "yellow")] if said else []
    return remarks + [(f"[{entry}]", "dim") for entry in hidden if entry]


def closing_line(summary: EpisodeSummary, seconds: float, out: str) -> str:
    """The episode in one line.

    Args:
        summary: How it ended.
        seconds: How long it took by the clock.
        out: Where the record lies.
    """
    if summary.judged:
        ending = "success" if summary.success else "not solved"
        goal = f"{summary.goal_conditions_met} of {summary.goal_conditions} goal conditions met"
    else:
        ending, goal = "finished", "free instruction, not judged"
    errors = "no errors"
    if summary.errors:
        errors = f"{count(summary.errors, 'error')}, {summary.recovered} recovered"
    if summary.false_alarms:
        errors += f", {count(summary.false_alarms, 'false alarm')}"
    return (
        f"{ending} after {count(summary.steps, 'step')}: {goal}, {errors}, "
        f"{summary.mean_rounds:.2f} proposals a step, {seconds:.1f} s -> {out}"
    )
