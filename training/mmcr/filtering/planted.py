"""Hallucinations that are put into true dialogues: does the filter see them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from training.mmcr.dialogue.claims import claims_of
from training.mmcr.dialogue.records import Turn
from training.mmcr.dialogue.wording import number_word, usual_name
from training.mmcr.truth.world import World

_FLIPS = {"left": "right", "right": "left", "open": "closed", "closed": "open"}
# Of these an answer's yes or no, number, state or side is of what is seen.
_SEEN = {
    "yes_no": ("presence", "seen_in", "is_held"),
    "number": ("count",),
    "state": ("state",),
    "side": ("side", "relation"),
    "things": ("where", "holding", "loose_list", "furniture_list", "on_list"),
    "deed": ("did", "after", "before", "last_deed", "first_deed", "between", "mended"),
}


@dataclass(frozen=True)
class Planted:
    """A dialogue with one lie.

    Attributes:
        turns: Of the dialogue, their facts taken away.
        index: Of the turn that lies.
        sort: What it lies about.
    """

    turns: tuple[Turn, ...]
    index: int
    sort: str


def bare(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The words alone, with the frames that they are of: nothing of the facts is left."""
    return tuple(Turn(t.question, t.answer, frames=t.frames) for t in turns)


def plant(world: World, turns: Sequence[Turn], rng: np.random.Generator) -> Planted | None:
    """Makes one answer about what is seen, or was done, a lie; None if there is none to change."""
    able = [k for k, t in enumerate(turns) if t.kind in _SEEN.get(t.sort, ()) and len(t.frames) < 2]
    for k in rng.permutation(len(able)):
        index = able[int(k)]
        lie = _lie(world, turns[index], rng)
        if lie is not None and lie != turns[index].answer:
            changed = bare(turns)
            told = replace(changed[index], answer=lie)
            return Planted(
                (*changed[:index], told, *changed[index + 1 :]), index, turns[index].sort
            )
    return None


def _lie(world: World, turn: Turn, rng: np.random.Generator) -> str | None:
    if turn.sort == "yes_no":
        thing = usual_name(turn.about[0]) if turn.about else "thing"
        if turn.value == ("yes",):
            return f"No, the {thing} is not in view." if turn.kind != "is_held" else "No, I do not."
        return f"Yes, the {thing} is in view." if turn.kind != "is_held" else "Yes, I do."
    if turn.sort == "number":
        count = int(turn.value[0])
        return turn.answer.replace(
            number_word(count), number_word(count + 1 + int(rng.integers(2)))
        )
    if turn.sort in ("state", "side"):
        other = _FLIPS.get(turn.value[0])
        return turn.answer.replace(turn.value[0], other) if other else None
    absent = [
        kind
        for kind in ("Toaster", "Vase", "Laptop", "TeddyBear", "Plunger", "Kettle", "Statue")
        if all(shot.count(kind) == 0 and shot.held != kind for shot in world.shots)
        and kind not in world.needed
        and all(kind not in (d.target, d.held) for d in world.deeds)
    ]
    if not absent or not turn.value:
        return None
    kind = turn.value[-1] if turn.sort == "deed" else turn.value[int(rng.integers(len(turn.value)))]
    if not kind:
        return None
    named = next((n for n in claims_of(turn.answer).named if n.kind == kind), None)
    if named is None:
        return None
    text = turn.answer
    return f"{text[: named.start]}{usual_name(str(rng.choice(absent)))}{text[named.end :]}"
