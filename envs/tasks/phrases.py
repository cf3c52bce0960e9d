"""Instruction templates of the families beyond the kitchens' six, and of other rooms.

``{x}`` is the target, ``{xs}`` several of it, ``{r}`` the receptacle, ``{t}`` the tool. Test
templates differ from every training template, and use no word that the training ones lack.
"""

from __future__ import annotations

import re

import numpy as np

from envs.tasks.templates import TEMPLATES
from envs.tasks.words import pick_name, plural

MORE_TEMPLATES: dict[str, dict[str, tuple[str, ...]]] = {
    "find": {
        "train": (
            "find the {x}",
            "look for the {x}",
            "where is the {x}",
            "search for a {x}",
            "please find a {x}",
            "locate the {x} in this room",
            "i need to see the {x}",
        ),
        "test": (
            "please look for the {x}",
            "locate a {x}",
            "i need to find the {x}",
            "search this room for the {x}",
        ),
    },
    "navigate": {
        "train": (
            "go to the {x}",
            "walk to the {x}",
            "go and stand beside the {x}",
            "move close to the {x}",
            "please walk up to the {x} and stop",
        ),
        "test": (
            "please go to the {x} and stop",
            "walk close to the {x}",
            "move beside the {x} and stop",
        ),
    },
    "search": {
        "train": (
            "look into the {r} until you find the {x} and take it",
            "the {x} is shut away in a {r}: open it and take the {x}",
            "find the {x} that is in a {r} and pick it up",
            "open a {r} and search it for the {x}, then pick it up",
        ),
        "test": (
            "search a {r} for the {x} and take it",
            "the {x} is in a {r}: find it and pick it up",
            "open the {r} that the {x} is in and take the {x}",
        ),
    },
    "stack": {
        "train": (
            "put the {x} in the {t} and put the {t} on the {r}",
            "place the {t} with the {x} in it on the {r}",
            "put a {x} into a {t}, then move the {t} to the {r}",
            "i need the {t} on the {r} with a {x} in it",
        ),
        "test": (
            "place the {x} in the {t}, then put the {t} on the {r}",
            "move the {t} with a {x} in it to the {r}",
            "i need a {x} in the {t} and the {t} on the {r}",
        ),
    },
    "pick_two": {
        "train": (
            "put two {xs} in the {r}",
            "place both {xs} on the {r}",
            "move two {xs} to the {r}",
            "find two {xs} and put both in the {r}",
        ),
        "test": (
            "place two {xs} in the {r}",
            "move both {xs} to the {r}",
            "find both {xs} and place two on the {r}",
        ),
    },
    "examine": {
        "train": (
            "look at the {x} under the {t}",
            "examine the {x} by the light of the {t}",
            "turn on the {t} and hold the {x} under it",
            "hold the {x} by the {t} and turn the {t} on",
        ),
        "test": (
            "examine the {x} under the {t}",
            "look at the {x} by the light of a {t}",
            "turn the {t} on and look at the {x}",
        ),
    },
    "clean": {
        "train": (
            "put a clean {x} in the {r}",
            "wash the {x} and put it on the {r}",
            "clean the {x} in the {t}, then place it in the {r}",
            "rinse a {x} and move it to the {r}",
        ),
        "test": (
            "place a clean {x} on the {r}",
            "rinse the {x} in the {t} and put it in the {r}",
            "wash a {x}, then move it to the {r}",
        ),
    },
    "heat": {
        "train": (
            "put a hot {x} in the {r}",
            "heat the {x} and put it on the {r}",
            "warm the {x} in the {t}, then place it in the {r}",
            "use the {t} to heat a {x} and move it to the {r}",
        ),
        "test": (
            "place a hot {x} on the {r}",
            "heat a {x} in the {t} and put it in the {r}",
            "warm a {x}, then move it to the {r}",
        ),
    },
    "cool": {
        "train": (
            "put a cold {x} in the {r}",
            "cool the {x} and put it on the {r}",
            "chill the {x} in the {t}, then place it in the {r}",
            "use the {t} to cool a {x} and move it to the {r}",
        ),
        "test": (
            "place a cold {x} on the {r}",
            "cool a {x} in the {t} and put it in the {r}",
            "chill a {x}, then move it to the {r}",
        ),
    },
}
# How two tasks are said in one sentence: {a} first, then {b}.
JOINED: dict[str, tuple[str, ...]] = {
    "train": ("{a}, then {b}", "first {a} and then {b}", "{a}; after that {b}"),
    "test": ("{a} and after that {b}", "first {a}, then {b}"),
}


def say(
    key: str,
    split: str,
    rng: np.random.Generator,
    target: str,
    receptacle: str = "",
    tool: str = "",
) -> str:
    """An instruction in words of any room.

    Args:
        key: A family, or ``"toggle on"`` and ``"toggle off"``.
        split: train or test: which templates.
        rng: Chooses template and names.
        target: Object type.
        receptacle: Object type, or empty.
        tool: Object type, or empty.
    """
    templates = MORE_TEMPLATES.get(key) or TEMPLATES[key]
    template = str(rng.choice(templates[split]))
    x = pick_name(target, rng)
    text = template.format(
        x=x,
        xs=plural(x),
        r=pick_name(receptacle, rng) if receptacle else "",
        t=pick_name(tool, rng) if tool else "",
    )
    return with_articles(text)


def join(first: str, second: str, split: str, rng: np.random.Generator) -> str:
    """Two instructions as one, to be carried out in order."""
    template = str(rng.choice(JOINED[split]))
    return template.format(a=first, b=second)


def with_articles(text: str) -> str:
    """Before a vowel, a is an; of what comes in pairs or amounts there is some.

    >>> with_articles("find a alarm clock and a keys")
    'find an alarm clock and some keys'
    """
    text = re.sub(r"\ba (?=(?:keys|boots)\b)", "some ", text)
    return re.sub(r"\ba (?=[aeiou])", "an ", text)
