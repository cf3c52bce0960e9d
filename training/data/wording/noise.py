"""How people spoil a sentence: typos, capitals, missing articles, stray punctuation."""

from __future__ import annotations

import string

import numpy as np

_FILLERS = ("um", "uh", "well", "so", "hmm", "like", "you know")
# Drawn as often as they stand here.
_ENDS = ("",) * 11 + (".",) * 7 + ("!", " .")
_ARTICLES = ("the", "a", "an", "some")


def typo(word: str, rng: np.random.Generator) -> str:
    """A word with one letter changed, left out, doubled, or changed with the next."""
    at, kind = int(rng.integers(1, len(word))), int(rng.integers(4))
    if kind == 0:
        return word[:at] + string.ascii_lowercase[int(rng.integers(26))] + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + word[at - 1] + word[at:]
    return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]


def spoil(text: str, rng: np.random.Generator) -> str:
    """A sentence as it may be typed: each fault now and then, most sentences with none."""
    words = text.split()
    if rng.random() < 0.1:
        long = [k for k, word in enumerate(words) if len(word) > 3 and word.isalpha()]
        if long:
            at = long[int(rng.integers(len(long)))]
            words[at] = typo(words[at], rng)
    if rng.random() < 0.05:
        words = [w for w in words if w.lower() not in _ARTICLES] or words
    if rng.random() < 0.04:
        words.insert(int(rng.integers(len(words))), _FILLERS[int(rng.integers(len(_FILLERS)))])
    said, draw = " ".join(words), rng.random()
    if draw < 0.3:
        said = said[:1].upper() + said[1:]
    elif draw < 0.33:
        said = said.upper()
    return said.rstrip(" .") + _ENDS[int(rng.integers(len(_ENDS)))]
