"""Hands episodes out to workers, and replaces workers that die or get stuck.

An episode is tried at most three times; then it is recorded as crashed and the others go on. A
worker is a process here (``training.evaluation.workers``), or an actor on a cluster
(``training.evaluation.ray_workers``); the pool knows it by its ``WorkerHandle``.
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from training.evaluation.plan import Job
from training.evaluation.verdicts import EpisodeResult

TRIES = 3
EPISODE_SECONDS = 900.0
START_SECONDS = 300.0


class WorkerRefused(ValueError):
    """A worker can't do its work at all: the policy, the suite or the backend is not to be had."""


@dataclass(frozen=True)
class Played:
    """An episode that was played, or could not be.

    Attributes:
        job: Which.
        result: Its verdict with what it took; None if it could not be played.
        crashed: Why it could not be; else empty.
    """

    job: Job
    result: EpisodeResult | None = None
    crashed: str = ""


@dataclass(frozen=True)
class News:
    """What a worker says.

    Attributes:
        said: ready, played, crashed, refused or died; empty for nothing.
        why: Of what went wrong.
        result: Of the episode that was played.
    """

    said: str = ""
    why: str = ""
    result: EpisodeResult | None = None


class WorkerHandle(ABC):
    """A worker as the pool sees it: it plays one episode at a time, elsewhere.

    Attributes:
        job: What it plays now.
        ready: It has suite, policy and backend.
        until: When its time is up, by the monotonic clock.
        wants: What it needs to begin, for the error if it can't.
    """

    wants = ""

    def __init__(self) -> None:
        self.job: Job | None = None
        self.ready = False
        self.until = time.monotonic() + START_SECONDS

    @abstractmethod
    def hear(self) -> News:
        """What it says now."""

    @abstractmethod
    def give(self, job: Job) -> None:
        """Has it play an episode."""

    @abstractmethod
    def end(self, kill: bool = False) -> None:
        """Ends it, at once if it is to be killed."""


def next_job(todo: Sequence[Job], place: Mapping[Job, int], after: int) -> Job:
    """The job after a worker's last one; if that is taken, the middle of the longest stretch left.

    Neighbours share a room, which is built once by a worker that plays them in turn.

    Args:
        todo: Not empty.
        place: Where each job stands in the order of all.
        after: The place that follows the worker's last job.
    """
    waiting = sorted(place[job] for job in todo)
    job_at = {place[job]: job for job in todo}
    if after in job_at:
        return job_at[after]
    stretches: list[list[int]] = []
    for k in waiting:
        if stretches and stretches[-1][-1] == k - 1:
            stretches[-1].append(k)
        else:
            stretches.append([k])
    longest = max(stretches, key=len)
    return job_at[longest[len(longest) // 2]]


class WorkerPool:
    """Plays all episodes over some workers, in no particular order.

    Args:
        make: A new worker.
        wait: Waits until one of the workers has something to say, at most so many seconds.
        jobs: The episodes.
        count: Most workers; where the rest can't begin, fewer do.
        seconds: That an episode may take.
    """

    def __init__(
        self,
        make: Callable[[], WorkerHandle],
        wait: Callable[[Sequence[WorkerHandle], float], None],
        jobs: Sequence[Job],
        count: int,
        seconds: float,
    ) -> None:
        self._make, self._wait, self._count, self._seconds = make, wait, count, seconds
        self._todo, self._tries = list(jobs), dict.fromkeys(jobs, 0)
        self._order = {job: k for k, job in enumerate(jobs)}
        self._stillborn = 0
        self._workers: list[WorkerHandle] = []

    def play(self) -> Iterator[Played]:
        """Plays them.

        Raises:
            WorkerRefused: If no worker can begin, or one says that it is of no use to go on.
        """
        whole = False
        try:
            while self._todo or any(worker.job for worker in self._workers):
                self._fill()
                left = [max(0.0, w.until - time.monotonic()) for w in self._workers if w.job]
                self._wait(self._workers, min([1.0, *left]))
                for worker in list(self._workers):
                    yield from self._attend(worker)
            whole = True
        finally:
            # What was broken off, as by a signal, waits for nobody.
            for worker in self._workers:
                worker.end(kill=not whole or not worker.ready)

    def _fill(self) -> None:
        """Makes workers while there are episodes for them."""
        busy = sum(worker.job is not None for worker in self._workers)
        while self._todo and len(self._workers) < min(self._count, len(self._todo) + busy):
            self._workers.append(self._make())

    def _attend(self, worker: WorkerHandle) -> Iterator[Played]:
        """Takes in what a worker says, and gives it its next episode."""
        job, news = worker.job, self._news(worker)
        if news.said == "refused":
            raise WorkerRefused(news.why)
        if news.said == "died":
            # Before its episode is anybody else's: it may be at it still.
            self._workers.remove(worker)
            worker.end(kill=True)
        if news.said in ("died", "crashed") and job is not None:
            worker.job = None
            yield from self._failed(job, news.why)
        if news.said == "died":
            self._mourn(worker, news.why)
            return
        if news.said == "played" and job is not None:
            worker.job = None
            yield Played(job, news.result)
        worker.ready = worker.ready or news.said == "ready"
        if worker.ready and worker.job is None and self._todo:
            self._assign(worker, self._order[job] + 1 if job is not None else 0)

    def _news(self, worker: WorkerHandle) -> News:
        """What a worker says; one whose time is up counts as dead."""
        news = worker.hear()
        waited_for = worker.job is not None or not worker.ready
        if news.said or not waited_for or time.monotonic() <= worker.until:
            return news
        if not worker.ready:
            return News("died", f"not ready within {START_SECONDS:.0f} s")
        return News("died", f"it took more than {self._seconds:.0f} s")

    def _failed(self, job: Job, why: str) -> Iterator[Played]:
        """An episode goes back to be tried again, or was tried often enough."""
        self._tries[job] += 1
        if self._tries[job] < TRIES:
            self._todo.append(job)
        else:
            yield Played(job, crashed=why)

    def _mourn(self, worker: WorkerHandle, why: str) -> None:
        """Makes no more workers where too many died before they could play."""
        self._stillborn += not worker.ready
        if self._stillborn < TRIES:
            return
        able = sum(other.ready for other in self._workers)
        if not able:
            raise WorkerRefused(f"Workers die before they can play: {why}{worker.wants}.")
        self._count = able

    def _assign(self, worker: WorkerHandle, after: int) -> None:
        worker.job = next_job(self._todo, self._order, after)
        self._todo.remove(worker.job)
        worker.until = time.monotonic() + self._seconds
        worker.give(worker.job)
