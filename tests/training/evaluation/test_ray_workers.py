"""On a Ray cluster an evaluation keeps its promises: same figures, nothing lost, nothing left."""

from __future__ import annotations

import importlib.util
import os
import signal
import time

import pytest

from envs.tasks.base import Task
from envs.tasks.goals import Every, Openness
from envs.tasks.suite import Entry, Suite, SuiteSetting, write_suite
from envs.tasks.suite_sources import open_suite
from training.evaluate import main
from training.evaluation.evaluate import evaluate
from training.evaluation.folder import EPISODES, stamp
from training.evaluation.plan import Plan, jobs_of
from training.evaluation.pool import WorkerRefused
from training.evaluation.ray_workers import _Actor, _write, play_on_ray
from training.evaluation.verdicts import load_result

HAS_RAY = importlib.util.find_spec("ray") is not None
needs_ray = pytest.mark.skipif(not HAS_RAY, reason="Ray is not installed (the extra ray)")


@pytest.fixture
def suite(tmp_path):
    path = tmp_path / "small.jsonl"
    entries = []
    for k, target in enumerate(("Fridge", "Microwave")):
        task = Task(
            "open",
            "FloorPlan1",
            f"open the {target.lower()}",
            Every((Openness(target, True),)),
            target,
            spawn_seed=1,
            start=(-1.0, -1.5, 0.0, 30.0),
        )
        entries.append(Entry(f"door-{k}", task, k, 2, "noop" if k else "", k))
    write_suite(path, Suite("small", "Two doors", SuiteSetting(), tuple(entries)))
    return path


def _timeless(found):
    return {k: v for k, v in found.items() if k not in ("seconds_per_episode", "times")}


def _children(pid):
    """Processes below one, at any depth."""
    found = []
    for entry in os.listdir("/proc"):
        try:
            with open(f"/proc/{entry}/stat") as file:
                parent = int(file.read().rpartition(")")[2].split()[1])
        except (OSError, ValueError):
            continue
        if parent == pid:
            found += [int(entry), *_children(int(entry))]
    return found


def test_an_actor_hands_back_whole_episodes_and_refuses_another_version(suite, tmp_path):
    plan = Plan(suite=str(suite), policy="expert")
    expected = stamp(open_suite(str(suite)), plan)
    actor, here = _Actor(), os.getcwd()
    refused = actor.open(plan, here, {**expected, "suite_sha256": "0" * 64})
    assert refused.news.said == "refused" and "another version" in refused.news.why
    assert actor.open(plan, here, expected).news.said == "ready"
    job = jobs_of(actor.runner.suite, plan)[0]
    answer = actor.play(job)
    actor.close()
    assert answer.news.said == "played"
    _write(tmp_path / "out" / job.name, answer.files)
    result = load_result(tmp_path / "out" / job.name)
    assert result == answer.news.result
    assert result.verdict.success and (tmp_path / "out" / job.name / "thumbnails.webp").is_file()
    with pytest.raises(WorkerRefused, match="outside"):
        _write(tmp_path / "out" / "bad", {"../../stolen": b""})
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == [job.name]


@needs_ray
@pytest.mark.slow
def test_a_cluster_gives_the_figures_of_one_process(suite, tmp_path):
    plan, opened = Plan(suite=str(suite), policy="expert"), open_suite(str(suite))
    here = evaluate(plan, opened, tmp_path / "here", workers=0, progress=False)
    there = evaluate(plan, opened, tmp_path / "there", workers=1, ray="local", progress=False)
    assert _timeless(here) == _timeless(there)
    for job in jobs_of(opened, plan):
        names = [
            sorted(p.name for p in (tmp_path / run / EPISODES / job.name).iterdir())
            for run in ("here", "there")
        ]
        assert names[0] == names[1] and "thumbnails.webp" in names[0]


@needs_ray
@pytest.mark.slow
def test_a_killed_actor_loses_no_episode_and_leaves_no_process(suite, tmp_path):
    plan = Plan(suite=str(suite), policy="expert", keep="none")
    jobs = jobs_of(open_suite(str(suite)), plan)
    stream = play_on_ray(plan, jobs, tmp_path, 1, "local")
    played = [next(stream)]
    below = _children(os.getpid())
    actors = [pid for pid in below if "_Actor" in _title(pid)]
    below += [child for pid in actors for child in _children(pid)]
    assert actors
    os.kill(actors[0], signal.SIGKILL)
    played += stream
    assert sorted(p.job.name for p in played) == sorted(job.name for job in jobs)
    assert not any(p.crashed for p in played)
    until = time.monotonic() + 20
    while time.monotonic() < until and any(_title(pid) for pid in below):
        time.sleep(0.2)
    assert not [_title(pid) for pid in below if _title(pid)]


def _title(pid):
    try:
        with open(f"/proc/{pid}/cmdline") as file:
            return file.read().replace("\0", " ")
    except OSError:
        return ""


@needs_ray
@pytest.mark.slow
def test_an_episode_past_its_time_is_tried_thrice_and_recorded(suite, tmp_path):
    plan, opened = Plan(suite=str(suite), policy="expert"), open_suite(str(suite))
    found = evaluate(
        plan,
        opened,
        tmp_path / "out",
        episodes=1,
        workers=1,
        ray="local",
        seconds=0.0,
        progress=False,
    )
    assert found["crashed"] == 1 and found["success_rate"] == 0.0


@needs_ray
@pytest.mark.slow
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--policy", "./nowhere", "--ray", "local"], "nowhere"),
        (["--policy", "expert", "--ray", "127.0.0.1:1"], "No Ray cluster"),
    ],
)
def test_what_is_not_to_be_had_is_one_line(suite, tmp_path, capsys, arguments, said):
    assert main(["--suite", str(suite), "--out", str(tmp_path / "o"), *arguments]) == 2
    error = capsys.readouterr().err.strip()
    assert said in error and "\n" not in error


@pytest.mark.skipif(HAS_RAY, reason="Ray is installed")
def test_without_ray_the_error_names_the_extra(suite, tmp_path, capsys):
    given = ["--suite", str(suite), "--policy", "expert", "--out", str(tmp_path / "o"), "--ray"]
    assert main(given) == 2
    error = capsys.readouterr().err.strip()
    assert "pip install 'cimr-thor[ray]'" in error and "\n" not in error
