"""Draws tasks that objects afford to be asked for, and sentences that ask for none."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources

import numpy as np

from envs.simulator.core.object_types import object_type, object_types
from envs.tasks.families import clean, cool, examine, heat, stack
from envs.tasks.families import slice as slicing
from envs.tasks.trials.carrying import DESTINATIONS
from envs.tasks.trials.operating import OPENED
from policies.cimr.language.lexicon import SAME_THING
from policies.cimr.language.subgoals import TOOL_OF, TaskParse
from training.data.wording.noun_phrases import drawn

# What is drawn as often as it stands here; composites are two of the short ones.
_FAMILIES = (
    ("pick_and_place",) * 5
    + ("find", "navigate", "navigate", "take", "search", "toggle", "toggle", "slice")
    + ("open", "close", "pick_two", "examine", "clean", "heat", "cool", "stack", "stack")
)
_PARTS = ("pick_and_place", "pick_and_place", "toggle", "open", "slice", "take", "find", "navigate")
_COMPOSITE, _SLICED = 0.22, 0.12
# A place that nothing was ever recorded in is asked for too.
_ODD_PLACE = 0.15


@lru_cache(maxsize=1)
def _loose() -> tuple[str, ...]:
    return tuple(sorted(name for name in object_types() if object_type(name).pickupable))


@lru_cache(maxsize=1)
def _switched() -> tuple[str, ...]:
    return tuple(sorted(name for name in object_types() if object_type(name).toggleable))


@lru_cache(maxsize=1)
def _everything() -> tuple[str, ...]:
    return tuple(sorted(name for name in object_types() if name not in SAME_THING))


@lru_cache(maxsize=256)
def _places_of(target: str) -> tuple[str, ...]:
    allowed = {SAME_THING.get(r, r) for r in object_type(target).allowed_receptacles}
    return tuple(sorted(allowed - {target})) or DESTINATIONS


def random_parses(rng: np.random.Generator) -> tuple[TaskParse, ...]:
    """One task, or now and then two in order."""
    if rng.random() < _COMPOSITE:
        return tuple(_parse(drawn(_PARTS, rng), rng) for _ in range(2))
    return (_parse(drawn(_FAMILIES, rng), rng),)


def _parse(family: str, rng: np.random.Generator) -> TaskParse:
    if family in ("find", "navigate"):
        return TaskParse(family, drawn(_everything() + _loose(), rng))
    if family == "take":
        return TaskParse("search", drawn(_loose(), rng))
    if family in ("open", "close"):
        return TaskParse(family, drawn(OPENED, rng))
    if family == "toggle":
        return TaskParse("toggle", drawn(_switched(), rng), turn_on=bool(rng.random() < 0.5))
    if family == "slice":
        return TaskParse("slice", drawn(slicing.CUT, rng), tool=TOOL_OF["slice"])
    if family == "examine":
        return TaskParse("examine", drawn(_loose(), rng), tool=drawn(examine.LAMPS, rng))
    treatments = {"clean": clean.TREATMENT, "heat": heat.TREATMENT, "cool": cool.TREATMENT}
    if family in treatments:
        target = drawn(treatments[family].targets, rng)
        return _put(family, target, rng, TOOL_OF[family], drawn(_places_of(target), rng))
    if family == "stack":
        dish = drawn(stack.DISHES, rng)
        target = drawn([k for k in _loose() if dish in object_type(k).allowed_receptacles], rng)
        return _put(family, target, rng, dish, drawn(_places_of(dish), rng))
    target = drawn(_loose(), rng)
    return _put(family, target, rng, "", drawn(_places_of(target), rng))


def _put(family: str, target: str, rng: np.random.Generator, tool: str, place: str) -> TaskParse:
    sliced = target in slicing.CUT and rng.random() < _SLICED
    if rng.random() < _ODD_PLACE:
        place = drawn(DESTINATIONS, rng)
    return TaskParse(family, target, SAME_THING.get(place, place), tool, True, sliced)


@lru_cache(maxsize=4)
def sentences_without_a_task(split: str = "train") -> tuple[str, ...]:
    """Greetings, questions, other languages and other talk; every fifth is kept for tests."""
    text = resources.files("training.data.wording").joinpath("small_talk.txt").read_text("utf-8")
    lines = [line.strip() for line in text.splitlines()]
    said = [line for line in lines if line and not line.startswith("#")]
    return tuple(s for k, s in enumerate(said) if (k % 5 == 4) == (split == "test"))


def talk(rng: np.random.Generator, split: str = "train") -> str:
    """A sentence that asks for no task: small talk, or listed words in no order."""
    said = sentences_without_a_task(split)
    if rng.random() < 0.75:
        return drawn(said, rng)
    words = [drawn(drawn(said, rng).split(), rng) for _ in range(int(rng.integers(1, 7)))]
    return " ".join(words)
