"""What is read off plain sentences, and what is not."""

from __future__ import annotations

import pytest

from training.mmcr.dialogue.claims import claims_of


@pytest.mark.parametrize(
    ("text", "polarity"),
    [
        ("Yes, it is.", "yes"),
        ("It is in view, yes.", "yes"),
        ("No.", "no"),
        ("None is in view, no.", "no"),
        ("No step failed.", ""),
        ("There is nothing.", ""),
    ],
)
def test_yes_and_no_are_told_from_other_words(text, polarity):
    assert claims_of(text).polarity == polarity


def test_things_are_named_by_any_name_the_longest_first():
    assert claims_of("two butter knives and a couch").kinds == ("ButterKnife", "Sofa")
    assert claims_of("I see two loaves of bread.").named[0].count == 2


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("The fridge is closed.", (("Fridge", "closed", True),)),
        ("It is not open.", (("", "open", False),)),
        ("The mug is on the table.", ()),
        ("The lamp is on the left.", ()),
        ("The desk lamp is switched off.", (("DeskLamp", "off", True),)),
    ],
)
def test_a_state_is_told_from_a_place(text, states):
    assert claims_of(text).states == states


def test_numbers_of_frames_and_steps_are_no_counts():
    read = claims_of("In frames 1 and 3, and at step 2, I see four.")
    assert (read.frames, read.steps, read.numbers) == ((1, 3), (2,), (4,))


def test_sides_belong_to_the_thing_before_them():
    assert claims_of("The mug is to the left of the plate.").sides == (("Mug", "left"),)


def test_deeds_have_what_they_are_on():
    read = claims_of("I tried to pick up the mug, then I looked around.")
    assert read.deeds == (("pick up", "Mug"), ("look around", ""))
