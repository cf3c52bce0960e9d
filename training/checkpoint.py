"""A policy's folder: configuration, safetensors in small shards, tokenizer, known words, card.

    policies/checkpoints/default/
        config.json  model.safetensors (or shards and their index)
        tokenizer.json  tokenizer_config.json
        policy.json   {"format": 1, "known_words": [...], "scores": {...}}
        README.md     the card

Written beside and moved into place, so that a killed run leaves the old one or the new one.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from policies.cimr.model import CimrLlava

FORMAT = 1
SHARD = "15MB"


def save_policy(
    folder: Path,
    model: CimrLlava,
    tokenizer: PreTrainedTokenizerFast,
    *,
    known_words: list[str],
    scores: dict[str, Any] | None = None,
    card: str = "",
    half: bool = True,
) -> None:
    """Writes a policy's folder, replacing what is there.

    Args:
        folder: Where.
        model: The network.
        tokenizer: Its tokenizer.
        known_words: Words an instruction may use.
        scores: For the record.
        card: Text of the README.
        half: Store float16: half the size; batch statistics stay float32.
    """
    import torch

    fresh = folder.with_name(folder.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    stored = copy.deepcopy(model)
    if half:
        for value in [*stored.parameters()]:
            value.data = value.data.to(torch.float16)
    stored.save_pretrained(fresh, max_shard_size=SHARD)
    tokenizer.save_pretrained(fresh)
    record = {"format": FORMAT, "known_words": sorted(known_words), "scores": scores or {}}
    (fresh / "policy.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    if card:
        (fresh / "README.md").write_text(card, encoding="utf-8")
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    os.replace(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)
