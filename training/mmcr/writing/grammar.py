"""The many ways in which a kind of question is asked and answered, from ``questions.txt``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

_FILE = Path(__file__).with_name("questions.txt")
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")
_MARKS = {"?": "questions", "!": "answers", "+": "yes", "-": "no", "0": "nothing"}


@dataclass(frozen=True)
class Phrases:
    """Of a kind, as patterns with choices and slots.

    Attributes:
        questions: How it is asked.
        answers: How it is answered.
        yes: How it is affirmed.
        no: How it is denied.
        nothing: How it is said that there is nothing.
    """

    questions: tuple[str, ...] = ()
    answers: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    nothing: tuple[str, ...] = ()


@cache
def phrases() -> dict[str, Phrases]:
    """All, by kind.

    Raises:
        ValueError: A line of the file has no mark.
    """
    found: dict[str, dict[str, list[str]]] = {}
    kind = ""
    for number, line in enumerate(_FILE.read_text(encoding="utf-8").splitlines(), 1):
        mark, _, rest = line.partition(" ")
        if not line or mark == "#":
            continue
        if mark == "=":
            kind = rest
            found[kind] = {}
        elif mark in _MARKS and kind:
            found[kind].setdefault(_MARKS[mark], []).append(rest)
        else:
            raise ValueError(f"{_FILE.name}, line {number}: begin with one of = ? ! + - 0 #.")
    return {
        kind: Phrases(**{name: tuple(lines) for name, lines in marked.items()})
        for kind, marked in found.items()
    }


def expand(pattern: str, rng: np.random.Generator) -> str:
    """A pattern with its choices made; slots stay.

    >>> expand("(I|I) see {value}.", np.random.default_rng(0))
    'I see {value}.'
    """
    while (found := _CHOICE.search(pattern)) is not None:
        options = found[1].split("|")
        chosen = options[int(rng.integers(len(options)))]
        pattern = pattern[: found.start()] + chosen + pattern[found.end() :]
    return pattern


def ways(pattern: str) -> int:
    """In how many ways a pattern can be said.

    >>> ways("(a|b) c (d|e|)")
    6
    """
    count = 1
    for found in _CHOICE.finditer(pattern):
        count *= len(found[1].split("|"))
    return count
