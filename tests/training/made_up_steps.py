"""Made-up steps for the tests of training: two doors, frames of noise."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.memory_events import COLUMNS, SLOTS
from policies.cimr.model import CimrLlava
from training.feature_cache import Steps
from training.sft import new_model


def small_parts() -> tuple[CimrLlava, Any, Steps]:
    """An untrained network, its tokenizer, and sixteen steps."""
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
            "step": 0,
            "round": 1,
        }
        for name, kind in (("fridge", "Fridge"), ("microwave", "Microwave"))
    ] * 8
    width = model.fusion.grounding.found_dim
    steps = Steps(
        records,
        np.full((16, SLOTS, COLUMNS), tokenizer.convert_tokens_to_ids("<nothing>")),
        rng.normal(size=(16, 16, 192)).astype(np.float16),
        rng.normal(size=(16, len(model.config.name_ids), width)).astype(np.float16),
        np.arange(16),
        np.arange(16),
    )
    return model, tokenizer, steps
