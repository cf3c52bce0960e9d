"""Puts a query and its answer into words."""

from __future__ import annotations

import re

import numpy as np

from training.mmcr.dialogue.wording import (
    a_thing,
    counted,
    deed_words,
    number_word,
    plural_of,
    several,
    times_word,
    usual_name,
)
from training.mmcr.truth.world import PAIRS, World
from training.mmcr.writing.grammar import expand, phrases
from training.mmcr.writing.queries import Query, Ref, Value

# How words point back.
_BACK: dict[str, tuple[str, ...]] = {
    "it": ("it",),
    "just_named": ("the thing you just named", "the one you just named", "what you just named"),
    "first_asked": ("the thing I first asked about", "what I asked about in the beginning"),
    "those": ("those", "the things you named", "the things on your list"),
    "that_many": ("that number", "the number you gave", "the number you told me"),
    "that_step": ("that step", "the step we speak of", "the step in question"),
    "there": ("that frame", "the same frame"),
    "frame_before": ("the frame before that", "the frame before it"),
    "frame_after": ("the frame after that", "the next frame", "the frame after it"),
}
# Values of these are named as something new.
_INDEFINITE = frozenset(
    "loose_list furniture_list openable_list lamp_list on_list holding held_at beside_on new_in "
    "gone_in".split()
)
_SIDES = {"left": "on the left", "right": "on the right", "middle": "in the middle"}
_TRIES = 12
_IN_PICTURE = " in the picture"


def words_of(world: World, query: Query, value: Value, rng: np.random.Generator) -> tuple[str, str]:
    """A question and its answer, in words.

    Args:
        world: That it is about.
        query: What is asked.
        value: What is true.
        rng: Chooses among the ways to say it.
    """
    ways = phrases()[query.kind.name]
    asked = _asked(world, query, rng)
    question = _filled(ways.questions, asked, rng)
    if value.sort == "yes_no":
        patterns = ways.yes if value.items == ("yes",) else ways.no
    else:
        patterns = ways.answers if value.items else ways.nothing
    told = asked | _told(world, query, value)
    return question, _filled(patterns, told, rng)


def _filled(patterns: tuple[str, ...], slots: dict[str, str], rng: np.random.Generator) -> str:
    for _ in range(_TRIES):
        pattern = expand(patterns[int(rng.integers(len(patterns)))], rng)
        twice = "picture" in pattern.lower() and slots.get("frame") == _IN_PICTURE
        text = pattern.format(**(slots | {"frame": ""} if twice else slots))
        # "There is plates": said in another way, where there is one.
        if slots.get("many") != "yes" or not re.search(
            rf"\b(is|lies|appears) {re.escape(slots['value'])}", text
        ):
            break
    text = re.sub(r"\s+", " ", text).replace(" ?", "?").strip()
    return text[0].upper() + text[1:]


def _asked(world: World, query: Query, rng: np.random.Generator) -> dict[str, str]:
    """What a question's slots say, and what an answer may take up."""
    slots = dict.fromkeys(("frame", "frame_a", "thing", "Thing"), "")
    for ref in query.refs:
        said = _ref(ref, rng)
        if ref.role in ("frame", "later"):
            slots |= _frame(ref, said, rng)
        elif ref.role == "kind":
            name = usual_name(ref.value)
            slots |= {"kind": a_thing(name), "kinds": plural_of(name)}
        else:
            slots[ref.role] = said
            if ref.role in ("number", "pair"):
                slots[ref.role.capitalize()] = said.capitalize()
            if ref.role == "thing":
                slots["Thing"] = _sentence(
                    said if ref.form == "it" else f"the {usual_name(ref.value)}"
                )
    return slots


def _ref(ref: Ref, rng: np.random.Generator) -> str:
    if ref.form in _BACK:
        options = _BACK[ref.form]
        return options[int(rng.integers(len(options)))]
    if ref.role in ("thing", "other"):
        return f"the {usual_name(ref.value)}"
    if ref.role == "step":
        return f"step {ref.value + 1}"
    if ref.role == "pair":
        return " or ".join(PAIRS[ref.value])
    return str(ref.value)


def _frame(ref: Ref, said: str, rng: np.random.Generator) -> dict[str, str]:
    """What is said of where it is seen."""
    if ref.form == "silent":
        here = ("", "", "", _IN_PICTURE, " now")
        said = here[int(rng.integers(len(here)))]
        return {"frame": said, "frame_a": "", "frame_noun": "the picture", "frame_in": "in it"}
    noun = f"frame {ref.value + 1}" if ref.form == "named" else said
    if ref.role == "later":
        return {"later_in": f"in {noun}"}
    there = " there" if ref.form == "there" and rng.random() < 0.3 else f" in {noun}"
    return {
        "frame": there,
        "frame_a": " there" if rng.random() < 0.5 else "",
        "frame_noun": noun,
        "frame_in": f"in {noun}",
    }


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _told(world: World, query: Query, value: Value) -> dict[str, str]:
    """What an answer's slots say."""
    told: dict[str, str] = {}
    thing = next((ref for ref in query.refs if ref.role == "thing"), None)
    if thing is not None:
        named = "it" if thing.form == "it" else f"the {usual_name(thing.value)}"
        told |= {"thing": named, "Thing": _sentence(named)}
    items = value.items
    if value.sort == "number":
        count = int(items[0])
        what = query.of("kind")
        told |= {
            "value": number_word(count),
            "value_kinds": counted(count, usual_name(what)) if what else number_word(count),
            "value_times": times_word(count),
            "be": "is" if count == 1 else "are",
        }
    elif value.sort == "things":
        told |= _things(world, query, items)
    elif value.sort == "deed":
        told |= _deed(world, query, items)
    elif value.sort == "frames":
        told["value"] = f"frame{'s' * (len(items) > 1)} {several(items)}"
    elif value.sort == "step":
        told["value"] = f"step {items[0]}"
    elif value.sort == "side":
        told |= {"value": items[0], "value_side": _SIDES[items[0]]}
    elif items:
        told["value"] = items[0]
    return told | {"Value": _sentence(told.get("value", ""))}


def _things(world: World, query: Query, kinds: tuple[str, ...]) -> dict[str, str]:
    names = [usual_name(kind) for kind in kinds]
    if query.kind.name not in _INDEFINITE or not kinds:
        return {"value": several([f"the {name}" for name in names]) if names else ""}
    frame = query.of("frame")
    counts = [world.shots[frame].count(kind) if frame is not None else 1 for kind in kinds]
    many = [count is not None and count > 1 for count in counts]
    said = [plural_of(n) if m else a_thing(n) for n, m in zip(names, many, strict=True)]
    return {"value": several(said), "many": "yes" if many[0] else ""}


def _deed(world: World, query: Query, what: tuple[str, ...]) -> dict[str, str]:
    verb, target = what
    thing = f"the {usual_name(target)}" if target else ""
    base, past = (deed_words(verb, thing, past=past) for past in (False, True))
    step = query.kind.step(world, *query.contents) if query.kind.step else None
    if step is not None and world.deeds[step].told == "failed":
        past = f"tried to {base.replace('I hold', 'I held')}"
    return {"value": past, "value_base": base}
