"""Words of the default policy: names of objects, states and verbs, each one token.

A name such as ``coffee machine`` is a single word to the model, so that "what is this patch?" and
"what does the instruction name?" are questions about the same vector. People's other names for an
object (``coffee maker``), and its plural, are read as the usual one.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from functools import lru_cache

from envs.actions import VERBS, WITH_TARGET
from envs.simulator.core.object_types import object_types
from envs.tasks.object_names import OBJECT_NAMES, names_of, plural
from envs.tasks.registry import FAMILIES

APERTURE_WORDS = ("open", "closed")
SWITCH_WORDS = ("on", "off")
GRIP_WORDS = ("held", "lying")
STATE_WORDS = APERTURE_WORDS + SWITCH_WORDS + GRIP_WORDS
# AI2-THOR's type of a part that holds, and the object type that people mean by its name.
SAME_THING = {"SinkBasin": "Sink"}

_THOUGHT_WORDS = (
    "looking for going to in view found wrong at not here again done try holding dropped the a it "
    "failed ok missing closed open on off"
).split()
# Everyday words that cost nothing to know and make free instructions less brittle.
_COMMON_WORDS = (
    "a an and are at away back be bring can carry check could cut done drop fetch find for "
    "from get give go grab hand have hello help here i in inside into is it its keep kitchen "
    "leave let like locate look make me move my near need next now of off on one onto open "
    "out over pick place please put robot room search see set shut slice slices some store "
    "switch take that the them then there this to turn under up use want what where with "
    "would you your"
).split()


@lru_cache(maxsize=1)
def type_names() -> tuple[str, ...]:
    """Every AI2-THOR object type, in fixed order; dense labels are 1 + index into it."""
    return tuple(sorted(set(object_types()) | set(OBJECT_NAMES)))


@lru_cache(maxsize=1)
def type_of_name() -> dict[str, str]:
    """Name (lower case) to object type, usual names before others; plurals too.

    >>> type_of_name()["couch"], type_of_name()["pillows"]
    ('Sofa', 'Pillow')
    """
    found: dict[str, str] = {names_of(kind)[0]: kind for kind in type_names()}
    for kind in type_names():
        for name in names_of(kind):
            found.setdefault(name, kind)
    for name, kind in list(found.items()):
        found.setdefault(plural(name), kind)
    return found


def usual(word: str) -> str:
    """The usual name of what a name means; any other word as it is.

    >>> usual("coffee maker"), usual("pillows"), usual("the")
    ('coffee machine', 'pillow', 'the')
    """
    kind = type_of_name().get(word)
    return word if kind is None else names_of(kind)[0]


@lru_cache(maxsize=1)
def usual_names() -> tuple[str, ...]:
    """One name of every type, in the order of ``type_names``."""
    return tuple(names_of(kind)[0] for kind in type_names())


def verb_token(verb: str) -> str:
    """The token of a verb.

    >>> verb_token("pick up")
    '<pick_up>'
    """
    return f"<{verb.replace(' ', '_')}>"


def needs_target(verb: str) -> bool:
    """Whether a verb acts on an object."""
    return verb in WITH_TARGET


VERB_TOKENS = {verb_token(verb): verb for verb in VERBS}


@lru_cache(maxsize=1)
def plain_words() -> tuple[str, ...]:
    """Single words of templates and thoughts, besides names."""
    words = set(_THOUGHT_WORDS) | set(_COMMON_WORDS) | set(STATE_WORDS)
    wordings = [wording for family in FAMILIES for wording in family.wordings]
    for template in (t for w in wordings for t in (*w.train, *w.test, *w.understood)):
        words.update(re.findall(r"[a-z']+", re.sub(r"\{\w+\}", " ", template)))
    return tuple(sorted(words | {"some"}))


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    names = sorted(type_of_name(), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b|[^\W_]+(?:'\w+)?")


def split_words(text: str) -> list[str]:
    """Lower-case words of a text, names in one piece; punctuation is left out.

    >>> split_words("Put the coffee maker on!")
    ['put', 'the', 'coffee maker', 'on']
    """
    return _pattern().findall(" ".join(text.lower().split()))


def check_words(instruction: str, known: Iterable[str]) -> None:
    """Refuses an instruction with words the policy has not learned.

    Raises:
        ValueError: If the instruction is empty or has unknown words; names them and near ones.
    """
    vocabulary = set(known)
    words = split_words(instruction)
    if not words:
        raise ValueError(
            f"The instruction {instruction!r} has no words; say what to do, such as "
            "'put the apple in the fridge'."
        )
    unknown = list(dict.fromkeys(word for word in words if word not in vocabulary))
    if not unknown:
        return
    parts = []
    for word in unknown:
        near = difflib.get_close_matches(word, vocabulary, n=3, cutoff=0.6)
        parts.append(f"{word!r}" + (f" (near: {', '.join(near)})" if near else ""))
    raise ValueError(
        f"The policy doesn't know the word{'s' * (len(unknown) > 1)} {', '.join(parts)} in "
        f"{instruction!r}. Say it in words such as 'put the apple in the fridge' or 'turn on the "
        "coffee machine', or give a larger model with --policy."
    )
