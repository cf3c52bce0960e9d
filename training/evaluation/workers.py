"""Plays episodes in this process, or in others of this machine (``training.evaluation.pool``)."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from contextlib import closing
from multiprocessing.connection import Connection, wait
from pathlib import Path

from envs.simulator.system.whole import no_room
from envs.simulator.system.worker import Worker
from envs.supervised.errors import BackendError
from policies.base import PolicyStopped
from policies.chat.endpoint import EndpointError
from training.evaluation.episode_runner import EpisodeRunner
from training.evaluation.plan import Job, Plan
from training.evaluation.pool import (
    EPISODE_SECONDS,
    News,
    Played,
    WorkerHandle,
    WorkerPool,
    WorkerRefused,
)


def play_here(plan: Plan, jobs: Sequence[Job], out: Path) -> Iterator[Played]:
    """Plays all episodes in this process; what is wrong in our own code goes up.

    Raises:
        ValueError: If the policy, the suite or the backend is not to be had.
    """
    try:
        runner = EpisodeRunner(plan)
    except BackendError as error:
        raise WorkerRefused(str(error)) from error
    try:
        for job in jobs:
            try:
                result = runner.play(job, out)
            except (BackendError, EndpointError) as error:
                yield Played(job, crashed=str(error))
            except PolicyStopped as error:
                raise WorkerRefused(str(error)) from error
            else:
                yield Played(job, result)
    finally:
        runner.close()


def _serve(connection: Connection, plan: Plan, out: Path) -> None:
    """A worker: takes jobs until there are no more, or the pipe breaks."""
    try:
        runner = EpisodeRunner(plan)
    except (ValueError, BackendError) as error:
        connection.send(News("refused", str(error)))
        return
    with closing(runner):
        connection.send(News("ready"))
        while (job := connection.recv()) is not None:
            news = _played(runner, job, out)
            connection.send(news)
            if news.said == "refused":
                break


def _played(runner: EpisodeRunner, job: Job, out: Path) -> News:
    """Plays an episode; whatever goes wrong becomes news for the pool, which tries it again."""
    try:
        return News("played", result=runner.play(job, out))
    except PolicyStopped as error:
        return News("refused", str(error))
    except Exception as error:
        full = no_room(error)
        if full is not None:
            # All that follow would be lost to the same.
            return News(
                "refused",
                f"{out} can't be written ({full.strerror}); what was played is kept: make room and "
                "give the same command again",
            )
        traceback.print_exc()
        return News("crashed", f"{type(error).__name__}: {error}")


class _Process(WorkerHandle):
    """A process with its pipe."""

    def __init__(self, plan: Plan, out: Path) -> None:
        super().__init__()
        self._worker = Worker(_serve, plan, out)
        self.connection = self._worker.connection

    def hear(self) -> News:
        try:
            if self.connection.poll():
                news: News = self.connection.recv()
                return news
        except (EOFError, OSError):
            return News("died", "its process ended")
        if self._worker.exit_code is not None:
            return News("died", f"its process ended with {self._worker.exit_code}")
        return News()

    def give(self, job: Job) -> None:
        self._worker.send(job)

    def end(self, kill: bool = False) -> None:
        self._worker.end(kill)


def _await(workers: Sequence[WorkerHandle], seconds: float) -> None:
    # The pipe of a process that ended has something to say too: that it ended.
    wait([worker.connection for worker in workers if isinstance(worker, _Process)], seconds)


def play_in_processes(
    plan: Plan, jobs: Sequence[Job], out: Path, count: int, seconds: float = EPISODE_SECONDS
) -> Iterator[Played]:
    """Plays all episodes over some processes, in no particular order.

    Args:
        plan: What is evaluated.
        jobs: The episodes.
        out: Where they are written.
        count: Processes.
        seconds: That an episode may take.

    Raises:
        WorkerRefused: If the policy, the suite or the backend is not to be had.
    """
    return WorkerPool(lambda: _Process(plan, out), _await, jobs, count, seconds).play()
