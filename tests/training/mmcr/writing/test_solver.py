"""Whoever has not heard what was said before can't answer what is kept."""

from __future__ import annotations

import pytest

from tests.training.mmcr.made_worlds import FRIDGE, MUG, PLATE, SHOTS, TABLE, one_frame, world
from training.mmcr.truth.world import Shot
from training.mmcr.writing.queries import KINDS, NO, YES, Query, Ref
from training.mmcr.writing.solver import Solver
from training.mmcr.writing.writer import GroundedWriter  # noqa: F401  # fills the table


def answers_alone(about, query):
    return Solver(about).answers(query)


def needs_earlier_turns(about, query):
    return Solver(about).needs_earlier_turns(query)


def asked(kind: str, *refs: Ref) -> Query:
    return Query(KINDS[kind], refs)


HERE = Ref("frame", 0, "silent")
IT = Ref("thing", "Mug", "it", 0)


def test_a_question_that_names_all_it_is_of_needs_nothing():
    query = asked("side", HERE, Ref("thing", "Mug"))
    assert len(answers_alone(one_frame(), query)) == 1
    assert not needs_earlier_turns(one_frame(), query)


def test_it_may_be_anything_so_it_needs_the_turn_that_says_what():
    assert needs_earlier_turns(one_frame(), asked("side", HERE, IT))


def test_where_everything_it_may_be_has_the_same_answer_nothing_is_needed():
    bare = world((Shot(0, (MUG, PLATE, TABLE)),))
    assert not needs_earlier_turns(bare, asked("where", HERE, IT))
    assert {v.items for v in answers_alone(bare, asked("where", HERE, IT))} == {("DiningTable",)}


def test_what_fits_only_one_thing_tells_which_it_is():
    bare = world((Shot(0, (MUG, TABLE, FRIDGE)),))
    query = asked("state", HERE, Ref("thing", "Fridge", "it", 0), Ref("pair", "openness"))
    assert not needs_earlier_turns(bare, query)


def test_a_frame_that_is_pointed_back_to_may_be_any():
    there = Ref("frame", 2, "there", 0)
    assert answers_alone(world(), asked("holding", there)) > set()
    assert needs_earlier_turns(world(), asked("holding", there))
    assert not needs_earlier_turns(world(SHOTS[1:]), asked("holding", there))


def test_the_answers_alone_are_those_of_all_that_may_be_meant():
    query = asked("been_at", IT)
    assert answers_alone(world(), query) == {YES, NO}


def test_what_is_only_pointed_back_to_makes_no_difference():
    solver = Solver(one_frame())
    plate = Ref("thing", "Plate", "it", 0)
    assert solver.answers(asked("side", HERE, IT)) is solver.answers(asked("side", HERE, plate))


@pytest.mark.parametrize("kind", ["named_count", "first_named"])
def test_what_was_listed_may_be_any_things(kind):
    those = Ref("list", ("Mug", "Plate"), "those", 0)
    assert needs_earlier_turns(one_frame(), asked(kind, those))
