"""Our key, hidden in whatever a server says: whole, however it is spelt, and in large part.

A server may repeat the key of a request, cut it, or lose a letter of it on the way; what is left
of a long key is as good as the key. A key of a few letters is a placeholder such as EMPTY, whose
letters any text may contain: of that, parts are let stand.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import re
from urllib.parse import quote

# Shorter keys are placeholders such as EMPTY, which a reply may well contain.
SHORTEST_SECRET = 6
# So many characters in a row are no accident, unless they are a word.
_RUN = 8
_SHARE = 2 / 3
# Of longer keys one wrong letter leaves a run that is no word.
_SHORT = 40
_MASK = "***"


def hidden(text: str, key: str) -> str:
    """A text without our key, and without large parts of it.

    Takes a time proportional to the text: cut that first (``hidden_start``) if it may be long.

    >>> hidden("wrong key sk-1/2", "sk-1/2"), hidden("see ?key=sk-1%2F2", "sk-1/2")
    ('wrong key ***', 'see ?key=***')
    >>> hidden("cut: sk-4f9a7c21d8 and 9a7c21d8e5b6", "sk-4f9a7c21d8e5b6")
    'cut: *** and ***'
    """
    text, runs = without_key(text, key), _runs(key)
    for near in _nearly(key):
        text = near.sub(_MASK, text)
    secret = bytearray(len(text))
    for size in {len(run) for run in runs}:
        for at in range(len(text) - size + 1):
            if text[at : at + size] in runs:
                secret[at : at + size] = b"\1" * size
    parts = itertools.groupby(range(len(text)), key=secret.__getitem__)
    return "".join(_MASK if is_secret else "".join(text[k] for k in at) for is_secret, at in parts)


def without_key(text: str, key: str) -> str:
    """A text of any length without the whole key, in none of its spellings."""
    for form in _spelt(key):
        text = text.replace(form, _MASK)
    return text


def hidden_start(text: str, key: str, most: int) -> str:
    """The first characters of ``hidden(text, key)``, from a text of any length."""
    # Characters that are hidden make place for others, but for a start a few are enough.
    return hidden(text[: 2 * most + 8 * len(key)], key)[:most]


@functools.lru_cache(maxsize=8)
def _spelt(key: str) -> tuple[str, ...]:
    if not key:
        return ()
    forms = {key, json.dumps(key)[1:-1], repr(key)[1:-1], quote(key), quote(key, safe="")}
    return tuple(sorted(forms, key=len, reverse=True))


@functools.lru_cache(maxsize=8)
def _nearly(key: str) -> tuple[re.Pattern[str], ...]:
    """What a short key is with a letter lost, changed or put in; no long run may be left then."""
    if not SHORTEST_SECRET <= len(key) <= _SHORT:
        return ()
    return tuple(
        re.compile(f"{re.escape(form[:k])}.{{0,2}}{re.escape(form[k + 1 :])}", re.DOTALL)
        for form in _spelt(key)
        for k in range(1, len(form) - 1)
    )


@functools.lru_cache(maxsize=8)
def _runs(key: str) -> frozenset[str]:
    """Parts of a key, in all its spellings, that tell too much of it."""
    if len(key) < SHORTEST_SECRET:
        return frozenset()
    found: set[str] = set()
    for form in _spelt(key):
        most = max(SHORTEST_SECRET, math.ceil(_SHARE * len(form)))
        for size in {min(_RUN, most), most}:
            parts = (form[k : k + size] for k in range(len(form) - size + 1))
            # A placeholder such as sk-no-key-required is made of words, which are no secrets.
            found.update(p for p in parts if size == most or not (p.isalpha() and p.islower()))
    return frozenset(found)
