"""What training leaves on disk: a policy's folder, and the vision encoder's before it.

    policies/checkpoints/default/
        config.json  model.safetensors (or shards and their index)
        tokenizer.json  tokenizer_config.json
        policy.json   {"format": 1, "known_words": [...], "levels": ["skill"], "scores": {...}}
        README.md     the card
    runs/vision/
        vision.safetensors  vision.json   {"minutes": 20.0, "frames": 66560, "scores": {...}}

Each is replaced as a whole (``envs.simulator.system.whole``), so that a killed run leaves the old
one or the new one, weights and record of the same moment.
"""

from __future__ import annotations

import copy
import json
import re
import shutil
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.targets import FolderKind
from envs.simulator.system.typed_records import mapping, value_of
from envs.simulator.system.whole import recover, whole_folder
from policies.cimr.language.reader_files import READER

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from policies.cimr.model import CimrLlava

FORMAT = 1
SHARD = "15MB"
CARD = "README.md"
_WEIGHTS, _RECORD = "vision.safetensors", "vision.json"
_ONCE_CALLED = "eye.safetensors"
POLICY = FolderKind("policy of this project", ("policy.json",), READER.holds)
VISION = FolderKind(
    "vision encoder of training.pretrain_vision",
    (_WEIGHTS, _ONCE_CALLED),
    r"vision\.(safetensors|json)|eye\.(safetensors|json)|report\.txt|reliability\.png",
)


def save_policy(
    folder: Path,
    model: CimrLlava,
    tokenizer: PreTrainedTokenizerFast,
    *,
    known_words: list[str],
    levels: Sequence[str] = ("skill",),
    scores: dict[str, Any] | None = None,
    card: str = "",
    half: bool = True,
    beside: Iterable[Path] = (),
    more: Callable[[Path], None] = lambda fresh: None,
    keep: str = "",
) -> None:
    """Writes a policy's folder, replacing a policy that is there; its card stays without a new one.

    Args:
        folder: Where.
        model: The network.
        tokenizer: Its tokenizer.
        known_words: Words an instruction may use.
        levels: Action levels that it was trained on.
        scores: For the record.
        card: Text of the README.
        half: Store float16: half the size; batch statistics stay float32.
        beside: Files to copy into the folder.
        more: Writes further files into the folder that it is given.
        keep: Regular expression of more of the old folder's files that stay.

    Raises:
        ValueError: If the folder holds anything but a policy, or can't be written.
    """
    import torch
    from transformers.utils import logging

    logging.disable_progress_bar()
    stored = copy.deepcopy(model)
    if half:
        for value in [*stored.parameters()]:
            value.data = value.data.to(torch.float16)
    record = {
        "format": FORMAT,
        "known_words": sorted(known_words),
        "levels": list(levels),
        "scores": scores or {},
    }
    with whole_folder(folder, POLICY, keep=f"{re.escape(CARD)}|{keep}") as fresh:
        stored.save_pretrained(fresh, max_shard_size=SHARD)
        tokenizer.save_pretrained(fresh)
        for path in beside:
            shutil.copy2(path, fresh / path.name)
        (fresh / "policy.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
        if card:
            (fresh / CARD).write_text(card, encoding="utf-8")
        more(fresh)


def save_vision(
    folder: Path,
    model: CimrLlava,
    record: dict[str, Any],
    more: Callable[[Path], None] = lambda fresh: None,
) -> None:
    """Writes the vision encoder's folder, replacing one that is there; its report stays.

    Args:
        folder: Where.
        model: The network; all of it is kept but the head, which shares the words' embeddings.
        record: Minutes and frames of training, and scores.
        more: Writes further files into the folder that it is given.

    Raises:
        ValueError: If the folder holds anything else, or can't be written.
    """
    from safetensors.torch import save_file

    weights = {k: v.contiguous() for k, v in model.state_dict().items() if k != "lm_head.weight"}
    with whole_folder(folder, VISION, keep=r"report\.txt|reliability\.png") as fresh:
        save_file(weights, fresh / _WEIGHTS)
        (fresh / _RECORD).write_text(json.dumps(record, indent=1), encoding="utf-8")
        more(fresh)


def vision_weights(folder: Path) -> Path | None:
    """The weights in a vision encoder's folder, if it is one."""
    recover(folder)
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
