"""Each dimension fires on its own kind of error, and on no other."""

from __future__ import annotations

import pytest

from training.mmcr.dialogue.records import Turn
from training.mmcr.judging.rules import DIMENSIONS, judge

COUNT = Turn("How many mugs are there?", "I see two mugs.", "count", "number", ("2",), ("Mug",))
STATE = Turn("Is it open?", "No, it is not open.", "state_is", "yes_no", ("no",), ("Fridge",))
SIDE = Turn("Where is it?", "It is on the left.", "side", "side", ("left",), ("Fridge",))
BEFORE = Turn("What is left of the mug?", "The plate.", "x", "things", ("Plate",), ("Mug",))


@pytest.mark.parametrize(
    ("turn", "reply", "fires"),
    [
        (COUNT, "Two.", ()),
        (COUNT, "There are 2 mugs.", ()),
        (COUNT, "Three.", ("precision",)),
        (COUNT, "Two or three.", ("precision",)),
        (COUNT, "I see two kettles.", ("consistency",)),
        (COUNT, "Two. Two.", ("redundancy",)),
        (COUNT, "How many mugs are there? Two.", ("redundancy",)),
        (COUNT, "Two, I guess.", ("clarity",)),
        (COUNT, "Two mugs. Birds sing before sunrise daily.", ("clarity",)),
        (STATE, "No.", ()),
        (STATE, "No, the fridge is closed.", ()),
        (STATE, "Yes, it is open.", ("precision",)),
        (STATE, "No, it is open.", ("logic",)),
        (STATE, "No, the toaster is closed.", ("consistency",)),
        (SIDE, "On the left.", ()),
        (SIDE, "It is on the left, since I said two mugs.", ()),
        (SIDE, "It is on the left, since I said three mugs.", ("logic",)),
        (BEFORE, "The plate is left of the mug.", ()),
        (BEFORE, "The kettle is left of the mug.", ("precision",)),
        (BEFORE, "The plate is left of the kettle.", ("consistency",)),
    ],
)
def test_a_dimension_fires_on_its_own_kind(turn, reply, fires):
    verdict = judge(turn, (COUNT,), reply)
    assert tuple(n for n in DIMENSIONS if not verdict.scores[n]) == fires, verdict.reasons
    assert tuple(verdict.reasons) == fires


def test_an_earlier_answer_said_again_is_redundant():
    reply = "I see two mugs. It is on the left."
    assert judge(SIDE, (), reply).scores["redundancy"] == 1
    assert judge(SIDE, (COUNT,), reply).reasons["redundancy"] == "it repeats an earlier answer"


def test_nothing_said_is_no_answer():
    assert judge(COUNT, (), "").scores["precision"] == 0
