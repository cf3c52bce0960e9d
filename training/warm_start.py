"""Begins a network with what another one knows: words, the vision encoder, what rests on that."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from policies.cimr.ablations import checked
from policies.cimr.checkpoint import read_network, read_tokenizer
from policies.weight_files import tensors_in
from training.checkpoint import vision_weights
from training.feature_cache import VISION_WEIGHTS

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedTokenizerFast

    from policies.cimr.model import CimrLlava

_TABLE, _HEAD = "model.language_model.embed_tokens.weight", "lm_head.weight"
# Of a policy's configuration, what is so of its vision encoder alone.
_OF_SIGHT = ("verifies", "judge_trust", "foresee_trust", "closer_weights")


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


def put_vision(model: CimrLlava, vision: Path) -> None:
    """Gives a policy another vision encoder in place of its own.

    A verifier and the trust in closer looks rest on the encoder that they were trained with: a
    policy's come with it, and with one of stage 0 there are none.

    Args:
        model: Is changed.
        vision: Folder of ``training.pretrain_vision``, its weights, or a policy's folder.

    Raises:
        ValueError: If there is no vision encoder, or it was trained with other words.
    """
    path = vision if vision.is_file() else vision_weights(vision)
    if path is None and (vision / "policy.json").is_file():
        _put_sight(model, vision)
        return
    if path is None:
        raise ValueError(
            f"There is no vision encoder in {vision}: "
            f"run python -m training.pretrain_vision --out {vision}"
        )
    kept = _of_encoder(tensors_in(path), VISION_WEIGHTS)
    _check_fits(model, kept, path)
    if _TABLE in kept:
        table, seen = model.state_dict()[_TABLE].clone(), _seen_words(model)
        table[seen] = kept[_TABLE][seen].to(table.dtype)
        kept[_TABLE] = table
    model.load_state_dict(kept, strict=False)
    model.config.verifies, model.config.closer_weights = False, None


def _put_sight(model: CimrLlava, folder: Path) -> None:
    """The vision encoder of a policy, with all that rests on it."""
    try:
        known = read_network(folder)
    except ValueError as error:
        raise ValueError(f"The policy in {folder} can't be read: {error}.") from error
    kept = _of_encoder(known.state_dict(), (*VISION_WEIGHTS, "verifier."))
    theirs = kept.pop(_TABLE)
    _check_fits(model, kept, folder)
    ours, names = _seen_words(model), _seen_words(known)
    table = model.state_dict()[_TABLE].clone()
    if len(ours) != len(names) or table.shape[1] != theirs.shape[1]:
        raise ValueError(f"The vision encoder in {folder} knows other names: train it again.")
    table[ours] = theirs[names].to(table.dtype)
    model.load_state_dict({**kept, _TABLE: table}, strict=False)
    for name in _OF_SIGHT:
        setattr(model.config, name, getattr(known.config, name))


def _of_encoder(saved: dict[str, Tensor], parts: tuple[str, ...]) -> dict[str, Tensor]:
    # The reading of what is pointed at is new in stage 1.
    return {
        k: v
        for k, v in saved.items()
        if k.startswith(parts) and ".read." not in k and not k.endswith(".gate")
    }


def _check_fits(model: CimrLlava, kept: dict[str, Tensor], where: Path) -> None:
    own = model.state_dict()
    odd = [k for k, v in kept.items() if k not in own or own[k].shape != v.shape]
    if odd:
        raise ValueError(
            f"The vision encoder in {where} does not fit, first at {odd[0]}: train it again."
        )


def _seen_words(model: CimrLlava) -> list[int]:
    """Token ids of names and states, in the lexicon's order: their embeddings are the encoder's."""
    config = model.config
    return [token for ids in (config.type_word_ids, config.state_ids) for token in ids or ()]


def parts_given(text: str) -> tuple[str, ...]:
    """Parts to be left out, with commas, as a flag has them."""
    try:
        return checked(text.split(","), "it")
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def check_start(start: Path, model: CimrLlava, without: tuple[str, ...]) -> None:
    """Refuses to leave out of a policy what it was trained with, or the other way round.

    Args:
        start: Its folder.
        model: What stands there.
        without: What is asked to be left out; empty: the same.

    Raises:
        ValueError: If that differs from what it was trained without.
    """
    if without and without != model.without:
        so_far = ",".join(model.without)
        raise ValueError(
            f"--without {','.join(without)} does not fit --start {start}, which was trained "
            f"{f'without {so_far}' if so_far else 'with all parts'}: a part is left out from the "
            "start or not at all. Leave out --without, or begin with --vision instead of --start."
        )
