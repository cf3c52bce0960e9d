"""A batch never leaks the answer into the prompt, and every token keeps what is its own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.training.made_up_steps import small_parts
from training.batches import ACTION_WEIGHT, END_WEIGHT, Augmentation, Batcher


@pytest.fixture(scope="module")
def parts():
    return small_parts()


def test_the_prompt_ends_before_the_answer(parts):
    model, tokenizer, steps = parts
    batcher = Batcher(steps, tokenizer, model.config.name_ids, Augmentation())
    batch = batcher.make(np.arange(4), np.random.default_rng(0))
    assert not (batch.prompt & (batch.weights > 0)).any()
    assert (batch.weights > 0).any(1).all()


def test_findings_belong_to_their_tokens(parts):
    model, tokenizer, steps = parts
    batcher = Batcher(steps, tokenizer, model.config.name_ids, Augmentation())
    batch = batcher.make(np.arange(2), np.random.default_rng(0), augment=False)
    fridge = batcher.codec.word_of_type["Fridge"]
    row = model.config.name_ids.index(fridge)
    at = (batch.text[0] == fridge).nonzero()[0, 0]
    assert np.allclose(batch.found[0, at], steps.found[0, row].astype(np.float32))
    is_name = torch.isin(batch.text, torch.tensor(model.config.name_ids))
    assert (batch.found[~is_name] == 0).all()


def test_the_actions_tokens_are_marked_from_verb_to_object(parts):
    _, tokenizer, steps = parts
    batcher = Batcher(steps, tokenizer, parts[0].config.name_ids, Augmentation())
    batch = batcher.make(np.arange(4), np.random.default_rng(0), augment=False)
    words = batcher.codec.word_of_type
    for text, action, weights, record in zip(
        batch.text, batch.action, batch.weights, steps.records[:4], strict=True
    ):
        verb, target = text[action].tolist()
        assert batcher.codec.verb_of_id[verb] == record["verb"]
        assert target == words[record["target"]]
        assert (weights[action] == ACTION_WEIGHT).all()
        assert weights[weights > 0][-1] == pytest.approx(END_WEIGHT)


def test_the_prompt_asks_for_the_level_of_the_decision(parts):
    model, tokenizer, steps = parts
    moved = [
        {**r, "verb": "move ahead", "target": None, "level": "primitive"} for r in steps.records
    ]
    both = replace(steps, records=steps.records[:8] + moved[8:])
    batch = Batcher(both, tokenizer, model.config.name_ids, Augmentation()).make(
        np.arange(6, 10), np.random.default_rng(0)
    )
    levels = [tokenizer.convert_ids_to_tokens(int(row[1])) for row in batch.text]
    assert levels == ["<skill>"] * 2 + ["<primitive>"] * 2
