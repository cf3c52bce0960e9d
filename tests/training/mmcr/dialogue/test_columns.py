"""A dialogue comes back from its row as it was."""

from __future__ import annotations

from tests.training.mmcr.made_set import written
from training.mmcr.dialogue.columns import PLACEHOLDER, dialogue_of, row_of


def test_rows_hold_all_of_a_dialogue():
    for one in written(30):
        assert dialogue_of(row_of(one)) == one


def test_the_first_question_carries_a_placeholder_for_every_picture():
    for one in written(10):
        messages = row_of(one)["messages"]
        assert [m["role"] for m in messages[:3]] == ["system", "user", "assistant"]
        assert messages[1]["content"].count(PLACEHOLDER) == len(one.pictures)
        assert not any(PLACEHOLDER in m["content"] for m in messages[2:])
