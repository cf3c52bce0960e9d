"""A policy's network and tokenizer from its folder, which is not trusted.

Read in the order of what it costs: the small files within bounds, the weights' headers, which say
how much there is, and only then the weights. Whatever is wrong ends in one line. Weights are read
from safetensors only, and only from the folder itself.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.typed_records import mapping, shown
from policies.cimr.checkpoint_config import check_config

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedTokenizerFast

    from policies.cimr.model import CimrLlava

FORMAT = 1
RECORD, CONFIG, TOKENIZER = "policy.json", "config.json", "tokenizer.json"
INDEX, WEIGHTS = "model.safetensors.index.json", "model.safetensors"
# tokenizer_config.json says "no limit" by a number of 31 digits.
_NO_LIMIT = 10**40
_SMALL = 32_000_000
# Parts that came later may be missing in the files; nothing else is.
_SPARE = 1.25


class CheckpointError(ValueError):
    """A folder holds no policy that can be used; the message is one line without the folder."""


def read_record(folder: Path) -> dict[str, Any]:
    """What ``policy.json`` says: format, known words, scores.

    Raises:
        ValueError: If it can't be read, or is of another format; one line without the folder.
    """
    record = dict(mapping(read_json(folder / RECORD, _SMALL, finite=False), RECORD))
    if record.get("format") != FORMAT:
        raise CheckpointError(
            f"its format is {shown(record.get('format'))}, this version reads {FORMAT}"
        )
    words = record.get("known_words", [])
    if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
        raise CheckpointError(f"known_words is {shown(words)}, not a list of words")
    mapping(record.get("scores", {}), "scores")
    return record


@contextlib.contextmanager
def _in_one_line() -> Iterator[None]:
    """Whatever goes wrong inside the block is told as a CheckpointError, and nothing else is."""
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    try:
        yield
    except Exception as error:
        raise CheckpointError(one_line(error)) from error
    except BaseException as error:
        # The tokenizers' own language ends so, which is no exception but stops nothing else.
        if type(error).__name__ != "PanicException":
            raise
        raise CheckpointError(f"{TOKENIZER} is damaged: {one_line(error)}") from None


def one_line(error: BaseException) -> str:
    """An error in a line that is not too long; one without words is told by its name."""
    words = " ".join(str(error).split())[:300].rstrip(".")
    if isinstance(error, ValueError) and words:
        return words
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def read_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer; all small files are looked at first, those of the network included.

    Raises:
        CheckpointError: If a file is missing or damaged.
    """
    with _in_one_line():
        from transformers import PreTrainedTokenizerFast

        _check_small_files(folder)
        return PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)


def _check_small_files(folder: Path) -> None:
    read_record(folder)
    check_config(read_json(folder / CONFIG, _SMALL))
    for path in sorted(folder.glob("*.json")):
        read_json(path, _SMALL, _NO_LIMIT, finite=False)
        if path.name.startswith("adapter_"):
            raise CheckpointError(f"{path.name} belongs to an adapter, which is no policy")


def read_network(folder: Path) -> CimrLlava:
    """The network, as float32.

    Raises:
        CheckpointError: If a file is missing, damaged, or does not fit the others.
    """
    with _in_one_line():
        _check_small_files(folder)
        return _read(folder)


def _read(folder: Path) -> CimrLlava:
    import torch
    from transformers.initialization import no_init_weights

    from policies.cimr.model import CimrLlava, CimrLlavaConfig

    held = values_in(folder)
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


def values_in(folder: Path) -> int:
    """How many numbers the weights' files hold, by their headers.

    Raises:
        CheckpointError: If the index is none, or names what is no file of the folder.
        OSError: If a file can't be read.
    """
    from safetensors import safe_open

    names = {WEIGHTS}
    if (folder / INDEX).exists():
        index = mapping(read_json(folder / INDEX, _SMALL), INDEX)
        files = mapping(index.get("weight_map"), f"{INDEX}: weight_map")
        for name in files.values():
            if not isinstance(name, str) or Path(name).name != name or name in ("", ".", ".."):
                raise CheckpointError(
                    f"{INDEX} names {shown(name)}, which is no name of a file in its folder"
                )
        names = set(files.values())
    total = 0
    for name in sorted(names):
        if not (folder / name).is_file():
            raise CheckpointError(f"there is no file {shown(name)} with its weights")
        with safe_open(folder / name, framework="np") as weights:
            total += sum(math.prod(weights.get_slice(k).get_shape()) for k in weights.keys())
    return total


def tensors_in(path: Path) -> dict[str, Tensor]:
    """The tensors in a safetensors file, on the CPU.

    Raises:
        ValueError: If it is damaged, or holds values that are no numbers.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        found: dict[str, Tensor] = load_file(path)
    except (OSError, ValueError, SafetensorError) as error:
        raise ValueError(f"{path} can't be read as safetensors: {one_line(error)}.") from error
    bad = next((k for k, v in found.items() if not v.isfinite().all()), None)
    if bad is not None:
        raise ValueError(f"{path} holds values that are no numbers, in {bad[:120]}.")
    return found
