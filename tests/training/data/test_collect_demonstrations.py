"""Collecting a few steps, looking at them, training and saving: the whole chain, small."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from envs.actions import PRIMITIVE_MOVES, Action, verbs_of
from policies.base import Reply
from training import sft
from training.data import collect_demonstrations
from training.data.labelling import random_action


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


class Turner:
    """A learner that goes on turning left."""

    name = "turner"

    def reset(self, instruction, seed):
        pass

    def act(self, observation, context):
        return Reply(Action("rotate left"), thought="turning", text="rotate left")

    def ask(self, frame, question):
        return None


def _lines(folder):
    return [json.loads(line) for line in (folder / "steps_000.jsonl").read_text().splitlines()]


@pytest.mark.slow
def test_walks_are_collected_of_the_expert_and_of_a_learner(tmp_path):
    config = collect_demonstrations.DemonstrationConfig(
        steps=5, primitive=1.0, rooms="bathroom", tasks_a_room=2, rooms_a_part=1, frame=100
    )
    expert = replace(config, out=tmp_path / "expert", perturbed=0.0, faulted=0.0)
    collect_demonstrations.collect(expert)
    own = _lines(tmp_path / "expert")
    assert {line["level"] for line in own} == {"primitive"}
    assert {line["family"] for line in own} == {"navigate"}
    assert all(line["verb"] in verbs_of("primitive") and line["target"] is None for line in own)
    learner = replace(config, out=tmp_path / "learner", expert_share=0.0, faulted=0.0)
    collect_demonstrations.collect(learner, {"primitive": Turner()})
    theirs = _lines(tmp_path / "learner")
    assert {line["acted"][0] for line in theirs if line["verb"] != "done"} == {"rotate left"}
    assert {line["proposed"][0] for line in theirs} == {"rotate left"}


def test_somebody_clumsy_stays_at_the_level_that_is_played():
    env, rng = SimpleNamespace(action_level="primitive"), np.random.default_rng(0)
    drawn = {random_action(env, rng).verb for _ in range(200)}
    assert drawn <= set(PRIMITIVE_MOVES) and {"rotate left", "move ahead", "look up"} <= drawn


def test_a_missing_folder_is_one_clear_line(tmp_path, capsys):
    assert sft.main(["--episodes", str(tmp_path / "none"), "--minutes", "0"]) == 2
    assert "training.data.collect_demonstrations" in capsys.readouterr().err
