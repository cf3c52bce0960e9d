"""The reader's two files: ``reader.safetensors`` and ``reader.json``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from envs.simulator.system.foreign_json import read_json
from envs.simulator.system.targets import FolderKind
from envs.simulator.system.typed_records import mapping, record_of, shown
from envs.simulator.system.whole import recover, whole_folder
from policies.cimr.language.reader import Reader, ReaderConfig, ReaderNetwork

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

FORMAT = 1
WEIGHTS, RECORD = "reader.safetensors", "reader.json"
# A reader lies in a folder of its own, or beside a policy's files (training.checkpoint).
READER = FolderKind(
    "reader or policy of this project",
    (RECORD, "policy.json"),
    r"(generation_)?config\.json|model(-\d+-of-\d+)?\.safetensors|model\.safetensors\.index\.json|"
    r"tokenizer(_config)?\.json|special_tokens_map\.json|chat_template\.\w+|policy\.json|"
    r"README\.md|reader\.(json|safetensors)|verifier\.txt",
)


def vocabulary_hash(tokenizer: PreTrainedTokenizerFast) -> str:
    """Tells one vocabulary from another."""
    pairs = sorted(tokenizer.get_vocab().items())
    return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()[:16]


def save_reader(
    folder: Path,
    network: ReaderNetwork,
    tokenizer: PreTrainedTokenizerFast,
    record: dict[str, Any] | None = None,
) -> None:
    """Writes a reader, beside a policy if one is in the folder; weights as float16.

    Raises:
        ValueError: If the folder holds anything else, or can't be written.
    """
    import torch
    from safetensors.torch import save_file

    state = {
        name: value.half().contiguous() if value.dtype == torch.float32 else value.contiguous()
        for name, value in network.cpu().state_dict().items()
    }
    told = {
        "format": FORMAT,
        "config": asdict(network.config),
        "vocabulary": vocabulary_hash(tokenizer),
        **(record or {}),
    }
    with whole_folder(folder, READER, keep=".*") as fresh:
        save_file(state, fresh / WEIGHTS)
        (fresh / RECORD).write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def reader_in(folder: Path) -> tuple[Path, ...]:
    """The files of a folder's reader; none where there is none."""
    recover(folder)
    paths = (folder / WEIGHTS, folder / RECORD)
    return paths if all(path.is_file() for path in paths) else ()


def _check_sizes(config: ReaderConfig, words: int) -> None:
    """Refuses sizes before anything of them is made.

    Raises:
        ValueError: If one makes no sense, or they do not fit the tokenizer.
    """
    for name, most in (("width", 4096), ("layers", 64), ("heads", 64)):
        if not 1 <= getattr(config, name) <= most:
            raise ValueError(f"{name} is {getattr(config, name)}, not from 1 to {most}")
    if config.width % config.heads:
        raise ValueError(f"width {config.width} can't be shared out among {config.heads} heads")
    if config.vocabulary != words:
        raise ValueError(f"its vocabulary has {config.vocabulary} words, the tokenizer {words}")


def load_reader(folder: Path, tokenizer: PreTrainedTokenizerFast) -> Reader | None:
    """The reader in a folder, or None where there is none.

    Raises:
        ValueError: If it is damaged, of another format, or was trained for other words.
    """
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    from policies.cimr.language.lexicon import usual_names
    from policies.cimr.language.tokenizer import word_id

    recover(folder)
    if not (folder / RECORD).is_file():
        return None
    remedy = "Train it again with python -m training.reader --out, or take both files away."
    try:
        record = mapping(read_json(folder / RECORD, finite=False), RECORD)
        if record.get("format") != FORMAT:
            raise ValueError(
                f"its format is {shown(record.get('format'))}, this version reads {FORMAT}"
            )
        if record["vocabulary"] != vocabulary_hash(tokenizer):
            raise ValueError("it was trained for a tokenizer of other words")
        names = [word_id(tokenizer, name) for name in usual_names()]
        config: ReaderConfig = record_of(ReaderConfig, record["config"], "config")
        _check_sizes(config, len(tokenizer))
        state = load_file(folder / WEIGHTS)
        with torch.device("meta"):
            asked = {k: v.shape for k, v in ReaderNetwork(config, names).state_dict().items()}
        odd = sorted(
            k for k in {*asked, *state} if k not in state or state[k].shape != asked.get(k)
        )
        if odd:
            raise ValueError(f"its weights do not fit its config, first {odd[0][:120]}")
        network = ReaderNetwork(config, names)
        if not all(bool(value.isfinite().all()) for value in state.values()):
            raise ValueError("it holds values that are no numbers")
        network.load_state_dict(state)
    except (OSError, KeyError, TypeError, ValueError, RuntimeError, SafetensorError) as error:
        short = " ".join(str(error).split())[:300]
        raise ValueError(f"The reader in {folder} can't be loaded: {short}. {remedy}") from error
    return Reader(network, tokenizer)
