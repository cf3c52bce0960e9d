"""What was played of a row, read from its folder: also where it was cut short."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from agent.recording.trajectory import read_timing
from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.typed_records import mapping, value_of
from envs.tasks.suite import Suite
from training.evaluation.folder import EPISODES, RUN_FILE, done
from training.evaluation.plan import Job, Plan, jobs_of
from training.evaluation.verdicts import TRUTH_FILE, Verdict
from training.tables.rows import Row, plan_of
from training.tables.setting import Setting, TablesError

CELLS = "rows"


@dataclass(frozen=True)
class Latency:
    """Time that the policy takes, by the clock.

    Attributes:
        step_median: Milliseconds a step.
        step_95: Milliseconds that 95 of 100 steps stay below.
        tasks: Seconds of each clean task, by its key.
    """

    step_median: float
    step_95: float
    tasks: dict[str, float]


@dataclass(frozen=True)
class Cell:
    """What was played of a row.

    Attributes:
        row: Which.
        plan: How it is played.
        asked: Clean episodes that were asked for.
        verdicts: Of every episode that was played.
        wrong: Of each of them with a record of its truth, whether each step was wrong.
        latency: None where no step was timed.
        stamp: Of its evaluation: suite, policy and backend.
    """

    row: Row
    plan: Plan
    asked: int
    verdicts: tuple[Verdict, ...]
    wrong: tuple[tuple[bool, ...], ...]
    latency: Latency | None
    stamp: dict[str, str]

    @property
    def clean(self) -> tuple[Verdict, ...]:
        """Verdicts on episodes without a fault."""
        return tuple(v for v in self.verdicts if v.clean)

    @property
    def is_short(self) -> bool:
        """Whether it was cut before all tasks were played."""
        return len(self.clean) < self.asked


def place_of(out: Path, row: Row) -> Path:
    """The folder of a row's evaluation."""
    return out / CELLS / row.name


def read_cell(out: Path, row: Row, setting: Setting, suite: Suite) -> Cell | None:
    """What was played of a row; None if nothing was.

    Raises:
        TablesError: If the row is of other tasks than the suite's now, or its stamp is damaged.
    """
    place, plan = place_of(out, row), plan_of(row, setting)
    if not row.trained or not (place / RUN_FILE).is_file():
        return None
    jobs = jobs_of(suite, plan, setting.episodes)
    played = {j: r for j, r in done(place, jobs).items() if not r.verdict.crashed}
    crashed = [r.verdict for r in done(place, jobs).values() if r.verdict.crashed]
    if not played and not crashed:
        return None
    stamp = _stamp(place)
    if stamp["suite_sha256"] != suite.digest():
        raise TablesError(
            f"{place} was played on other tasks than {suite.name} has now (SHA-256 "
            f"{stamp['suite_sha256'][:12]}, now {suite.digest()[:12]}): play it anew into another "
            "folder."
        )
    asked = sum(not job.fault for job in jobs)
    verdicts = (*(r.verdict for r in played.values()), *crashed)
    wrong = tuple(w for job in played if (w := _wrong(place / EPISODES / job.name)) is not None)
    clean = {job: r.verdict for job, r in played.items() if not job.fault}
    return Cell(row, plan, asked, verdicts, wrong, _latency(place, clean), stamp)


def _stamp(place: Path) -> dict[str, str]:
    try:
        content = mapping(read_json(place / RUN_FILE), RUN_FILE)
        names = ("suite", "suite_sha256", "backend", "policy_sha256")
        return {name: str(value_of(content.get(name), str, name)) for name in names}
    except ValueError as error:
        raise TablesError(f"{place / RUN_FILE} is damaged: {error}.") from error


def _wrong(place: Path) -> tuple[bool, ...] | None:
    """Whether each step was wrong; None without a record of what was true."""
    try:
        rows = value_of(read_json(place / TRUTH_FILE), tuple[dict[str, Any], ...], TRUTH_FILE)
    except ValueError:
        return None
    return tuple(bool(row.get("cause") or row.get("astray")) for row in rows)


def _latency(place: Path, clean: dict[Job, Verdict]) -> Latency | None:
    steps: list[float] = []
    tasks: dict[str, float] = {}
    for job, verdict in clean.items():
        times = [time.policy for time in read_timing(place / EPISODES / job.name)]
        if times:
            steps += times
            tasks[verdict.key] = sum(times)
    if not steps:
        return None
    ordered = sorted(steps)
    late = ordered[math.ceil(0.95 * len(ordered)) - 1]
    return Latency(1000 * median(steps), 1000 * late, tasks)


def check_alike(cells: dict[str, Cell]) -> None:
    """Refuses rows that are no rows of one table.

    Raises:
        TablesError: If they are of two backends, or of one policy before and after it changed.
    """
    backends: dict[str, str] = {}
    policies: dict[tuple[str, str], str] = {}
    for name, cell in cells.items():
        backends.setdefault(cell.stamp["backend"], name)
        policies.setdefault((cell.plan.policy, cell.stamp["policy_sha256"]), name)
    if len(backends) > 1:
        said = " and ".join(f"{name} on {backend}" for backend, name in backends.items())
        raise TablesError(f"Rows of two backends: {said}: play them all on one.")
    seen: dict[str, str] = {}
    for (policy, _), name in policies.items():
        if policy in seen:
            raise TablesError(
                f"The rows {seen[policy]} and {name} were played with different files of the "
                f"policy {policy!r}: play them all with one, into a new folder."
            )
        seen[policy] = name
