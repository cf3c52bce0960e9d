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
from dataclasses import dataclass
from pathlib import Path

from envs.faults import KINDS, Fault
from envs.simulator.system.command_line import command
from envs.simulator.system.targets import check_file
from envs.tasks.base import Task
from envs.tasks.navigation_suites import WALKS, sample_walk
from envs.tasks.registry import FAMILY_NAMES
from envs.tasks.sampler import NoTaskError, sample_task
from envs.tasks.suite import Entry, Suite, SuiteSetting, write_suite
from envs.thor_env import ThorEnv
from policies.expert.policy import run_episode
from training.options import add_options, option, settings_from

# Seeds tried for each task that is wanted.
SEEDS_A_TASK = 3
EXAMPLES = """examples:
  python -m training.evaluation.freeze --name nav-eb --walk nav-eb --split val --episodes 60
  python -m training.evaluation.freeze --name map-val --rooms any --tasks all --split val
"""


@dataclass(frozen=True)
class FreezeConfig:
    """What a suite is made of."""

    name: str = option("of the suite, and of its file", "", required=True, metavar="NAME")
    title: str = option("one line on what it is", "")
    rooms: str = option("kind of room, or any", "any", metavar="ROOMS")
    tasks: str = option("all, or families with commas", "all", metavar="FAMILY[,FAMILY]")
    by_seed: bool = option("draw the family by seed; without it families take turns", False)
    split: str = option("train, val or test: rooms of this split", "val", metavar="SPLIT")
    episodes: int = option("tasks wanted", 200, least=1)
    seed: int = option("the first seed", 0, least=0)
    walk: str | None = option("walks in this setting, instead of families", None, choices=WALKS)
    force: bool = option("replace a suite of this name", False)
    out: Path = option("folder", Path("envs/tasks/suites"))

    @property
    def families(self) -> tuple[str, ...]:
        """Of tasks."""
        return FAMILY_NAMES if self.tasks == "all" else tuple(self.tasks.split(","))

    @property
    def setting(self) -> SuiteSetting:
        """How its episodes are played."""
        if not self.walk:
            return SuiteSetting()
        walk = WALKS[self.walk]
        return SuiteSetting("primitive", max_steps=walk.max_steps, move=walk.move)

    @property
    def path(self) -> Path:
        """Its file."""
        return self.out / f"{self.name}.jsonl"


def solve(env: ThorEnv, task: Task, fault: Fault | None, search: bool) -> tuple[bool, int, bool]:
    """Whether the expert solves a task, in how many steps, and whether the fault struck."""
    env.fault = fault
    won, steps, _, _ = run_episode(env, 0, search, task)
    return won, steps, fault is not None and bool(fault.report())


def entries(env: ThorEnv, config: FreezeConfig, faults: tuple[str, ...] = KINDS) -> Iterator[Entry]:
    """Tasks with their proofs, at most as many as are wanted.

    Args:
        env: Plays.
        config: What is wanted; each seed gives one task.
        faults: Kinds injected.
    """
    found, used = 0, Counter(dict.fromkeys(faults, 0))
    for seed in range(config.seed, config.seed + SEEDS_A_TASK * config.episodes):
        if found >= config.episodes:
            return
        task = _sample(env, config, seed, found)
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


def _sample(env: ThorEnv, config: FreezeConfig, seed: int, found: int) -> Task | None:
    """The task of a seed, if its room has one; ``found`` says whose turn it is."""
    families = config.families
    try:
        if config.walk:
            return sample_walk(env.controller, seed, config.split, WALKS[config.walk])
        return sample_task(
            env.controller,
            seed,
            config.split,
            varied=False,
            room=config.rooms,
            family=None if config.by_seed else families[found % len(families)],
            families=families,
        )
    except NoTaskError:
        return None


def freeze(config: FreezeConfig) -> Suite:
    """Samples and proves a suite, and writes it.

    Raises:
        ValueError: If the suite exists or can't be written, or no task is found.
        OSError: If it can't be written.
    """
    path = config.path
    if path.exists() and not config.force:
        raise ValueError(f"{path} exists and is frozen: take another --name, or --force.")
    check_file(path)
    setting = config.setting
    env = ThorEnv(
        split="all",
        room="any",
        families=config.families,
        varied=False,
        action_level=setting.action_level,
        max_steps=setting.max_steps,
        move=setting.move,
    )
    from rich.progress import track

    stream = entries(env, config)
    made = tuple(track(stream, description=config.name, total=config.episodes))
    env.close()
    if not made:
        raise ValueError(
            "no such task was found that the expert solves: allow more rooms, families or seeds"
        )
    suite = Suite(config.name, config.title, setting, made)
    write_suite(path, suite)
    return suite


@command("training.evaluation.freeze", "nothing was written")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.evaluation.freeze",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, FreezeConfig)
    config = settings_from(FreezeConfig, parser.parse_args(argv))
    try:
        suite = freeze(config)
    except (ValueError, OSError) as error:
        print(f"training.evaluation.freeze: {error}", file=sys.stderr)
        return 2
    made = suite.entries
    faults = Counter(entry.fault or "none" for entry in made)
    print(
        f"{config.path}: {len(made)} tasks in {len({e.task.scene for e in made})} rooms; "
        f"faults {dict(sorted(faults.items()))}"
    )
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
