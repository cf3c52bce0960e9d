"""The command: misuse costs one line, a kill costs nothing that was played."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from tests.training.made_up import write_doors
from training.tables.__main__ import main


def refused(capsys, arguments):
    """The line that a misuse is answered with."""
    try:
        assert main(["cimr", *arguments]) == 2
    except SystemExit as end:
        assert end.code == 2
    said = capsys.readouterr().err.strip()
    assert len(said.splitlines()) == 1 and "Traceback" not in said
    return said


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--rows", "extra"], "use some of main"),
        (["--rows", ""], "use some of main"),
        (["--suite", "nowhere"], "nowhere"),
        (["--policy", "nobody-has-this"], "nobody-has-this"),
        (["--ablation", "no-memory"], "NAME=FOLDER"),
        (["--ablation", "no-memory=GONE"], "GONE"),
        (["--ablation", "a=x", "--ablation", "a=y"], "given twice"),
        (["--camera-noise", "-1"], "not within 0 and 255"),
        (["--rounds", "1"], "2"),
        (["--episodes", "0"], "0"),
        (["--from", "GONE"], "holds no asked.json"),
    ],
)
def test_misuse_is_one_line_and_leaves_nothing(arguments, said, tmp_path, capsys):
    gone = str(tmp_path / "gone")
    given = [text.replace("GONE", gone) for text in arguments]
    where = [] if "--from" in given else ["--out", str(tmp_path / "out")]
    where += [] if "--policy" in given else ["--policy", "random"]
    found = refused(capsys, [*given, *where])
    assert said.replace("GONE", gone) in found
    assert not (tmp_path / "out").exists()


def test_a_target_that_can_not_be_written_is_refused_before_any_work(tmp_path, capsys):
    (tmp_path / "file").write_text("a user's")
    refused(capsys, ["--policy", "random", "--out", str(tmp_path / "file" / "below")])
    assert (tmp_path / "file").read_text() == "a user's"


def test_a_checkpoint_that_is_none_is_named_before_anything_is_played(tmp_path, capsys):
    (tmp_path / "policy").mkdir()
    (tmp_path / "policy" / "config.json").write_text("{}")
    given = ["--ablation", f"no-fusion={tmp_path / 'policy'}", "--policy", "random"]
    assert "policy" in refused(capsys, [*given, "--out", str(tmp_path / "out")])
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_killed_run_goes_on_and_its_tables_are_the_unbroken_ones(tmp_path):
    suite = write_doors(tmp_path / "small.jsonl", ("Fridge", "Microwave", "Drawer"))
    asked = [
        "cimr",
        "--suite",
        str(suite),
        "--policy",
        "random",
        "--rows",
        "rounds",
        "--no-faults",
        "--workers",
        "1",
    ]
    command = [sys.executable, "-m", "training.tables", *asked, "--out"]
    out = tmp_path / "killed"
    begun = subprocess.Popen([*command, str(out)], start_new_session=True)
    deadline = time.monotonic() + 240
    while len(list(out.glob("rows/*/episodes/*/verdict.json"))) < 2:
        assert time.monotonic() < deadline and begun.poll() is None
        time.sleep(0.1)
    os.killpg(begun.pid, signal.SIGKILL)
    begun.wait()
    kept = {p: p.stat().st_mtime_ns for p in out.glob("rows/*/episodes/*/verdict.json")}
    early = subprocess.run([*command[:3], "cimr", "--from", str(out)], capture_output=True)
    assert early.returncode == 0 and "(3 asked)" in (out / "tables.md").read_text()
    for place in (out, tmp_path / "whole"):
        assert subprocess.run([*command, str(place)]).returncode == 0
    assert all(path.stat().st_mtime_ns == at for path, at in kept.items())
    pages = [json.loads((p / "tables.json").read_text()) for p in (out, tmp_path / "whole")]
    for page in pages:
        for row in page["rows"].values():
            row.pop("latency"), row.pop("latency_over_single")
    assert pages[0] == pages[1]
