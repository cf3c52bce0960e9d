"""An episode as counts that can be added up: how it is judged, kept and read back.

``verdict.json`` in an episode's directory, beside ``trajectory.jsonl`` and ``truth.json``::

    {"key": "find-12", "scene": "FloorPlan21", "rounds": 3, "success": true, "steps": 7,
     "errors": [{"step": 2, "recovered_at": 4, "fault": "noop"}], ..., "seconds": 1.2}

What was just played is judged from what the episode counted itself; what lies on disk from its
trajectory, counted anew by ``recovery_of``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from agent.recording.trajectory import StepRecord, Trajectory
from agent.recovery import ErrorSpan, RecoveryLedger
from envs.actions import parse_action
from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.process_memory import resident_mb
from envs.simulator.system.typed_records import mapping, record_of, value_of
from envs.simulator.system.whole import write_text
from envs.tasks.suite import Entry
from training.evaluation.plan import Job

VERDICT_FILE = "verdict.json"
TRUTH_FILE = "truth.json"
# Named by ``step_truth``, and of whole episodes by ``attribution``.
CAUSES = (
    "understanding",
    "perception",
    "grounding",
    "memory",
    "planning",
    "precondition",
    "execution",
    "unnoticed",
    "self-check",
    "ending",
)


@dataclass(frozen=True)
class Verdict:
    """An episode as counts.

    Attributes:
        key: Of the task within its suite.
        scene: AI2-THOR scene name.
        family: Task family.
        instruction: In words.
        rounds: Most proposals a step.
        fault: Kind of fault meant to strike; empty for a clean episode.
        struck: It did.
        success: The goal was reached.
        conditions_met: At the end.
        conditions: Of the goal.
        steps: Taken.
        best_steps: The expert's, None if unknown.
        proposals: Made in all steps.
        errors: In order, each with the step at which it was made good.
        failed_steps: Steps that did not work.
        repeated: Of those, that had failed before in the same view.
        noticed: Errors the agent reported.
        false_alarms: Reports without an error.
        points: Given to objects in view.
        hits: Of those, that lay on the object.
        cause: Of a lost episode, one of ``CAUSES`` (see ``attribution``); else empty.
        refused: Why the policy could make nothing of the instruction; such an episode is lost.
        crashed: Why it could not be played to the end; else empty.
        reached: All conditions held at the end of some step, said to be done or not.
    """

    key: str
    scene: str
    family: str
    instruction: str
    rounds: int
    fault: str
    struck: bool
    success: bool
    conditions_met: int
    conditions: int
    steps: int
    best_steps: int | None
    proposals: int
    errors: tuple[ErrorSpan, ...]
    failed_steps: int
    repeated: int
    noticed: int
    false_alarms: int
    points: int = 0
    hits: int = 0
    cause: str = ""
    refused: str = ""
    crashed: str = ""
    reached: bool = False

    @property
    def clean(self) -> bool:
        """No fault was meant to strike."""
        return not self.fault

    @property
    def spl(self) -> float | None:
        """Success weighted by the expert's steps, None where those are unknown."""
        if self.best_steps is None:
            return None
        best = max(1, self.best_steps)
        return float(self.success) * best / max(best, self.steps)


@dataclass(frozen=True)
class EpisodeResult:
    """A verdict with what it took.

    Attributes:
        verdict: On the episode.
        seconds: By the clock; 0 for an episode without a step.
        megabytes: MiB that the process held by then; 0 if unknown.
    """

    verdict: Verdict
    seconds: float = 0.0
    megabytes: float = 0.0

    @classmethod
    def now(cls, verdict: Verdict, seconds: float = 0.0) -> EpisodeResult:
        """As it stands beside an episode that has just ended, with this process's memory."""
        return cls(verdict, round(seconds, 3), round(resident_mb(), 1))


def judge(
    trajectory: Trajectory,
    key: str,
    fault: str = "",
    best_steps: int | None = None,
    cause: str = "",
    hits: Sequence[bool] = (),
    errors: Sequence[ErrorSpan] | None = None,
) -> Verdict:
    """The verdict on an episode.

    Args:
        trajectory: The record.
        key: Of the task within its suite.
        fault: Meant to strike.
        best_steps: The expert's.
        cause: Of a loss, if it is lost.
        hits: Whether points given to objects in view lay on them.
        errors: As the episode counted them; None counts them from the record.

    Raises:
        ValueError: If the record breaks off before its summary.
    """
    header, summary = trajectory.header, trajectory.summary
    if summary is None:
        raise ValueError(f"The record of {key} breaks off before its summary: play it again.")
    failed_steps, repeated = _failures(trajectory.steps)
    return Verdict(
        key=key,
        scene=header.scene,
        family=header.family,
        instruction=header.instruction,
        rounds=header.rounds,
        fault=fault,
        struck=any(step.fault for step in trajectory.steps),
        success=summary.success,
        conditions_met=summary.goal_conditions_met,
        conditions=summary.goal_conditions,
        steps=summary.steps,
        best_steps=best_steps,
        proposals=sum(len(step.rounds) for step in trajectory.steps),
        errors=tuple(recovery_of(trajectory) if errors is None else errors),
        failed_steps=failed_steps,
        repeated=repeated,
        noticed=summary.noticed,
        false_alarms=summary.false_alarms,
        points=len(hits),
        hits=sum(hits),
        cause="" if summary.success else cause,
        reached=any(s.goal_conditions_met == s.goal_conditions > 0 for s in trajectory.steps),
    )


def _failures(steps: Sequence[StepRecord]) -> tuple[int, int]:
    """Steps that failed without a fault, and of those, that had failed before in the same view."""
    failed: set[tuple[str, str]] = set()
    count = repeated = 0
    for step in steps:
        if step.is_error and not step.fault:
            count += 1
            repeated += (step.view or step.frame_hash, step.action) in failed
            failed.add((step.view or step.frame_hash, step.action))
    return count, repeated


def recovery_of(trajectory: Trajectory) -> tuple[ErrorSpan, ...]:
    """The errors of a recorded episode, counted as while it was played."""
    ledger = RecoveryLedger()
    won = trajectory.summary is not None and trajectory.summary.success
    for step in trajectory.steps:
        ledger.note(
            step.index,
            _skill(step),
            is_error=step.is_error,
            reported=False,
            conditions_met=step.goal_conditions_met,
            success=won and step is trajectory.steps[-1],
            fault=step.fault,
        )
    return ledger.spans


def _skill(step: StepRecord) -> tuple[str, str | None] | None:
    """Verb and target; None for a malformed reply, which stands in the record as it was given."""
    if all(step.action != proposed.action for proposed in step.rounds):
        return None
    action = parse_action(step.action)
    return action.verb, action.target


def unplayed(entry: Entry, job: Job, refused: str = "", crashed: str = "") -> Verdict:
    """The verdict on an episode without a step: lost, and why."""
    return Verdict(
        key=entry.key,
        scene=entry.task.scene,
        family=entry.task.family,
        instruction=entry.task.instruction,
        rounds=job.rounds,
        fault=job.fault,
        struck=False,
        success=False,
        conditions_met=0,
        conditions=len(entry.task.goal.conditions),
        steps=0,
        best_steps=entry.best_steps,
        proposals=0,
        errors=(),
        failed_steps=0,
        repeated=0,
        noticed=0,
        false_alarms=0,
        refused=refused[:500],
        crashed=crashed[:500],
    )


def save_result(place: Path, result: EpisodeResult) -> None:
    """Writes ``verdict.json`` into an episode's directory."""
    content = {
        **asdict(result.verdict),
        "seconds": result.seconds,
        "megabytes": result.megabytes,
    }
    write_text(place / VERDICT_FILE, json.dumps(content, indent=1))


def load_result(place: Path) -> EpisodeResult | None:
    """The verdict in an episode's directory with what it took; None if it has no whole one."""
    try:
        content = dict(mapping(read_json(place / VERDICT_FILE), VERDICT_FILE))
        seconds = value_of(content.pop("seconds", None), float, "seconds")
        megabytes = value_of(content.pop("megabytes", 0.0), float, "megabytes")
        return EpisodeResult(record_of(Verdict, content, VERDICT_FILE), seconds, megabytes)
    except ValueError:
        return None
