"""What training leaves on disk: a policy's folder, and the vision encoder's before it.

    policies/checkpoints/default/
        config.json  model.safetensors (or shards and their index)
        tokenizer.json  tokenizer_config.json
        policy.json   {"format": 1, "known_words": [...], "scores": {...}}
        README.md     the card
    runs/vision/
        vision.safetensors  vision.json   {"minutes": 20.0, "frames": 66560, "scores": {...}}

Written beside and moved into place, so that a killed run leaves the old one or the new one.
"""

from __future__ import annotations

import copy
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from agent.recording.output import write_text
from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.typed_records import mapping, value_of

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from policies.cimr.model import CimrLlava

FORMAT = 1
SHARD = "15MB"
_WEIGHTS, _RECORD = "vision.safetensors", "vision.json"
_ONCE_CALLED = "eye.safetensors"


def save_policy(
    folder: Path,
    model: CimrLlava,
    tokenizer: PreTrainedTokenizerFast,
    *,
    known_words: list[str],
    scores: dict[str, Any] | None = None,
    card: str = "",
    half: bool = True,
    beside: Iterable[Path] = (),
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
        beside: Files to copy into the folder.
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
    for path in beside:
        shutil.copy2(path, fresh / path.name)
    if card:
        (fresh / "README.md").write_text(card, encoding="utf-8")
    old = folder.with_name(folder.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        os.replace(folder, old)
    os.replace(fresh, folder)
    shutil.rmtree(old, ignore_errors=True)


def save_vision(folder: Path, model: CimrLlava, record: dict[str, Any]) -> None:
    """Writes the vision encoder's folder, replacing what is there.

    Args:
        folder: Where.
        model: The network; all of it is kept but the head, which shares the words' embeddings.
        record: Minutes and frames of training, and scores.
    """
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{_WEIGHTS}.partial-{os.getpid()}"
    save_file(
        {k: v.contiguous() for k, v in model.state_dict().items() if k != "lm_head.weight"},
        temporary,
    )
    os.replace(temporary, folder / _WEIGHTS)
    write_text(folder / _RECORD, json.dumps(record, indent=1))


def vision_weights(folder: Path) -> Path | None:
    """The weights in a vision encoder's folder, if it is one."""
    found = (folder / name for name in (_WEIGHTS, _ONCE_CALLED))
    return next((path for path in found if path.is_file()), None)


def vision_record(folder: Path) -> dict[str, Any]:
    """What stands beside them."""
    try:
        record = dict(mapping(read_json(folder / _RECORD, finite=False), _RECORD))
        for name, kind in (("minutes", float), ("frames", int), ("scores", dict[str, Any])):
            record[name] = value_of(record.get(name), kind, name)
        return record
    except ValueError as error:
        raise ValueError(f"{folder / _RECORD}: {error}: train the vision encoder again.") from error
