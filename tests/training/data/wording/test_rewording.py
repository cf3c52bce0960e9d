"""Rewording: what is said asks for the record's task, in words of its half."""

from __future__ import annotations

import re

import numpy as np
import pytest

from policies.cimr.language.instruction import read_words
from policies.cimr.language.lexicon import type_names
from policies.cimr.language.subgoals import TaskParse, parse_of
from training.data.wording.descriptions import described_types, descriptions_of
from training.data.wording.gerunds import GERUNDS
from training.data.wording.human_goals import HumanGoals
from training.data.wording.manners import POLITE
from training.data.wording.phrases import IMPERATIVES, STATEMENTS
from training.data.wording.rewording import Rewording, Shares

RECORDS = [
    {"family": "find", "task": ["Mug", "", True, ""]},
    {"family": "navigate", "task": ["Sofa", "", True, ""]},
    {"family": "open", "task": ["Fridge", "", True, ""]},
    {"family": "close", "task": ["Drawer", "", True, ""]},
    {"family": "toggle", "task": ["Television", "", False, ""]},
    {"family": "slice", "task": ["Bread", "", True, "Knife"]},
    {"family": "search", "task": ["Fork", "Drawer", True, ""]},
    {"family": "stack", "task": ["Apple", "DiningTable", True, "Bowl"]},
    {"family": "pick_and_place", "task": ["SoapBottle", "Toilet", True, ""]},
    {"family": "pick_two", "task": ["Pen", "Desk", True, ""]},
    {"family": "examine", "task": ["Book", "", True, "DeskLamp"]},
    {"family": "clean", "task": ["Mug", "Cabinet", True, "Sink"]},
    {"family": "heat", "task": ["PotatoSliced", "Fridge", True, "Microwave"]},
    {"family": "cool", "task": ["Tomato", "CounterTop", True, "Fridge"]},
]


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record["family"])
@pytest.mark.parametrize("split", ["train", "test"])
def test_every_family_is_said_with_all_its_slots_filled(record, split):
    rng = np.random.default_rng(0)
    rewording = Rewording(split=split)
    for _ in range(100):
        said = rewording.draw(record, rng)
        assert said.text.strip() and "{" not in said.text
        assert said.parses[0].family == record["family"]


def test_a_named_target_is_named():
    rng = np.random.default_rng(1)
    rewording = Rewording(shares=Shares(unnamed=0.0))
    named = sum(
        "television" in read_words(rewording.say(RECORDS[4], rng).lower()) for _ in range(200)
    )
    assert named > 180  # the rest have a typo in it


def test_a_search_that_says_only_what_to_take_asks_for_no_receptacle():
    rng = np.random.default_rng(2)
    said = [Rewording(shares=Shares(held=1.0)).draw(RECORDS[6], rng) for _ in range(20)]
    assert all(one.parses[0].receptacle == "" for one in said)


def test_a_composite_is_said_in_its_order():
    record = {
        "family": "composite",
        "task": ["Mug", "", True, ""],
        "parts": [["pick_and_place", "Mug", "Sink", True, ""], ["toggle", "Toaster", "", True, ""]],
    }
    said = Rewording().draw(record, np.random.default_rng(0))
    assert [parse.family for parse in said.parses] == ["pick_and_place", "toggle"]


def test_a_free_instruction_stays_as_it_is():
    record = {"instruction": "dance", "family": "free", "task": ["", "", True, ""]}
    assert Rewording().say(record, np.random.default_rng(0)) == "dance"


def test_the_same_draw_says_the_same():
    first, again = (Rewording().say(RECORDS[0], np.random.default_rng(5)) for _ in "ab")
    assert first == again


def test_no_way_of_the_tests_is_one_of_training():
    for ways in (*IMPERATIVES.values(), *STATEMENTS.values(), POLITE):
        assert not set(ways.train) & set(ways.test)


def test_every_imperative_has_a_gerund():
    for ways in IMPERATIVES.values():
        for template in (*ways.train, *ways.test):
            first = template.split()[0]
            assert first in GERUNDS or first == "don't", template


def test_descriptions_are_of_types_and_keep_one_for_tests():
    assert set(described_types()) <= set(type_names())
    for kind in described_types():
        assert len(descriptions_of(kind)) >= 2 and len(descriptions_of(kind, "test")) == 1
        assert not set(descriptions_of(kind)) & set(descriptions_of(kind, "test"))


def test_words_of_the_grammar_are_in_the_list():
    from policies.cimr.language.instruction import is_known

    said = [text for kind in described_types() for text in descriptions_of(kind)]
    said += [t for w in (*IMPERATIVES.values(), *STATEMENTS.values(), POLITE) for t in w.train]
    words = {w for text in said for w in re.findall(r"[a-z]+", re.sub(r"\{\w+\}", " ", text))}
    assert sorted(word for word in words if len(word) > 2 and not is_known(word)) == []


POTATO = TaskParse("heat", "Potato", "Fridge", "Microwave")


def test_people_are_quoted_where_they_asked_for_just_that():
    goals = HumanGoals([(POTATO, "Cook a potato and put it in the refrigerator")])
    said = {goals.say(POTATO, np.random.default_rng(k)) for k in range(20)}
    assert "Cook a potato and put it in the refrigerator" in said


def test_other_names_are_put_into_what_people_said():
    goals = HumanGoals([(POTATO, "Cook a potato and put it in the refrigerator")])
    other = TaskParse("heat", "Egg", "CounterTop", "Microwave")
    said = {goals.say(other, np.random.default_rng(k)) for k in range(20)}
    assert any(re.fullmatch(r"cook an egg and put it in the counter( top)?", text) for text in said)


def test_what_names_its_object_twice_is_not_used_for_others():
    goals = HumanGoals([(POTATO, "a potato is a potato in the fridge")])
    other = TaskParse("heat", "Egg", "CounterTop", "Microwave")
    assert goals.say(other, np.random.default_rng(0)) is None


def test_a_record_tells_what_is_asked_for():
    (parse,) = parse_of(RECORDS[12])
    assert parse == TaskParse("heat", "Potato", "Fridge", "Microwave", True, True)
    assert parse.steps()[:2] == (("pick up", "Knife"), ("slice", "Potato"))
