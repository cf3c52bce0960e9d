"""The reader: learns a few sentences by heart, says what it is unsure of, survives its files."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from policies.cimr.language.reader import (
    FAMILIES,
    Reader,
    label_rows,
    labels_of,
    new_network,
    padded,
    reader_loss,
)
from policies.cimr.language.reader_files import RECORD, WEIGHTS, load_reader, save_reader
from policies.cimr.language.subgoals import TaskParse
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.language.understanding import Understanding

MUG = TaskParse("pick_and_place", "Mug", "CoffeeMachine")
SENTENCES = [
    ("put the mug in the coffee machine", (MUG,)),
    ("turn off the television", (TaskParse("toggle", "Television", turn_on=False),)),
    (
        "open the fridge, then find the apple",
        (TaskParse("open", "Fridge"), TaskParse("find", "Apple")),
    ),
    (
        "heat a slice of potato and put it in the fridge",
        (TaskParse("heat", "Potato", "Fridge", "Microwave", True, True),),
    ),
    ("hello my friend", ()),
]


@pytest.fixture(scope="module")
def tokenizer():
    return build_tokenizer()


@pytest.fixture(scope="module")
def reader(tokenizer):
    """One that knows ``SENTENCES`` by heart."""
    from policies.cimr.language.instruction import instruction_ids

    torch.manual_seed(0)
    network = new_network(tokenizer)
    ids, mask = padded([instruction_ids(tokenizer, said).ids for said, _ in SENTENCES])
    labels = labels_of([parses for _, parses in SENTENCES])
    optimizer = torch.optim.AdamW(network.parameters(), lr=3e-3)
    network.met[ids[mask]] = True
    for _ in range(60):
        loss = reader_loss(network, ids, mask, labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return Reader(network, tokenizer)


def test_what_was_learned_is_read(reader):
    assert reader.parse([said for said, _ in SENTENCES]) == [parses for _, parses in SENTENCES]


def test_two_tasks_keep_their_order(reader):
    read = reader.read(SENTENCES[2][0])
    assert read.text.startswith("understood: open Fridge, then find Apple")
    assert read.subgoals == ("open Fridge", "look around Apple")


def test_it_names_the_words_it_never_met(reader):
    read = reader.read("put the brass mug in the coffee machine")
    assert "brass" in read.unsure and "unsure about 'brass'" in read.text


def test_it_finds_no_task_in_talk_and_says_how_to_ask(reader):
    read = reader.read("hello my friend")
    assert read.parses == () and read.family == ""
    assert read.text.startswith("found no task in 'hello my friend'; say what to do, such as")


@pytest.mark.parametrize("said", ["你好", "x", "put " * 400, "!!!", ""])
def test_anything_is_read(reader, said):
    assert isinstance(reader.read(said), Understanding)


def test_it_says_so_where_the_middle_was_not_read(reader):
    assert "its middle was not read" in reader.read("put the mug " + "very " * 300).text


def test_labels_of_no_task_are_nothing():
    families, types, _ = label_rows(())
    assert families == [0, 0] and not np.any(types) and FAMILIES[0] == ""


def test_saved_it_reads_the_same(reader, tokenizer, tmp_path):
    save_reader(tmp_path, reader.network, tokenizer, {"minutes": 1})
    again = load_reader(tmp_path, tokenizer)
    assert again is not None and bool(again.network.met.any())
    said = [said for said, _ in SENTENCES]
    assert again.parse(said) == reader.parse(said)


def test_a_folder_without_one_has_none(tokenizer, tmp_path):
    assert load_reader(tmp_path, tokenizer) is None


def test_a_damaged_one_is_refused(reader, tokenizer, tmp_path):
    save_reader(tmp_path, reader.network, tokenizer)
    record = json.loads((tmp_path / RECORD).read_text())
    (tmp_path / RECORD).write_text(json.dumps({**record, "vocabulary": "other"}))
    with pytest.raises(ValueError, match="tokenizer of other words"):
        load_reader(tmp_path, tokenizer)
    (tmp_path / RECORD).write_text(json.dumps(record))
    (tmp_path / WEIGHTS).write_bytes(b"nothing")
    with pytest.raises(ValueError, match=r"can't be loaded.*Train it again"):
        load_reader(tmp_path, tokenizer)
