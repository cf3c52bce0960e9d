"""An instruction as the default policy reads it: names as their usual ones, typos mended.

``"Put teh cofee mug in the CoffeeMachine!"`` is read ``put the mug in the coffee machine``. No word
is refused: what is in no list is spelt in pieces.
"""

from __future__ import annotations

import string
from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from policies.cimr.language import tokenizer as t
from policies.cimr.language.lexicon import (
    has_several_senses,
    listed_words,
    plain_words,
    split_words,
    type_of_name,
    usual,
)

if TYPE_CHECKING:
    from transformers import PreTrainedTokenizerFast

# Tokens that are read of an instruction; of a longer one its beginning and its end.
MAX_INSTRUCTION = 128
# Shorter words have too many neighbours to tell what was meant.
_MENDED_FROM = 5


class ReadInstruction(NamedTuple):
    """What is read.

    Attributes:
        ids: Token ids, without begin and answer tokens.
        words: The words they stand for, names in one piece.
        left_out: How many tokens of the middle are not read.
    """

    ids: list[int]
    words: tuple[str, ...]
    left_out: int


def instruction_ids(
    tokenizer: PreTrainedTokenizerFast, instruction: str, most: int = MAX_INSTRUCTION
) -> ReadInstruction:
    """Reads an instruction.

    Args:
        tokenizer: Of ``policies.cimr.language.tokenizer``.
        instruction: Any text.
        most: Tokens that are read.
    """
    words = read_words(instruction, known_to(tokenizer))
    ids = t.encode_text(tokenizer, " ".join(words))
    if len(ids) <= most:
        return ReadInstruction(ids, words, 0)
    last = most // 2
    return ReadInstruction([*ids[: most - last], *ids[-last:]], words, len(ids) - most)


def read_words(instruction: str, senses: frozenset[str] | None = None) -> tuple[str, ...]:
    """Words of an instruction, names by their usual ones.

    >>> read_words("Place a glass on the CoffeTable, please")
    ('place', 'a', 'glass', 'on', 'the', 'coffee table', 'please')

    Args:
        instruction: Any text.
        senses: Names of several senses that may stay words; None for all.
    """
    mended = " ".join(mend(word.removesuffix("'s")) for word in instruction.split())
    words = []
    for word in split_words(mended):
        stays = has_several_senses(word) and (senses is None or word in senses)
        words.append(word if stays else usual(word))
    return tuple(words)


@lru_cache(maxsize=4096)
def mend(word: str) -> str:
    """A word with a letter too many, too few, wrong or in the wrong place put right.

    Only a word that no list has is mended, and only to one it can be alone.

    >>> mend("refridgerator"), mend("Potatoe,"), mend("zeppelin")
    ('refrigerator', 'potato,', 'zeppelin')
    """
    core = word.strip(string.punctuation)
    low = core.lower()
    names, known = _name_words(), _known_words()
    if len(low) < _MENDED_FROM or not low.isascii() or not low.isalpha() or low in known:
        return word
    near = {other for other in _one_edit(low) if other in known}
    found = sorted(near & names or near, key=lambda other: (len(other), other))
    # Of "potato" and "potatoes" either will do: both are read as the same name.
    if len({usual(other) for other in found}) == 1:
        return word.replace(core, found[0])
    return word


@lru_cache(maxsize=1)
def _name_words() -> frozenset[str]:
    return frozenset(part for name in type_of_name() for part in name.split())


@lru_cache(maxsize=1)
def _known_words() -> frozenset[str]:
    return _name_words() | frozenset(plain_words()) | frozenset(listed_words())


def is_known(word: str) -> bool:
    """Whether some list has a word or name."""
    return word in type_of_name() or word in _known_words()


@lru_cache(maxsize=8)
def known_to(tokenizer: PreTrainedTokenizerFast) -> frozenset[str]:
    """The names of several senses that a tokenizer has a token for: older ones have none."""
    both = [name for name in type_of_name() if has_several_senses(name)]
    return frozenset(name for name in both if len(t.encode_text(tokenizer, name)) == 1)


def _one_edit(word: str) -> Iterator[str]:
    """Every text one letter away: left out, put in, changed, or changed with the next."""
    for k in range(len(word) + 1):
        first, last = word[:k], word[k:]
        for letter in string.ascii_lowercase:
            yield first + letter + last
            if last:
                yield first + letter + last[1:]
        if last:
            yield first + last[1:]
        if len(last) > 1:
            yield first + last[1] + last[0] + last[2:]
