"""Freezes a suite: samples its tasks, proves each by the expert, and its faulted twin too.

A task is kept if the expert solves it, both knowing where everything is and searching. A fault is
kept if it strikes while the expert searches and both still solve the task. Kinds take turns.

Examples:
    python -m training.evaluation.freeze --name nav-eb --walk nav-eb --split val --episodes 60
    python -m training.evaluation.freeze --name map-val --rooms any --tasks all --split val
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from envs.faults import KINDS, Fault
from envs.tasks.base import Task
from envs.tasks.navigation_suites import WALKS, sample_walk
from envs.tasks.registry import FAMILY_NAMES
from envs.tasks.sampler import NoTaskError, sample_task
from envs.tasks.suite import Entry, Suite, SuiteSetting, write_suite
from envs.thor_env import ThorEnv
from policies.expert.policy import run_episode

# Seeds tried for each task that is wanted.
SEEDS_A_TASK = 3


def solve(env: ThorEnv, task: Task, fault: Fault | None, search: bool) -> tuple[bool, int, bool]:
    """Whether the expert solves a task, in how many steps, and whether the fault struck."""
    env.fault = fault
    won, steps, _, _ = run_episode(env, 0, search, task)
    return won, steps, fault is not None and bool(fault.report())


def entries(
    env: ThorEnv,
    seeds: range,
    count: int,
    split: str,
    families: tuple[str, ...],
    room: str,
    faults: tuple[str, ...] = KINDS,
    turns: bool = True,
    walk: str | None = None,
) -> Iterator[Entry]:
    """Tasks with their proofs, at most so many.

    Args:
        env: Plays.
        seeds: One task each.
        count: Wanted.
        split: Of rooms.
        families: Wanted.
        room: Kind of room, or any.
        faults: Kinds injected.
        turns: Families take turns; else the seed draws them.
        walk: One of ``WALKS`` instead of families.
    """
    found, used = 0, Counter(dict.fromkeys(faults, 0))
    for seed in seeds:
        if found >= count:
            return
        try:
            family = families[found % len(families)] if turns else None
            task = (
                sample_walk(env.controller, seed, split, WALKS[walk])
                if walk
                else sample_task(
                    env.controller,
                    seed,
                    split,
                    varied=False,
                    room=room,
                    family=family,
                    families=families,
                )
            )
        except NoTaskError:
            task = None
        if task is None:
            continue
        won, best, _ = solve(env, task, None, search=False)
        if not won or not solve(env, task, None, search=True)[0]:
            continue
        fault = ""
        for kind in sorted(faults, key=lambda k: (used[k], faults.index(k))):
            success, _, struck = solve(env, task, Fault(kind, seed), search=True)
            if success and struck and solve(env, task, Fault(kind, seed), search=False)[0]:
                fault = kind
                used[kind] += 1
                break
        yield Entry(f"{task.family}-{seed}", task, seed, best, fault, seed)
        found += 1


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.freeze",
        description=(__doc__ or "").splitlines()[0],
        epilog="example: python -m training.evaluation.freeze "
        "--name map-val --rooms any --tasks all "
        "--split val --episodes 200",
    )
    parser.add_argument("--name", required=True)
    parser.add_argument("--title", default="", help="one line on what it is")
    parser.add_argument("--rooms", default="any")
    parser.add_argument("--tasks", default="all", help="all, or families with commas")
    parser.add_argument(
        "--by-seed",
        action="store_true",
        help="draw the family by seed; by default families take turns",
    )
    parser.add_argument("--split", default="val")
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--walk", choices=WALKS, help="walks in this setting, not families")
    parser.add_argument("--force", action="store_true", help="replace a suite of this name")
    parser.add_argument("--out", type=Path, default=Path("envs/tasks/suites"), help="folder")
    options = parser.parse_args(argv)
    if options.episodes < 1:
        parser.error(f"--episodes {options.episodes}: a suite has at least 1 task")
    families = FAMILY_NAMES if options.tasks == "all" else tuple(options.tasks.split(","))
    try:
        setting = SuiteSetting()
        if options.walk:
            walk = WALKS[options.walk]
            setting = SuiteSetting("primitive", max_steps=walk.max_steps, move=walk.move)
        path = options.out / f"{options.name}.jsonl"
        if path.exists() and not options.force:
            raise ValueError(f"{path} exists and is frozen: take another --name, or --force.")
        env = ThorEnv(
            split="all",
            room="any",
            families=families,
            varied=False,
            action_level=setting.action_level,
            max_steps=setting.max_steps,
            move=setting.move,
        )
        from rich.progress import track

        seeds = range(options.seed, options.seed + SEEDS_A_TASK * options.episodes)
        stream = entries(
            env,
            seeds,
            options.episodes,
            options.split,
            families,
            options.rooms,
            turns=not options.by_seed,
            walk=options.walk,
        )
        made = tuple(track(stream, description=options.name, total=options.episodes))
        if not made:
            raise ValueError(
                "no such task was found that the expert solves: allow more rooms, families or seeds"
            )
        suite = Suite(options.name, options.title, setting, made)
        write_suite(path, suite)
        env.close()
    except (ValueError, OSError) as error:
        print(f"training.evaluation.freeze: {error}", file=sys.stderr)
        return 2
    faults = Counter(entry.fault or "none" for entry in made)
    print(
        f"{path}: {len(made)} tasks in {len({e.task.scene for e in made})} rooms; "
        f"faults {dict(sorted(faults.items()))}"
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
