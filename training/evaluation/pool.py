"""Hands episodes out to whoever plays them, and makes good for those who die or get stuck.

An episode is tried at most three times; then it is recorded as crashed and the others go on. Who
plays is a ``Seat``: a process here (``training.evaluation.workers``), or on a cluster
(``training.evaluation.ray_workers``).
"""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from training.evaluation.episode_runner import Job

TRIES = 3
EPISODE_SECONDS = 900.0
START_SECONDS = 300.0


class WorkerRefused(ValueError):
    """A worker can't do its work at all: the policy, the suite or the backend is not to be had."""


@dataclass(frozen=True)
class Played:
    """An episode that was played, or could not be."""

    job: Job
    crashed: str = ""


class Seat(ABC):
    """Somebody who plays one episode at a time, elsewhere.

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
    def hear(self) -> tuple[str, str]:
        """What it says now, and why: ready, played, crashed, refused, died; empty for nothing."""

    @abstractmethod
    def give(self, job: Job) -> None:
        """Has it play an episode."""

    @abstractmethod
    def end(self, kill: bool = False) -> None:
        """Ends it, at once if it is to be killed."""


def next_job(todo: Sequence[Job], place: Mapping[Job, int], after: int) -> Job:
    """The job after a seat's last one; if somebody has it, the middle of the longest stretch left.

    Neighbours share a room, which is built once by whoever plays them in turn.

    Args:
        todo: Not empty.
        place: Where each job stands in the order of all.
        after: The place that follows the seat's last job.
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


def play_over(
    make: Callable[[], Seat],
    wait: Callable[[Sequence[Seat], float], None],
    jobs: Sequence[Job],
    count: int,
    seconds: float,
) -> Iterator[Played]:
    """Plays all episodes over some seats, in no particular order.

    Args:
        make: A new seat.
        wait: Waits until one of the seats has something to say, at most so many seconds.
        jobs: The episodes.
        count: Most seats; where the rest can't begin, fewer do.
        seconds: That an episode may take.

    Raises:
        WorkerRefused: If no seat can begin, or one says that it is of no use to go on.
    """
    todo, tries = list(jobs), dict.fromkeys(jobs, 0)
    place = {job: k for k, job in enumerate(jobs)}
    stillborn = 0
    seats: list[Seat] = []
    try:
        while todo or any(seat.job for seat in seats):
            busy = sum(seat.job is not None for seat in seats)
            while todo and len(seats) < min(count, len(todo) + busy):
                seats.append(make())
            left = [max(0.0, seat.until - time.monotonic()) for seat in seats if seat.job]
            wait(seats, min([1.0, *left]))
            for seat in list(seats):
                job = seat.job
                said, why = seat.hear()
                waited_for = job is not None or not seat.ready
                if not said and waited_for and time.monotonic() > seat.until:
                    said, why = "died", f"it took more than {seconds:.0f} s"
                    if not seat.ready:
                        why = f"not ready within {START_SECONDS:.0f} s"
                if said == "refused":
                    raise WorkerRefused(why)
                if said == "died":
                    # Before its episode is anybody else's: it may be at it still.
                    seats.remove(seat)
                    seat.end(kill=True)
                if said in ("died", "crashed") and job is not None:
                    tries[job] += 1
                    seat.job = None
                    if tries[job] < TRIES:
                        todo.append(job)
                    else:
                        yield Played(job, why)
                if said == "died":
                    stillborn += not seat.ready
                    if stillborn >= TRIES:
                        if not any(other.ready for other in seats):
                            raise WorkerRefused(
                                f"Workers die before they can play: {why}{seat.wants}."
                            )
                        count = sum(other.ready for other in seats)
                    continue
                if said == "played" and job is not None:
                    seat.job = None
                    yield Played(job)
                seat.ready = seat.ready or said == "ready"
                if seat.ready and seat.job is None and todo:
                    after = place[job] + 1 if job is not None else 0
                    seat.job = next_job(todo, place, after)
                    todo.remove(seat.job)
                    seat.until = time.monotonic() + seconds
                    seat.give(seat.job)
    finally:
        for seat in seats:
            seat.end(kill=seat.job is not None or not seat.ready)
