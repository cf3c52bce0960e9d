"""The learned memory: what happened changes it, padding does not, and acting equals training."""

from __future__ import annotations

import numpy as np
import torch

from policies.base import Context, PastStep
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.recollection import Recollection, news_of
from policies.cimr.recurrent_memory import RecurrentMemory
from policies.cimr.token_codec import Codec
from training.sft import new_model


def _memory() -> RecurrentMemory:
    torch.manual_seed(0)
    return RecurrentMemory(dim=16, view_dim=8, slots=3, heads=2)


def test_padding_changes_nothing() -> None:
    memory = _memory()
    views, events = torch.randn(1, 4, 8), torch.randn(1, 4, 2, 16)
    real = torch.tensor([[False, False, True, True]])
    whole = memory(views, events, real)
    assert torch.allclose(whole, memory(views[:, 2:], events[:, 2:], real[:, 2:]), atol=1e-6)


def test_what_happened_first_is_still_there_at_the_end() -> None:
    memory = _memory()
    views, events = torch.randn(1, 5, 8), torch.randn(1, 5, 2, 16)
    real = torch.ones(1, 5, dtype=torch.bool)
    other = events.clone()
    other[:, 0] = 0
    assert not torch.allclose(memory(views, events, real), memory(views, other, real), atol=1e-5)


def test_step_by_step_it_remembers_what_training_sees_at_once() -> None:
    torch.manual_seed(0)
    tokenizer = build_tokenizer()
    model = new_model(tokenizer).eval()
    codec = Codec(tokenizer)
    recollection = Recollection(model)
    tokens = torch.randn(3, 16, model.config.vision_config.hidden_size)
    actions = ("goto Fridge", "open Fridge")
    contexts = [
        Context(history=tuple(PastStep(text, "ok") for text in actions[:n])) for n in range(3)
    ]
    rows = [codec.event_ids(context) for context in contexts]
    with torch.inference_mode():
        for k, context in enumerate(contexts):
            encoded = model.encode_context(torch.from_numpy(rows[k])[None])
            lived = recollection.join(encoded, tokens[k : k + 1], rows[k], context)
        news = torch.from_numpy(news_of(np.stack(rows[1:])))[None]
        views = tokens[:2].mean(1)[None]
        told = model.remember(encoded, views, news, torch.ones(1, 2, dtype=torch.bool))
    assert torch.allclose(lived, told, atol=1e-5)
