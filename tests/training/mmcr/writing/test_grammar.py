"""Every kind can be asked and answered in several ways, and says all that it is of."""

from __future__ import annotations

import re

import numpy as np
import pytest

from training.mmcr.writing.grammar import expand, phrases, ways
from training.mmcr.writing.queries import KINDS
from training.mmcr.writing.writer import GroundedWriter  # noqa: F401  # fills the table

# How a slot may be said; what is pointed back to in one way only needs no words of its own.
SAID = {
    "frame": ("frame", "frame_in", "frame_noun"),
    "later": ("later_in",),
    "kind": ("kind", "kinds"),
    "pair": ("pair", "Pair"),
    "number": ("number", "Number"),
}
UNSAID = {"frame_number", "first_asked", "recall_number", "named_count", "step_of"}


def test_every_kind_has_phrases_and_no_phrases_are_of_no_kind():
    assert set(phrases()) == set(KINDS)


@pytest.mark.parametrize("name", sorted(phrases()))
def test_a_kind_is_asked_in_many_ways(name):
    told = phrases()[name]
    assert sum(map(ways, told.questions)) >= 3
    answers = (told.yes, told.no) if told.yes or told.no else (told.answers,)
    assert all(sum(map(ways, lines)) >= 2 for lines in answers)


@pytest.mark.parametrize("name", sorted(set(phrases()) - UNSAID))
def test_a_question_says_all_that_it_is_of(name):
    rng = np.random.default_rng(0)
    for pattern in phrases()[name].questions:
        for _ in range(6):
            slots = set(re.findall(r"{(\w+)}", expand(pattern, rng)))
            for role in KINDS[name].slots:
                exempt = role == "list" and "your list" in pattern or role == "frame" and slots
                assert slots & set(SAID.get(role, (role,))) or exempt, (pattern, role)


def test_a_line_without_a_mark_is_refused_by_number():
    assert expand("(a|a) b", np.random.default_rng(0)) == "a b"
    assert ways("(a|b) c (d|e|)") == 6
