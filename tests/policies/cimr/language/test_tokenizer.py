"""The tokenizer: whole names, exact round trips, any text."""

from __future__ import annotations

import pytest

from policies.cimr.language import lexicon
from policies.cimr.language import tokenizer as t
from policies.cimr.language.instruction import instruction_ids
from policies.cimr.token_codec import Codec


@pytest.fixture(scope="module")
def tokenizer():
    return t.build_tokenizer()


@pytest.mark.parametrize(
    "text",
    [
        "put the coffee machine on",
        "apple",
        "slice ünïcode 12 pancakes, ok! 你好",
        "pans in the pan",
        "i need the paper towels",
    ],
)
def test_text_survives_the_round_trip(tokenizer, text):
    assert t.decode_text(tokenizer, t.encode_text(tokenizer, text)) == text


def test_every_name_and_state_word_is_one_token(tokenizer):
    for name in (*lexicon.usual_names(), *lexicon.STATE_WORDS):
        t.word_id(tokenizer, name)


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("put two pillows on the couch", "put two pillow on the sofa"),
        ("Open the CUPBOARD!", "open the cabinet"),
        ("find a box of tissues", "find a tissue box"),
    ],
)
def test_things_are_read_by_their_usual_names(tokenizer, said, read):
    assert Codec(tokenizer).prompt_ids(said)[2:-1] == t.encode_text(tokenizer, read)


def test_a_name_inside_a_word_is_no_name(tokenizer):
    pan = t.word_id(tokenizer, "pan")
    assert pan not in t.encode_text(tokenizer, "pancake panther")


def test_verbs_are_one_token(tokenizer):
    ids = tokenizer.encode("<pick_up> apple</s>", add_special_tokens=False)
    assert len(ids) == 3


def test_saved_tokenizer_is_the_same(tokenizer, tmp_path):
    from transformers import AutoTokenizer

    tokenizer.save_pretrained(tmp_path)
    again = AutoTokenizer.from_pretrained(tmp_path)
    text = "put the butter knife in the drawer"
    assert t.encode_text(again, text) == t.encode_text(tokenizer, text)


def test_building_twice_gives_the_same_ids(tokenizer):
    assert t.build_tokenizer().get_vocab() == tokenizer.get_vocab()


def test_every_name_people_use_means_a_type():
    from policies.cimr.language.other_names import OTHER_NAMES, SEVERAL_SENSES

    assert set(OTHER_NAMES) <= set(lexicon.type_names())
    said = lexicon.type_of_name()
    for kind, names in OTHER_NAMES.items():
        assert all(said[name] == kind for name in names if name not in SEVERAL_SENSES), kind


def test_words_of_both_template_splits_are_one_token_each(tokenizer):
    import numpy as np

    from envs.tasks.instructions import instruct
    from envs.tasks.registry import FAMILIES

    rng = np.random.default_rng(0)
    wordings = [wording for family in FAMILIES if not family.parts for wording in family.wordings]
    for wording in wordings:
        for split in ("train", "test"):
            for _ in range(10):
                said = instruct(wording, split, rng, "Apple", "Fridge", "DeskLamp")
                read = instruction_ids(tokenizer, said)
                assert len(read.ids) == len(read.words), said


def test_a_vocabulary_of_thousands_stays_small(tokenizer):
    assert 4000 <= len(tokenizer) <= 6000
