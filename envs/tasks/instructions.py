"""Tasks in words, and a person's words as a task.

An instruction is a template of a family's ``Wording`` with names of object types in it:
``"put the {x} in the {r}"`` becomes ``"put the apple in the refrigerator"``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

from envs.tasks.family import Wording
from envs.tasks.goals import Every
from envs.tasks.object_names import pick_name, plural, type_named
from envs.tasks.registry import FAMILIES

_ROOM_WORDS = ("kitchen", "room")


def instruct(
    wording: Wording,
    split: str,
    rng: np.random.Generator,
    target: str,
    receptacle: str = "",
    tool: str = "",
    room: str = "room",
) -> str:
    """Says a task.

    Args:
        wording: Of its family.
        split: train or test: which templates.
        rng: Chooses template and names.
        target: Object type.
        receptacle: Object type, or empty.
        tool: Object type, or empty.
        room: What the room is called.
    """
    template = str(rng.choice(wording.templates(split)))
    x = pick_name(target, rng)
    text = template.format(
        x=x,
        xs=plural(x),
        r=pick_name(receptacle, rng) if receptacle else "",
        t=pick_name(tool, rng) if tool else "",
        room=room,
    )
    return with_articles(text)


def join(first: str, second: str, wording: Wording, split: str, rng: np.random.Generator) -> str:
    """Says two instructions as one, to be carried out in order; ``{a}`` first, then ``{b}``."""
    return str(rng.choice(wording.templates(split))).format(a=first, b=second)


def with_articles(text: str) -> str:
    """Makes a an before a vowel, and some before what comes in pairs or amounts.

    >>> with_articles("find a alarm clock and a keys")
    'find an alarm clock and some keys'
    """
    text = re.sub(r"\ba (?=(?:keys|boots)\b)", "some ", text)
    return re.sub(r"\ba (?=[aeiou])", "an ", text)


@dataclass(frozen=True)
class Understood:
    """What a person's instruction asks for.

    Attributes:
        family: Name of the family.
        target: Object type.
        receptacle: Object type, or empty.
        turn_on: For toggle: on or off.
        goal: What must hold.
    """

    family: str
    target: str
    receptacle: str
    turn_on: bool
    goal: Every


def understand(instruction: str) -> Understood | None:
    """Reads an instruction by the templates of all families with a ``goal``; None if none fits.

    >>> found = understand("Put the apple in the refrigerator.")
    >>> found.family, found.target, found.receptacle, found.goal.text()
    ('pick_and_place', 'Apple', 'Fridge', 'Apple is in Fridge')
    """
    text = " ".join(re.sub(r"[^a-z ]", " ", instruction.lower()).split())
    best: tuple[int, Understood] | None = None
    for family in FAMILIES:
        if family.goal is None:
            continue
        for wording in family.wordings:
            for template in (*wording.train, *wording.test, *wording.understood):
                named = _named_in(text, template)
                # The longest template says most of what is meant.
                if named is not None and (best is None or len(template) > best[0]):
                    turn_on = wording.turn_on is not False
                    goal = family.goal(*named, turn_on)
                    best = (len(template), Understood(family.name, *named, turn_on, goal))
    return best[1] if best else None


def _named_in(text: str, template: str) -> tuple[str, str] | None:
    """Target and receptacle ("" if it has none) of a text that fits a template, else None."""
    pattern = re.escape(template).replace(r"\{x\}", "(?P<x>.+?)").replace(r"\{r\}", "(?P<r>.+?)")
    pattern = pattern.replace(r"\{room\}", f"(?:{'|'.join(_ROOM_WORDS)})")
    pattern = pattern.replace(
        r"\ in\ the\ (?P<r>", r"\ (?:in|on|into|onto|to)\ (?:the|a)\ (?P<r>"
    ).replace(r"\ the\ (?P<x>", r"\ (?:the|a|an)\ (?P<x>")
    match = re.fullmatch(pattern, text)
    if match is None:
        return None
    target = type_named(match["x"])
    receptacle = type_named(match["r"]) if "{r}" in template else ""
    return None if target is None or receptacle is None else (target, receptacle)
