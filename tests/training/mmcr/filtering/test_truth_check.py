"""Lies about what is known are found, of each kind; truths and what is not known are let pass."""

from __future__ import annotations

import pytest

from tests.training.mmcr.made_worlds import one_frame, world
from training.mmcr.dialogue.records import Turn
from training.mmcr.filtering.truth_check import check

TABLE = "What is on the dining table?"


@pytest.mark.parametrize(
    ("question", "answer", "reason"),
    [
        (TABLE, "I see a toaster and a mug.", "names what is not there"),
        ("How many spoons are there?", "I see three spoons.", "counts wrong"),
        ("How many spoons are there?", "The number is three.", "counts wrong"),
        ("Is the fridge open or closed?", "The fridge is open.", "tells a wrong state"),
        ("Where is the mug?", "The mug is in or on the fridge.", "puts it in the wrong place"),
        ("Is the fridge on the left?", "It is on the left of the picture.", "tells a wrong side"),
        (
            "Is the mug left or right of the plate?",
            "The mug is to the right of the plate.",
            "tells a wrong side",
        ),
        ("Is there a mug?", "No, there is none.", "says yes or no where it is otherwise"),
        ("What are you holding?", "I am holding a plate.", "holds something else"),
        ("What did you do?", "I opened the microwave.", "tells of what was not done"),
    ],
)
def test_a_lie_is_found_with_its_reason(question, answer, reason):
    (found,) = check(one_frame(), (Turn(question, answer),))
    assert found.reason == reason and found.turn == 0


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        (TABLE, "I see a mug, two spoons, a plate and an apple."),
        ("Is the fridge open or closed?", "It is closed."),
        ("Is there a bowl?", "No, there is no bowl."),
        ("What did you do first?", "I went to the dining table."),
        ("Is it pretty?", "Yes, I think so."),
    ],
)
def test_truths_and_what_is_not_known_pass(question, answer):
    assert check(one_frame(), (Turn(question, answer),)) == ()


def test_it_is_what_was_spoken_of_before():
    first = Turn("Do you see the fridge?", "Yes, I see it.")
    (found,) = check(one_frame(), (first, Turn("Is it open?", "Yes, it is open.")))
    assert (found.turn, found.reason) == (1, "tells a wrong state")


def test_of_several_frames_the_one_that_is_spoken_of_counts():
    turn = Turn("Is the fridge open in frame 3?", "The fridge is open.")
    assert check(world(), (turn,)) == ()
    (found,) = check(world(), (Turn("Is the fridge open in frame 1?", "The fridge is open."),))
    assert found.detail == "Fridge open"
