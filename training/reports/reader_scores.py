"""How often the reader reads a sentence right: as a whole, and field by field."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from policies.cimr.language.reader import TYPE_FIELDS, Reader
from policies.cimr.language.subgoals import TaskParse
from training.data.wording.human_goals import HumanGoals
from training.data.wording.random_parses import random_parses, sentences_without_a_task
from training.data.wording.rewording import Rewording

_AT_ONCE, _SENTENCES = 256, 1000
Parses = tuple[TaskParse, ...]


@dataclass(frozen=True)
class ReaderScores:
    """Shares of sentences that were read right.

    Attributes:
        count: Sentences.
        exact: All fields of all tasks.
        fields: By field, of the first task.
    """

    count: int
    exact: float
    fields: dict[str, float]

    def text(self) -> str:
        """In one line."""
        parts = ", ".join(f"{name} {share:.3f}" for name, share in self.fields.items())
        return f"exact {self.exact:.3f} of {self.count}" + (f" ({parts})" if parts else "")

    def as_dict(self) -> dict[str, Any]:
        """For the record."""
        fields = {name: round(share, 4) for name, share in self.fields.items()}
        return {"count": self.count, "exact": round(self.exact, 4), **fields}


def score_pairs(reader: Reader, pairs: list[tuple[str, Parses]]) -> ReaderScores:
    """Scores on sentences with what they ask for."""
    read: list[Parses] = []
    for k in range(0, len(pairs), _AT_ONCE):
        read += reader.parse([said for said, _ in pairs[k : k + _AT_ONCE]])
    exact = np.mean([found == asked for found, (_, asked) in zip(read, pairs, strict=True)])
    tasks = [(f, asked[0]) for f, (_, asked) in zip(read, pairs, strict=True) if asked]
    names = ("family", *TYPE_FIELDS, "turn_on", "sliced") if tasks else ()
    fields = {
        name: float(
            np.mean([bool(f) and getattr(f[0], name) == getattr(a, name) for f, a in tasks])
        )
        for name in names
    }
    return ReaderScores(len(pairs), float(exact), fields)


def score_goals(reader: Reader, goals: HumanGoals) -> ReaderScores:
    """Scores on people's goals."""
    return score_pairs(reader, [(said, (parse,)) for parse, said in goals.goals])


def score_grammar(reader: Reader, rng: np.random.Generator, split: str) -> ReaderScores:
    """Scores on sentences of our grammar, of one half of the wording."""
    rewording = Rewording(split=split)
    said = [rewording.express(random_parses(rng), rng) for _ in range(_SENTENCES)]
    return score_pairs(reader, [(one.text, one.parses) for one in said])


def score_talk(reader: Reader) -> ReaderScores:
    """Scores on sentences that ask for no task."""
    return score_pairs(reader, [(said, ()) for said in sentences_without_a_task("test")])
