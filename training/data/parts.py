"""Numbered parts of a data set, made by one process or shared out over several.

    goal = Goal("frames", 20_000, workers=8)
    collect_parts(partial(FrameCollector, config), partial(frames_in, folder), goal)

    12,500 of 20,000 frames; 318.4/s; 0.4 min left

A part depends on its number and the seed, not on who makes it. Whoever is killed loses the part
that it was at: a worker's is made by another one, and the same command goes on where it stopped.
"""

from __future__ import annotations

import os
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from multiprocessing.connection import Connection, wait
from typing import NamedTuple, Protocol

from envs.simulator.system.worker import Worker

TRIES = 3
GO_ON = "whole parts are kept: give the same command again to go on"


class Collector(Protocol):
    """Makes parts."""

    def make(self, number: int, until: float) -> str:
        """Writes a part, smaller where ``until`` (``time.time()``) has come; a few words on it."""
        ...

    def close(self) -> None:
        """Lets go of its simulator."""
        ...


@dataclass(frozen=True)
class Goal:
    """How much is to be collected.

    Attributes:
        unit: What is counted.
        wanted: So many, those already there included.
        first_part: Number of the first part.
        minutes: After which no part is begun.
        workers: Processes; 1 is this one.
        part: How many a part usually holds, if that is known.
    """

    unit: str
    wanted: int
    first_part: int = 0
    minutes: float = 1e9
    workers: int = 1
    part: int | None = None


class _News(NamedTuple):
    said: str  # made, failed, refused or died
    words: str = ""


class _Count:
    """What is there, and how long the rest takes."""

    def __init__(self, goal: Goal, held: Callable[[int], int]) -> None:
        self.goal, self.held = goal, held
        self.begun = time.time()
        self.until = self.begun + 60 * goal.minutes
        self.have = self.made = self.parts = 0

    def found(self, number: int) -> bool:
        """Whether a part is there already; then it is counted."""
        count = self.held(number)
        self.have += count
        return count > 0

    def wants(self, under_way: int) -> bool:
        """Whether another part is needed beside those that are being made."""
        usual = self.goal.part or (self.made / self.parts if self.parts else 0)
        return self.have + under_way * usual < self.goal.wanted and time.time() < self.until

    def add(self, number: int, words: str) -> None:
        """Counts a part that was made, and says how far it is."""
        count = self.held(number)
        self.have, self.made, self.parts = self.have + count, self.made + count, self.parts + 1
        rate = self.made / max(1e-9, time.time() - self.begun)
        left = min(
            (self.goal.wanted - self.have) / max(rate, 1e-9) / 60,
            (self.until - time.time()) / 60,
        )
        said = [f"{self.have:,} of {self.goal.wanted:,} {self.goal.unit}", words]
        said += [f"{rate:.1f}/s", f"{max(0.0, left):.1f} min left"]
        print("; ".join(part for part in said if part), flush=True)


def collect_parts(begin: Callable[[], Collector], held: Callable[[int], int], goal: Goal) -> int:
    """Makes the parts that are missing; returns how much there is.

    Args:
        begin: Makes a collector; with several workers each calls it, so it has to be picklable.
        held: How much a part holds, by its number; 0 where it is not there.
        goal: How much.

    Raises:
        ValueError: If a collector can't begin, or a part fails again and again.
        OSError: If the folder can't be written.
    """
    count = _Count(goal, held)
    if goal.workers > 1:
        _share(begin, count)
        return count.have
    number, collector = goal.first_part, None
    try:
        while count.wants(0):
            if not count.found(number):
                collector = collector or begin()
                count.add(number, collector.make(number, count.until))
            number += 1
    finally:
        if collector is not None:
            collector.close()
    return count.have


def collect_splits(
    unit: str,
    wanted: Mapping[str, int],
    begin: Callable[[str], Collector],
    held: Callable[[str, int], int],
    made: Callable[[], None],
    *,
    minutes: float,
    workers: int,
) -> int:
    """Makes the missing parts of some splits, one after the other; returns how much there is.

    Args:
        unit: What is counted.
        wanted: How much of each split.
        begin: Makes the collector of a split; picklable, as of ``collect_parts``.
        held: How much a part of a split holds, by its number.
        made: Called when a split is whole.
        minutes: After which no part of a split is begun.
        workers: Processes.

    Raises:
        ValueError: See ``collect_parts``.
    """
    count = 0
    for split, number in wanted.items():
        goal = Goal(f"{unit} of {split}", number, minutes=minutes, workers=workers)
        count += collect_parts(partial(begin, split), partial(held, split), goal)
        made()
    return count


def _serve(connection: Connection, begin: Callable[[], Collector]) -> None:
    """A worker: makes parts until there are no more, or the pipe breaks."""
    try:
        collector = begin()
        while (job := connection.recv()) is not None:
            connection.send(_made(collector, *job))
    except (ValueError, OSError) as error:
        connection.send(_News("refused", str(error)))
        return
    collector.close()


def _made(collector: Collector, number: int, until: float) -> _News:
    try:
        return _News("made", collector.make(number, until))
    except OSError:
        raise  # all parts would be lost to the same
    except Exception as error:
        traceback.print_exc()
        return _News("failed", f"{type(error).__name__}: {error}")


class _Worker:
    """A process, and the part that it is at."""

    def __init__(self, begin: Callable[[], Collector]) -> None:
        self._worker = Worker(_serve, begin, main=True)
        self.connection = self._worker.connection
        self.number: int | None = None

    def give(self, number: int, until: float) -> None:
        """Has it make a part."""
        self.number = number
        self._worker.send((number, until))

    def hear(self) -> _News | None:
        """What it says, if anything."""
        try:
            if self.connection.poll():
                news: _News = self.connection.recv()
                return news
        except (EOFError, OSError):
            return _News("died", "its process ended")
        return None if self.is_alive else _News("died", "its process ended")

    @property
    def is_alive(self) -> bool:
        """Whether its process runs."""
        return self._worker.exit_code is None

    def end(self, kill: bool = False) -> None:
        """Ends it."""
        self._worker.end(kill, 20.0)


def _share(begin: Callable[[], Collector], count: _Count) -> None:
    """Shares parts out over processes."""
    # Many processes of one thread are faster than few of many.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    numbers = _missing(count)
    again: list[int] = []
    tries: dict[int, int] = {}
    workers: list[_Worker] = []
    try:
        while True:
            busy = [worker for worker in workers if worker.number is not None]
            if len(busy) < count.goal.workers and (again or count.wants(len(busy))):
                number = again.pop() if again else next(numbers, None)
                if number is not None:
                    idle = next((w for w in workers if w.number is None), None)
                    if idle is None:
                        workers.append(idle := _Worker(begin))
                    idle.give(number, count.until)
                continue
            if not busy:
                return
            wait([w.connection for w in busy], 1.0)
            for worker in busy:
                _attend(worker, count, tries, again)
            workers = [w for w in workers if w.is_alive or w.number is not None]
    finally:
        for worker in workers:
            worker.end(kill=worker.number is not None)


def _missing(count: _Count) -> Iterator[int | None]:
    """Numbers of parts to make, without an end; None for one that is there already."""
    number = count.goal.first_part
    while True:
        yield None if count.found(number) else number
        number += 1


def _attend(worker: _Worker, count: _Count, tries: dict[int, int], again: list[int]) -> None:
    """Takes in what a worker says; a part that failed is tried again, at most three times."""
    news, number = worker.hear(), worker.number
    if news is None or number is None:
        return
    if news.said == "refused":
        raise ValueError(news.words)
    worker.number = None
    if news.said == "made":
        count.add(number, news.words)
        return
    tries[number] = tries.get(number, 0) + 1
    if tries[number] >= TRIES:
        raise ValueError(f"Part {number} failed {TRIES} times, last: {news.words}.")
    again.append(number)
    if news.said == "died":
        worker.end(kill=True)
