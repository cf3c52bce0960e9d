"""An evaluation has a verdict for every episode, resumes, and is the same every time."""

from __future__ import annotations

import json
import multiprocessing
import os
import resource
import shutil
import time
from dataclasses import replace

import pytest

from envs.tasks.base import Task
from envs.tasks.goals import Every, Openness
from envs.tasks.suite import Entry, Suite, SuiteSetting, write_suite
from policies.chat.endpoint import EndpointSettings
from training.evaluation.episode_runner import Plan, jobs_of
from training.evaluation.evaluate import evaluate, main
from training.evaluation.report import write_report
from training.evaluation.results import (
    EPISODES,
    ResultsError,
    begin,
    done,
    episodes_of,
    load_results,
    record_crash,
    save_results,
    stamp,
)
from training.evaluation.sources import open_suite
from training.evaluation.workers import play_in_processes


def _task(target, scene):
    return Task(
        "open",
        scene,
        f"open the {target.lower()}",
        Every((Openness(target, True),)),
        target,
        spawn_seed=1,
        start=(-1.0, -1.5, 0.0, 30.0),
    )


@pytest.fixture
def suite(tmp_path):
    path = tmp_path / "small.jsonl"
    tasks = [
        _task("Fridge", "FloorPlan1"),
        _task("Microwave", "FloorPlan1"),
        _task("Drawer", "FloorPlan1"),
    ]
    write_suite(
        path,
        Suite(
            "small",
            "Three doors",
            SuiteSetting(),
            tuple(
                Entry(f"door-{k}", task, k, 2, "noop" if k else "", k)
                for k, task in enumerate(tasks)
            ),
        ),
    )
    return path


def _timeless(found):
    return {k: v for k, v in found.items() if k not in ("seconds_per_episode", "times")}


def _run(path, out, **options):
    plan = Plan(suite=str(path), policy="expert", **options)
    return evaluate(plan, open_suite(str(path)), out, workers=0, progress=False)


def test_the_same_evaluation_twice_gives_the_same_figures(suite, tmp_path):
    first = _run(suite, tmp_path / "a", rounds=(1, 3))
    assert _timeless(first) == _timeless(_run(suite, tmp_path / "b", rounds=(1, 3)))
    assert (first["episodes"], first["faulted_episodes"]) == (3, 2)
    assert first["success_rate"] == 1.0 and first["retry_err"] is None
    assert set(first["by_rounds"]) == {"1", "3"}


def test_a_run_that_was_cut_ends_with_the_same_figures(suite, tmp_path):
    whole = _run(suite, tmp_path / "whole")
    plan = Plan(suite=str(suite), policy="expert")
    out = tmp_path / "cut"
    opened = open_suite(str(suite))
    evaluate(plan, opened, out, episodes=1, workers=0, progress=False)
    before = {p: p.stat().st_mtime_ns for p in (out / EPISODES).glob("*/verdict.json")}
    assert _timeless(evaluate(plan, opened, out, workers=0, progress=False)) == _timeless(whole)
    assert before and all(p.stat().st_mtime_ns == t for p, t in before.items())


def test_a_killed_worker_loses_no_episode(suite, tmp_path):
    plan = Plan(suite=str(suite), policy="expert", keep="none")
    jobs = jobs_of(open_suite(str(suite)), plan)
    stream = play_in_processes(plan, jobs, tmp_path, 1)
    played = [next(stream)]
    for child in multiprocessing.active_children():
        child.kill()
    played += stream
    assert sorted(p.job.name for p in played) == sorted(job.name for job in jobs)
    assert not any(p.crashed for p in played)
    for _ in range(50):
        if not multiprocessing.active_children():
            break
        time.sleep(0.1)
    assert not multiprocessing.active_children()


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


def test_a_folder_of_another_evaluation_is_left_alone(suite, tmp_path):
    opened = open_suite(str(suite))
    begin(tmp_path / "out", stamp(opened, Plan(suite=str(suite), policy="expert")))
    (tmp_path / "out" / EPISODES / "0000-clean-r3").mkdir()
    with pytest.raises(ResultsError, match="policy was 'expert', is 'random'"):
        begin(tmp_path / "out", stamp(opened, Plan(suite=str(suite), policy="random")))
    begin(tmp_path / "asked", stamp(opened, Plan("x", "openai:m", endpoint=EndpointSettings())))
    (tmp_path / "asked" / EPISODES / "0000-clean-r3").mkdir()
    moved = EndpointSettings(base_url="http://localhost:9/v1")
    begin(tmp_path / "asked", stamp(opened, Plan("x", "openai:m", endpoint=moved)))
    with pytest.raises(ResultsError, match="questions was True, is False"):
        mute = EndpointSettings(questions=False)
        begin(tmp_path / "asked", stamp(opened, Plan("x", "openai:m", endpoint=mute)))
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("precious")
    with pytest.raises(ResultsError, match="no evaluation"):
        begin(tmp_path / "mine", stamp(opened, Plan(suite=str(suite), policy="expert")))


def test_folders_without_whole_results_say_so(suite, tmp_path):
    with pytest.raises(ResultsError, match="holds no results.json"):
        load_results(tmp_path)
    (tmp_path / "results.json").write_text('{"run": {"format": 99}}')
    with pytest.raises(ResultsError, match="format 99"):
        load_results(tmp_path)
    (tmp_path / "results.json").write_text("{")
    with pytest.raises(ResultsError, match="damaged"):
        load_results(tmp_path)
    assert done(tmp_path, jobs_of(open_suite(str(suite)), Plan(suite=""))) == {}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--suite", "nothing"], "map-val"),
        (["--suite", "moon:x"], "alfred:PATH"),
        (["--policy", "./nowhere"], "nowhere"),
        (["--backend", "no-such-thing"], "no-such-thing"),
    ],
)
def test_misuse_is_one_line(suite, tmp_path, capsys, arguments, said):
    given = [
        "--suite",
        str(suite),
        "--out",
        str(tmp_path / "o"),
        "--workers",
        "0",
        "--policy",
        "expert",
        *arguments,
    ]
    assert main(given) == 2
    error = capsys.readouterr().err.strip()
    assert said in error and "\n" not in error


def test_the_command_ends_with_the_promised_json(suite, tmp_path, capsys):
    out = tmp_path / "o"
    assert (
        main(
            [
                "--suite",
                str(suite),
                "--policy",
                "expert",
                "--workers",
                "0",
                "--out",
                str(out),
                "--json",
                "--videos",
                "all",
            ]
        )
        == 0
    )
    found = json.loads(capsys.readouterr().out.strip().splitlines()[-1])
    promised = (
        "suite policy backend episodes success_rate success_ci goal_condition_rate spl "
        "step_err_3 step_err_5 injected_err retry_err repeat_failure_rate mean_rounds "
        "mean_steps seconds_per_episode"
    )
    assert set(promised.split()) <= set(found)
    assert found == load_results(out)
    names = {p.name for p in (out / EPISODES / "0001-noop-r3").iterdir()}
    assert {
        "verdict.json",
        "trajectory.jsonl",
        "truth.json",
        "thumbnails.webp",
        "episode.mp4",
    } <= names


def test_an_instruction_beyond_the_policy_is_lost_not_crashed(tmp_path):
    path = tmp_path / "odd.jsonl"
    task = replace(_task("Fridge", "FloorPlan1"), instruction="defenestrate the xylophone")
    write_suite(path, Suite("odd", "Beyond words", SuiteSetting(), (Entry("odd", task, 0, 2),)))
    out = tmp_path / "out"
    plan = Plan(suite=str(path), policy="default")
    found = evaluate(plan, open_suite(str(path)), out, workers=0, progress=False)
    assert (found["refused"], found["crashed"], found["success_rate"]) == (1, 0, 0.0)
    save_results(out, found)
    assert "beyond the policy" in write_report(out).read_text()


def test_the_page_tells_every_episode_and_escapes_what_strangers_say(suite, tmp_path):
    tasks = [replace(_task("Fridge", "FloorPlan1"), instruction="open <b>the</b> fridge")]
    path = tmp_path / "odd.jsonl"
    write_suite(
        path, Suite("odd", "Markup", SuiteSetting(), (Entry("odd", tasks[0], 0, 2, "noop", 1),))
    )
    found = _run(path, tmp_path / "out")
    save_results(tmp_path / "out", found)
    text = write_report(tmp_path / "out").read_text()
    assert "open &lt;b&gt;the&lt;/b&gt; fridge" in text and "<b>the</b>" not in text
    assert text.count('class="episode"') == 2
    assert "data:image/webp;base64," in text and "<svg" in text
    assert "http://" not in text.replace("http://www.w3.org", "")


def test_a_folder_in_which_nothing_was_played_is_free(suite, tmp_path):
    opened = open_suite(str(suite))
    mistyped, meant = (stamp(opened, Plan(suite=str(suite), policy=p)) for p in ("xpert", "expert"))
    begin(tmp_path / "a", mistyped)
    begin(tmp_path / "a", meant)
    assert json.loads((tmp_path / "a" / "run.json").read_text()) == meant
    # Cut before even that was written.
    (tmp_path / "b" / EPISODES).mkdir(parents=True)
    (tmp_path / "b" / ".run.json.123").write_text("{")
    begin(tmp_path / "b", meant)
    assert json.loads((tmp_path / "b" / "run.json").read_text()) == meant


def test_the_page_shows_what_its_figures_are_of(suite, tmp_path):
    plan, out = Plan(suite=str(suite), policy="expert"), tmp_path / "out"
    opened = open_suite(str(suite))
    evaluate(plan, opened, out, workers=0, progress=False)
    fewer = evaluate(plan, opened, out, episodes=1, workers=0, progress=False)
    save_results(out, fewer)
    left = out / EPISODES / ".0000-clean-r3.partial-99999999"
    shutil.copytree(out / EPISODES / "0000-clean-r3", left)
    assert fewer["episodes"] == 1
    assert [p.name for p in episodes_of(out, fewer)] == ["0000-clean-r3"]
    assert write_report(out).read_text().count('class="episode"') == 1


def test_what_a_killed_worker_left_half_done_goes_with_its_verdict(suite, tmp_path):
    job = jobs_of(open_suite(str(suite)), Plan(suite=str(suite)))[0]
    left = [tmp_path / EPISODES / f".{job.name}.partial-{pid}" for pid in (os.getpid(), 99999999)]
    for place in left:
        place.mkdir(parents=True)
    record_crash(tmp_path, open_suite(str(suite)), job, "it died")
    assert not any(place.exists() for place in left)
    assert done(tmp_path, [job])[job][0].crashed == "it died"


def test_a_full_disk_stops_the_run_which_then_goes_on(suite, tmp_path, capfd):
    out = tmp_path / "out"
    given = ["--suite", str(suite), "--policy", "expert", "--episodes", "1", "--out", str(out)]
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    # No file may grow beyond this: run.json fits, an episode does not.
    resource.setrlimit(resource.RLIMIT_FSIZE, (1500, usual[1]))
    try:
        assert main(given) == 2
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    error = capfd.readouterr().err.strip().splitlines()[-1]
    assert "make room" in error and "same command again" in error
    assert not list((out / EPISODES).glob("*"))
    assert main([*given, "--workers", "0"]) == 0


def test_a_report_without_its_episodes_still_shows_the_figures(suite, tmp_path):
    out = tmp_path / "out"
    save_results(out, _run(suite, out))
    shutil.rmtree(out / EPISODES)
    assert "All figures" in write_report(out).read_text()


def test_what_will_be_less_than_asked_for_is_said(suite, tmp_path, capsys):
    asked = [
        "--suite",
        str(suite),
        "--policy",
        "expert",
        "--workers",
        "0",
        "--no-faults",
        "--out",
        str(tmp_path / "out"),
        "--keep",
        "none",
    ]
    assert main([*asked, "--episodes", "1"]) == 0
    assert not capsys.readouterr().err.count("tasks: all are played")
    assert main([*asked, "--episodes", "99", "--videos", "all"]) == 0
    said = capsys.readouterr().err
    assert "tasks: all are played" in said and "1 of the episodes" in said and "mp4" in said
