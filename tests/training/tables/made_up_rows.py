"""Rows of tables as an evaluation leaves them, without a simulator."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from envs.tasks.suite import Suite
from tests.training.made_up import OK, trajectory
from training.evaluation.folder import EPISODES, begin, stamp
from training.evaluation.plan import jobs_of
from training.evaluation.truth.step_truth import StepTruth
from training.evaluation.verdicts import (
    TRUTH_FILE,
    EpisodeResult,
    Verdict,
    judge,
    save_result,
)
from training.tables.cells import place_of
from training.tables.rows import Row, plan_of
from training.tables.setting import Setting


def verdict(key: str, success: bool, fault: str = "", cause: str = "planning") -> Verdict:
    """On an episode of two steps."""
    made = trajectory((OK, OK), success, met=int(success))
    return judge(made, key, fault, 2, "" if success else cause)


def leave(
    out: Path, row: Row, setting: Setting, suite: Suite, won: Sequence[bool], ms: float = 10.0
) -> Path:
    """Writes a row's folder as if its first clean tasks had been played; returns it."""
    plan, place = plan_of(row, setting), place_of(out, row)
    begin(place, stamp(suite, plan))
    jobs = [job for job in jobs_of(suite, plan) if not job.fault]
    for job, success in zip(jobs, won, strict=False):
        folder = place / EPISODES / job.name
        folder.mkdir(parents=True)
        truth = [StepTruth("" if success else "planning", "", "goto Fridge"), StepTruth("", "", "")]
        (folder / TRUTH_FILE).write_text(json.dumps([asdict(step) for step in truth]))
        times = [{"policy": ms / 1000, "world": 0.001, "index": k} for k in range(2)]
        (folder / "timing.jsonl").write_text("".join(json.dumps(t) + "\n" for t in times))
        key = suite.entries[job.index].key
        save_result(folder, EpisodeResult(verdict(key, success), seconds=1.0))
    return place
