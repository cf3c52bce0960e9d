"""The verifier learns from steps, and nothing else of its policy changes."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from envs.actions import Action
from policies.cimr.checkpoint import read_record
from policies.cimr.checkpoint_config import NEVER
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.model import small_model
from policies.cimr.token_codec import Codec
from policies.cimr.verifier import Evidence
from policies.loading import load_default
from training.checkpoint import CARD, save_policy
from training.data.outcomes import ACTION_FAILED, EFFECT_MISSING, OK, load_outcomes
from training.data.verifier_evidence import OutcomeTable
from training.reports.verifier_report import (
    Verdicts,
    least_trust,
    precision_recall,
    report,
    scores,
)
from training.verifier import VerifierConfig, main, train


def write_steps(folder: Path, episodes: int = 4, length: int = 4) -> Path:
    """Doors that open or don't, in as many rooms as episodes."""
    folder.mkdir()
    rng, lines = np.random.default_rng(0), []
    for episode in range(episodes):
        for step in range(length):
            worked = bool((episode + step) % 2)
            lines.append(
                {
                    "episode": episode,
                    "step": step,
                    "round": 1,
                    "frame": len(lines),
                    "scene": f"FloorPlan{episode + 1}",
                    "fault": "noop" if episode == 1 else "",
                    "struck": "noop" if episode == 1 and not worked else "",
                    "acted": ["open", "Fridge", None] if step else ["look around", None, None],
                    "worked": worked,
                    "held": "Mug" if step == 2 else "",
                }
            )
    frames = rng.integers(0, 255, (len(lines), 288, 288, 3), dtype=np.uint8)
    np.save(folder / "frames_000.npy", frames)
    (folder / "steps_000.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    return folder


@pytest.fixture
def steps(tmp_path):
    return write_steps(tmp_path / "steps")


def test_steps_become_outcomes(steps):
    outcomes = load_outcomes([steps], Codec(build_tokenizer()))
    assert len(outcomes) == 16
    kinds = {outcome.kind for outcome in outcomes if outcome.is_faulted}
    assert kinds == {OK, EFFECT_MISSING}
    assert {o.kind for o in outcomes if not o.is_faulted} == {OK, ACTION_FAILED}
    assert not any(o.is_judged for o in outcomes if o.after < 0 or not o.verb_name)
    assert [o.after - o.before for o in outcomes[:4]] == [1, 1, 1, -4]


def test_steps_that_do_not_say_what_came_of_them_are_refused(steps):
    lines = [json.loads(line) for line in (steps / "steps_000.jsonl").read_text().splitlines()]
    for line in lines:
        del line["worked"]
    (steps / "steps_000.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with pytest.raises(ValueError, match="collect_demonstrations"):
        load_outcomes([steps], Codec(build_tokenizer()))


def test_an_unknown_policy_is_one_line(steps, tmp_path, capsys):
    argv = ["--episodes", str(steps), "--policy", str(tmp_path / "none"), "--out", str(tmp_path)]
    assert main(argv) == 2
    error = capsys.readouterr().err.strip()
    assert error.startswith("training.verifier:") and "\n" not in error


@pytest.mark.slow
def test_only_the_verifier_changes_and_a_second_run_goes_on(steps, tmp_path):
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    before = tmp_path / "policy"
    both = ["primitive", "skill"]
    save_policy(before, small_model(tokenizer), tokenizer, known_words=["open"], levels=both)
    (before / CARD).write_text("kept")
    config = VerifierConfig(
        episodes=(steps,), policy=str(before), out=tmp_path / "out", updates=2, batch=4, threads=1
    )
    policy = load_default(before)
    frames = np.load(steps / "frames_000.npy")
    assert policy.judge(frames[0], frames[1], Action("open", "Fridge")) is None
    first = train(config)
    assert first["samples"] == 8 and set(first["trust"]) == {"foresee", "judge"}
    old, new = (_weights(folder) for folder in (before, config.out))
    changed = {name for name in new if not torch.equal(old[name], new[name])}
    assert changed and all(name.startswith("verifier.") for name in changed)
    assert (config.out / CARD).read_text() == "kept"
    assert read_record(config.out)["levels"] == both
    assert "did it work" in (config.out / "verifier.txt").read_text()
    verified = load_default(config.out)
    answer = verified.judge(frames[0], frames[1], Action("open", "Fridge"))
    assert answer is not None and 0.5 <= answer.confidence <= 1
    assert verified.judge(frames[0], frames[1], Action("look around")) is None
    assert verified.foresee(frames[0], Action("drop")) is not None
    assert verified.held(frames[0]) is not None
    again = train(replace(config, policy="no such policy"))
    assert again["samples"] == 16


def _weights(folder: Path) -> dict[str, torch.Tensor]:
    found: dict[str, torch.Tensor] = {}
    for path in folder.glob("model*.safetensors"):
        found |= load_file(path)
    return found


def test_figures_of_made_up_verdicts():
    kind = np.array([OK, OK, ACTION_FAILED, EFFECT_MISSING])
    level = np.array([3.0, -1.0, -3.0, 2.0])
    every = np.ones(4, bool)
    held = np.log(np.array([[0.9, 0.1], [0.8, 0.2], [0.3, 0.7], [0.6, 0.4]]))
    said = Verdicts(level, level, held, kind, np.array([0, 0, 1, 1]), every, every)
    found = scores(said)
    assert (found["judge_precision"], found["judge_recall"]) == (0.5, 0.5)
    assert (found["held_right"], found["empty_right"]) == (0.5, 1.0)
    assert "effect_missing" in report(said) and "in the hand: 50.0%" in report(said)
    assert least_trust(level, kind != OK, 0.9) == NEVER
    assert least_trust(level, kind != OK, 0.9, flags=1) == pytest.approx(0.75, abs=0.05)
    assert np.isnan(precision_recall(np.zeros(2, bool), np.ones(2, bool))[0])


def test_what_did_nothing_shows_the_frame_before_twice():
    part = torch.arange(12.0).view(2, 2, 3).half()
    cells = torch.arange(36.0).view(2, 3, 6).half()
    evidence = Evidence(cells, part, part[..., None], part, torch.ones(2, dtype=torch.bool))
    table = OutcomeTable([], evidence)
    every = np.ones(2, bool)
    found = table.batch(np.arange(2), every, np.array([True, False]))
    assert torch.equal(found.cells[0, :, 2:4], found.cells[0, :, :2])
    assert not found.cells[0, :, 4:].any() and torch.equal(found.cells[1], cells[1].float())
    assert torch.equal(found.found[0, 1], found.found[0, 0])
    assert torch.equal(found.found[1], part[1].float())
    assert not table.batch(np.arange(2), ~every).hand[:, 1].any()
