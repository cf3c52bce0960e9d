"""A policy's network and tokenizer from its folder, which is not trusted.

Read in the order of what it costs: the small files within bounds, the weights' headers, which say
how much there is, and only then the weights. Whatever is wrong ends in one line. Weights are read
from safetensors only, and only from the folder itself.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.typed_records import mapping, shown
from policies.cimr.checkpoint_config import check_config
from policies.weight_files import SMALL, CheckpointError, held_in, in_one_line

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from policies.cimr.model import CimrLlava

FORMAT = 1
RECORD, CONFIG = "policy.json", "config.json"
LEVELS = ("skill", "primitive")
# tokenizer_config.json says "no limit" by a number of 31 digits.
_NO_LIMIT = 10**40
# Parts that came later may be missing in the files; nothing else is.
_SPARE = 1.25


def read_record(folder: Path) -> dict[str, Any]:
    """What ``policy.json`` says: format, known words, action levels, scores.

    A record without levels is of a policy that was trained on skills alone; it is completed.

    Raises:
        ValueError: If it can't be read, or is of another format; one line without the folder.
    """
    record = dict(mapping(read_json(folder / RECORD, SMALL, finite=False), RECORD))
    if record.get("format") != FORMAT:
        raise CheckpointError(
            f"its format is {shown(record.get('format'))}, this version reads {FORMAT}"
        )
    words = record.get("known_words", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise CheckpointError(f"known_words is {shown(words)}, not a list of words")
    levels = record.setdefault("levels", ["skill"])
    if not isinstance(levels, list) or not levels or not all(k in LEVELS for k in levels):
        raise CheckpointError(f"levels is {shown(levels)}, not a list of {', '.join(LEVELS)}")
    mapping(record.get("scores", {}), "scores")
    return record


def read_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer; all small files are looked at first, those of the network included.

    Raises:
        CheckpointError: If a file is missing or damaged.
    """
    with in_one_line():
        from transformers import PreTrainedTokenizerFast

        _check_small_files(folder)
        return PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)


def _check_small_files(folder: Path) -> None:
    read_record(folder)
    check_config(read_json(folder / CONFIG, SMALL))
    for path in sorted(folder.glob("*.json")):
        read_json(path, SMALL, _NO_LIMIT, finite=False)
        if path.name.startswith("adapter_"):
            raise CheckpointError(f"{path.name} belongs to an adapter, which is no policy")


def read_network(folder: Path) -> CimrLlava:
    """The network, as float32.

    Raises:
        CheckpointError: If a file is missing, damaged, or does not fit the others.
    """
    with in_one_line():
        _check_small_files(folder)
        return _read(folder)


def _read(folder: Path) -> CimrLlava:
    import torch
    from transformers.initialization import no_init_weights

    from policies.cimr.model import CimrLlava, CimrLlavaConfig

    held = held_in(folder).values
    with torch.device("meta"), no_init_weights():
        asked = CimrLlava(CimrLlavaConfig.from_pretrained(folder, local_files_only=True))
    count = sum(part.numel() for part in asked.parameters())
    if count > _SPARE * held:
        raise CheckpointError(
            f"config.json describes a network of {count} values, the weights' files hold {held}"
        )
    model, report = CimrLlava.from_pretrained(
        folder,
        dtype=torch.float32,
        use_safetensors=True,
        local_files_only=True,
        output_loading_info=True,
    )
    for kind, said in (
        ("missing_keys", "it lacks weights"),
        ("mismatched_keys", "weights of another shape stand there"),
        ("unexpected_keys", "it holds weights that config.json does not describe"),
    ):
        odd = sorted(map(str, report[kind]))
        if odd:
            raise CheckpointError(f"{said}, first {odd[0][:120]}")
    bad = next((k for k, v in model.state_dict().items() if not torch.isfinite(v).all()), None)
    if bad is not None:
        raise CheckpointError(f"it holds values that are no numbers, in {bad}")
    return model
