"""Words of the default policy: names of objects, states and verbs, each one token.

A name such as ``coffee machine`` is a single word to the model, so that "what is this patch?" and
"what does the instruction name?" are questions about the same vector. People's other names for an
object (``coffee maker``, ``CoffeeMachine``), and its plural, are read as the usual one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib import resources

from envs.actions import VERBS, WITH_TARGET
from envs.simulator.core.object_types import object_types
from envs.tasks.object_names import OBJECT_NAMES, names_of, plural
from envs.tasks.registry import FAMILIES
from policies.cimr.language.other_names import OTHER_NAMES, SEVERAL_SENSES

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
# Words of thoughts that are no words of instructions.
CLOSING_WORDS = ("all",)
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
    for kind in type_names():
        for name in (*OTHER_NAMES.get(kind, ()), kind.lower()):
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


def has_several_senses(name: str) -> bool:
    """Whether people call objects of several types so.

    >>> has_several_senses("tables"), has_several_senses("coffee table")
    (True, False)
    """
    return name in SEVERAL_SENSES or name.removesuffix("s") in SEVERAL_SENSES


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
def listed_words() -> tuple[str, ...]:
    """Everyday words of the house, of ``words.txt``: each is one token."""
    text = (
        resources.files("policies.cimr.language").joinpath("words.txt").read_text(encoding="utf-8")
    )
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


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


def check_says_something(instruction: str) -> None:
    """Refuses an instruction in which nothing is said.

    Raises:
        ValueError: If it has no letters.
    """
    if not any(character.isalpha() for character in instruction):
        raise ValueError(
            f"The instruction {instruction!r} has no words; say what to do, such as "
            "'put the apple in the fridge'."
        )
