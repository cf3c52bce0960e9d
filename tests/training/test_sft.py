"""SFT on tiny made-up steps: it learns, keeps the vision encoder's words, and is repeatable."""

from __future__ import annotations

import itertools
import json
import os
import signal
from dataclasses import replace

import numpy as np
import pytest
import torch

from envs.simulator.system.stopping import Stopped
from policies.cimr.checkpoint import read_record
from tests.training.made_up_steps import small_parts
from training.batches import Augmentation, Batcher
from training.checkpoint import save_vision
from training.feature_cache import VISION_WEIGHTS
from training.sft import SftConfig, agreement, main, new_model, put_vision, sft_loss, train


@pytest.fixture(scope="module")
def parts():
    return small_parts()


def test_the_loss_falls_and_the_vision_encoders_words_stay(parts):
    model, tokenizer, steps = parts
    table = model.get_input_embeddings().weight
    before = table.detach().clone()
    batcher = Batcher(steps, tokenizer, model.config.name_ids, Augmentation())
    batch = batcher.make(np.arange(16), np.random.default_rng(0), augment=False)
    with torch.no_grad():
        first = sft_loss(model, batch).item()
    record = train(model, tokenizer, steps, SftConfig(updates=3, batch=4, rate=0.1, threads=1))
    with torch.no_grad():
        assert sft_loss(model, batch).item() < first - 0.2
    assert record["samples"] > 0
    kept = model.config.name_ids
    assert torch.equal(table[kept], before[kept])
    assert not torch.equal(table, before)


def test_a_vision_encoder_of_other_words_is_refused(parts, tmp_path):
    from safetensors.torch import save_file

    _, tokenizer, _ = parts
    save_file(
        {"model.language_model.embed_tokens.weight": torch.zeros(10, 256)},
        tmp_path / "vision.safetensors",
    )
    with pytest.raises(ValueError, match="does not fit"):
        new_model(tokenizer, tmp_path)


def test_a_policy_gets_another_vision_encoder_and_keeps_all_else(parts, tmp_path):
    model, tokenizer, _ = parts
    seeing, deciding = new_model(tokenizer), new_model(tokenizer)
    save_vision(tmp_path / "vision", seeing, {})
    before = {key: value.clone() for key, value in deciding.state_dict().items()}
    put_vision(deciding, tmp_path / "vision")
    after, theirs = deciding.state_dict(), seeing.state_dict()
    changed = {key for key in before if not torch.equal(before[key], after[key])}
    assert any(key.startswith("model.vision_tower.") for key in changed)
    table = "model.language_model.embed_tokens.weight"
    tied = {table, "lm_head.weight"}
    assert all(torch.equal(after[key], theirs[key]) for key in changed - tied)
    assert all(key.startswith(VISION_WEIGHTS) for key in changed - {"lm_head.weight"})
    names = model.config.name_ids
    assert torch.equal(after[table][names], theirs[table][names])
    unseen = next(row for row in range(len(before[table])) if row not in {*names, 0})
    assert torch.equal(after[table][unseen], before[table][unseen])


class _HeavierActions(Batcher):
    """Weighs the action's tokens twice."""

    def make(self, chosen, rng, augment=True):
        batch = super().make(chosen, rng, augment)
        return batch._replace(weights=torch.where(batch.action, 2.0, batch.weights))


@pytest.mark.parametrize("kind", [Batcher, _HeavierActions])
def test_agreement_of_a_network_that_knows_nothing_is_nought_whatever_the_weights(kind):
    model, tokenizer, steps = small_parts()
    with torch.no_grad():
        # Whatever is asked, the answer is the padding.
        model.get_input_embeddings().weight.zero_()
    batcher = kind(steps, tokenizer, model.config.name_ids, Augmentation())
    assert agreement(model, batcher, np.arange(16)) == {"verb": 0.0, "action": 0.0}


def test_what_was_trained_at_both_levels_says_so_and_is_scored_at_each(tmp_path):
    model, tokenizer, steps = small_parts()
    moves = [
        {**r, "verb": "move ahead", "target": None, "level": "primitive"} for r in steps.records
    ]
    both = replace(steps, records=steps.records[:8] + moves[8:])
    config = SftConfig(updates=1, batch=4, threads=1)
    record = train(model, tokenizer, both, config, tmp_path / "out", held=both)
    scores = record["scores"]
    assert scores["verb"] == pytest.approx((scores["skill verb"] + scores["primitive verb"]) / 2)
    assert {"skill action", "primitive action"} <= set(scores)
    assert read_record(tmp_path / "out")["levels"] == ["primitive", "skill"]
    train(*small_parts(), config, tmp_path / "skills")
    assert read_record(tmp_path / "skills")["levels"] == ["skill"]


def test_so_many_updates_give_the_same_weights_every_time():
    trained = []
    for _ in range(2):
        model, tokenizer, steps = small_parts()
        config = SftConfig(updates=2, batch=1, threads=1, seed=7)
        record = train(model, tokenizer, steps, config)
        assert record["samples"] == 2
        trained.append(model.state_dict())
    assert all(torch.equal(value, trained[1][name]) for name, value in trained[0].items())
    other = small_parts()
    train(*other, replace(config, seed=8))
    assert not torch.equal(other[0].lm_head.weight, trained[0]["lm_head.weight"])


@pytest.mark.parametrize("flag", ["--vision", "--eye"])
def test_a_missing_vision_encoder_is_one_line_under_both_names_of_the_flag(tmp_path, capsys, flag):
    assert main(["--episodes", str(tmp_path), flag, str(tmp_path / "none")]) == 2
    error = capsys.readouterr().err.strip()
    assert "training.pretrain_vision" in error and "\n" not in error


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_saves_what_was_learned_and_says_how_to_go_on(tmp_path, number):
    model, tokenizer, steps = small_parts()
    calls = itertools.count()

    def clock() -> float:
        if next(calls) == 2:
            os.kill(os.getpid(), number)
        return 0.0

    config = SftConfig(minutes=10, batch=1, threads=1)
    # As in a process of its own, whatever handled the signal here before.
    usual = signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL
    before = signal.signal(number, usual)
    with pytest.raises(Stopped, match=f"1 updates were made.*--start {tmp_path}/out") as stop:
        train(model, tokenizer, steps, config, tmp_path / "out", clock=clock)
    signal.signal(number, before)
    assert stop.value.number == number
    record = json.loads((tmp_path / "out" / "policy.json").read_text())["scores"]
    assert record["samples"] == 1


@pytest.mark.parametrize("stranger", ["thesis.tex", "model.safetensors"])
def test_a_folder_of_something_else_is_refused_before_training(tmp_path, capsys, stranger):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / stranger).write_text("mine")
    assert main(["--episodes", str(tmp_path), "--out", str(tmp_path / "out")]) == 2
    assert stranger in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["out", stranger]
