"""Whoever plays, no episode is lost, none is tried for ever, and what can't begin is said."""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.fakes import FakeWorker
from training.evaluation.plan import Job
from training.evaluation.pool import WorkerPool, WorkerRefused

JOBS = [Job(k, 3) for k in range(6)]


def _play(workers, count=2, seconds=60.0, jobs=JOBS):
    """Plays over workers that behave as the list says, the last of it for ever."""
    made = []

    def make():
        made.append(FakeWorker(workers[min(len(made), len(workers) - 1)]))
        return made[-1]

    pool = WorkerPool(make, lambda workers, seconds: None, jobs, count, seconds)
    played = list(pool.play())
    return {p.job: p.crashed for p in played}, made


def test_every_episode_is_played_once():
    found, made = _play(["plays"])
    assert found == dict.fromkeys(JOBS, "") and len(made) == 2
    assert sum(len(worker.given) for worker in made) == 6
    assert all(worker.ended and not worker.killed for worker in made)


def test_a_dead_worker_is_replaced_and_its_episode_played_elsewhere():
    found, made = _play(["dies", "plays"])
    assert found == dict.fromkeys(JOBS, "")
    assert made[0].killed and len(made) == 3


@pytest.mark.parametrize("manner", ["crashes", "dies"])
def test_what_fails_three_times_is_recorded(manner):
    found, made = _play([manner], jobs=JOBS[:2])
    assert set(found) == set(JOBS[:2]) and all("by design" in why for why in found.values())
    given = [job for worker in made for job in worker.given]
    assert sorted(given.count(job) for job in JOBS[:2]) == [3, 3]


def test_a_stuck_worker_is_killed_when_its_time_is_up():
    found, made = _play(["sleeps"], count=1, seconds=0.0, jobs=JOBS[:1])
    assert "more than 0 s" in found[JOBS[0]]
    assert len(made) == 3 and all(worker.killed for worker in made)


def test_workers_that_never_begin_are_one_error():
    with pytest.raises(WorkerRefused, match="die before they can play: stillborn by design; wants"):
        _play(["stillborn"])


def test_where_some_workers_never_begin_the_others_play_all():
    found, made = _play(["plays", "stillborn"], jobs=JOBS)
    assert found == dict.fromkeys(JOBS, "")
    assert len(made[0].given) == 6 and all(not worker.given for worker in made[1:])


def test_a_refusal_ends_everything():
    with pytest.raises(WorkerRefused, match="refused by design"):
        _play(["plays", "refuses"])


def test_neighbours_are_played_by_one_worker():
    _, workers = _play(["plays"], jobs=[Job(k, 3) for k in range(40)])
    for worker in workers:
        breaks = sum(b.index != a.index + 1 for a, b in pairwise(worker.given))
        assert len(worker.given) > 10 and breaks <= 4
