"""What the reader made of an instruction, and that in words for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from policies.cimr.language.subgoals import SLICED, TaskParse

_SENTENCES = {
    "find": "find {x}",
    "navigate": "go to {x}",
    "open": "open {x}",
    "close": "close {x}",
    "slice": "slice {x}",
    "pick_and_place": "put {x} in {r}",
    "pick_two": "put two {x} in {r}",
    "stack": "put {x} in {t} and {t} in {r}",
    "examine": "hold {x} and turn on {t}",
    "clean": "wash {x} and put it in {r}",
    "heat": "heat {x} and put it in {r}",
    "cool": "cool {x} and put it in {r}",
}


def in_words(parse: TaskParse) -> str:
    """A parse as a short sentence of object types.

    >>> in_words(TaskParse("pick_and_place", "Mug", "CoffeeMachine"))
    'put Mug in CoffeeMachine'
    """
    if parse.family == "toggle":
        return f"turn {'on' if parse.turn_on else 'off'} {parse.target}"
    if parse.family == "search":
        return f"take {parse.target}" + (f" out of {parse.receptacle}" if parse.receptacle else "")
    return _SENTENCES[parse.family].format(
        x=("sliced " if parse.sliced else "") + (parse.target or "something"),
        r=parse.receptacle or "somewhere",
        t=parse.tool or "something",
    )


@dataclass(frozen=True)
class Understanding:
    """An instruction as it was understood.

    Attributes:
        instruction: As it was said.
        parses: What it asks for, in order; empty where no task was found.
        confidence: Of each field of the first parse, of one; of "family" also where none was found.
        unsure: Words that made it unsure, or that it never met.
        left_out: Tokens of a long instruction that were not read.
    """

    instruction: str
    parses: tuple[TaskParse, ...]
    confidence: Mapping[str, float]
    unsure: tuple[str, ...] = ()
    left_out: int = 0

    @property
    def family(self) -> str:
        """Of the first task; empty where none was found."""
        return self.parses[0].family if self.parses else ""

    @property
    def target(self) -> str:
        """Object type of the first task, of a slice the slice's; or empty."""
        return self.parses[0].target + SLICED * self.parses[0].sliced if self.parses else ""

    @property
    def receptacle(self) -> str:
        """Object type of the first task, or empty."""
        return self.parses[0].receptacle if self.parses else ""

    @property
    def tool(self) -> str:
        """Object type of the first task, or empty."""
        return self.parses[0].tool if self.parses else ""

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        """Verbs and object types that all of it comes to, in order."""
        return tuple(step for parse in self.parses for step in parse.steps())

    @property
    def subgoals(self) -> tuple[str, ...]:
        """The steps as the memory's sub-goals: ``"pick up Mug"``."""
        return tuple(f"{verb} {object_type}" for verb, object_type in self.steps)

    @property
    def text(self) -> str:
        """A sentence that says it to people.

        >>> mug = TaskParse("pick_and_place", "Mug", "CoffeeMachine")
        >>> Understanding("...", (mug,), {}, ("brass",)).text
        "understood: put Mug in CoffeeMachine; unsure about 'brass'"
        """
        if self.parses:
            said = "understood: " + ", then ".join(in_words(parse) for parse in self.parses)
        else:
            said = (
                f"found no task in {_short(self.instruction)!r}; say what to do, such as "
                "'put the apple in the fridge'"
            )
        if self.unsure:
            said += "; unsure about " + ", ".join(repr(word) for word in self.unsure)
        if self.left_out:
            said += f"; its middle was not read ({self.left_out} tokens too long)"
        return said


def _short(text: str, most: int = 40) -> str:
    return text if len(text) <= most else text[: most - 3] + "..."
