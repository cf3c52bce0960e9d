"""The folder of an evaluation: what was asked, what is done, and the figures.

run.json        what was asked; a folder of another evaluation is never written into
episodes/       one directory an episode, see training.evaluation.episode_runner
results.json    the figures, report.md and report.html beside it
"""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from agent.recording.output import remove_abandoned
from agent.recording.trajectory import read_timing
from envs.backends import backend_stamp
from envs.tasks.base import room_of
from envs.tasks.suite import Suite
from policies.make_policy import EXPERTS
from training.evaluation.attribution import CAUSES
from training.evaluation.episode_runner import (
    VERDICT_FILE,
    Job,
    Plan,
    load_verdict,
    save_verdict,
    unplayed,
)
from training.evaluation.metrics import Figure, Verdict, grouped, retry_rate, summarize

RUN_FILE, RESULTS_FILE, EPISODES = "run.json", "results.json", "episodes"
FORMAT = 1
_NEEDED = (
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
# What may differ between two runs into one folder: it changes no figure.
_FREE = ("threads", "videos", "keep", "endpoint")


class ResultsError(ValueError):
    """A folder of results is not what it should be."""


def stamp(suite: Suite, plan: Plan) -> dict[str, Any]:
    """What decides the figures: the plan, and the contents of suite and policy."""
    return {
        "format": FORMAT,
        "suite": suite.name,
        "suite_sha256": suite.digest(),
        "source": suite.source,
        "backend": backend_stamp(plan.backend),
        "policy_sha256": policy_digest(plan.policy),
        "plan": json.loads(json.dumps(asdict(plan))),
    }


def policy_digest(policy: str) -> str:
    """SHA-256 over a local policy's files; empty for others."""
    from policies.loading import DEFAULT

    folder = DEFAULT if policy == "default" else Path(policy).expanduser()
    if policy in (*EXPERTS, "random") or not folder.is_dir():
        return ""
    whole = hashlib.sha256()
    for path in sorted(folder.glob("*.json")) + sorted(folder.glob("*.safetensors")):
        whole.update(path.name.encode() + path.read_bytes())
    return whole.hexdigest()


def begin(out: Path, now: dict[str, Any]) -> None:
    """Makes the folder, or takes up an evaluation that was begun there.

    Raises:
        ResultsError: If it holds something else, or another evaluation; names what differs.
    """
    path = out / RUN_FILE
    try:
        if path.is_file():
            # Where nothing was played yet, as after a mistyped policy, there is nothing to mix up.
            if any((out / EPISODES).glob("*")):
                _same(out, json.loads(path.read_text(encoding="utf-8")), now)
        elif out.is_dir() and not all(map(_is_begun, out.iterdir())):
            raise ResultsError(
                f"--out {out} holds files that are no evaluation's: name a folder that is new or "
                "empty."
            )
        (out / EPISODES).mkdir(parents=True, exist_ok=True)
        _write(path, json.dumps(now, indent=1))
    except OSError as error:
        raise ResultsError(
            f"--out {out} can't be written ({error.strerror}): name a folder you may write to."
        ) from error
    except json.JSONDecodeError as error:
        raise ResultsError(
            f"{path} is damaged ({error}): name another --out, or delete the folder."
        ) from error


def _is_begun(entry: Path) -> bool:
    """Whether this is what an evaluation leaves that was cut before its first episode."""
    if entry.name == EPISODES:
        return entry.is_dir() and not any(entry.iterdir())
    return entry.name.startswith(f".{RUN_FILE}.")


def _same(out: Path, before: dict[str, Any], now: dict[str, Any]) -> None:
    old, new = _flat(before), _flat(now)
    differing = [k for k in sorted(set(old) | set(new)) if old.get(k) != new.get(k)]
    if differing:
        said = "; ".join(f"{k} was {old.get(k)!r}, is {new.get(k)!r}" for k in differing[:3])
        raise ResultsError(
            f"--out {out} holds another evaluation ({said[:300]}): name another folder, or delete "
            "this one."
        )


def _flat(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        return {}
    plan = content.get("plan")
    rest = {k: v for k, v in content.items() if k != "plan"}
    asked = {k: v for k, v in plan.items() if k not in _FREE} if isinstance(plan, dict) else {}
    endpoint = plan.get("endpoint") if isinstance(plan, dict) else None
    if isinstance(endpoint, dict):
        # Whom it is, and what it may cost, may change; not whether it corrects itself.
        asked["questions"] = endpoint.get("questions")
    return {**rest, **asked}


def record_crash(out: Path, suite: Suite, job: Job, why: str) -> None:
    """Writes the verdict of an episode that could not be played: lost, and said so."""
    entry = suite.entries[job.index]
    place = out / EPISODES / job.name
    remove_abandoned(place)
    place.mkdir(parents=True, exist_ok=True)
    verdict = unplayed(entry, job, crashed=why or "unknown")
    save_verdict(place, verdict, 0.0)


def done(out: Path, jobs: Sequence[Job]) -> dict[Job, tuple[Verdict, float]]:
    """Verdict and seconds of the episodes that are whole; crashed ones are played again."""
    found = {}
    for job in jobs:
        verdict = load_verdict(out / EPISODES / job.name)
        if verdict is not None:
            found[job] = verdict
    return found


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
    out: Path, suite: Suite, plan: Plan, played: dict[Job, tuple[Verdict, float]]
) -> dict[str, Any]:
    """All figures; the first keys are what most readers want.

    Args:
        out: The evaluation's folder, for the times.
        suite: What was played.
        plan: How.
        played: Verdict and seconds of every episode.
    """
    most = plan.rounds[-1]
    everything = [v for v, _ in played.values()]
    verdicts = [v for v in everything if v.rounds == most]
    figures = summarize(verdicts)
    clean = [v for v in verdicts if v.clean]
    once = [v for v in everything if v.clean and v.rounds == 1]
    first = summarize(once)["success_rate"] if once and most > 1 else None
    rate = {name: _plain(figure) for name, figure in figures.items()}
    success = rate["success_rate"]
    seconds = [s for v, s in played.values() if v.steps]
    lost = [v for v in verdicts if not v.success]
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
        "figures": rate,
        "families": _table(grouped(verdicts, lambda v: v.family)),
        "rooms": _table(grouped(verdicts, _room)),
        "faults": _table(grouped([v for v in verdicts if v.fault], lambda v: v.fault)),
        "by_rounds": _table(grouped([v for v in everything if v.clean], lambda v: v.rounds)),
        "causes": {c: n for c in CAUSES if (n := Counter(v.cause for v in lost)[c])},
        "times": {
            **_times(out, list(played)),
            **_memory(out, list(played)),
            "steps_per_s": round(sum(v.steps for v in everything) / sum(seconds), 2)
            if sum(seconds)
            else None,
        },
        "run": stamp(suite, plan),
    }


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _times(out: Path, jobs: Sequence[Job]) -> dict[str, float]:
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


def _memory(out: Path, jobs: Sequence[Job]) -> dict[str, float]:
    """MiB that the processes held, in the order of play: early on, at the end, and at most."""
    rows = []
    for job in jobs:
        path = out / EPISODES / job.name / VERDICT_FILE
        held = json.loads(path.read_text(encoding="utf-8")).get("megabytes")
        if held:
            rows.append((path.stat().st_mtime_ns, float(held)))
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
    _write(out / RESULTS_FILE, json.dumps(content, indent=1) + "\n")


def episodes_of(out: Path, found: dict[str, Any]) -> list[Path]:
    """The directories of the episodes that a folder's figures are of, in order.

    The folder may hold more: of a run of more tasks before, or what a killed one left half done.

    Args:
        out: The folder.
        found: Its figures.
    """
    names = ((place.name.partition("-")[0], place) for place in (out / EPISODES).glob("*/"))
    return sorted(
        place for number, place in names if number.isdigit() and int(number) < found["episodes"]
    )


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
        content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        version = content["run"]["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise ResultsError(f"{path} is damaged: {error}.") from error
    lacking = [key for key in _NEEDED if key not in content]
    if version != FORMAT or lacking:
        raise ResultsError(
            f"{path} was written by another version (format {version!r}, this one reads {FORMAT}"
            f"{'; no ' + lacking[0] if lacking else ''}): evaluate again into a new folder."
        )
    return content


def _write(path: Path, text: str) -> None:
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
