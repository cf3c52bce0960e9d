"""The command: what it refuses at once, and by ``-m slow`` a small run, killed and gone on with."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from training.ivr_r1 import progress
from training.ivr_r1.__main__ import main
from training.ivr_r1.config import IvrConfig
from training.ivr_r1.run import closing, uncovered


@pytest.mark.parametrize("name", ["expert", "llava-hf/llava-1.5-7b-hf", "openai:gpt"])
def test_a_policy_of_another_architecture_is_refused_in_one_line(tmp_path, capsys, name):
    assert main(["--policy", name, "--out", str(tmp_path / "out")]) == 2
    error = capsys.readouterr().err.strip()
    assert "another architecture" in error or "no other architecture" in error
    assert "\n" not in error


def test_the_smoke_run_is_small_and_leaves_other_options_alone():
    config = IvrConfig(smoke=True, seed=3, attribution="key").small()
    assert (config.rounds, config.groups, config.num_generations) == (2, 2, 3)
    assert (config.seed, config.attribution) == (3, "key")
    assert IvrConfig(rounds=7).small().rounds == 7


def test_options_that_change_nothing_learned_may_differ_when_a_run_goes_on():
    one, other = IvrConfig(workers=2, rounds=5), IvrConfig(workers=0, rounds=9)
    assert one.identity == other.identity != IvrConfig(seed=1).identity
    assert json.loads(json.dumps(one.identity)) == one.identity


def test_the_last_lines_say_who_repaired_how_much():
    counts = {"rollouts": 8, "screened": 6, "groups": 2, "zero_variance": 1, "attributed": 4}
    counts |= {"rectified_try_1": 2, "rectified_try_3": 1, "rectified_by_expert": 1}
    record = progress.RunRecord(2, counts, 99, {"simulator": 3.0, "policy": 1.0})
    first, second, third = closing(record)
    assert "6 of 8 rollouts screened out, 1 of 2 groups all alike" in first
    assert "own second answer 3 of 4 (75%; at try 1, 2, 3: 2, 0, 1), by the expert 1" in second
    assert third == "time: simulator 75%, policy 25%"
    assert uncovered(record) == []
    assert uncovered(progress.RunRecord(2, {"groups": 2, "taught_nothing": 2, "screened": 1})) == [
        "attribution",
        "repair",
        "an accepted repair",
        "an update",
    ]


def command(out) -> list[str]:
    small = "--rounds 2 --groups 1 --num-generations 2 --workers 0 --rooms bathroom --budget 5"
    more = "--temperature 1.5 --tasks open,find --tries 1"
    return [sys.executable, "-m", "training.ivr_r1", *small.split(), *more.split(), "--out", out]


@pytest.mark.slow
def test_after_a_kill_the_next_batch_is_the_same(tmp_path):
    def lines(out):
        rows = progress.rounds(out, 9)
        kept = ("round", "reward", "success", "counts", "env_steps", "update")
        return [{name: row[name] for name in kept} for row in rows]

    straight, killed = tmp_path / "straight", tmp_path / "killed"
    subprocess.run(command(str(straight)), check=True, capture_output=True)
    going = subprocess.Popen(command(str(killed)), stdout=subprocess.DEVNULL)
    while not (killed / progress.STATE).exists() and going.poll() is None:
        time.sleep(0.2)
    os.kill(going.pid, signal.SIGKILL)
    going.wait()
    subprocess.run(command(str(killed)), check=True, capture_output=True)
    assert lines(killed) == lines(straight) and len(lines(killed)) == 2
