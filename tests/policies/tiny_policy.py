"""The default policy's network with a few thousand weights, untrained: for tests that ask it."""

from __future__ import annotations

import torch

from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.model import small_model
from policies.cimr.policy import LvlmPolicy

SMALL = {
    "dim": 32,
    "layers": 2,
    "heads": 2,
    "vision_dim": 64,
    "vision_layers": 1,
    "image_size": 64,
    "shared_dim": 16,
    "stem_widths": (8, 16),
    "tokens_side": 2,
}


def tiny_policy(seed: int = 0) -> LvlmPolicy:
    """A policy of pictures of 64 x 64 pixels; of one seed always the same."""
    torch.manual_seed(seed)
    tokenizer = build_tokenizer()
    return LvlmPolicy(small_model(tokenizer, **SMALL), tokenizer)
