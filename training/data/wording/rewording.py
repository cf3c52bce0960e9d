"""Says a recorded task in other words: our templates, people's goals, or our own grammar.

A step's record says what was asked for; what is drawn asks for the same::

    Rewording(goals).say({"family": "toggle", "task": ["Television", "", False, ""]}, rng)
    # "hey robot, switch off the tv by the window."
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from envs.tasks.families import composite
from envs.tasks.instructions import instruct, join, with_articles
from envs.tasks.registry import family_named
from policies.cimr.language.subgoals import SLICED, TaskParse, parse_of
from training.data.wording.gerunds import GERUNDS
from training.data.wording.human_goals import HumanGoals
from training.data.wording.manners import ASIDES, IN_ORDER, POLITE
from training.data.wording.noise import spoil
from training.data.wording.noun_phrases import described, drawn, noun, noun_phrase, several
from training.data.wording.phrases import IMPERATIVES, STATEMENTS

# Families in which an object is looked for are said without its name more often.
_LOOKED_FOR = ("find", "navigate", "take")
_ROOM_WORDS = ("room", "kitchen")


@dataclass(frozen=True)
class Shares:
    """How often what is drawn, of one.

    Attributes:
        templates: Our task families' own templates.
        human: People's goals, where there are any of the family; the rest is our grammar.
        unnamed: Of sentences of our grammar that look for something, those without its name.
        held: Of searches, those that say only what to take, not where it is.
    """

    templates: float = 0.25
    human: float = 0.4
    unnamed: float = 0.15
    held: float = 0.35


@dataclass(frozen=True)
class Said:
    """A task in words.

    Attributes:
        text: The words.
        parses: What they ask for, in order.
    """

    text: str
    parses: tuple[TaskParse, ...]


class Rewording:
    """Says tasks in words of one half of the wording.

    Args:
        goals: People's own, or None.
        split: train or test: which templates and phrases.
        shares: How often what is drawn.
    """

    def __init__(
        self, goals: HumanGoals | None = None, split: str = "train", shares: Shares | None = None
    ) -> None:
        self.goals, self.split, self.shares = goals, split, shares or Shares()

    def say(self, record: dict[str, Any], rng: np.random.Generator) -> str:
        """A step's task in other words; its own where the record doesn't tell the task."""
        return self.draw(record, rng).text

    def draw(self, record: dict[str, Any], rng: np.random.Generator) -> Said:
        """A step's task in other words, with what they ask for."""
        parses = parse_of(record)
        if not parses:
            return Said(record.get("instruction", ""), ())
        return self.express(parses, rng)

    def express(self, parses: tuple[TaskParse, ...], rng: np.random.Generator) -> Said:
        """Says one task, or two in this order."""
        if len(parses) == 1:
            said = self._one(parses[0], rng)
        elif rng.random() < self.shares.templates:
            first, second = (self._template(parse, rng) for parse in parses)
            said = Said(join(first, second, composite.WORDING, self.split, rng), parses)
        else:
            first, second = (self._imperative(parse, rng) for parse in parses)
            joined = drawn(IN_ORDER.of(self.split), rng).format(a=first, b=second)
            said = Said(self._politely(joined, rng), parses)
        return replace(said, text=spoil(said.text, rng))

    def _one(self, parse: TaskParse, rng: np.random.Generator) -> Said:
        if parse.family == "search" and (not parse.receptacle or rng.random() < self.shares.held):
            parse = replace(parse, receptacle="")
            return Said(self._grammar(parse, rng), (parse,))
        draw = rng.random()
        if draw < self.shares.human and self.goals is not None:
            said = self.goals.say(parse, rng)
            if said is not None:
                return Said(said, (parse,))
        # Our templates say no slices of what is to be put away.
        if draw > 1 - self.shares.templates and not parse.sliced:
            return Said(self._template(parse, rng), (parse,))
        return Said(self._grammar(parse, rng), (parse,))

    def _template(self, parse: TaskParse, rng: np.random.Generator) -> str:
        wording = family_named(parse.family).wording(parse.turn_on)
        room = drawn(_ROOM_WORDS, rng)
        return instruct(wording, self.split, rng, parse.target, parse.receptacle, parse.tool, room)

    def _grammar(self, parse: TaskParse, rng: np.random.Generator) -> str:
        kind = _kind(parse)
        if kind in STATEMENTS and rng.random() < 0.15:
            said = self._fill(drawn(STATEMENTS[kind].of(self.split), rng), parse, rng)
        else:
            said = self._politely(self._imperative(parse, rng), rng)
        if rng.random() < 0.12:
            said = f"{drawn(ASIDES.of(self.split), rng)} {said}"
        return said

    def _imperative(self, parse: TaskParse, rng: np.random.Generator) -> str:
        return self._fill(drawn(IMPERATIVES[_kind(parse)].of(self.split), rng), parse, rng)

    def _politely(self, imperative: str, rng: np.random.Generator) -> str:
        if rng.random() < 0.5:
            return imperative
        way = drawn(POLITE.of(self.split), rng)
        if "{ing}" in way:
            return way.format(ing=_gerund(imperative, rng))
        return way.format(s=imperative)

    def _fill(self, template: str, parse: TaskParse, rng: np.random.Generator) -> str:
        target = parse.target + SLICED * parse.sliced
        unnamed = self.shares.unnamed * (1.0 if _kind(parse) in _LOOKED_FOR else 0.25)

        def phrase(object_type: str, loose: bool) -> str:
            if not object_type:
                return ""
            if rng.random() < unnamed:
                return described(object_type, rng, self.split)
            return noun_phrase(object_type, rng, self.split, loose)

        return with_articles(
            template.format(
                x=phrase(target, loose=parse.family not in ("open", "close", "toggle", "navigate")),
                xs=several(target, rng),
                n=noun(target, rng),
                r=phrase(parse.receptacle, loose=False),
                t=phrase(parse.tool, loose=False),
            )
        )


def _gerund(imperative: str, rng: np.random.Generator) -> str:
    """Its first verb as a gerund; now and then those after "and" and "then" too."""
    words = imperative.split(" ")
    everywhere = rng.random() < 0.6
    for k, word in enumerate(words):
        begins = k == 0 or words[k - 1].strip(",") in ("and", "then", "first")
        if begins and (k == 0 or everywhere):
            words[k] = GERUNDS.get(word, word)
    return " ".join(words)


def _kind(parse: TaskParse) -> str:
    """Under which name the phrases of a task stand."""
    if parse.family == "toggle":
        return "toggle on" if parse.turn_on else "toggle off"
    if parse.family == "search" and not parse.receptacle:
        return "take"
    return parse.family
