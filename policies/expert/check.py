"""How often the expert succeeds: plays many episodes, counts by family and room, keeps failures."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from envs.tasks.base import Task, room_of
from envs.tasks.sampler import NoTaskError
from envs.thor_env import ThorEnv
from policies.expert.policy import run_episode

# Where progress is not drawn, so many episodes are told of in a line.
_TOLD_EVERY = 50


@dataclass
class Tally:
    """Counts over episodes.

    Attributes:
        families: Won and played, by family.
        rooms: Won and played, by kind of room.
        steps: Of every episode played.
        scenes: Names of the scenes played in.
        failures: What is known of every lost episode.
        unsampled: Seeds for which no task was found: neither won nor lost.
    """

    families: dict[str, list[int]] = field(default_factory=dict)
    rooms: dict[str, list[int]] = field(default_factory=dict)
    steps: list[int] = field(default_factory=list)
    scenes: set[str] = field(default_factory=set)
    failures: list[dict[str, Any]] = field(default_factory=list)
    unsampled: int = 0

    def add(self, seed: int, task: Task, won: bool, steps: int, log: list[str]) -> None:
        """Counts an episode."""
        self.scenes.add(task.scene)
        self.steps.append(steps)
        for table, key in ((self.families, task.family), (self.rooms, room_of(task.scene))):
            row = table.setdefault(key, [0, 0])
            row[0] += won
            row[1] += 1
        if not won:
            self.failures.append(
                {
                    "seed": seed,
                    "scene": task.scene,
                    "family": task.family,
                    "instruction": task.instruction,
                    "name": task.name,
                    "cause": cause_of(log),
                    "log": log,
                }
            )

    def to_plain(self) -> dict[str, Any]:
        """Returns the counts as JSON's own types."""
        played = len(self.steps)
        return {
            "episodes": played,
            "success": (played - len(self.failures)) / max(1, played),
            "steps": sum(self.steps) / played if played else 0.0,
            "scenes": len(self.scenes),
            "unsampled": self.unsampled,
            "families": dict(sorted(self.families.items())),
            "rooms": self.rooms,
            "failures": self.failures,
        }


def check(
    env: ThorEnv, seeds: range, search: bool, show: int = 3, tasks: Sequence[Task] = ()
) -> dict[str, Any]:
    """Plays seeded episodes; returns ``Tally.to_plain``.

    Args:
        env: Plays.
        seeds: One episode each; with ``tasks``, they count these.
        search: Whether the expert acts only on what has come into view.
        show: So many failures are told in full, to stderr.
        tasks: Instead of sampled ones.
    """
    from rich.console import Console
    from rich.progress import track

    tally = Tally()
    console = Console(stderr=True)
    for seed in track(seeds, description="expert", console=console):
        try:
            given = tasks[seed] if tasks else None
            won, steps, _, log = run_episode(env, seed, search, given)
        except NoTaskError:
            tally.unsampled += 1
            continue
        task = env.task if given is None else given
        if task is None:
            raise RuntimeError(f"Seed {seed} was played without a task.")
        tally.add(seed, task, won, steps, log)
        if len(tally.steps) % _TOLD_EVERY == 0 and not console.is_terminal:
            told = f"{len(tally.steps)} played, {len(tally.failures)} lost"
            print(told, file=sys.stderr)
        if not won and len(tally.failures) <= show:
            lines = "\n  ".join(log)
            what = f"{task.scene} {task.family} {task.instruction!r}"
            print(f"seed {seed}: {what} failed\n  {lines}", file=sys.stderr)
    return tally.to_plain()


def cause_of(log: list[str]) -> str:
    """Returns the action that failed most often in an episode, and why."""
    failed = Counter(
        re.sub(r" at \([^)]*\)|\S*\|\S*", "", line) for line in log if " failed " in line
    )
    return failed.most_common(1)[0][0] if failed else "no action failed"
