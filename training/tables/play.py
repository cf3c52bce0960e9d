"""Plays the rows, one evaluation after the other; what was played is never played again."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from envs.tasks.suite import Suite
from policies.devices import check_device
from policies.make_policy import EXPERTS, PolicyOptions, check_level, make_policy
from training.evaluation.evaluate import evaluate
from training.evaluation.folder import begin, done, stamp
from training.evaluation.plan import jobs_of
from training.evaluation.report import write_report
from training.evaluation.results import save_results
from training.evaluation.tables import shown
from training.tables.cells import place_of
from training.tables.rows import Row, plan_of
from training.tables.setting import Setting

# Tasks of each policy that are played first, to say how long all will take.
TRIAL = 2


@dataclass(frozen=True)
class Crew:
    """Who plays.

    Attributes:
        workers: Processes; 0 plays in this one.
        seconds: That one episode may take.
        pages: Write each row's own report, with its episodes step by step.
    """

    workers: int = 2
    seconds: float = 900.0
    pages: bool = True


def check_rows(rows: Sequence[Row], setting: Setting, suite: Suite, out: Path) -> None:
    """Reads every policy and takes up every folder, before hours are spent.

    Raises:
        ValueError: If a policy or a folder is not to be had; nothing was played then.
    """
    check_device(setting.device)
    known: set[str] = set()
    for row in rows:
        plan = plan_of(row, setting)
        if plan.policy not in known:
            known.add(plan.policy)
            check_level(plan.policy, suite.setting.action_level, suite.walks)
            if plan.policy not in EXPERTS:
                level = suite.setting.action_level
                make_policy(PolicyOptions(plan.policy, device=plan.device, action_level=level))
        if place_of(out, row).exists():
            begin(place_of(out, row), stamp(suite, plan))


class Player:
    """Plays rows, and says how long it will take.

    Args:
        setting: What is played.
        suite: Its suite.
        out: The tables' folder.
        crew: Who plays.
    """

    def __init__(self, setting: Setting, suite: Suite, out: Path, crew: Crew) -> None:
        self.setting, self.suite, self.out, self.crew = setting, suite, out, crew
        self._times: dict[str, tuple[str, list[float]]] = {}  # by row, with its policy

    def play(self, rows: Sequence[Row]) -> None:
        """Plays what is not yet played.

        Raises:
            ValueError: If a policy, the suite or a folder is not to be had.
        """
        rows = [row for row in rows if row.trained]
        for row in rows:
            self._learn(row)
        if not any(self._left(row) for row in rows):
            return
        tried: set[str] = set()
        for row in rows:
            policy = plan_of(row, self.setting).policy
            if self._left(row) and policy not in tried and policy not in self._paces():
                count = min(TRIAL, self._tasks())
                print(f"{policy}: {count} tasks, to see how long it takes", file=sys.stderr)
                self._play(row, count)
            tried.add(policy)
        self._tell(rows)
        for k, row in enumerate(rows):
            if self._left(row):
                print(f"[{k + 1}/{len(rows)}] {row.title}", file=sys.stderr)
                self._play(row, self._tasks())
                later = self._estimate(rows[k + 1 :])
                if later:
                    print(f"{in_words(later)} left", file=sys.stderr)

    def _tasks(self) -> int:
        return min(self.setting.episodes or len(self.suite.entries), len(self.suite.entries))

    def _left(self, row: Row) -> int:
        """Episodes of a row that are still to be played."""
        jobs = jobs_of(self.suite, plan_of(row, self.setting), self.setting.episodes)
        played = done(place_of(self.out, row), jobs)
        return sum(job not in played or bool(played[job].verdict.crashed) for job in jobs)

    def _play(self, row: Row, episodes: int) -> None:
        plan, place = plan_of(row, self.setting), place_of(self.out, row)
        began = time.perf_counter()
        found = evaluate(
            plan,
            self.suite,
            place,
            episodes=episodes,
            workers=self.crew.workers,
            seconds=self.crew.seconds,
        )
        save_results(place, found)
        if self.crew.pages:
            write_report(place)
        self._learn(row)
        rate = shown(found["figures"]["success_rate"], "success_rate", True)
        spent = in_words(time.perf_counter() - began)
        print(f"{row.name}: success {rate}; {spent}", file=sys.stderr)

    def _learn(self, row: Row) -> None:
        """Takes in how long a row's episodes took."""
        plan = plan_of(row, self.setting)
        jobs = jobs_of(self.suite, plan, self.setting.episodes)
        times = [r.seconds for r in done(place_of(self.out, row), jobs).values() if r.seconds]
        if times:
            self._times[row.name] = plan.policy, times

    def _paces(self) -> dict[str, float]:
        """Seconds an episode, of each policy that was played."""
        found: dict[str, list[float]] = {}
        for policy, times in self._times.values():
            found.setdefault(policy, []).extend(times)
        return {policy: sum(times) / len(times) for policy, times in found.items()}

    def _estimate(self, rows: Sequence[Row]) -> float:
        """Seconds that the rest of some rows will take, by what their policies took so far."""
        paces = self._paces()
        slowest = max(paces.values(), default=0.0)
        whole = sum(
            self._left(row) * paces.get(plan_of(row, self.setting).policy, slowest) for row in rows
        )
        return whole / max(1, self.crew.workers)

    def _tell(self, rows: Sequence[Row]) -> None:
        """Says what is about to be played, and how long that will take."""
        left = sum(self._left(row) for row in rows)
        if not left:
            return
        paces = ", ".join(f"{policy} {pace:.1f} s" for policy, pace in self._paces().items())
        count = sum(bool(self._left(row)) for row in rows)
        print(
            f"{count} rows, {left} episodes to play: about {in_words(self._estimate(rows))} with "
            f"{max(1, self.crew.workers)} at a time, by the first episodes ({paces} an episode). "
            "It can be stopped at any time: the same command goes on.",
            file=sys.stderr,
        )


def in_words(seconds: float) -> str:
    """A time for people.

    >>> in_words(8.4), in_words(100), in_words(7300)
    ('8 s', '2 min', '2 h 02 min')
    """
    minutes = round(seconds / 60)
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{minutes} min" if minutes < 90 else f"{minutes // 60} h {minutes % 60:02d} min"
