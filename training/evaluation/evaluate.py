"""Measures a policy on a suite of tasks: success, error recovery, and where it went wrong.

Every task is played clean, and once more with its fault. Episodes are written one by one, so that a
run that was killed goes on where it stopped when the same command is given again. The folder ends
with results.json, report.md and report.html.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from agent.display.video import VIDEO_FILE
from agent.recording.thumbnails import THUMBNAILS_FILE
from envs.tasks.suite import Suite, suite_names
from training.evaluation.controls import BLIND, FEEDBACK
from training.evaluation.episode_runner import KEEP, VIDEOS, Job, Plan, jobs_of, load_verdict
from training.evaluation.metrics import Verdict
from training.evaluation.results import (
    EPISODES,
    begin,
    done,
    record_crash,
    results,
    save_results,
    stamp,
)
from training.evaluation.workers import Played, play_here, play_in_processes

EXAMPLES = """examples:
  python -m training.evaluate --suite map-val --policy default --workers 2
  python -m training.evaluate --suite map-val --policy expert --episodes 50 --workers 2 --json
  python -m training.evaluate --suite kitchen-test --rounds 1,3 --videos failures
  python -m training.evaluate --suite map-val --control blank_frame --no-faults
  python -m training.evaluate --suite map-val --feedback misleading --out runs/misled
"""


def evaluate(
    plan: Plan,
    suite: Suite,
    out: Path,
    *,
    episodes: int | None = None,
    workers: int = 1,
    ray: str | None = None,
    seconds: float = 900.0,
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
        ValueError: If policy, suite, backend or folder are not to be had.
    """
    begin(out, stamp(suite, plan))
    jobs = jobs_of(suite, plan, episodes)
    whole = {job: got for job, got in done(out, jobs).items() if not got[0].crashed}
    # A room that is played in turn is built once.
    todo = sorted(
        (job for job in jobs if job not in whole),
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
    for _ in _watched(stream, suite, out, len(jobs), whole, progress):
        pass
    ordered = {job: whole[job] for job in jobs if job in whole}
    return results(out, suite, plan, ordered)


def _watched(
    stream: Iterator[Played],
    suite: Suite,
    out: Path,
    total: int,
    whole: dict[Job, tuple[Verdict, float]],
    progress: bool,
) -> Iterator[None]:
    """Takes in what was played, with a bar that says how much is won and how long it takes yet."""
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
    with Progress(*columns, console=console, disable=not shown) as bar:
        line = bar.add_task(suite.name, total=total, completed=len(whole), won="")
        for played in stream:
            if played.crashed:
                record_crash(out, suite, played.job, played.crashed)
            verdict = load_verdict(out / EPISODES / played.job.name)
            assert verdict is not None
            whole[played.job] = verdict
            won = sum(v.success for v, _ in whole.values())
            bar.update(line, advance=1, won=f"{won} won")
            if progress and not shown and (len(whole) % 20 == 0 or len(whole) == total):
                print(f"{len(whole)} of {total} played, {won} won", file=sys.stderr)
            yield


def _rounds(text: str) -> tuple[int, ...]:
    try:
        found = tuple(sorted({int(word) for word in text.split(",")}))
    except ValueError:
        found = ()
    if not found or found[0] < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no list of numbers from 1 up, such as 1,3")
    return found


def _count(least: int) -> Any:
    def number(text: str) -> int:
        if not text.isdigit() or int(text) < least:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} up")
        return int(text)

    return number


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluate",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add(
        "--suite",
        default="map-val",
        metavar="NAME",
        help=f"{', '.join(suite_names())}, a suite's .jsonl, alfred:PATH, eb-navigation:PATH or "
        "embodied-reasoner:PATH; default map-val",
    )
    add(
        "--policy",
        default="default",
        help="expert, expert-search (acts on what it has seen), "
        "random, or as of run_episode.py: default, openai:MODEL, ...",
    )
    add("--adapter", help="peft adapter of a Hugging Face model")
    add("--device", default="cpu", help="of a Hugging Face model")
    add("--backend", default="embedded", help="embedded, unity, or an executable's command")
    add("--episodes", type=_count(1), metavar="N", help="only the suite's first N tasks")
    add(
        "--rounds",
        type=_rounds,
        default=(3,),
        metavar="N[,N]",
        help="most proposals a step; with 1,3 also retry ERR and the gain of rounds; default 3",
    )
    add("--no-faults", action="store_true", help="play the clean tasks only")
    add("--control", default="none", choices=BLIND, help="keep the policy from seeing or reading")
    add("--feedback", default="real", choices=FEEDBACK, help="what it is told of its last action")
    add(
        "--workers",
        type=_count(0),
        default=1,
        metavar="K",
        help="processes; 0 plays in this one; default 1",
    )
    add(
        "--ray",
        nargs="?",
        const="auto",
        metavar="ADDRESS",
        help="play on K actors of a Ray cluster instead (0: on all its processors): its address, "
        "auto, or local to start one here",
    )
    add("--out", type=Path, help="folder; default runs/SUITE-POLICY")
    add("--keep", default="thumbnails", choices=KEEP, help="pictures of every step")
    add("--videos", default="none", choices=VIDEOS)
    add("--threads", type=_count(1), default=1, help="of the processor, a process")
    add(
        "--episode-seconds",
        type=_count(1),
        default=900,
        metavar="S",
        help="an episode that takes longer is tried again elsewhere, at most twice; with "
        "--workers 0 nobody watches",
    )
    add("--json", action="store_true", help="the last line of stdout is one JSON object")
    from policies.chat.endpoint import add_arguments

    add_arguments(parser)
    return parser


def main(argv: list[str] | None = None) -> int:
    """Command line; exit code 0 if every episode has a verdict, 1 if some crashed, 2 on misuse."""
    options = make_parser().parse_args(argv)
    from policies.chat.endpoint import is_endpoint, settings_of
    from training.evaluation.report import write_report
    from training.evaluation.sources import open_suite
    from training.evaluation.tables import headline, spent

    plan = Plan(
        suite=options.suite,
        policy=options.policy,
        adapter=options.adapter,
        device=options.device,
        backend=options.backend,
        rounds=options.rounds,
        faults=not options.no_faults,
        control=options.control,
        feedback=options.feedback,
        keep=options.keep,
        videos=options.videos,
        threads=options.threads,
    )
    out = options.out or Path("runs") / _name(plan)
    try:
        if is_endpoint(plan.policy):
            plan = replace(plan, endpoint=settings_of(options, str(out / "spent.json")))
        suite = open_suite(plan.suite)
        _tell(plan, suite, out, options.episodes)
        found = evaluate(
            plan,
            suite,
            out,
            episodes=options.episodes,
            workers=options.workers,
            ray=options.ray,
            seconds=options.episode_seconds,
        )
        save_results(out, found)
        page = write_report(out)
    except ValueError as error:
        print(f"training.evaluate: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"training.evaluate: {out} can't be written ({error.strerror}); what was played is "
            "kept: make room and give the same command again",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print(
            f"training.evaluate: interrupted; give the same command again to go on in {out}",
            file=sys.stderr,
        )
        return 130
    print(headline(found))
    if spent(found):
        print(spent(found))
    print(f"-> {page}")
    if options.json:
        print(json.dumps(found))
    return 1 if found["crashed"] else 0


def _tell(plan: Plan, suite: Suite, out: Path, episodes: int | None) -> None:
    """Says on stderr what will be less than was asked for."""
    if episodes is not None and episodes > len(suite.entries):
        print(f"{suite.name} has {len(suite.entries)} tasks: all are played", file=sys.stderr)
    wanted = {"thumbnails": THUMBNAILS_FILE, "frames": "frames"}.get(plan.keep)
    names = [wanted] if wanted else []
    names += [VIDEO_FILE] if plan.videos == "all" else []
    whole = done(out, jobs_of(suite, plan, episodes))
    places = [out / EPISODES / job.name for job, (v, _) in whole.items() if v.steps]
    for name in names:
        lacking = sum(not (place / name).exists() for place in places)
        if lacking:
            print(
                f"{lacking} of the episodes in {out} were played before without {name} and stay "
                "so; name another --out to have it of all",
                file=sys.stderr,
            )


def _name(plan: Plan) -> str:
    """A folder's name from what was asked."""
    words = [plan.suite, plan.policy]
    words += [plan.control] if plan.control != "none" else []
    words += [plan.feedback] if plan.feedback != "real" else []
    name = "-".join(words)
    return "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.")


if __name__ == "__main__":
    raise SystemExit(main())
