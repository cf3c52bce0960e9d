"""What is named and no frame is like is suspect."""

from __future__ import annotations

import numpy as np

from policies.base import Answer, Question
from training.mmcr.dialogue.records import Turn
from training.mmcr.filtering.likeness import OwnEncoder, unlike

FRAMES = (np.zeros((8, 8, 3), np.uint8), np.full((8, 8, 3), 255, np.uint8))


class Knows:
    """Sees a mug in white frames only, and knows nothing of vases."""

    name = "knows"

    def ask(self, frame, question: Question):
        if question.subject == "Vase":
            return None
        return Answer(question.subject == "Mug" and bool(frame.any()), 0.95)


def found(answer: str, **other):
    return unlike(OwnEncoder(Knows()), FRAMES, (Turn("What is there?", answer, **other),))


def test_a_thing_in_any_frame_is_let_pass_and_one_in_none_is_not():
    assert found("I see a mug.") == ()
    assert [f.detail for f in found("I see a plate.")] == ["Plate"]


def test_a_frame_that_is_named_counts_alone():
    assert [f.detail for f in found("I see a mug.", frames=(1,))] == ["Mug"]


def test_what_is_denied_or_unknown_is_let_pass():
    assert found("No, there is no plate.") == found("I see a vase.") == ()
