"""The simulator's answers about a frame: plain ones only."""

from __future__ import annotations

import numpy as np
import pytest

from envs.observations import Segmentation
from policies.base import Question
from training.data.map.frame_truth import CONFIDENCE, FrameTruth

MUG, DOOR, OTHER = "Mug|1|1|1", "Cabinet|1|1|1", "Cabinet|2|1|1"


def truth(mug_pixels: int = 100, open_doors: tuple[bool, bool] = (True, True)) -> FrameTruth:
    """A mug of some pixels and two cabinets."""
    index = np.zeros((300, 300), np.int32)
    index.ravel()[:mug_pixels] = 1
    counts = np.array([0, mug_pixels, 5000, 400])
    facts = {
        name: {"openable": True, "isOpen": is_open, "toggleable": False, "isToggled": False}
        for name, is_open in zip((DOOR, OTHER), open_doors, strict=True)
    }
    return FrameTruth(Segmentation(index, ("", MUG, DOOR, OTHER), counts), facts, "Pen")


@pytest.mark.parametrize(("pixels", "yes"), [(0, False), (5, None), (20, True)])
def test_what_is_hard_to_see_is_left_open(pixels, yes):
    assert truth(pixels).yes(Question("in_view", "Mug")) is yes


@pytest.mark.parametrize(
    ("doors", "yes"), [((True, True), True), ((False, False), False), ((True, False), None)]
)
def test_a_state_is_told_where_all_in_view_agree(doors, yes):
    assert truth(open_doors=doors).yes(Question("state", "Cabinet", "open")) is yes


def test_the_hand_is_known():
    assert truth().yes(Question("holding", "Pen")) is True
    assert truth().yes(Question("holding", "Mug")) is False


def test_confidence_varies_within_bounds():
    rng = np.random.default_rng(0)
    sure = [truth().answer(Question("holding", "Pen"), rng).confidence for _ in range(50)]
    assert min(sure) >= CONFIDENCE[0] and max(sure) <= CONFIDENCE[1] and len(set(sure)) > 10


@pytest.mark.parametrize(
    ("pixels", "thought", "belied"),
    [
        (100, "mug not here", True),
        (100, "mug in view", False),
        (10, "mug not here", False),
        (100, "apple not here", False),
    ],
)
def test_a_thought_that_misses_what_is_plain_to_see_is_belied(pixels, thought, belied):
    assert truth(pixels).belies(thought) is belied
