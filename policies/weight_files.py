"""Files of weights and what goes with them, which are somebody else's: read with distrust.

Weights are read from safetensors only. How much they hold stands in their headers, which are read
before anything of that size is made. Whatever is wrong ends in one line.
"""

from __future__ import annotations

import contextlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.typed_records import mapping, shown

if TYPE_CHECKING:
    from torch import Tensor

INDEX, WEIGHTS = "model.safetensors.index.json", "model.safetensors"
# Bytes of a small file; a tokenizer of 250,000 words takes 35 million.
SMALL = 64_000_000


class CheckpointError(ValueError):
    """A folder holds no policy that can be used; the message is one line without the folder."""


@contextlib.contextmanager
def in_one_line() -> Iterator[None]:
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
        raise CheckpointError(f"the tokenizer is damaged: {one_line(error)}") from None


def one_line(error: BaseException) -> str:
    """An error in a line that is not too long; one without words is told by its name."""
    words = " ".join(str(error).split())[:300].rstrip(".")
    if isinstance(error, ValueError) and words:
        return words
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


@dataclass(frozen=True)
class Held:
    """What files of weights hold, by their headers.

    Attributes:
        values: Numbers, as they are stored.
        tensors: Arrays of them.
        bits: Of all numbers.
    """

    values: int
    tensors: int
    bits: int


def held_in(folder: Path) -> Held:
    """What the weights' files of a folder hold.

    Raises:
        CheckpointError: If the index is none, or names what is no file of the folder.
        OSError: If a file can't be read.
    """
    from safetensors import safe_open

    names = {WEIGHTS}
    if (folder / INDEX).exists():
        index = mapping(read_json(folder / INDEX, SMALL), INDEX)
        files = mapping(index.get("weight_map"), f"{INDEX}: weight_map")
        for name in files.values():
            if not isinstance(name, str) or Path(name).name != name or name in ("", ".", ".."):
                raise CheckpointError(
                    f"{INDEX} names {shown(name)}, which is no name of a file in its folder"
                )
        names = set(files.values())
    values = tensors = bits = 0
    for name in sorted(names):
        if not (folder / name).is_file():
            raise CheckpointError(f"there is no file {shown(name)} with its weights")
        with safe_open(folder / name, framework="np") as weights:
            for key in weights.keys():
                part = weights.get_slice(key)
                count = math.prod(part.get_shape())
                digits = "".join(filter(str.isdigit, part.get_dtype().partition("_")[0]))
                values, tensors = values + count, tensors + 1
                bits += count * int(digits or 8)
    return Held(values, tensors, bits)


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
