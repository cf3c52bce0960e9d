"""The tokenizer: whole names, exact round trips, and refusal of unknown words."""

from __future__ import annotations

import pytest

from policies.cimr import lexicon
from policies.cimr import tokenizer as t
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


def test_unknown_words_are_named_with_near_ones():
    known = {*lexicon.plain_words(), *lexicon.type_of_name()}
    lexicon.check_words("Put the coffee maker in the refrigerator!", known)
    with pytest.raises(ValueError, match=r"'aple' \(near: apple"):
        lexicon.check_words("bring the aple", known)
    with pytest.raises(ValueError, match="no words"):
        lexicon.check_words(" ?! ", known)


def test_words_of_both_template_splits_are_known():
    import numpy as np

    from envs.tasks.instructions import instruct
    from envs.tasks.registry import FAMILIES

    known = {*lexicon.plain_words(), *lexicon.type_of_name()}
    rng = np.random.default_rng(0)
    wordings = [wording for family in FAMILIES if not family.parts for wording in family.wordings]
    for wording in wordings:
        for split in ("train", "test"):
            for _ in range(10):
                said = instruct(wording, split, rng, "Apple", "Fridge", "DeskLamp")
                lexicon.check_words(said, known)
