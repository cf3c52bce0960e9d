"""A killed worker loses no episode; one that can't end is given up."""

from __future__ import annotations

import contextlib
import json
import time

import psutil

from envs.tasks.suite_sources import open_suite
from training.evaluation.evaluate import evaluate
from training.evaluation.folder import EPISODES
from training.evaluation.plan import Plan, jobs_of
from training.evaluation.workers import play_in_processes


def _workers():
    """Workers among our children: what multiprocessing tracks resources by is none."""
    found = []
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error):
            line = " ".join(child.cmdline())
            if line and "resource_tracker" not in line:
                found.append(child)
    return found


def test_a_killed_worker_loses_no_episode(suite, tmp_path):
    plan = Plan(suite=str(suite), policy="expert", keep="none")
    jobs = jobs_of(open_suite(str(suite)), plan)
    stream = play_in_processes(plan, jobs, tmp_path, 1)
    played = [next(stream)]
    killed = _workers()
    for worker in killed:
        worker.kill()
    played += stream
    assert sorted(p.job.name for p in played) == sorted(job.name for job in jobs)
    assert not any(p.crashed for p in played)
    assert killed
    for _ in range(50):
        left = [worker for worker in (*killed, *_workers()) if worker.is_running()]
        if not left:
            break
        time.sleep(0.1)
    assert not left


def test_an_episode_that_cannot_end_is_recorded_as_crashed(suite, tmp_path):
    plan = Plan(suite=str(suite), policy="expert")
    opened, out = open_suite(str(suite)), tmp_path / "out"
    found = evaluate(plan, opened, out, episodes=1, workers=1, seconds=0.0, progress=False)
    assert found["crashed"] == 1 and found["success_rate"] == 0.0
    assert (
        "took more than"
        in json.loads((out / EPISODES / "0000-clean-r3" / "verdict.json").read_text())["crashed"]
    )
    again = evaluate(plan, opened, out, episodes=1, workers=0, progress=False)
    assert again["crashed"] == 0 and again["success_rate"] == 1.0
