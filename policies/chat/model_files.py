"""The folder of a chat model or of an adapter, looked at before anything of it is made.

A configuration is somebody else's: a million layers, or a picture of a million pixels a side, must
not be built first and refused then. Families of models name their sizes each in their own way, so
bounds hold for kinds of names, a network is built without memory first, and whatever is wrong
besides is for transformers to say, in one line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.typed_records import mapping, shown
from policies.weight_files import SMALL, CheckpointError, held_in

SMALL_FILES = ("*.json", "*.jinja", "*.txt", "*.model", "*.tiktoken")
WEIGHT_FILES = ("model.safetensors", "model-*-of-*.safetensors")
ADAPTER, ADAPTER_WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
# tokenizer_config.json says "no limit" by a number of 31 digits.
_NO_LIMIT = 10**40
# Tied weights are counted twice before they are tied; buffers are counted too.
_SPARE, _BUFFERS = 1.5, 2**24
# So many layers are built in a moment, however few weights there are.
_FEW_LAYERS = 64
_LAYERS = re.compile(r"((num|n|encoder|decoder)_)+(\w*_)?(layers?|blocks)|depths?|layers")
_BOUNDS: tuple[tuple[re.Pattern[str], int, int], ...] = (
    (re.compile(r"(\w+_)?(num|n)_(\w+_)?experts"), 0, 4096),
    (re.compile(r"(\w+_)?image_size|height|width|shortest_edge"), 1, 8192),
    (re.compile(r"(\w+_)?(patch|merge)_size"), 1, 1024),
    (re.compile(r"(\w+_)?max_position_embeddings"), 1, 2 * 10**7),
    (re.compile(r"(min|max)_pixels|longest_edge"), 1, 10**8),
    (re.compile(r"r|\w*rank"), 1, 65_536),
)
_MOST = 10**12
_PICTURES = ("preprocessor_config.json", "processor_config.json", "video_preprocessor_config.json")


def check_small_files(folder: Path, tensors: int | None = None) -> None:
    """Refuses a folder whose small files are damaged, or say what no model can be.

    Args:
        folder: Of a model.
        tensors: In its weights; a network has no more layers than that. None if not known yet.

    Raises:
        ValueError: One line without the folder.
    """
    most = 1024 if tensors is None else max(_FEW_LAYERS, tensors)
    for path in sorted(folder.glob("*.json")):
        content = read_json(path, SMALL, _NO_LIMIT, finite=False)
        if path.name in ("config.json", ADAPTER, *_PICTURES):
            _check_sizes(path.name, mapping(content, path.name), most)
    config = mapping(read_json(folder / "config.json", SMALL), "config.json")
    if not isinstance(config.get("model_type"), str):
        raise CheckpointError(f"model_type is {shown(config.get('model_type'))}, not a name")


def _check_sizes(file: str, content: Any, layers: int) -> None:
    for name, value in _numbers(content):
        said = f"{file}: {name[:80]} is {shown(value)}"
        if not -_MOST <= value <= _MOST:
            raise CheckpointError(f"{said}, beyond all measure")
        if isinstance(value, float):
            continue
        if _LAYERS.fullmatch(name) and not 0 <= value <= layers:
            raise CheckpointError(f"{said}, not from 0 to {layers} as the weights allow")
        for kind, least, most in _BOUNDS:
            # Sizes in pixels are told as edges by some.
            pixels = name == "shortest_edge" and "longest_edge" in str(content)
            if kind.fullmatch(name) and not least <= value <= (10**8 if pixels else most):
                raise CheckpointError(f"{said}, not a whole number from {least} to {most}")


def _numbers(content: Any, name: str = "") -> Iterator[tuple[str, int | float]]:
    """Every number with the name under which it stands."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _numbers(value, str(key))
    elif isinstance(content, list):
        for value in content:
            yield from _numbers(value, name)
    elif isinstance(content, int | float) and not isinstance(content, bool):
        yield name, content


def check_network(folder: Path) -> None:
    """Refuses a network that its weights can't fill; none is made.

    Args:
        folder: Of a model, with its weights.

    Raises:
        Exception: Of many kinds, from transformers.
    """
    import torch
    from transformers import AutoConfig, AutoModelForImageTextToText
    from transformers.initialization import no_init_weights
    from transformers.quantizers.auto import AUTO_QUANTIZER_MAPPING

    held = held_in(folder)
    check_small_files(folder, held.tensors)
    config = AutoConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    packed = getattr(config, "quantization_config", None)
    if packed is not None:
        method = str(mapping(packed, "quantization_config").get("quant_method"))
        # One that transformers does not know is taken for none, and packed weights for plain ones.
        if method not in AUTO_QUANTIZER_MAPPING:
            raise CheckpointError(
                f"its quantization_config is of an unknown method, {shown(method)}"
            )
    with torch.device("meta"), no_init_weights():
        asked = AutoModelForImageTextToText.from_config(config, trust_remote_code=False)
    count = sum(part.numel() for part in (*asked.parameters(), *asked.buffers()))
    # Packed weights hold up to one value for each bit.
    if count > _SPARE * (held.values if packed is None else held.bits) + _BUFFERS:
        raise CheckpointError(
            f"config.json describes a network of {count} values, the weights' files hold "
            f"{held.values}"
        )


def check_report(report: dict[str, Any], names: set[str]) -> None:
    """Refuses weights of which a part is missing, or of layers that the configuration leaves out.

    Args:
        report: What transformers says of loading.
        names: Of the network's own weights.

    Raises:
        CheckpointError: Naming the first.
    """
    missing = sorted(map(str, report["missing_keys"]))
    if missing:
        raise CheckpointError(f"it lacks weights, first {missing[0][:120]}")
    for key in sorted(map(str, report["unexpected_keys"])):
        for number in re.finditer(r"(?<=\.)\d+(?=\.)", key):
            first = f"{key[: number.start()]}0."
            if any(name.startswith(first) for name in names):
                raise CheckpointError(
                    f"it holds weights of a layer that config.json leaves out, {key[:120]}"
                )


def check_adapter(folder: Path) -> None:
    """Refuses an adapter whose files are damaged, or of another rank than its weights.

    Raises:
        ValueError: One line without the folder.
        OSError: If the weights can't be read.
    """
    from safetensors import safe_open

    content = mapping(read_json(folder / ADAPTER, SMALL), ADAPTER)
    _check_sizes(ADAPTER, content, _FEW_LAYERS)
    if not (folder / ADAPTER_WEIGHTS).is_file():
        raise CheckpointError(f"there is no file {ADAPTER_WEIGHTS}")
    with safe_open(folder / ADAPTER_WEIGHTS, framework="np") as weights:
        shapes = [weights.get_slice(key).get_shape() for key in weights.keys()]
    ranks = content.get("rank_pattern") or {}
    asked = [content.get("r", 1), *mapping(ranks, "rank_pattern").values()]
    most = max((min(shape) for shape in shapes if len(shape) > 1), default=0)
    for rank in asked:
        if isinstance(rank, bool) or not isinstance(rank, int) or rank > most > 0:
            raise CheckpointError(f"its rank is {shown(rank)}, that of its weights {most}")
