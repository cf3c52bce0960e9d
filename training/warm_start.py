"""Begins a network with what another one knows, word by word: their vocabularies may differ."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from policies.cimr.checkpoint import read_network, read_tokenizer
from policies.weight_files import tensors_in
from training.checkpoint import vision_weights

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

    from policies.cimr.model import CimrLlava

_TABLE, _HEAD = "model.language_model.embed_tokens.weight", "lm_head.weight"


def warm_start(model: CimrLlava, tokenizer: PreTrainedTokenizerFast, folder: Path) -> int:
    """Takes over all weights that fit, and the embeddings of words that both know.

    Args:
        model: Is changed.
        tokenizer: The model's.
        folder: Of a policy (with ``tokenizer.json``) or of ``training.pretrain_vision``.

    Returns:
        How many words were taken over.

    Raises:
        ValueError: If the folder holds neither.
    """
    own = model.state_dict()
    known = 0
    if (weights := vision_weights(folder)) is not None:
        saved = tensors_in(weights)
    elif (folder / "policy.json").is_file():
        try:
            their_tokenizer, known_model = read_tokenizer(folder), read_network(folder)
        except ValueError as error:
            raise ValueError(f"{folder} can't be started from: {error}.") from error
        saved, theirs = known_model.state_dict(), their_tokenizer.get_vocab()
        table, old = own[_TABLE].clone(), saved[_TABLE].float()
        for word, row in tokenizer.get_vocab().items():
            if word in theirs:
                table[row] = old[theirs[word]]
                known += 1
        saved = {**saved, _TABLE: table, _HEAD: table}
    else:
        raise ValueError(
            f"{folder} holds no weights to start with: "
            "give a folder of training.pretrain_vision or of training.sft."
        )
    fitting = {
        k: v.float() if own[k].is_floating_point() else v
        for k, v in saved.items()
        if k in own and own[k].shape == v.shape
    }
    model.load_state_dict(fitting, strict=False)
    return known
