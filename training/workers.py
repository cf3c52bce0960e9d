"""Processes that play episodes: a dead or stuck one is replaced, its episode played again.

An episode is tried at most three times; then it is recorded as crashed and the others go on.
"""

from __future__ import annotations

import multiprocessing
import signal
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import Any

from envs.supervised.errors import BackendError
from policies.base import PolicyStopped
from policies.endpoint import EndpointError
from training.player import Job, Plan, Player

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


def play_here(plan: Plan, jobs: Sequence[Job], out: Path) -> Iterator[Played]:
    """Plays all episodes in this process; what is wrong in our own code goes up.

    Raises:
        ValueError: If the policy, the suite or the backend is not to be had.
    """
    try:
        player = Player(plan)
    except BackendError as error:
        raise WorkerRefused(str(error)) from error
    try:
        for job in jobs:
            try:
                player.play(job, out)
            except (BackendError, EndpointError) as error:
                yield Played(job, str(error))
            except PolicyStopped as error:
                raise WorkerRefused(str(error)) from error
            else:
                yield Played(job)
    finally:
        player.close()


def _serve(connection: Connection, plan: Plan, out: Path) -> None:
    """A worker: takes jobs until there are no more, or its parent is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        player = Player(plan)
    except (ValueError, BackendError) as error:
        connection.send(("refused", str(error)))
        return
    connection.send(("ready", ""))
    with suppress(EOFError, BrokenPipeError):
        while (job := connection.recv()) is not None:
            try:
                player.play(job, out)
            except PolicyStopped as error:
                connection.send(("refused", str(error)))
                break
            except Exception as error:
                import traceback

                traceback.print_exc()
                connection.send(("crashed", f"{type(error).__name__}: {error}"))
            else:
                connection.send(("played", ""))
    player.close()


class _Worker:
    """A process with its pipe, and what it does now."""

    def __init__(self, context: Any, plan: Plan, out: Path) -> None:
        self.connection, theirs = context.Pipe()
        self.process = context.Process(target=_serve, args=(theirs, plan, out), daemon=True)
        self.process.start()
        theirs.close()
        self.job: Job | None = None
        self.ready = False
        self.until = time.monotonic() + START_SECONDS

    def give(self, job: Job, seconds: float) -> None:
        self.job, self.until = job, time.monotonic() + seconds
        with suppress(BrokenPipeError):
            self.connection.send(job)

    def end(self, kill: bool = False) -> None:
        with suppress(BrokenPipeError, OSError):
            self.connection.send(None)
        if kill:
            self.process.kill()
        self.process.join(10)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()
        self.connection.close()


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
    context = multiprocessing.get_context("spawn")
    todo, tries = deque(jobs), dict.fromkeys(jobs, 0)
    deaths = 0
    workers: list[_Worker] = []
    try:
        while todo or any(w.job for w in workers):
            while todo and len(workers) < min(count, len(todo) + sum(bool(w.job) for w in workers)):
                workers.append(_Worker(context, plan, out))
            left = [max(0.0, w.until - time.monotonic()) for w in workers if w.job is not None]
            wait([w.connection for w in workers] + [w.process.sentinel for w in workers],
                 min([1.0, *left]))
            for worker in list(workers):
                job, said, why = worker.job, "", ""
                try:
                    if worker.connection.poll():
                        said, why = worker.connection.recv()
                    elif not worker.process.is_alive():
                        said, why = "died", f"its process ended with {worker.process.exitcode}"
                    elif time.monotonic() > worker.until:
                        said, why = "died", f"it took more than {seconds:.0f} s"
                except (EOFError, OSError):
                    said, why = "died", "its process ended"
                if said == "refused":
                    raise WorkerRefused(why)
                if said in ("died", "crashed") and job is not None:
                    tries[job] += 1
                    worker.job = None
                    if tries[job] < TRIES:
                        todo.append(job)
                    else:
                        yield Played(job, why)
                if said == "died":
                    deaths += not worker.ready
                    if deaths >= TRIES:
                        raise WorkerRefused(f"Workers die before they can play: {why}.")
                    workers.remove(worker)
                    worker.end(kill=True)
                    continue
                if said == "played" and job is not None:
                    worker.job = None
                    yield Played(job)
                worker.ready = worker.ready or said == "ready"
                if worker.ready and worker.job is None and todo:
                    worker.give(todo.popleft(), seconds)
    finally:
        for worker in workers:
            worker.end(kill=worker.job is not None)
