"""Collecting a few steps, looking at them, training and saving: the whole chain, small."""

from __future__ import annotations

import json

import numpy as np

from training import sft
from training.data import collect_demonstrations


def test_smoke_from_episodes_to_a_policy(tmp_path):
    out = tmp_path / "episodes"
    assert collect_demonstrations.main(["--smoke", "--out", str(out)]) == 0
    steps = [json.loads(line) for line in (out / "steps_000.jsonl").read_text().splitlines()]
    frames = np.load(out / "frames_000.npy")
    assert len(steps) == len(frames) == len(np.load(out / "events_000.npy"))
    assert {"instruction", "thought", "verb", "target"} <= set(steps[0])
    policy = tmp_path / "policy"
    assert (
        sft.main(
            [
                "--episodes",
                str(out),
                "--out",
                str(policy),
                "--updates",
                "1",
                "--batch",
                "4",
                "--threads",
                "1",
            ]
        )
        == 0
    )
    assert (policy / "policy.json").is_file()


def test_a_missing_folder_is_one_clear_line(tmp_path, capsys):
    assert sft.main(["--episodes", str(tmp_path / "none"), "--minutes", "0"]) == 2
    assert "training.data.collect_demonstrations" in capsys.readouterr().err
