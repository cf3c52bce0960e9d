"""Made-up tasks, suites and trajectories with known answers, for the tests of the evaluation."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from agent.recording.trajectory import (
    EpisodeHeader,
    EpisodeSummary,
    RoundRecord,
    StepRecord,
    Trajectory,
)
from envs.tasks.base import Task
from envs.tasks.goals import Every, Openness
from envs.tasks.suite import Entry, Suite, SuiteSetting, write_suite


def door_task(target: str, scene: str = "FloorPlan1", instruction: str = "") -> Task:
    """Opens a door that is near the start."""
    return Task(
        "open",
        scene,
        instruction or f"open the {target.lower()}",
        Every((Openness(target, True),)),
        target,
        spawn_seed=1,
        start=(-1.0, -1.5, 0.0, 30.0),
    )


def write_doors(path: Path, targets: Sequence[str] = ("Fridge", "Microwave", "Drawer")) -> Path:
    """A suite of doors; all but the first have a fault that can strike."""
    entries = tuple(
        Entry(f"door-{k}", door_task(target), k, 2, "noop" if k else "", k)
        for k, target in enumerate(targets)
    )
    write_suite(path, Suite("small", "Doors", SuiteSetting(), entries))
    return path


def timeless(found: dict[str, Any]) -> dict[str, Any]:
    """Figures without what the clock says."""
    return {k: v for k, v in found.items() if k not in ("seconds_per_episode", "times")}


# A step: action, frame hash, is error, fault, conditions met.
OK = ("goto Fridge", "a", False, "", 0)


def trajectory(
    steps: Sequence[tuple[str, str, bool, str, int]],
    success: bool,
    met: int = 0,
    of: int = 1,
    noticed: int = 0,
    alarms: int = 0,
    rounds: int = 1,
) -> Trajectory:
    """A record of such steps."""
    records = tuple(
        StepRecord(
            index=k,
            frame="",
            frame_hash=seen,
            feedback="",
            memory=(),
            rounds=(RoundRecord(action, "", (), "", 1.0),) * rounds,
            action=action,
            thought="",
            point=None,
            attention=None,
            outcome="ok",
            answer="",
            discrepancies=(),
            moves=0,
            fault=fault,
            is_error=error,
            goal_conditions_met=held,
            goal_conditions=of,
            reward=0.0,
            terminated=False,
            truncated=False,
        )
        for k, (action, seen, error, fault, held) in enumerate(steps)
    )
    header = EpisodeHeader(
        "FloorPlan21", "open", "open the fridge", 0, "p", "embedded", "skill", "binary", 3
    )
    summary = EpisodeSummary(
        success, len(steps), met, of, sum(s[2] for s in steps), 0, noticed, alarms, rounds
    )
    return Trajectory(header, records, summary)
