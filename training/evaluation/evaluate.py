"""Measures a policy on a suite of tasks: plays what is not yet played, and returns all figures.

Every task is played clean, and once more with its fault. Episodes are written one by one, so that a
run that was killed goes on where it stopped.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from envs.tasks.suite import Suite
from policies.devices import check_device
from policies.make_policy import check_level
from training.evaluation.folder import EPISODES, begin, done, record_crash, stamp
from training.evaluation.plan import Job, Plan, jobs_of
from training.evaluation.pool import EPISODE_SECONDS, Played
from training.evaluation.results import results
from training.evaluation.verdicts import EpisodeResult
from training.evaluation.workers import play_here, play_in_processes


def evaluate(
    plan: Plan,
    suite: Suite,
    out: Path,
    *,
    episodes: int | None = None,
    workers: int = 1,
    ray: str | None = None,
    seconds: float = EPISODE_SECONDS,
    progress: bool = True,
) -> dict[str, Any]:
    """Plays what is not yet played, and returns all figures.

    Args:
        plan: What is evaluated.
        suite: Its suite.
        out: Folder; one that holds part of the same evaluation is gone on with.
        episodes: Only so many tasks, the first.
        workers: Processes; 0 plays in this one.
        ray: Address of a Ray cluster (``local`` starts one here) instead of processes.
        seconds: That one episode may take.
        progress: Show it on stderr.

    Raises:
        ValueError: If policy, suite, backend or folder are not to be had, or the policy can't play
            the suite's action level; then nothing is written.
    """
    check_level(plan.policy, suite.setting.action_level, suite.walks)
    if ray is None:  # the machines of a cluster know for themselves
        check_device(plan.device)
    begin(out, stamp(suite, plan))
    jobs = jobs_of(suite, plan, episodes)
    known = {job: result for job, result in done(out, jobs).items() if not result.verdict.crashed}
    # A room that is played in turn is built once.
    todo = sorted(
        (job for job in jobs if job not in known),
        key=lambda job: suite.entries[job.index].task.scene,
    )
    place = out / EPISODES
    if not todo:
        stream: Iterator[Played] = iter(())
    elif ray is not None:
        from training.evaluation.ray_workers import play_on_ray

        stream = play_on_ray(plan, todo, place, workers, ray, seconds)
    elif workers:
        stream = play_in_processes(plan, todo, place, workers, seconds)
    else:
        stream = play_here(plan, todo, place)
    known |= _taken_in(stream, suite, out, known, len(jobs), progress)
    return results(out, suite, plan, {job: known[job] for job in jobs if job in known})


def _taken_in(
    stream: Iterator[Played],
    suite: Suite,
    out: Path,
    known: dict[Job, EpisodeResult],
    total: int,
    progress: bool,
) -> dict[Job, EpisodeResult]:
    """Takes in what is played, with a bar that shows how much is won and how long is left."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
    from rich.progress import TimeElapsedColumn as Elapsed
    from rich.progress import TimeRemainingColumn as Left

    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[won]}"),
        Elapsed(),
        Left(),
    )
    shown = progress and console.is_terminal
    found: dict[Job, EpisodeResult] = {}
    won = sum(result.verdict.success for result in known.values())
    with Progress(*columns, console=console, disable=not shown) as bar:
        line = bar.add_task(suite.name, total=total, completed=len(known), won="")
        for played in stream:
            if played.result is None:
                result = record_crash(out, suite, played.job, played.crashed)
            else:
                result = played.result
            found[played.job] = result
            won += result.verdict.success
            bar.update(line, advance=1, won=f"{won} won")
            count = len(known) + len(found)
            if progress and not shown and (count % 20 == 0 or count == total):
                print(f"{count} of {total} played, {won} won", file=sys.stderr)
    return found


def lacking(out: Path, jobs: Sequence[Job], name: str) -> int:
    """How many of the episodes that were played have no file or folder of a name."""
    places = [
        out / EPISODES / job.name for job, known in done(out, jobs).items() if known.verdict.steps
    ]
    return sum(not (place / name).exists() for place in places)
