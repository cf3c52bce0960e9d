"""Dialogue sets of others are read; a bad record is told with its number, and the rest goes on."""

from __future__ import annotations

import json

import pytest

from tests.training.mmcr.made_set import picture
from training.data.parquet_tables import DataSetError, parquet
from training.mmcr.dialogue.foreign import dialogue_from, read_foreign

GOOD = {
    "messages": [
        {"role": "user", "content": "<image>What is on the table?"},
        {"role": "assistant", "content": "A mug is on it."},
    ],
    "images": [{"bytes": picture(0), "path": None}],
}
IN_PARTS = {
    "conversations": [
        {"from": "human", "value": [{"type": "image"}, {"type": "text", "text": "What is it?"}]},
        {"from": "gpt", "value": [{"type": "text", "text": "A mug."}]},
    ],
    "images": [picture(0)],
}


@pytest.mark.parametrize("row", [GOOD, IN_PARTS])
def test_both_common_forms_are_read(tmp_path, row):
    made = dialogue_from(row, tmp_path, "theirs")
    assert made.turns[0].question.startswith("What") and "mug" in made.turns[0].answer
    assert made.pictures == (picture(0),) and made.turns[0].sort == "text"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"images": []}, "1 image placeholders and 0 images"),
        ({"images": [picture(0), picture(1)]}, "1 image placeholders and 2 images"),
        ({"images": [picture(0)[:40]]}, "image 1 is damaged"),
        ({"images": ["gone.png"]}, "'gone.png', is missing"),
        ({"images": ["../../etc/passwd"]}, "leads out of the set's folder"),
        ({"images": [7]}, "image 1 is 7, neither"),
        ({"messages": []}, "messages must be a list"),
        ({"messages": "hello"}, "messages must be a list"),
        ({"messages": [{"content": "<image>Hi?"}]}, "has the role None"),
        ({"messages": [{"role": "user", "content": "<image>"}]}, "message 1 says nothing"),
        ({"messages": GOOD["messages"][:1]}, "every question needs its answer"),
        ({"messages": GOOD["messages"][::-1]}, "the 1th is the assistant's"),
        ({"messages": [{"role": "user", "content": [{"type": "audio"}]}]}, "has a part"),
        ({"domain": "cooking"}, "its domain is 'cooking': use one of"),
    ],
)
def test_what_is_wrong_with_a_record_is_named(tmp_path, change, said):
    with pytest.raises(DataSetError, match=said):
        dialogue_from(GOOD | change, tmp_path, "theirs")


def test_a_bad_record_is_told_with_its_number_and_the_rest_goes_on(tmp_path):
    (tmp_path / "a.jpg").write_bytes(picture(0))
    good = {"messages": GOOD["messages"], "images": ["a.jpg"]}
    rows = [good, {"messages": 3}, [], good]
    (tmp_path / "theirs.jsonl").write_text("\n".join(json.dumps(row) for row in rows))
    entries = list(read_foreign(tmp_path / "theirs.jsonl"))
    assert [entry.dialogue is not None for entry in entries] == [True, False, False, True]
    assert entries[1].problem.startswith("record 2: messages") and entries[3].number == 4


def test_parquet_is_read_and_a_damaged_file_is_told_in_a_line(tmp_path):
    pa, pq = parquet()
    path = tmp_path / "theirs.parquet"
    pq.write_table(pa.Table.from_pylist([GOOD, GOOD]), path)
    assert [entry.problem for entry in read_foreign(path)] == ["", ""]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(DataSetError, match="can't be read as Parquet or JSON lines"):
        list(read_foreign(path))
