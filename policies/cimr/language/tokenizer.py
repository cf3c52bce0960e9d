"""The default policy's tokenizer: byte-level, with one token for every known word and name.

``put the coffee machine on`` is five tokens; a word nobody listed falls apart into pieces learned
from the listed ones, so that any text survives the round trip. Texts are encoded with a leading
space, as ``" put"``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

from policies.cimr.language.lexicon import VERB_TOKENS, listed_words, plain_words, usual_names
from policies.discrepancy import DiscrepancyKind, DiscrepancySource

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

PAD, BEGIN, END, IMAGE, MEMORY, ANSWER = "<pad>", "<s>", "</s>", "<image>", "<memory>", "<answer>"
OUTCOMES = {"ok": "<ok>", "failed": "<failed>", "unknown": "<unknown>", "rejected": "<rejected>"}
NOTES = {kind: f"<{kind}>" for kind in DiscrepancyKind}
HOLDING, HERE, NOTHING = "<holding>", "<here>", "<nothing>"
PAST, SEEN, SEARCHED = "<past>", "<seen>", "<searched>"
TREATED, STATE, GOAL, HAND = "<treated>", "<state>", "<goal>", "<hand>"
LEVELS = {"skill": "<skill>", "primitive": "<primitive>"}
SOURCES = {source: f"<from_{source}>" for source in DiscrepancySource}
# How sure a discrepancy is, from 0, 0.6, 0.75 and 0.9 on; how long ago something was seen.
SURENESS = ("<doubtful>", "<likely>", "<sure>", "<certain>")
AGES = ("<now>", "<recent>", "<old>")
COUNTS = ("<once>", "<twice>", "<often>")
# Byte pairs that words nobody listed are made of, the 256 bytes included.
PIECES = 2000
SPECIAL = (
    PAD,
    BEGIN,
    END,
    IMAGE,
    MEMORY,
    ANSWER,
    *OUTCOMES.values(),
    *NOTES.values(),
    HOLDING,
    HERE,
    NOTHING,
    PAST,
    SEEN,
    SEARCHED,
    TREATED,
    STATE,
    GOAL,
    HAND,
    *LEVELS.values(),
    *SOURCES.values(),
    *SURENESS,
    *AGES,
    *COUNTS,
)


def build_tokenizer(extra_words: Iterable[str] = ()) -> PreTrainedTokenizerFast:
    """A fast tokenizer over the lexicon.

    Args:
        extra_words: More words that get a token of their own.
    """
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    names = sorted(set(usual_names()), key=lambda name: (-len(name), name))
    words = [*names, *plain_words(), *listed_words(), *extra_words]
    phrases = "|".join(re.escape(name) for name in names if " " in name)
    split = Regex(
        rf" ?(?:{phrases})(?![\p{{L}}\p{{N}}])| ?[\p{{L}}']+| ?\p{{N}}"
        r"| ?[^\s\p{L}\p{N}]+|\s+"
    )
    pre = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(split, behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    learned = Tokenizer(models.BPE())
    learned.pre_tokenizer = pre
    trainer = trainers.BpeTrainer(
        vocab_size=PIECES,
        show_progress=False,
        min_frequency=2,
        initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()),
    )
    learned.train_from_iterator((" " + word for word in words if " " not in word), trainer)
    vocabulary = {token: rank for rank, token in enumerate(SPECIAL)}
    for token in VERB_TOKENS:
        vocabulary[token] = len(vocabulary)
    for word in words:
        vocabulary.setdefault(_as_bytes(" " + word), len(vocabulary))
    trained = _state(learned)
    for token in sorted(trained["vocab"], key=trained["vocab"].__getitem__):
        vocabulary.setdefault(token, len(vocabulary))
    merges = [tuple(m) if isinstance(m, list) else tuple(m.split(" ")) for m in trained["merges"]]
    # ignore_merges: a piece that is in the vocabulary is one token whatever the merges say.
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges, ignore_merges=True))
    tokenizer.pre_tokenizer = pre
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(
        [AddedToken(token, special=True, normalized=False) for token in (*SPECIAL, *VERB_TOKENS)]
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        pad_token=PAD,
        bos_token=BEGIN,
        eos_token=END,
        model_max_length=512,
        clean_up_tokenization_spaces=False,
        padding_side="right",
    )


def word_id(tokenizer: PreTrainedTokenizerFast, word: str) -> int:
    """The token id of a known word or name.

    Raises:
        ValueError: If it is not one token.
    """
    found = tokenizer.encode(" " + word, add_special_tokens=False)
    if len(found) != 1:
        raise ValueError(f"{word!r} is {len(found)} tokens, not one: it isn't in the lexicon.")
    return int(found[0])


def encode_text(tokenizer: PreTrainedTokenizerFast, text: str) -> list[int]:
    """Ids of a text in lower case, with its leading space."""
    plain = " ".join(text.lower().split())
    if not plain:
        return []
    # Ten times as fast as asking the wrapper, and a batch asks hundreds of times.
    return list(tokenizer.backend_tokenizer.encode(" " + plain, add_special_tokens=False).ids)


def decode_text(tokenizer: PreTrainedTokenizerFast, ids: Iterable[int]) -> str:
    """The text of ids, special tokens kept, outer blanks off."""
    return tokenizer.decode(
        list(ids), skip_special_tokens=False, clean_up_tokenization_spaces=False
    ).strip()


def _as_bytes(text: str) -> str:
    from tokenizers import pre_tokenizers

    split = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)
    return "".join(piece for piece, _ in split.pre_tokenize_str(text))


def _state(tokenizer: object) -> dict:
    import json

    return json.loads(tokenizer.to_str())["model"]  # type: ignore[attr-defined]
