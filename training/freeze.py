"""Freezes a suite: samples its tasks, proves each by the expert, and its faulted twin too.

A task is kept if the expert solves it, both knowing where everything is and searching. A fault is
kept if it strikes while the expert searches and both still solve the task. Kinds take turns.

Example:
    python -m training.freeze --name map-val --rooms any --tasks all --split val --episodes 200
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from envs.faults import KINDS, Fault
from envs.tasks.base import ALL_FAMILIES, Task
from envs.tasks.sampler import NoTaskError, sample_task
from envs.tasks.suites import Entry, Setting, Suite, write_suite
from envs.thor_env import ThorEnv
from policies.expert import ExpertPolicy

# Seeds tried for each task that is wanted.
SEEDS_A_TASK = 3


def solve(env: ThorEnv, task: Task, fault: Fault | None, search: bool) -> tuple[bool, int, bool]:
    """Whether the expert solves a task, in how many steps, and whether the fault struck."""
    env.fault = fault
    env.reset(seed=0, options={"task": task})
    expert = ExpertPolicy(env, search)
    last, outcome = "", ""
    while True:
        label = expert.label(last, outcome)
        _, _, terminated, truncated, info = env.step(label.action)
        last, outcome = label.action.to_text(), "ok" if info["action_success"] else "failed"
        if terminated or truncated:
            return bool(info["success"]), env.steps, bool(info["fault"])


def entries(
    env: ThorEnv, seeds: range, count: int, split: str, families: tuple[str, ...], room: str,
    faults: tuple[str, ...] = KINDS, turns: bool = True,
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
    """
    found, used = 0, Counter(dict.fromkeys(faults, 0))
    for seed in seeds:
        if found >= count:
            return
        try:
            family = families[found % len(families)] if turns else None
            task = sample_task(env.controller, seed, split, varied=False, room=room,
                               family=family, families=families)
        except NoTaskError:
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
        prog="python -m training.freeze", description=(__doc__ or "").splitlines()[0],
        epilog="example: python -m training.freeze --name map-val --rooms any --tasks all "
        "--split val --episodes 200",
    )
    parser.add_argument("--name", required=True)
    parser.add_argument("--title", default="", help="one line on what it is")
    parser.add_argument("--rooms", default="any")
    parser.add_argument("--tasks", default="all", help="all, or families with commas")
    parser.add_argument("--by-seed", action="store_true",
                        help="draw the family by seed; by default families take turns")
    parser.add_argument("--split", default="val")
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--action-level", default="skill")
    parser.add_argument("--move", type=float, default=0.25, help="metres of a primitive move")
    parser.add_argument("--max-steps", type=int)
    parser.add_argument("--out", type=Path, default=Path("envs/tasks/suites"), help="folder")
    options = parser.parse_args(argv)
    families = ALL_FAMILIES if options.tasks == "all" else tuple(options.tasks.split(","))
    try:
        env = ThorEnv(split="all", room="any", families=families, varied=False,
                      action_level=options.action_level, max_steps=options.max_steps,
                      move=options.move)
        from rich.progress import track

        seeds = range(options.seed, options.seed + SEEDS_A_TASK * options.episodes)
        stream = entries(env, seeds, options.episodes, options.split, families, options.rooms,
                         turns=not options.by_seed)
        made = tuple(track(stream, description=options.name, total=options.episodes))
        setting = Setting(options.action_level, "binary", options.max_steps, options.move)
        suite = Suite(options.name, options.title, setting, made)
        path = options.out / f"{options.name}.jsonl"
        write_suite(path, suite)
        env.close()
    except (ValueError, OSError) as error:
        print(f"training.freeze: {error}", file=sys.stderr)
        return 2
    faults = Counter(entry.fault or "none" for entry in made)
    print(f"{path}: {len(made)} tasks in {len({e.task.scene for e in made})} rooms; "
          f"faults {dict(sorted(faults.items()))}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
