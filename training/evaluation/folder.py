"""The folder of an evaluation: what was asked, and which episodes are done.

run.json        what was asked; a folder of another evaluation is never written into
episodes/       one directory an episode, see training.evaluation.episode_runner
results.json    the figures (training.evaluation.results), report.md and report.html beside it
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from envs.backends import backend_stamp
from envs.simulator.system.foreign_json import ForeignJsonError, read_json
from envs.simulator.system.typed_records import shown
from envs.simulator.system.whole import remove_abandoned, write_text
from envs.tasks.suite import Suite
from policies.make_policy import policy_digest
from training.evaluation.plan import Job, Plan
from training.evaluation.verdicts import EpisodeResult, load_result, save_result, unplayed

RUN_FILE, EPISODES = "run.json", "episodes"
FORMAT = 1
# What may differ between two runs into one folder: it changes no figure.
_FREE = ("threads", "videos", "keep", "endpoint")
# What a plan of an earlier version does not say, and how it was played then.
EARLIER = {"objections": "all"}


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
                _same(out, read_json(path), now)
        elif out.is_dir() and not all(map(_is_begun, out.iterdir())):
            raise ResultsError(
                f"--out {out} holds files that are no evaluation's: name a folder that is new or "
                "empty."
            )
        (out / EPISODES).mkdir(parents=True, exist_ok=True)
        write_text(path, json.dumps(now, indent=1))
    except OSError as error:
        raise ResultsError(
            f"--out {out} can't be written ({error.strerror}): name a folder you may write to."
        ) from error
    except ForeignJsonError as error:
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
        said = "; ".join(
            f"{k} was {shown(old.get(k))}, is {shown(new.get(k))}" for k in differing[:3]
        )
        raise ResultsError(
            f"--out {out} holds another evaluation ({said[:300]}): name another folder, or delete "
            "this one."
        )


def _flat(content: Any) -> dict[str, Any]:
    if not isinstance(content, dict):
        return {}
    plan = content.get("plan")
    rest = {k: v for k, v in content.items() if k != "plan"}
    said = {**EARLIER, **plan} if isinstance(plan, dict) else {}
    asked = {k: v for k, v in said.items() if k not in _FREE}
    endpoint = plan.get("endpoint") if isinstance(plan, dict) else None
    if isinstance(endpoint, dict):
        # Whom it is, and what it may cost, may change; not whether it corrects itself.
        asked["questions"] = endpoint.get("questions")
    return {**rest, **asked}


def record_crash(out: Path, suite: Suite, job: Job, why: str) -> EpisodeResult:
    """Writes, and returns, the verdict of an episode that could not be played: lost, and why."""
    entry = suite.entries[job.index]
    place = out / EPISODES / job.name
    remove_abandoned(place)
    place.mkdir(parents=True, exist_ok=True)
    result = EpisodeResult.now(unplayed(entry, job, crashed=why or "unknown"))
    save_result(place, result)
    return result


def done(out: Path, jobs: Sequence[Job]) -> dict[Job, EpisodeResult]:
    """The episodes that have a verdict, crashed ones included."""
    found = {}
    for job in jobs:
        result = load_result(out / EPISODES / job.name)
        if result is not None:
            found[job] = result
    return found


def episodes_of(out: Path, found: dict[str, Any]) -> list[Path]:
    """The directories of the episodes that a folder's figures are of, in order.

    The folder may hold more: of a run of more tasks before, or what a killed one left half done.

    Args:
        out: The folder.
        found: Its figures.
    """
    names = ((place.name.partition("-")[0], place) for place in (out / EPISODES).glob("*/"))
    return sorted(
        place
        for number, place in names
        if number.isascii() and number.isdigit() and int(number[:9]) < found["episodes"]
    )
