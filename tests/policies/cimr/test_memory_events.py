"""The memory as token ids: nothing that a discrepancy says is lost."""

from __future__ import annotations

import numpy as np
import pytest

from policies.base import Context, Deeds, Objection, PastStep, SeenThing
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.memory_events import COLUMNS, SLOTS, MemoryEvents, slots_of
from policies.cimr.token_codec import Codec
from policies.discrepancy import Discrepancy


@pytest.fixture(scope="module")
def codec() -> Codec:
    return Codec(build_tokenizer())


@pytest.fixture(scope="module")
def events(codec: Codec) -> MemoryEvents:
    return codec.events


def _found(kind="unexpected_state", subject="hand", expected="", observed="", sure=0.9):
    return Discrepancy(kind, subject, expected, observed, sure, "vision")


def test_groups_stand_in_their_slots_latest_first(codec: Codec, events: MemoryEvents) -> None:
    context = Context(
        history=(
            PastStep("look around", "ok"),
            PastStep("look around", "ok"),
            PastStep("pick up Apple at (0.50, 0.50)", "failed"),
            PastStep("nonsense", "failed"),
        ),
        places=(("Apple", "in hand"), ("Fridge", "here"), ("Cup", "lost")),
        discrepancies=(_found("effect_missing", "pick up Apple", "a", "b"),),
        deeds=Deeds(treated=(("Potato", "hot"),), searched=(("Drawer", 2),)),
        seen=(SeenThing("Cup", "DiningTable", 3),),
    )
    rows = events.of(context)
    assert rows.shape == (SLOTS, COLUMNS)
    word = codec.word_of_type
    assert rows[0, 2] == word["Apple"] and rows[1, 2] == word["Fridge"]
    past = rows[slots_of("past")]
    assert past[1, 2] == word["Apple"]
    assert (past == events.done("look around", "ok")).all(1).sum() == 1
    assert rows[slots_of("notes")][0, 2] == word["Apple"]
    assert rows[slots_of("seen")][0, 2:4].tolist() == [word["Cup"], word["DiningTable"]]
    assert rows[slots_of("treated")][0, 2] == word["Potato"]
    assert rows[slots_of("searched")][0, 2] == word["Drawer"]
    assert (events.of(Context()) == events.nothing).all()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            _found(subject="Mug", expected="out of view", observed="in view"),
            _found(subject="Mug", expected="in hand", observed="no longer in hand"),
        ),
        (
            _found(expected="something", observed="nothing"),
            _found(expected="nothing", observed="mug"),
        ),
        (_found(expected="nothing", observed="mug"), _found(expected="nothing", observed="cup")),
        (_found(sure=0.95), _found(sure=0.65)),
    ],
)
def test_what_differs_in_words_differs_in_ids(events: MemoryEvents, one, other) -> None:
    assert events.note(one) != events.note(other)


def test_an_objection_keeps_the_proposal_it_is_to(codec: Codec, events: MemoryEvents) -> None:
    close = _found("unexpected_state", "Box", "closed, as left", "not closed")
    context = Context(
        objections=(Objection("close Box", (close,)),), discrepancies=(close,), round=2
    )
    rows = events.of(context)
    first = rows[slots_of("objections")][0]
    assert first[1] == codec.tokenizer.convert_tokens_to_ids("<close>")
    assert first[2] == first[3] == codec.word_of_type["Box"]
    assert (rows[slots_of("notes")] == events.nothing).all()  # told once, not twice


def test_every_slot_has_one_group() -> None:
    rows = np.zeros(SLOTS, int)
    for group in ("holding", "here", "past", "notes", "objections", "seen", "searched", "treated"):
        rows[slots_of(group)] += 1
    rows[slots_of("states")] += 1
    assert (rows == 1).all()


def test_primitive_moves_in_a_row_are_counted_and_looks_around_are_not(
    events: MemoryEvents,
) -> None:
    moves = ["move ahead"] * 5 + ["rotate right"] * 2 + ["move ahead"]
    history = tuple(PastStep(verb, "ok") for verb in moves)
    past = events.of(Context(history=history))[slots_of("past")]
    done = [events.done(verb, "ok")[1] for verb in ("move ahead", "rotate right")]
    assert past[:5, 1].tolist() == [done[0], done[1], done[0], done[0], events.nothing]
    # Counted from the latest back, three an event at most.
    assert events.times(past)[:4].tolist() == [1, 2, 3, 2]
    looks = events.of(Context(history=(PastStep("look around", "ok"),) * 3))[slots_of("past")]
    assert tuple(looks[0]) == events.done("look around", "ok")
    assert (looks[1] == events.nothing).all()
