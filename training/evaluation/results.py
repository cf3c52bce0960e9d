"""The figures of an evaluation, made from its verdicts: ``results.json``.

{"suite": "map-val", "policy": "default", "episodes": 200, "success_rate": 0.61, ...,
 "figures": {"success_rate": {"value": 0.61, "over": 122, "under": 200, "interval": [...]}},
 "families": {"find": {...}}, ..., "times": {...}, "run": {...}}
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from statistics import median
from typing import Any

from agent.recording.trajectory import read_timing
from envs.backends import backend_stamp
from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.typed_records import mapping, shown
from envs.simulator.system.whole import write_text
from envs.tasks.base import room_of
from envs.tasks.suite import Suite
from training.evaluation.folder import (
    EPISODES,
    FORMAT,
    RUN_FILE,
    ResultsError,
    stamp,
)
from training.evaluation.metrics import Figure, grouped, retry_rate, summarize
from training.evaluation.plan import Job, Plan
from training.evaluation.results_shape import NEEDED, check_results
from training.evaluation.verdicts import CAUSES, VERDICT_FILE, EpisodeResult, Verdict

RESULTS_FILE = "results.json"


def _plain(figure: Figure) -> dict[str, Any]:
    interval = None if figure.interval is None else [round(v, 4) for v in figure.interval]
    value = None if figure.value is None else round(figure.value, 4)
    return {
        "value": value,
        "over": round(figure.over, 4),
        "under": round(figure.under, 4),
        "interval": interval,
    }


def _table(groups: dict[str, list[Verdict]]) -> dict[str, Any]:
    return {
        name: {key: _plain(value) for key, value in summarize(rows).items()}
        for name, rows in groups.items()
    }


def _room(verdict: Verdict) -> str:
    try:
        return room_of(verdict.scene)
    except ValueError:
        return verdict.scene.rstrip("0123456789_")


def results(
    out: Path, suite: Suite, plan: Plan, played: dict[Job, EpisodeResult]
) -> dict[str, Any]:
    """All figures; the first keys are what most readers want.

    Args:
        out: The evaluation's folder, for the times.
        suite: What was played.
        plan: How.
        played: Every episode's verdict with what it took.
    """
    most = plan.rounds[-1]
    everything = [result.verdict for result in played.values()]
    verdicts = [v for v in everything if v.rounds == most]
    clean = [v for v in verdicts if v.clean]
    once = [v for v in everything if v.clean and v.rounds == 1]
    first = summarize(once)["success_rate"] if once and most > 1 else None
    figures = summarize(verdicts)
    rate = {name: _plain(figure) for name, figure in figures.items()}
    success = rate["success_rate"]
    seconds = [result.seconds for result in played.values() if result.verdict.steps]
    return {
        "suite": suite.name,
        "policy": plan.policy,
        "backend": backend_stamp(plan.backend),
        "episodes": len(clean),
        "success_rate": success["value"],
        "success_ci": success["interval"],
        **{
            k: rate[k]["value"]
            for k in ("goal_condition_rate", "spl", "step_err_3", "step_err_5", "injected_err")
        },
        "retry_err": _round(
            retry_rate(first.value, figures["success_rate"].value) if first else None
        ),
        "retry_under": first.under - first.over if first else None,
        **{k: rate[k]["value"] for k in ("repeat_failure_rate", "mean_rounds", "mean_steps")},
        "seconds_per_episode": round(sum(seconds) / len(seconds), 3) if seconds else None,
        "faulted_episodes": len(verdicts) - len(clean),
        "crashed": sum(bool(v.crashed) for v in everything),
        "refused": sum(bool(v.refused) for v in everything),
        "rounds": most,
        "control": plan.control,
        "feedback": plan.feedback,
        "skills": plan.skills,
        "rules": plan.rules,
        "objections": plan.objections,
        "camera_noise": plan.camera_noise,
        "figures": rate,
        **_breakdowns(everything, verdicts),
        "times": {
            **_times(out, played),
            **_memory(out, played),
            "steps_per_s": round(sum(v.steps for v in everything) / sum(seconds), 2)
            if sum(seconds)
            else None,
        },
        "run": stamp(suite, plan),
    }


def _breakdowns(everything: Sequence[Verdict], verdicts: Sequence[Verdict]) -> dict[str, Any]:
    """Figures by family, room, fault and most proposals, and the causes of what was lost."""
    causes = Counter(v.cause for v in verdicts if not v.success)
    return {
        "families": _table(grouped(verdicts, lambda v: v.family)),
        "rooms": _table(grouped(verdicts, _room)),
        "faults": _table(grouped([v for v in verdicts if v.fault], lambda v: v.fault)),
        "by_rounds": _table(grouped([v for v in everything if v.clean], lambda v: v.rounds)),
        "causes": {cause: causes[cause] for cause in CAUSES if causes[cause]},
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _times(out: Path, jobs: Iterable[Job]) -> dict[str, float]:
    """Milliseconds a step, by the clock: of the policy and of the world."""
    spent: dict[str, list[float]] = {"policy": [], "world": []}
    for job in jobs:
        for step in read_timing(out / EPISODES / job.name):
            spent["policy"].append(1000 * step.policy)
            spent["world"].append(1000 * step.world)
    table = {}
    for who, times in spent.items():
        if times:
            table[f"{who}_ms_median"] = round(median(times), 1)
            table[f"{who}_ms_95"] = round(sorted(times)[int(0.95 * (len(times) - 1))], 1)
    return table


def _memory(out: Path, played: dict[Job, EpisodeResult]) -> dict[str, float]:
    """MiB that the processes held, in the order of play: early on, at the end, and at most."""
    rows = []
    for job, result in played.items():
        if result.megabytes:
            written = (out / EPISODES / job.name / VERDICT_FILE).stat().st_mtime_ns
            rows.append((written, result.megabytes))
    held_mb = [mb for _, mb in sorted(rows)]
    tenth = max(1, len(held_mb) // 10)
    if not held_mb:
        return {}
    return {
        "process_mb_early": median(held_mb[tenth : 3 * tenth] or held_mb),
        "process_mb_late": median(held_mb[-2 * tenth :]),
        "process_mb_most": max(held_mb),
    }


def save_results(out: Path, content: dict[str, Any]) -> None:
    """Writes ``results.json``."""
    write_text(out / RESULTS_FILE, json.dumps(content, indent=1) + "\n")


def load_results(out: Path) -> dict[str, Any]:
    """Reads a folder's figures.

    Raises:
        ResultsError: If there are none, or of another version.
    """
    path = out / RESULTS_FILE
    if not path.is_file():
        begun = (
            "it was begun but not ended: run the command again"
            if (out / RUN_FILE).is_file()
            else "give the --out of an evaluation"
        )
        raise ResultsError(f"{out} holds no {RESULTS_FILE}: {begun}.")
    try:
        content = dict(mapping(read_json(path), RESULTS_FILE))
        version = mapping(content.get("run"), "run").get("format")
    except ValueError as error:
        raise ResultsError(f"{path} is damaged: {error}.") from error
    lacking = [key for key in NEEDED if key not in content]
    if version != FORMAT or lacking:
        raise ResultsError(
            f"{path} was written by another version (format {shown(version)}, this one reads "
            f"{FORMAT}"
            f"{'; no ' + lacking[0] if lacking else ''}): evaluate again into a new folder."
        )
    try:
        check_results(content)
    except ValueError as error:
        raise ResultsError(
            f"{path} is damaged: {error}: run the same evaluation again, which writes it anew."
        ) from error
    return content
