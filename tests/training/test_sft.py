"""SFT on tiny made-up steps: it learns, keeps the eye's words, and never leaks the answer."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from policies.cimr.token_codec import SLOTS
from policies.cimr.tokenizer import build_tokenizer
from training.feature_cache import Steps
from training.sft import Batcher, SftConfig, new_model, sft_loss, train


@pytest.fixture(scope="module")
def parts():
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    model = new_model(tokenizer)
    rng = np.random.default_rng(0)
    records = [
        {
            "instruction": f"open the {name}",
            "thought": f"{name} in view",
            "verb": "open",
            "target": kind,
            "family": "open",
            "task": [kind, "", True, ""],
        }
        for name, kind in (("fridge", "Fridge"), ("microwave", "Microwave"))
    ] * 8
    width = model.fusion.grounding.found_dim
    steps = Steps(
        records,
        np.full((16, SLOTS, 3), tokenizer.convert_tokens_to_ids("<nothing>")),
        rng.normal(size=(16, 16, 192)).astype(np.float16),
        rng.normal(size=(16, len(model.config.name_ids), width)).astype(np.float16),
    )
    return model, tokenizer, steps


def test_the_loss_falls_and_the_eyes_words_stay(parts):
    model, tokenizer, steps = parts
    table = model.get_input_embeddings().weight
    before = table.detach().clone()
    batcher = Batcher(steps, tokenizer, model.config.name_ids, SftConfig())
    batch = batcher.make(np.arange(16), np.random.default_rng(0), augment=False)
    with torch.no_grad():
        first = sft_loss(model, batch).item()
    record = train(model, tokenizer, steps, SftConfig(minutes=0.05, batch=16, threads=1))
    with torch.no_grad():
        assert sft_loss(model, batch).item() < first - 0.5
    assert record["samples"] > 0
    kept = model.config.name_ids
    assert torch.equal(table[kept], before[kept])
    assert not torch.equal(table, before)


def test_the_prompt_ends_before_the_answer(parts):
    model, tokenizer, steps = parts
    batcher = Batcher(steps, tokenizer, model.config.name_ids, SftConfig())
    batch = batcher.make(np.arange(4), np.random.default_rng(0))
    assert not (batch.prompt & (batch.weights > 0)).any()
    assert (batch.weights > 0).any(1).all()


def test_findings_belong_to_their_tokens(parts):
    model, tokenizer, steps = parts
    batcher = Batcher(steps, tokenizer, model.config.name_ids, SftConfig())
    batch = batcher.make(np.arange(2), np.random.default_rng(0), augment=False)
    fridge = batcher.codec.word_of_type["Fridge"]
    row = model.config.name_ids.index(fridge)
    at = (batch.text[0] == fridge).nonzero()[0, 0]
    assert np.allclose(batch.found[0, at], steps.found[0, row].astype(np.float32))
    is_name = torch.isin(batch.text, torch.tensor(model.config.name_ids))
    assert (batch.found[~is_name] == 0).all()


def test_an_eye_of_other_words_is_refused(parts, tmp_path):
    from safetensors.torch import save_file

    _, tokenizer, _ = parts
    save_file(
        {"model.language_model.embed_tokens.weight": torch.zeros(10, 256)},
        tmp_path / "eye.safetensors",
    )
    with pytest.raises(ValueError, match="does not fit"):
        new_model(tokenizer, tmp_path)
