"""The command says in one line what is wrong, and ends with the promised figures."""

from __future__ import annotations

import json
import resource

import pytest

from training.evaluate import _name, main
from training.evaluation.folder import EPISODES
from training.evaluation.plan import Plan
from training.evaluation.results import load_results


@pytest.mark.parametrize(
    "other",
    [
        {"control": "blank_frame"},
        {"feedback": "empty"},
        {"skills": "helped"},
        {"action_level": "skill"},
        {"rules": "on"},
        {"camera_noise": 8.0},
        {"frame": 600},
    ],
)
def test_what_is_played_otherwise_goes_into_a_folder_of_its_own(other):
    assert _name(Plan(**other)) != _name(Plan())


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
