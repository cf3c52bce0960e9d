"""Objects as people name them: "the brown cabinet on the left", "my keys", "SoapBottle"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from envs.tasks.object_names import names_of, pick_name, plural
from policies.cimr.language.other_names import OTHER_NAMES
from policies.cimr.language.subgoals import SLICED
from training.data.wording.descriptions import descriptions_of


class Adjectives(NamedTuple):
    """Words before a name, and places after it, of both halves."""

    train: tuple[str, ...]
    test: tuple[str, ...]
    places: tuple[str, ...]
    test_places: tuple[str, ...]


WORDS = Adjectives(
    train=(
        "red", "blue", "green", "yellow", "white", "black", "brown", "gray", "silver", "orange",
        "pink", "dark", "light blue", "big", "small", "large", "little", "tall", "old", "new",
        "wooden", "metal", "plastic", "glass", "round", "square", "shiny", "nice", "other",
        "second", "kitchen", "full", "heavy",
    ),
    test=("purple", "beige", "tiny", "dusty", "brass", "leather", "marble", "striped", "golden"),
    places=(
        "on the left", "on the right", "in the corner", "by the window", "near the door",
        "in the middle of the room", "over there", "beside the wall", "in the room",
        "in front of you", "behind you", "to the left of the bed", "next to the sink",
        "closest to you", "to the right of the stove", "at the far end", "under the window",
    ),
    test_places=("across the room", "against the back wall", "left of the doorway", "by the plant"),
)  # fmt: skip
# What people also say for a type, though it may mean others.
LOOSELY: dict[str, tuple[str, ...]] = {
    "ArmChair": ("chair",),
    "BathtubBasin": ("bathtub", "tub", "bath"),
    "Bathtub": ("tub",),
    "ButterKnife": ("knife",),
    "Cart": ("rack", "shelf"),
    "CoffeeTable": ("table",),
    "CounterTop": ("counter",),
    "CreditCard": ("card",),
    "Cup": ("glass", "cup"),
    "Desk": ("table",),
    "DeskLamp": ("lamp", "light", "desk light"),
    "DiningTable": ("table", "kitchen island"),
    "Dresser": ("cabinet", "drawers", "tv stand"),
    "FloorLamp": ("lamp", "light"),
    "HandTowel": ("towel",),
    "HousePlant": ("flower",),
    "Mug": ("cup",),
    "Pot": ("pan",),
    "SideTable": ("table", "stand"),
    "SoapBar": ("soap",),
    "SoapBottle": ("bottle", "soap"),
    "SprayBottle": ("bottle",),
    "StoveBurner": ("stove", "burner"),
    "TissueBox": ("box",),
    "Vase": ("jar",),
    "WineBottle": ("bottle", "wine"),
}
# Drawn as often as they stand here.
_ARTICLES = ("the",) * 20 + ("a",) * 8 + ("my",) * 2 + ("that",) + ("",) * 2
_SLICES = ("slice of {}", "sliced {}", "piece of {}", "{} slice", "cut {}", "piece of cut {}")
_HELD_FROM = ("counter", "table", "desk", "shelf", "drawer", "bed", "sofa", "floor", "dresser")


def drawn(choices: Sequence[str], rng: np.random.Generator) -> str:
    """One of some texts; much faster than ``rng.choice``."""
    return choices[int(rng.integers(len(choices)))]


def noun(object_type: str, rng: np.random.Generator) -> str:
    """A name of a type without an article: a usual one, another, a loose one, or its type."""
    draw = rng.random()
    if object_type.endswith(SLICED) and draw < 0.7:
        whole = names_of(object_type.removesuffix(SLICED))[0]
        return drawn(_SLICES, rng).format(whole)
    if draw < 0.12:
        return object_type
    if draw < 0.3 and object_type in OTHER_NAMES:
        return drawn(OTHER_NAMES[object_type], rng)
    if draw < 0.4 and object_type in LOOSELY:
        return drawn(LOOSELY[object_type], rng)
    return pick_name(object_type, rng)


def described(object_type: str, rng: np.random.Generator, split: str) -> str:
    """A description of a type instead of its name; the name with an article where none is known."""
    said = descriptions_of(object_type, split)
    return drawn(said, rng) if said else f"the {names_of(object_type)[0]}"


def noun_phrase(
    object_type: str, rng: np.random.Generator, split: str = "train", loose: bool = False
) -> str:
    """An object with article and perhaps what it is like or where it is.

    Args:
        object_type: AI2-THOR's; a slice's is said as one.
        rng: Draws.
        split: train or test.
        loose: Whether it is carried about, and may be said to come from somewhere.
    """
    adjectives = WORDS.train if split == "train" else WORDS.test
    places = WORDS.places if split == "train" else WORDS.test_places
    said = noun(object_type, rng)
    if rng.random() < 0.15:
        said = f"{drawn(adjectives, rng)} {said}"
    article = drawn(_ARTICLES, rng)
    said = f"{article} {said}".strip()
    draw = rng.random()
    if draw < 0.08:
        return f"{said} {drawn(places, rng)}"
    if loose and draw < 0.14:
        return f"{said} from the {drawn(_HELD_FROM, rng)}"
    return said


def several(object_type: str, rng: np.random.Generator) -> str:
    """Several of a type, without an article or a number."""
    return plural(pick_name(object_type, rng))
