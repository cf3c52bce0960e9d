"""Errors that are put into right answers, one kind for each dimension: does the judge see them?

Each planter changes what its dimension looks at and nothing else, or gives nothing where the turn
has no such thing to change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np

from envs.tasks.object_names import OBJECT_NAMES
from training.mmcr.dialogue.records import Dialogue, Turn
from training.mmcr.dialogue.wording import counted, number_word, usual_name
from training.mmcr.judging.rules import DIMENSIONS, judge

_OPPOSITE = {"left": "right", "right": "left", "middle": "left"}
_OPPOSITE |= {"open": "closed", "closed": "open", "on": "off", "off": "on"}
_OFF_THEME = (
    "Sunny weather makes people cheerful.",
    "Football matches usually begin on Saturdays.",
    "My favourite colours change every week.",
    "Trains between large cities run hourly.",
)
_VAGUE = ("Who knows.", "It is hard to say.", "Maybe, I guess.")
Planter = Callable[[Turn, Sequence[Turn], np.random.Generator], str | None]


def _other_kind(turn: Turn, rng: np.random.Generator) -> str:
    """A thing that the turn is not about, and of which nothing was asked."""
    known = {*turn.about, *turn.value}
    kinds = ("Kettle", "Vase", "Pillow", "Laptop", "Statue", "Candle", "Towel", "Newspaper")
    return str(rng.choice([kind for kind in kinds if kind not in known and kind in OBJECT_NAMES]))


def _imprecise(turn: Turn, earlier: Sequence[Turn], rng: np.random.Generator) -> str | None:
    """Another value of the same sort, said in a way that agrees with itself."""
    if turn.sort == "yes_no":
        return "No." if turn.value == ("yes",) else "Yes."
    if turn.sort == "number":
        return f"{number_word(int(turn.value[0]) + 1 + int(rng.integers(3)))}.".capitalize()
    if turn.sort in ("side", "state"):
        other = _OPPOSITE[turn.value[0]]
        return f"It is {f'on the {other}' if turn.sort == 'side' else other}."
    if turn.sort in ("frames", "step"):
        noun = "Frame" if turn.sort == "frames" else "Step"
        return f"{noun} {int(turn.value[0]) + 1 + int(rng.integers(3))}."
    if turn.sort == "things":
        return f"The {usual_name(_other_kind(turn, rng))}."
    if turn.sort == "deed":
        verb = "sliced" if turn.value[0] != "slice" else "opened"
        return f"I {verb} the {usual_name(_other_kind(turn, rng))}."
    return None


def _of_another(turn: Turn, earlier: Sequence[Turn], rng: np.random.Generator) -> str | None:
    """The right value, of the wrong thing."""
    other = usual_name(_other_kind(turn, rng))
    value = turn.value[0] if turn.value else ""
    if turn.sort == "yes_no":
        return f"{value.capitalize()}, as to the {other}."
    if turn.sort in ("side", "state"):
        return f"The {other} is {f'on the {value}' if turn.sort == 'side' else value}."
    if turn.sort == "number":
        return f"{number_word(int(value)).capitalize()}, counting from the {other}."
    if turn.sort == "things" and len(turn.value) == 1:
        return f"The {usual_name(value)}, as to the {other}."
    if turn.sort == "step":
        return f"Step {value}, the one with the {other}."
    if turn.sort == "frames" and len(turn.value) == 1:
        return f"Frame {value}, as to the {other}."
    return None


def _illogical(turn: Turn, earlier: Sequence[Turn], rng: np.random.Generator) -> str | None:
    """The right answer, for a reason that contradicts what was said."""
    if turn.kind == "state_is":
        state = next((s for s in ("open", "closed", "on", "off") if f" {s}" in turn.question), "")
        if state:
            yes = turn.value == ("yes",)
            return f"Yes, it is not {state}." if yes else f"No, it is {state}."
    for index, past in enumerate(earlier[:3]):
        if past.sort == "yes_no":
            wrong = "no" if past.value == ("yes",) else "yes"
            number = ("first", "second", "third")[index]
            return f"{turn.answer[:-1]}, because my {number} answer was {wrong}."
    for past in earlier:
        if past.kind == "count":
            count = int(past.value[0]) + 1
            return f"{turn.answer[:-1]}, since I said {counted(count, usual_name(past.about[0]))}."
        if past.sort == "state" and past.about:
            wrong = _OPPOSITE[past.value[0]]
            return f"{turn.answer[:-1]}, because the {usual_name(past.about[0])} is {wrong}."
    return None


def _unclear(turn: Turn, earlier: Sequence[Turn], rng: np.random.Generator) -> str | None:
    """The right answer and something of another theme, or vague."""
    extra = _OFF_THEME if rng.random() < 0.7 else _VAGUE
    return f"{turn.answer} {extra[int(rng.integers(len(extra)))]}"


def _redundant(turn: Turn, earlier: Sequence[Turn], rng: np.random.Generator) -> str | None:
    """The right answer twice, or after the question."""
    if rng.random() < 0.5:
        return f"{turn.answer} {turn.answer}"
    return f"You ask me this: {turn.question[:-1].replace('. ', ', ')}? {turn.answer}"


PLANTERS: dict[str, Planter] = dict(
    zip(DIMENSIONS, (_imprecise, _of_another, _illogical, _unclear, _redundant), strict=True)
)


def detections(
    dialogues: Iterable[Dialogue], rng: np.random.Generator
) -> dict[str, dict[str, tuple[int, int]]]:
    """How often each dimension fires on each planted kind, and on right answers.

    Returns:
        By what was planted (``nothing`` for right answers) and dimension: fired, of how many.
    """
    counts = {planted: dict.fromkeys(DIMENSIONS, (0, 0)) for planted in ("nothing", *DIMENSIONS)}
    for dialogue in dialogues:
        for k, turn in enumerate(dialogue.turns):
            earlier = dialogue.turns[:k]
            for planted in counts:
                reply = (
                    turn.answer if planted == "nothing" else PLANTERS[planted](turn, earlier, rng)
                )
                if reply is None or turn.sort == "text":
                    continue
                scores = judge(turn, earlier, reply).scores
                for name in DIMENSIONS:
                    fired, of = counts[planted][name]
                    counts[planted][name] = fired + (scores[name] < 1), of + 1
    return counts
