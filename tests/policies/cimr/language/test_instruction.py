"""Instructions: typos mended, names read as the usual ones, long ones cut in the middle."""

from __future__ import annotations

import pytest

from policies.cimr.language import tokenizer as t
from policies.cimr.language.instruction import MAX_INSTRUCTION, instruction_ids, mend, read_words


@pytest.fixture(scope="module")
def tokenizer():
    return t.build_tokenizer()


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("Put the cofee maker on", "put the|coffee machine|on"),
        ("a SoapBottle in the GarbageCan.", "a|soap bottle|in the|garbage can"),
        ("the refridgerator", "the|fridge"),
        ("two potatoe", "two|potato"),
        ("the CellPhone's switch", "the|cell phone|switch"),
        ("the nightstand", "the|side table"),
    ],
)
def test_what_people_write_is_read_as_the_usual_name(said, read):
    assert " ".join(read_words(said)) == read.replace("|", " ")


def test_a_name_of_several_senses_stays_a_word():
    assert read_words("the glass on the table") == ("the", "glass", "on", "the", "table")


def test_a_tokenizer_that_lacks_the_word_reads_the_likeliest_name():
    assert read_words("the glass", frozenset()) == ("the", "cup")


@pytest.mark.parametrize("word", ["zeppelin", "cat", "apple", "12345", "你好你好你", "xylophones"])
def test_what_is_no_typo_of_one_word_stays(word):
    assert mend(word) == word


def test_a_long_instruction_keeps_its_beginning_and_its_end(tokenizer):
    said = "put the apple " + "very " * 300 + "in the fridge"
    read = instruction_ids(tokenizer, said)
    assert len(read.ids) == MAX_INSTRUCTION and read.left_out == 306 - MAX_INSTRUCTION
    assert t.decode_text(tokenizer, read.ids).startswith("put the apple very")
    assert t.decode_text(tokenizer, read.ids).endswith("very in the fridge")
