"""Things, numbers and deeds in plain English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from envs.tasks.object_names import name_of, plural

# Said where the usual name can't be counted.
_COUNTED = {"Bread": "loaf of bread", "Lettuce": "head of lettuce", "ToiletPaper": "toilet roll"}
_NUMBERS = (
    *("no", "one", "two", "three", "four", "five"),
    *("six", "seven", "eight", "nine", "ten"),
)
_TIMES = {1: "once", 2: "twice"}
# Verb: as it is told of the past, and as it is to be done.
_DEEDS = {
    "goto": ("went to {x}", "go to {x}"),
    "pick up": ("picked up {x}", "pick up {x}"),
    "put in": ("put what I held in or on {x}", "put what I hold in or on {x}"),
    "open": ("opened {x}", "open {x}"),
    "close": ("closed {x}", "close {x}"),
    "toggle on": ("switched on {x}", "switch on {x}"),
    "toggle off": ("switched off {x}", "switch off {x}"),
    "slice": ("sliced {x}", "slice {x}"),
    "look around": ("looked around", "look around"),
    "drop": ("dropped what I held", "drop what I hold"),
    "done": ("said that I was done", "say that I am done"),
}
Names = Mapping[str, str]


def usual_name(kind: str) -> str:
    """What one of an object type is called.

    >>> usual_name("Bread"), usual_name("Mug")
    ('loaf of bread', 'mug')
    """
    return _COUNTED.get(kind) or name_of(kind)


def a_thing(name: str) -> str:
    """With its article.

    >>> a_thing("apple"), a_thing("mug")
    ('an apple', 'a mug')
    """
    return f"{'an' if name[0] in 'aeio' else 'a'} {name}"


def several(words: Sequence[str]) -> str:
    """A list in words.

    >>> several(["a mug", "a plate", "an egg"])
    'a mug, a plate and an egg'
    """
    *rest, last = words
    return f"{', '.join(rest)} and {last}" if rest else last


def plural_of(name: str) -> str:
    """What several of a thing are called.

    >>> plural_of("butter knife"), plural_of("mug")
    ('butter knives', 'mugs')
    """
    first, _, last = name.rpartition(" ")
    if " of " in name or not first:
        return plural(name)
    return f"{first} {plural(last)}"


def number_word(count: int) -> str:
    """A number up to ten in words; none is zero.

    >>> number_word(3), number_word(0)
    ('three', 'zero')
    """
    return "zero" if count == 0 else _NUMBERS[count] if count <= 10 else str(count)


def number_of(word: str) -> int | None:
    """The number that a word or digits mean, or None.

    >>> number_of("three"), number_of("12"), number_of("mug")
    (3, 12, None)
    """
    if word.isdecimal() and len(word) < 5:
        return int(word)
    if word in ("zero", "none"):
        return 0
    return _NUMBERS.index(word) if word in _NUMBERS and word != "no" else None


def times_word(count: int) -> str:
    """How often.

    >>> times_word(2), times_word(4)
    ('twice', 'four times')
    """
    return _TIMES.get(count) or f"{number_word(count)} times"


def counted(count: int, name: str) -> str:
    """So many things.

    >>> counted(2, "knife"), counted(1, "mug")
    ('two knives', 'one mug')
    """
    return f"{number_word(count)} {name if count == 1 else plural_of(name)}"


def deed_words(verb: str, thing: str, *, past: bool) -> str:
    """A deed in words; the name of what it is on may be empty where there is none.

    >>> deed_words("open", "the fridge", past=True)
    'opened the fridge'
    """
    return _DEEDS[verb][0 if past else 1].format(x=thing)
