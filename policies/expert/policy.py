"""The scripted expert: knows the simulator's state, and solves every task.

With ``search`` it acts only on what a seer could know: it looks around until what it needs is in
view, goes to it, and acts on it where it sees it. That makes its decisions a function of the
frame and of what happened, so that a policy can learn them. Without ``search`` it goes straight to
things, wherever they are.

Example:
    python -m policies.expert --episodes 60 --search
    python -m policies.expert --episodes 1200 --rooms any --tasks all --json
    python -m policies.expert --suite alfred:data/valid_seen.jsonl.gz --episodes 200
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from envs.tasks.base import ROOMS, Task, room_of
from envs.tasks.published.suites import LEVEL_OF, PUBLISHED, load_published
from envs.tasks.registry import FAMILY_NAMES
from envs.tasks.sampler import NoTaskError
from envs.thor_env import ThorEnv
from policies.base import Answer, Context, Observation, Question, Reply
from policies.expert.parts import Label, Parts
from policies.expert.plans import plan

# An episode is given up when the same has failed, or changed nothing, so often in a row.
HOPELESS = 20

__all__ = ["ExpertPolicy", "Label", "run_episode"]


class ExpertPolicy:
    """Privileged: it is given the environment itself.

    Args:
        env: The environment it acts in, reset before the first question.
        search: Act only on what has come into view.
    """

    name = "expert"

    def __init__(self, env: ThorEnv, search: bool = False) -> None:
        self.env = env
        self.search = search

    def reset(self, instruction: str, seed: int) -> None:
        """Nothing: every answer follows from the environment's state and the last step."""

    def act(self, observation: Observation, context: Context) -> Reply:
        last = context.history[-1] if context.history else None
        label = self.label(last.action if last else "", last.outcome if last else "")
        return Reply(
            action=label.action,
            thought=label.thought,
            plan=(label.action.to_text(),),
            text=f"{label.thought}: {label.action.to_text()}",
        )

    def ask(self, frame: np.ndarray, question: Question) -> Answer | None:
        return None

    def label(self, last_action: str = "", outcome: str = "") -> Label:
        """The right next action in the environment's present state.

        Args:
            last_action: Text of the last action, by whomever.
            outcome: How it ended: ok or failed.
        """
        task = self.env.task
        assert task is not None
        if task.parts:
            task = self._part(task)
        return plan(Parts(self.env, self.search, last_action, outcome == "ok"), task)

    def _part(self, task: Task) -> Task:
        """The part of a composite task to be done now: one that was undone, else the next."""
        state = self.env.state()
        for part in task.parts[: self.env.stage]:
            if not part.goal.verify(state):
                return part
        return task.parts[min(self.env.stage, len(task.parts) - 1)]


def run_episode(
    env: ThorEnv, seed: int, search: bool, task: Task | None = None
) -> tuple[bool, int, str, list[str]]:
    """(success, steps, family, action texts) of one expert episode, seeded or of a task."""
    env.reset(seed=seed, options=None if task is None else {"task": task})
    expert = ExpertPolicy(env, search)
    last, outcome, log = "", "", []
    while True:
        label = expert.label(last, outcome)
        _, _, terminated, truncated, info = env.step(label.action)
        last, outcome = label.action.to_text(), "ok" if info["action_success"] else "failed"
        log.append(f"{last} {outcome} {info['error']}")
        stuck = log[-HOPELESS:].count(log[-1]) == HOPELESS
        if terminated or truncated or stuck:
            return bool(info["success"]), env.steps, info["family"], log


def check(
    env: ThorEnv, seeds: range, search: bool, show: int = 3, tasks: Sequence[Task] = ()
) -> dict[str, Any]:
    """Plays seeded episodes; returns counts by family and room, and the failures.

    Tasks that could not be sampled are counted too: they are neither won nor lost. With ``tasks``,
    seeds count these.
    """
    from rich.console import Console
    from rich.progress import track

    families: dict[str, list[int]] = {}
    rooms: dict[str, list[int]] = {}
    failures: list[dict[str, Any]] = []
    steps: list[int] = []
    scenes: set[str] = set()
    unsampled = 0
    console = Console(stderr=True)
    for seed in track(seeds, description="expert", console=console):
        try:
            task = tasks[seed] if tasks else None
            success, count, family, log = run_episode(env, seed, search, task)
        except NoTaskError:
            unsampled += 1
            continue
        assert env.task is not None
        scenes.add(env.task.scene)
        for table, key in ((families, family), (rooms, room_of(env.task.scene))):
            row = table.setdefault(key, [0, 0])
            row[0] += success
            row[1] += 1
        steps.append(count)
        if len(steps) % 50 == 0 and not console.is_terminal:
            print(f"{len(steps)} played, {len(failures) + (not success)} lost", file=sys.stderr)
        if not success:
            lost = env.task
            failures.append(
                {
                    "seed": seed,
                    "scene": lost.scene,
                    "family": family,
                    "instruction": lost.instruction,
                    "name": lost.name,
                    "cause": _cause(log),
                    "log": log,
                }
            )
            if len(failures) <= show:
                lines = "\n  ".join(log)
                print(
                    f"seed {seed}: {lost.scene} {family} {lost.instruction!r} failed\n  {lines}",
                    file=sys.stderr,
                )
    played = len(steps)
    return {
        "episodes": played,
        "success": (played - len(failures)) / max(1, played),
        "steps": float(np.mean(steps)) if steps else 0.0,
        "scenes": len(scenes),
        "unsampled": unsampled,
        "families": dict(sorted(families.items())),
        "rooms": rooms,
        "failures": failures,
    }


def _cause(log: list[str]) -> str:
    """The action that failed most often, and why."""
    failed = Counter(
        re.sub(r" at \([^)]*\)|\S*\|\S*", "", line) for line in log if " failed " in line
    )
    return failed.most_common(1)[0][0] if failed else "no action failed"


def main(argv: list[str] | None = None) -> int:
    """Command line; exit code 0 if at least 98 % of the episodes succeed."""
    parser = argparse.ArgumentParser(
        prog="python -m policies.expert",
        description="Check the expert on seeded tasks.",
        epilog="example: python -m policies.expert --episodes 1200 --rooms any --tasks all --json",
    )
    parser.add_argument("--episodes", type=int, help="default: 300, or a whole suite")
    parser.add_argument(
        "--suite",
        metavar="SUITE:PATH",
        help=f"tasks of a published suite ({', '.join(PUBLISHED)}) from its publisher's files",
    )
    parser.add_argument("--seed", type=int, default=0, help="first seed")
    parser.add_argument("--split", default="all", help="train, val, test or all")
    parser.add_argument("--rooms", default="kitchen", help=f"{', '.join(ROOMS)} or any")
    parser.add_argument(
        "--tasks",
        help=f"all, or some of {', '.join(FAMILY_NAMES)}, with commas; default: the kind of room's",
    )
    parser.add_argument("--search", action="store_true", help="act only on what came into view")
    parser.add_argument("--show-failures", type=int, default=3, help="print this many in full")
    parser.add_argument("--json", action="store_true", help="the last line is one JSON object")
    options = parser.parse_args(argv)
    families = None
    if options.tasks:
        families = FAMILY_NAMES if options.tasks == "all" else tuple(options.tasks.split(","))
    try:
        tasks = load_published(options.suite) if options.suite else ()
        env = ThorEnv(
            action_level=LEVEL_OF[tasks[0].suite] if tasks else "skill",
            split=options.split,
            room=options.rooms,
            families=families,
        )
        last = options.seed + (options.episodes or (len(tasks) if tasks else 300))
        seeds = range(options.seed, min(last, len(tasks)) if tasks else last)
        if not seeds:
            raise ValueError(f"--seed {options.seed}: the suite has only {len(tasks)} tasks.")
        found = check(env, seeds, options.search, options.show_failures, tasks)
        env.close()
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    for table in ("families", "rooms"):
        for key, (won, count) in found[table].items():
            print(f"{key:16s} {won:4d} / {count}")
    lost = Counter(f["family"] for f in found["failures"])
    print(
        f"expert{' (search)' if options.search else ''}: {found['success']:.1%} of "
        f"{found['episodes']} in {found['scenes']} rooms, {found['steps']:.1f} steps a task; "
        f"{found['unsampled']} seeds had no task; failures: {dict(lost) or 'none'}, "
        f"seeds {[f['seed'] for f in found['failures']] or 'none'}"
    )
    for cause, count in Counter(f["cause"] for f in found["failures"]).most_common():
        print(f"{count:4d}  {cause}")
    if options.json:
        print(json.dumps(found))
    return 0 if found["success"] >= 0.98 else 1


if __name__ == "__main__":
    raise SystemExit(main())
