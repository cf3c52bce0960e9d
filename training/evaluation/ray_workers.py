"""Plays the episodes of an evaluation on a Ray cluster.

Each worker is an actor with an episode runner of its own. It hands an episode's files back as
bytes, so that the evaluation's folder has to be on this machine only; they are written when the
episode is whole.
Suite and policy are opened on the nodes, which therefore need this project, and files given by
path, as they are here: a node where suite, policy or simulator differ is refused.
"""

from __future__ import annotations

import functools
import os
import socket
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agent.recording.output import run_directory
from envs.simulator.system.whole import no_room
from envs.supervised.errors import BackendError
from policies.base import PolicyStopped
from training.evaluation.episode_runner import EpisodeRunner
from training.evaluation.folder import stamp
from training.evaluation.plan import Job, Plan
from training.evaluation.pool import (
    EPISODE_SECONDS,
    News,
    Played,
    WorkerHandle,
    WorkerPool,
    WorkerRefused,
)
from training.evaluation.sources import open_suite

INSTALL = "pip install 'cimr-thor[ray]'"
# Bytes of a cluster started here that hold files on their way; what is more goes to disk.
_STORE = 256 * 1024 * 1024
_KNOCK_SECONDS = 20.0
_SAME = ("suite_sha256", "backend", "policy_sha256")


@dataclass(frozen=True)
class _Answer:
    """What an actor says, with the files of the episode it played by their relative paths."""

    news: News
    trace: str = ""
    files: dict[str, bytes] = field(default_factory=dict)


class _Actor:
    """Plays on a node."""

    def open(self, plan: Plan, folder: str, expected: dict[str, Any]) -> _Answer:
        """Begins; relative paths mean what they mean in ``folder``, if the node has it."""
        if os.path.isdir(folder):
            os.chdir(folder)
        try:
            self.runner = EpisodeRunner(plan)
            here = stamp(self.runner.suite, plan)
        except (ValueError, BackendError) as error:
            return _refused(f"{error} (on the node {os.uname().nodename})")
        for key in _SAME:
            if here[key] != expected[key]:
                return _refused(
                    f"The node {os.uname().nodename} has another version of suite, "
                    f"policy or simulator ({key} is {str(here[key])[:16]!r} there and "
                    f"{str(expected[key])[:16]!r} here): install the same on every node."
                )
        return _Answer(News("ready"))

    def play(self, job: Job) -> _Answer:
        """Plays an episode."""
        try:
            with tempfile.TemporaryDirectory(prefix="episode-") as folder:
                result = self.runner.play(job, Path(folder))
                place = Path(folder) / job.name
                files = {
                    path.relative_to(place).as_posix(): path.read_bytes()
                    for path in sorted(place.rglob("*"))
                    if path.is_file()
                }
        except PolicyStopped as error:
            return _refused(str(error))
        except Exception as error:
            full = no_room(error)
            if full is not None:
                # All that follow would be lost to the same.
                return _refused(
                    f"The node {os.uname().nodename} has no room for an episode's files "
                    f"({full.strerror}): make some in {tempfile.gettempdir()} and give the same "
                    "command again"
                )
            news = News("crashed", f"{type(error).__name__}: {error}")
            return _Answer(news, traceback.format_exc())
        return _Answer(News("played", result=result), files=files)

    def close(self) -> None:
        """Stops the backend."""
        if hasattr(self, "runner"):
            self.runner.close()


def _refused(why: str) -> _Answer:
    return _Answer(News("refused", why))


class _ActorHandle(WorkerHandle):
    """An actor, and what it was last asked."""

    def __init__(self, ray: Any, actor: Any, opening: tuple[Any, ...], out: Path) -> None:
        super().__init__()
        self._ray, self._out = ray, out
        self._actor = actor.remote()
        self.asked: Any = self._actor.open.remote(*opening)

    def hear(self) -> News:
        if self.asked is None or not self._ray.wait([self.asked], timeout=0)[0]:
            return News()
        asked, self.asked = self.asked, None
        try:
            answer: _Answer = self._ray.get(asked)
        except self._ray.exceptions.RayError as error:
            return News("died", _short(error))
        if answer.trace:
            print(answer.trace, file=sys.stderr, end="")
        if answer.news.said == "played" and self.job is not None:
            _write(self._out / self.job.name, answer.files)
        return answer.news

    def give(self, job: Job) -> None:
        self.asked = self._actor.play.remote(job)

    def end(self, kill: bool = False) -> None:
        try:
            if not kill:
                self._ray.get(self._actor.close.remote(), timeout=10)
        except self._ray.exceptions.RayError:
            pass  # It is killed next.
        self._ray.kill(self._actor, no_restart=True)


def _write(place: Path, files: dict[str, bytes]) -> None:
    """Writes an episode's directory, whole or not at all."""
    with run_directory(place) as folder:
        for name, content in files.items():
            path = folder / name
            if not path.resolve().is_relative_to(folder.resolve()):
                raise WorkerRefused(f"A node sent the file {name!r}, which is outside of {place}.")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _short(error: Exception) -> str:
    """The line of Ray's message that says what happened."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    said = lines[-1] if lines and lines[0].startswith("\x1b") or "ray::" in str(error) else lines[0]
    return f"{type(error).__name__}: {said}"[:300]


def _ray() -> Any:
    """Ray, if it is installed."""
    try:
        import ray
    except ImportError as error:
        raise WorkerRefused(
            f"--ray needs Ray, which is not installed: {INSTALL}, or use --workers K."
        ) from error
    return ray


def _connect(ray: Any, address: str, cpus: int) -> None:
    """Joins a cluster, or starts one here.

    Raises:
        WorkerRefused: If there is none at the address, or it has another version.
    """
    import logging

    # Ray would else ask on the terminal, or send its makers a note that it was started.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    quiet = {"logging_level": logging.ERROR, "log_to_driver": False}
    try:
        if address == "local":
            ray.init(
                "local", num_cpus=cpus, include_dashboard=False, object_store_memory=_STORE, **quiet
            )
        else:
            _knock(address)
            ray.init(address, **quiet)
    except (OSError, RuntimeError, ValueError) as error:
        said = str(error).strip().splitlines()
        raise WorkerRefused(
            f"No Ray cluster to be had at {address!r} ({(said or ['no reason given'])[0][:300]}): "
            "give the address of one, auto on one of its machines, or local to start one here."
        ) from error


def _knock(address: str) -> None:
    """Sees whether anybody listens at HOST:PORT; Ray itself would try for many minutes.

    Raises:
        OSError: If nobody does.
    """
    host, colon, port = address.rpartition("://")[2].rpartition(":")
    if colon and port.isdigit():
        socket.create_connection((host.strip("[]"), int(port)), timeout=_KNOCK_SECONDS).close()


def play_on_ray(
    plan: Plan,
    jobs: Sequence[Job],
    out: Path,
    count: int,
    address: str,
    seconds: float = EPISODE_SECONDS,
) -> Iterator[Played]:
    """Plays all episodes over some actors, in no particular order.

    Args:
        plan: What is evaluated.
        jobs: The episodes.
        out: Where they are written, on this machine.
        count: Actors; 0: as many as the cluster has room for.
        address: Of the cluster; auto finds that of this machine, local starts one for the while.
        seconds: That an episode may take.

    Raises:
        WorkerRefused: If Ray, the cluster, the policy, the suite or the backend is not to be had.
    """
    ray = _ray()
    _check(plan, address)
    cpus, gpus = max(1, plan.threads), int(plan.device.startswith("cuda"))
    joined = not ray.is_initialized()
    if joined:
        _connect(ray, address, cpus * (count or os.cpu_count() or 1))
    try:
        have = ray.cluster_resources()
        if have.get("GPU", 0) < gpus or have.get("CPU", 0) < cpus:
            print(
                f"the cluster has {have.get('CPU', 0):g} CPU and {have.get('GPU', 0):g} GPU, "
                f"each worker wants {cpus} and {gpus}: waiting for more",
                file=sys.stderr,
            )
        count = count or max(1, int(have.get("CPU", 1)) // cpus)
        actor = ray.remote(num_cpus=cpus, num_gpus=gpus, max_restarts=0, max_task_retries=0)(_Actor)
        opening = (plan, os.getcwd(), stamp(open_suite(plan.suite, plan.action_level), plan))

        def make() -> WorkerHandle:
            worker = _ActorHandle(ray, actor, opening, out)
            worker.wants = (
                f"; each wants {cpus} CPU and {gpus} GPU of the cluster's {have.get('CPU', 0):g} "
                f"and {have.get('GPU', 0):g}, and this project on its node"
            )
            return worker

        wait = functools.partial(_await, ray)
        yield from WorkerPool(make, wait, jobs, count, seconds).play()
    finally:
        if joined:
            ray.shutdown()


def _check(plan: Plan, address: str) -> None:
    """Refuses what can't work on a cluster.

    Raises:
        WorkerRefused: If the address is of Ray Client, or the plan wants files of this machine.
    """
    if address.startswith("ray://"):
        raise WorkerRefused(
            f"{address!r} is an address of Ray Client, which is not taken: "
            "give the cluster's own HOST:PORT, or auto from one of its machines."
        )
    asked = plan.endpoint
    if address != "local" and asked is not None and (asked.ledger or asked.transcript):
        raise WorkerRefused(
            "Budgets and transcripts are kept in files of this machine, which a cluster's others "
            "do not share: use --workers K or --ray local, or leave them out."
        )


def _await(ray: Any, workers: Sequence[WorkerHandle], longest: float) -> None:
    waited = [w.asked for w in workers if isinstance(w, _ActorHandle) and w.asked is not None]
    if waited:
        ray.wait(waited, num_returns=1, timeout=longest)
    else:
        time.sleep(longest)
