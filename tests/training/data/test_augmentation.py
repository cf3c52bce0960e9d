"""Decisions are told of objections to the learner's own proposals, as often right as false."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from envs.actions import Action
from policies.base import Context, PastStep
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.memory_events import COLUMNS, SLOTS, slots_of
from policies.cimr.token_codec import Codec
from training.data.augmentation import Augmentation, Doubts, is_corrected, sampling_weights

OWN = {"verb": "goto", "target": "Apple", "round": 1, "task": ["Apple", "", True, ""]}
WRONG = {**OWN, "proposed": ["look around", None]}
RIGHT = {**OWN, "proposed": ["goto", "Apple"]}
SHARES = Augmentation(forget=0, no_past=0, unseen=0, unseen_own=0)
WHERE = slots_of("objections")


@pytest.fixture(scope="module")
def codec():
    return Codec(build_tokenizer())


def _told(codec, record, times=400, shares=SHARES):
    """How often objections begin with which verb, in so many decisions."""
    pairs = {"skill": [("goto", "Apple"), ("look around", None), ("open", "Fridge")]}
    doubts, rng = Doubts(codec.events, pairs, shares), np.random.default_rng(0)
    found = Counter()
    for _ in range(times):
        memory = np.full((SLOTS, COLUMNS), codec.events.nothing)
        doubts.vary(memory, record, rng)
        rows = [row for row in memory[WHERE] if (row != codec.events.nothing).any()]
        found[codec.verb_of_id.get(int(rows[-1][1]), "none") if rows else ""] += 1
    return found


def test_a_wrong_proposal_of_the_learner_is_mostly_objected_to(codec):
    found = _told(codec, WRONG)
    assert found["look around"] == pytest.approx(400 * SHARES.corrected, rel=0.15)
    assert not found["goto"]


def test_a_right_proposal_is_rarely_objected_to(codec):
    found = _told(codec, RIGHT)
    assert 20 < found["goto"] < 80
    assert found[""] > 280


def test_of_looking_around_it_is_said_that_something_is_in_view(codec):
    doubts = Doubts(codec.events, {"skill": [("goto", "Apple"), ("open", "Fridge")]}, SHARES)
    rng = np.random.default_rng(0)
    subjects = Counter()
    for _ in range(200):
        memory = np.full((SLOTS, COLUMNS), codec.events.nothing)
        doubts.vary(memory, WRONG, rng)
        subjects[int(memory[WHERE][0][3])] += 1
    assert subjects[codec.word("Apple")] > 40


def test_a_second_proposal_is_left_as_it_was_collected(codec):
    assert _told(codec, {**WRONG, "round": 2}, 50)[""] == 50


def test_corrections_are_drawn_more_often():
    assert is_corrected(WRONG) and not is_corrected(RIGHT) and not is_corrected(OWN)
    weights = sampling_weights([WRONG, RIGHT, OWN], ["", "", ""])
    assert weights[0] == pytest.approx(2 * weights[1])
    assert weights[1] == weights[2]


MOVE = {"verb": "move ahead", "target": None, "level": "primitive", "task": ["Bed", "", True, ""]}


def test_a_wrong_proposal_is_one_of_the_decisions_own_level(codec):
    wrong = {"skill": [("goto", "Apple")], "primitive": [("rotate left", None)]}
    strange = Augmentation(forget=0, no_past=0, opposed=0, strange=1)
    doubts, rng = Doubts(codec.events, wrong, strange), np.random.default_rng(0)
    memory = np.full((SLOTS, COLUMNS), codec.events.nothing)
    memory[slots_of("past").start] = codec.events.done("rotate left", "failed")
    doubts.vary(memory, MOVE, rng)
    assert codec.verb_of_id[int(memory[WHERE][0][1])] == "rotate left"


def test_to_go_on_ahead_is_never_called_a_circle(codec):
    ahead = (PastStep("move ahead", "ok"),) * 7
    memory = codec.events.of(Context(history=ahead))
    doubts = Doubts(codec.events, {"primitive": [("move ahead", None)]}, SHARES)
    assert doubts._tried(memory, Action("move ahead")).worked == 7
    opposed = Augmentation(forget=0, no_past=0, opposed=1)
    Doubts(codec.events, {"primitive": [("look up", None)]}, opposed).vary(
        memory, MOVE, np.random.default_rng(0)
    )
    assert (memory[WHERE] == codec.events.nothing).all()


def test_each_level_is_drawn_by_its_share_and_alone_always():
    records = [OWN] * 9 + [MOVE] * 3
    last = [""] * 9 + ["", "", "move ahead"]
    weights = sampling_weights(records, last, primitive=0.4)
    assert weights[9:].sum() == pytest.approx(0.4) and weights.sum() == pytest.approx(1.0)
    assert weights[11] == pytest.approx(0.6 * weights[9])
    assert sampling_weights(records[9:], last[9:], primitive=0.4).sum() == pytest.approx(1.0)
