"""composite: two tasks of other families, with nothing in common, in this order."""

from __future__ import annotations

from envs.tasks.base import ROOMS
from envs.tasks.families import open, pick_and_place, slice, toggle
from envs.tasks.family import Family, Wording

# How two instructions are said in one sentence: {a} first, then {b}.
WORDING = Wording(
    train=("{a}, then {b}", "first {a} and then {b}", "{a}; after that {b}"),
    test=("{a} and after that {b}", "first {a}, then {b}"),
)
FAMILY = Family(
    name="composite",
    rooms=ROOMS,
    wordings=(WORDING,),
    long=True,
    parts=(pick_and_place.FAMILY, toggle.FAMILY, open.FAMILY, slice.FAMILY),
)
