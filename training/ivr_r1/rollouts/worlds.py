"""Plays groups in several worlds, each a process; the network stays here and answers all of them.

A world plays a whole group, and asks by pipe: an answer, what is in view, whether something worked.
What is waiting when the network is free is answered together. A world that dies is replaced, and
its group is played again by another, once; a group that fails twice is given up and counted. With
no workers the groups are played in this process, one after the other.

A cluster's workers would stand where ``_World`` does: they need only hear, give and end.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait

from envs.simulator.system.worker import Worker
from envs.supervised.errors import BackendError
from training.ivr_r1.rollouts.desk import Asked, Desk
from training.ivr_r1.rollouts.group import GroupJob, GroupPlayer, GroupSettings
from training.ivr_r1.rollouts.rollout import Group
from training.ivr_r1.rollouts.screening import RewardError
from training.ivr_r1.rollouts.world_process import Call, Ended, serve

TRIES = 2  # of a group
GROUP_SECONDS = 900.0  # without a word of it, a world is taken for dead
STILLBORN = 3  # worlds that may die before they are ready
Serve = Callable[[Connection, GroupSettings], None]


class WorldsRefused(ValueError):
    """No world can begin."""


class _World:
    """A world's process as it is seen from here."""

    def __init__(self, number: int, settings: GroupSettings, serve: Serve) -> None:
        self.number = number
        self.worker = Worker(serve, settings)
        self.job: GroupJob | None = None
        self.spoke = False
        self.heard = time.monotonic()

    def give(self, job: GroupJob) -> None:
        """Has it play a group."""
        self.job, self.heard = job, time.monotonic()
        self.worker.send(job)

    def hear(self) -> Call | Ended | None:
        """What it says; None for nothing.

        Raises:
            EOFError: It is dead.
        """
        try:
            if self.worker.connection.poll():
                said: Call | Ended = self.worker.connection.recv()
                self.spoke, self.heard = True, time.monotonic()
                return said
        except OSError as error:
            raise EOFError(str(error)) from error
        if self.worker.exit_code is not None:
            raise EOFError(f"its process ended with {self.worker.exit_code}")
        if self.job is not None and time.monotonic() - self.heard > GROUP_SECONDS:
            raise EOFError(f"it said nothing for {GROUP_SECONDS:.0f} s")
        return None


class Worlds:
    """Plays groups.

    Args:
        settings: How.
        desk: Answers the worlds.
        workers: Processes; 0 plays here.
        serve: What a world's process does, as ``training.ivr_r1.rollouts.world_process.serve``.

    Attributes:
        lost: Worlds that died in a group.
        given_up: Groups that failed too often, each with the reason.
    """

    def __init__(
        self, settings: GroupSettings, desk: Desk, workers: int, serve: Serve = serve
    ) -> None:
        self.settings, self.desk, self.workers, self._serve = settings, desk, workers, serve
        self.lost = 0
        self.given_up: list[str] = []
        self._worlds: list[_World] = []
        self._here: GroupPlayer | None = None
        self._stillborn = 0

    def play(self, jobs: Sequence[GroupJob]) -> list[Group]:
        """Plays groups, and returns those that could be played by their number.

        Raises:
            WorldsRefused: If no world can begin, or no group can be played.
            RewardError: If a group's rewards are no numbers.
        """
        groups = list(self._in_processes(jobs) if self.workers else self._one_by_one(jobs))
        if jobs and not groups:
            raise WorldsRefused(f"No group can be played, first {self.given_up[-len(jobs)]}.")
        return sorted(groups, key=lambda group: group.number)

    def _one_by_one(self, jobs: Sequence[GroupJob]) -> Iterator[Group]:
        if self._here is None:
            self._here = GroupPlayer(
                self.settings, lambda name, *rest: self.desk.answer([Asked(0, name, rest)])[0]
            )
        for job in jobs:
            why = ""
            for _ in range(TRIES):
                try:
                    yield self._here.play(job)
                    break
                except RewardError:
                    raise
                except (ValueError, BackendError) as error:
                    why = str(error)
            else:
                self.given_up.append(f"group {job.number}: {why}")

    def _in_processes(self, jobs: Sequence[GroupJob]) -> Iterator[Group]:
        todo = deque(jobs)
        tried = dict.fromkeys(jobs, 0)
        while todo or any(world.job for world in self._worlds):
            self._fill(todo)
            wait([world.worker.connection for world in self._worlds], 1.0)
            calls: list[tuple[_World, Asked]] = []
            for world in list(self._worlds):
                try:
                    said = world.hear()
                except EOFError as error:
                    self._mourn(world, str(error), todo, tried)
                    continue
                if isinstance(said, Call):
                    calls.append((world, Asked(world.number, *said)))
                elif isinstance(said, Ended):
                    group = self._ended(world, said, todo, tried)
                    if group is not None:
                        yield group
            answers = self.desk.answer([asked for _, asked in calls]) if calls else []
            for (world, _), answer in zip(calls, answers, strict=True):
                world.worker.send(answer)

    def _fill(self, todo: deque[GroupJob]) -> None:
        """Starts worlds while there are groups for them, and gives each that is free a group."""
        busy = sum(world.job is not None for world in self._worlds)
        while len(self._worlds) < min(self.workers, len(todo) + busy):
            taken = {world.number for world in self._worlds}
            number = next(k for k in range(self.workers) if k not in taken)
            self._worlds.append(_World(number, self.settings, self._serve))
        for world in self._worlds:
            if world.job is None and todo:
                world.give(todo.popleft())

    def _ended(
        self, world: _World, said: Ended, todo: deque[GroupJob], tried: dict[GroupJob, int]
    ) -> Group | None:
        job, world.job = world.job, None
        if said.final:
            raise WorldsRefused(said.why)
        if said.group is None and job is not None:
            self._again(job, said.why, todo, tried)
        return said.group

    def _mourn(
        self, world: _World, why: str, todo: deque[GroupJob], tried: dict[GroupJob, int]
    ) -> None:
        """A world died: its group goes to another."""
        self._worlds.remove(world)
        world.worker.end(kill=True)
        self.lost += world.job is not None
        self._stillborn += not world.spoke
        if self._stillborn >= STILLBORN:
            raise WorldsRefused(f"Worlds die before they can play: {why}.")
        if world.job is not None:
            self._again(world.job, why, todo, tried)

    def _again(
        self, job: GroupJob, why: str, todo: deque[GroupJob], tried: dict[GroupJob, int]
    ) -> None:
        tried[job] += 1
        if tried[job] < TRIES:
            todo.appendleft(job)
        else:
            self.given_up.append(f"group {job.number}: {why}")

    def close(self) -> None:
        """Ends all worlds."""
        for world in self._worlds:
            world.worker.end(kill=world.job is not None)
        self._worlds = []
        if self._here is not None:
            self._here.close()
            self._here = None
