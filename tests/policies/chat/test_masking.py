"""A key is hidden whole and in part, in every spelling; what only looks like it is let stand."""

from __future__ import annotations

import json
import time

import pytest

from policies.chat.answer import NoAnswer, message_of, read_answer
from policies.chat.masking import hidden, hidden_start

KEY = "sk-very/secret=42"
LONG = "sk-proj-9fQ2xLr7" + "aB3dE5gH7jK9mN1p" * 5 + "Zz8w"


@pytest.mark.parametrize("key", [KEY, LONG, "a1b2c3d4", "verysecretpassword"])
def test_a_key_short_of_a_letter_anywhere_is_no_longer_readable(key):
    for at in range(len(key)):
        for damaged in (key[:at] + key[at + 1 :], key[:at] + "?" + key[at + 1 :]):
            left = hidden(f"said: {damaged}.", key).replace("said: ", "")
            assert "***" in left and len(left) <= max(12, 0.7 * len(key)), (damaged, left)


@pytest.mark.parametrize("key", [KEY, LONG])
def test_a_key_cut_at_either_end_is_hidden(key):
    for cut in range(1, len(key) // 3):
        assert hidden(f"at the end {key[:-cut]}", key) == "at the end ***"
        assert hidden(f"{key[cut:]} at the start", key) == "*** at the start"


def test_a_cut_key_is_hidden_in_every_spelling():
    key = 'sk-"quo"/ted=97531'
    for spelt in (json.dumps(key)[1:-1], "sk-%22quo%22%2Fted%3D97531"):
        assert hidden(f"<{spelt[:-2]}>", key) == "<***>"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("a confirmation is required", "sk-no-key-required"),
        ("the mug is needed", "not-needed"),
        ("the drawer is EMPTY", "EMPTY_"),
        ("goto the secret drawer", KEY),
        ("any text", ""),
    ],
)
def test_words_that_a_placeholder_holds_too_are_let_stand(text, key):
    assert hidden(text, key) == text


def test_a_cut_key_is_hidden_in_replies_and_errors():
    said = {"choices": [{"message": {"content": f"the key is {KEY[:-1]}"}}]}
    assert read_answer(json.dumps(said).encode(), KEY).text == "the key is ***"
    assert message_of(f"wrong key {KEY[:-1]}".encode(), KEY) == "wrong key ***"
    with pytest.raises(NoAnswer, match=r"\*\*\*"):
        read_answer(f"<p>{KEY[1:]}".encode(), KEY)


def test_long_texts_take_no_long_time():
    begun = time.perf_counter()
    assert len(hidden_start("x" * 8_000_000 + KEY, KEY, 300)) == 300
    assert message_of(b'{"error": "' + b"y" * 8_000_000 + b'"}', KEY) == "y" * 300
    assert time.perf_counter() - begun < 2.0
