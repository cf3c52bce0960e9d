"""Dialogues are true, linked, varied, and the same for a seed."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from tests.training.mmcr.made_set import written
from tests.training.mmcr.made_worlds import one_frame, world
from training.mmcr.filtering.planted import bare
from training.mmcr.filtering.truth_check import check
from training.mmcr.judging.rules import judge
from training.mmcr.writing.queries import KINDS, Query, Ref
from training.mmcr.writing.talk import Talk
from training.mmcr.writing.wording import words_of
from training.mmcr.writing.writer import GroundedWriter


@pytest.fixture(scope="module")
def made():
    return written()


def test_dialogues_have_the_turns_that_were_asked_for(made):
    for one in made:
        assert len(one.turns) == (4 if len(one.pictures) == 1 else 8)


def test_every_question_from_the_second_on_points_back(made):
    for one in made:
        assert one.turns[0].needs == ()
        for k, turn in enumerate(one.turns[1:], 1):
            assert turn.needs and max(turn.needs) < k


def test_nothing_untrue_is_found_in_them(made):
    found = [check(world() if len(d.pictures) > 1 else one_frame(), bare(d.turns)) for d in made]
    assert sum(map(bool, found)) <= 0.05 * len(made), [f for f in found if f]


def test_the_judge_finds_nothing_wrong_with_their_answers(made):
    for one in made:
        for k, turn in enumerate(one.turns):
            assert judge(turn, one.turns[:k], turn.answer).reasons == {}, turn


def test_no_question_is_asked_twice_in_a_dialogue(made):
    for one in made:
        assert max(Counter(turn.question for turn in one.turns).values()) == 1


@pytest.mark.parametrize("kind", ["side", "larger"])
def test_no_question_names_the_picture_twice(kind):
    room, rng = one_frame(), np.random.default_rng(0)
    asks = {"thing": "Mug", "other": "Fridge", "frame": 0}
    refs = (Ref(r, asks[r], "silent" if r == "frame" else "named") for r in KINDS[kind].slots)
    query = Query(KINDS[kind], tuple(refs))
    value = query.answer(room)
    asked = [words_of(room, query, value, rng)[0].lower() for _ in range(200)]
    assert any("picture" in question for question in asked)
    assert not [question for question in asked if question.count("picture") > 1]


def test_neither_yes_nor_no_is_the_better_guess(made):
    said = Counter(t.value[0] for d in made for t in d.turns if t.sort == "yes_no")
    assert 0.35 < said["yes"] / said.total() < 0.65


def test_wording_varies(made):
    asked = [t.question for d in made for t in d.turns if t.kind == "presence"]
    assert len(set(asked)) > 0.7 * len(asked)


def test_what_needs_no_dialogue_is_counted():
    done = GroundedWriter().write(
        world(), "states_and_changes", "open_and_closed", 8, np.random.default_rng(3)
    )
    assert done.rejected["can be answered alone"] > 0


def test_a_seed_writes_the_same(made):
    assert written.__wrapped__(12) == made[:12]


def test_a_world_of_too_little_gives_no_dialogue_and_says_why():
    done = GroundedWriter().write(
        one_frame(), "memory_over_frames", "then_and_now", 40, np.random.default_rng(0)
    )
    assert done.turns == () and any("nothing more to ask" in reason for reason in done.rejected)


def test_it_is_nothing_where_it_could_be_two():
    from training.mmcr.writing.queries import Query, Ref, Value

    talk = Talk(one_frame()).after(
        Query(KINDS["loose_list"], (Ref("frame", 0, "silent"),)), Value("things", ("Mug", "Plate"))
    )
    assert talk.references("thing") == []
    assert [ref.value for ref in talk.references("list")] == [("Mug", "Plate")]
    those = Ref("list", ("Mug", "Plate"), "those", 0)
    talk = talk.after(Query(KINDS["first_named"], (those,)), Value("things", ("Mug",)))
    assert {ref.value for ref in talk.references("thing")} == {"Mug"}
