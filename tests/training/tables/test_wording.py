"""Tasks are told apart by how they are said."""

from __future__ import annotations

from dataclasses import replace

import pytest

from envs.tasks.base import Task
from envs.tasks.goals import Contained, Every
from training.tables.wording import PEOPLE, wording_of

TASK = Task(
    "pick_and_place",
    "FloorPlan1",
    "",
    Every((Contained("CellPhone", "GarbageCan"),)),
    "CellPhone",
    "GarbageCan",
)


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("put the cell phone in the garbage can", "the usual name"),
        ("put the phone in the garbage can", "another name"),
        ("put the cell phone in the trash can", "another name"),
    ],
)
def test_a_name_is_usual_or_another(said, names):
    assert wording_of(replace(TASK, instruction=said)) == f"a sentence of training, {names}"
    kept = replace(TASK, instruction=said, template_split="test")
    assert wording_of(kept) == f"a sentence kept back, {names}"


def test_a_composite_is_usual_if_all_its_parts_are():
    parts = (TASK, replace(TASK, target="Mug"))
    said = "put the phone in the garbage can, then put the mug in the garbage can"
    both = replace(TASK, family="composite", instruction=said, parts=parts)
    assert wording_of(both).endswith("another name")
    usual = said.replace("the phone", "the cell phone")
    assert wording_of(replace(both, instruction=usual)).endswith("the usual name")


def test_published_tasks_are_in_peoples_words():
    assert wording_of(replace(TASK, suite="alfred")) == PEOPLE
