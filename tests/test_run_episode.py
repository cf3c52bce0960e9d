"""The command: what it writes, prints and returns, and how it turns bad input away."""

from __future__ import annotations

import filecmp
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

import run_episode
from agent.recording.trajectory import read_trajectory

ROOT = Path(run_episode.__file__).parent
EASY = ["--policy", "expert", "--scene", "FloorPlan3", "--instruction", "open the fridge"]


def lines(capsys: pytest.CaptureFixture[str]) -> tuple[list[str], list[str]]:
    printed = capsys.readouterr()
    return printed.out.splitlines(), printed.err.splitlines()


def test_an_episode_leaves_video_report_and_record(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_episode.main([*EASY, "--out", str(tmp_path / "run"), "--json"]) == 0
    out, err = lines(capsys)
    result = json.loads(out[-1])
    assert {
        "success",
        "steps",
        "goal_conditions_met",
        "goal_conditions",
        "errors",
        "recovered",
        "mean_rounds",
        "seconds",
        "backend",
        "policy",
        "out",
    } <= set(result)
    assert result["success"] is True and result["policy"] == "expert"
    assert result["out"] == str(tmp_path / "run") and len(out) == 1
    assert any("goto Fridge" in line for line in err)
    names = {path.name for path in (tmp_path / "run").iterdir()}
    assert names == {"episode.mp4", "report.html", "trajectory.jsonl", "timing.jsonl", "frames"}
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_the_agent_sees_as_large_a_frame_as_is_asked_for(tmp_path: Path) -> None:
    from PIL import Image

    run_episode.main([*EASY, "--frame", "96", "--out", str(tmp_path / "run")])
    frame = next((tmp_path / "run" / "frames").iterdir())
    with Image.open(frame) as picture:
        assert picture.size == (96, 96)


def test_two_runs_with_one_seed_are_the_same_to_the_byte(tmp_path: Path) -> None:
    for name in "ab":
        assert run_episode.main([*EASY, "--seed", "5", "--out", str(tmp_path / name)]) == 0
    first, second = tmp_path / "a", tmp_path / "b"
    assert filecmp.cmp(first / "trajectory.jsonl", second / "trajectory.jsonl", shallow=False)
    hashes = [
        [step.frame_hash for step in read_trajectory(place).steps] for place in (first, second)
    ]
    assert hashes[0] == hashes[1] and hashes[0]


def test_several_episodes_are_summed_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [*EASY, "--episodes", "2", "--json", "--out", str(tmp_path / "runs" / "x")]
    assert run_episode.main(arguments) == 0
    result = json.loads(lines(capsys)[0][-1])
    assert result["success"] == 1.0 and len(result["episodes"]) == 2
    assert [entry["seed"] for entry in result["episodes"]] == [0, 1]
    for entry in result["episodes"]:
        assert (Path(entry["out"]) / "report.html").is_file()
    assert "episode-001/report.html" in (tmp_path / "runs" / "x" / "report.html").read_text()
    assert json.loads((tmp_path / "runs" / "x" / "episodes.json").read_text()) == result


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        (["--scene", "attic"], ["attic", "kitchen", "bathroom", "FloorPlan30"]),
        (["--scene", "bathroom", "--task", "heat"], ["heat", "bathroom", "clean"]),
        (["--scene", "FloorPlan31"], ["FloorPlan31", "FloorPlan30"]),
        (["--task", "cook"], ["cook", "pick_and_place"]),
        (["--instruction", "  "], ["--instruction", "open the fridge"]),
        (["--instruction", "open the fridge", "--task", "open"], ["--instruction", "--task"]),
        (["--policy", "expert", "--instruction", "flibber the wug"], ["flibber the wug"]),
        (["--policy", "expert", "--instruction", "open the apple"], ["apple", "cannot be opened"]),
        (
            ["--policy", "expert", "--instruction", "put the fridge in the mug"],
            ["cannot be carried"],
        ),
        (
            ["--policy", "expert", "--scene", "FloorPlan4", "--instruction", "open the safe"],
            ["FloorPlan4", "Safe"],
        ),
        (["--policy", "expert", "--backend", "holodeck"], ["holodeck", "embedded"]),
        (["--policy", "expert", "--action-level", "primitive"], ["expert", "--task navigate"]),
        (
            ["--policy", "expert", "--action-level", "primitive", "--instruction", "go there"],
            ["expert", "--task navigate"],
        ),
        (["--policy", "expert", "--fault", "gremlin"], ["gremlin", "noop"]),
        (["--policy", "./no/such/model"], ["./no/such/model", "default"]),
        (["--policy", "whatever"], ["whatever", "default"]),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], named: list[str]
) -> None:
    assert run_episode.main([*arguments, "--out", str(tmp_path / "run")]) == 2
    _, err = lines(capsys)
    assert len(err) == 1 and all(part in err[0] for part in named), err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--rounds", "0"],
        ["--seed", "-1"],
        ["--seed", "x"],
        ["--feedback", "loud"],
        ["--action-level", "thought"],
        ["--episodes", "0"],
        ["--sceen", "kitchen"],
        ["extra"],
    ],
)
def test_a_bad_option_is_said_in_one_line(
    capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        run_episode.main(arguments)
    assert stop.value.code == 2
    _, err = lines(capsys)
    assert len(err) == 1 and arguments[0].lstrip("-") in err[0]


def test_an_output_directory_of_somebody_else_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "thesis.tex").write_text("mine")
    assert run_episode.main([*EASY, "--out", str(tmp_path)]) == 2
    assert "thesis.tex" in lines(capsys)[1][0]
    assert (tmp_path / "thesis.tex").read_text() == "mine"


def test_help_has_examples_and_loads_nothing_heavy() -> None:
    code = (
        "import sys, run_episode\n"
        "try: run_episode.main(['--help'])\n"
        "except SystemExit as stop: assert stop.code == 0\n"
        "assert not {'torch', 'ai2thor', 'panda3d', 'av'} & set(sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, text=True, capture_output=True, check=True
    )
    assert "examples:" in done.stdout and "--scene FloorPlan28" in done.stdout


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path, capfd):
    usual = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (5000, usual[1]))
    try:
        code = run_episode.main(
            ["--scene", "kitchen", "--policy", "expert", "--out", str(tmp_path / "out")]
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, usual)
    error = capfd.readouterr().err.strip()
    assert code == 2 and "make room" in error and "\n" not in error
    assert list(tmp_path.iterdir()) == []
