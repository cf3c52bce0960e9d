"""People's own goals of ALFRED, by what they ask for, to say tasks of the same kind with.

The file is the user's (``train.jsonl.gz`` or the publisher's folders); nothing of it is kept here::

    goals = HumanGoals.read(Path("alfred/train.jsonl.gz"))
    goals.say(TaskParse("heat", "Potato", "Fridge", "Microwave"), rng)   # "Put a cooked potato ..."

Where nobody asked for just that, a goal of the same family for other objects is taken, with the
names put in.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np

from envs.tasks.instructions import with_articles
from envs.tasks.object_names import names_of, plural
from envs.tasks.published.alfred import Trial, read_trials
from envs.tasks.published.alfred_suite import FAMILY_OF
from policies.cimr.language.lexicon import SAME_THING
from policies.cimr.language.other_names import OTHER_NAMES
from policies.cimr.language.subgoals import TOOL_OF, TaskParse
from training.data.wording.noun_phrases import LOOSELY, noun, several

# Of what somebody asked for exactly, so many are drawn from the exact goals.
_EXACT_SHARE = 0.75
# Longer ones describe the way rather than the goal.
_MOST_WORDS = 40


def parse_of_trial(trial: Trial) -> TaskParse:
    """What a trial asks for."""
    family = FAMILY_OF[trial.task_type]
    return TaskParse(
        family,
        trial.target,
        SAME_THING.get(trial.parent, trial.parent),
        TOOL_OF.get(family) or trial.movable or trial.toggle,
        True,
        trial.is_sliced,
    )


class HumanGoals:
    """Goals by what they ask for.

    Args:
        goals: Pairs of what is asked for and the sentence.
    """

    def __init__(self, goals: Iterable[tuple[TaskParse, str]]) -> None:
        self.goals = [(parse, said) for parse, said in goals if len(said.split()) <= _MOST_WORDS]
        self._exact: dict[TaskParse, list[str]] = defaultdict(list)
        self._patterns: dict[tuple[str, bool], list[str]] = defaultdict(list)
        for parse, said in self.goals:
            self._exact[parse].append(said)
            pattern = _pattern_of(parse, said)
            if pattern is not None:
                self._patterns[parse.family, parse.sliced].append(pattern)

    @classmethod
    def read(cls, path: Path) -> HumanGoals:
        """Of ALFRED's files; ``path`` as of ``envs.tasks.published.alfred.read_trials``.

        Raises:
            TrialError: If the path holds none, or one is broken.
        """
        return cls(
            (parse_of_trial(trial), " ".join(said.split()))
            for trial in read_trials(path)
            for said in trial.instructions
        )

    def __len__(self) -> int:
        return len(self.goals)

    def say(self, parse: TaskParse, rng: np.random.Generator) -> str | None:
        """A goal that asks for this, or None for families nobody was asked about."""
        exact = self._exact.get(parse)
        if exact and rng.random() < _EXACT_SHARE:
            return exact[int(rng.integers(len(exact)))]
        patterns = self._patterns.get((parse.family, parse.sliced))
        if not patterns:
            return exact[int(rng.integers(len(exact)))] if exact else None
        pattern = patterns[int(rng.integers(len(patterns)))]
        return with_articles(
            pattern.format(
                x=noun(parse.target, rng),
                xs=several(parse.target, rng),
                r=noun(parse.receptacle, rng) if parse.receptacle else "",
                t=noun(parse.tool, rng) if parse.tool else "",
            )
        )


def _pattern_of(parse: TaskParse, said: str) -> str | None:
    """A goal with slots instead of its names; None unless each stands in it just once."""
    low = said.lower()
    if "{" in low or "}" in low:
        return None
    slots = {"x": parse.target, "r": parse.receptacle}
    if parse.family not in TOOL_OF:
        slots["t"] = parse.tool
    for slot, object_type in slots.items():
        if not object_type:
            continue
        found = list(_names_pattern(object_type).finditer(low))
        if len(found) != 1:
            return None
        name = found[0][0]
        mark = "{xs}" if slot == "x" and name in _plurals(object_type) else f"{{{slot}}}"
        low = low[: found[0].start()] + mark + low[found[0].end() :]
    return low


@lru_cache(maxsize=256)
def _names(object_type: str) -> frozenset[str]:
    return frozenset(
        (*names_of(object_type), *OTHER_NAMES.get(object_type, ()), *LOOSELY.get(object_type, ()))
    )


@lru_cache(maxsize=256)
def _plurals(object_type: str) -> frozenset[str]:
    names = _names(object_type)
    return frozenset(plural(name) for name in names) - names


@lru_cache(maxsize=256)
def _names_pattern(object_type: str) -> re.Pattern[str]:
    names = sorted(_names(object_type) | _plurals(object_type), key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(map(re.escape, names)) + r")\b")
