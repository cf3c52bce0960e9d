"""A model's dialogue is taken only in its form, linked, and not against what is known."""

from __future__ import annotations

import json

import numpy as np
import pytest

from policies.chat.client import ChatClient
from policies.chat.openai_server import OpenAIServerBackend
from tests.policies.chat.chat_server import ChatServer, Said, failing
from tests.training.mmcr.made_worlds import one_frame
from training.mmcr.writing.lvlm_writer import LvlmWriter

GOOD = [
    {"question": "What lies on the table?", "answer": "I see a mug and a plate."},
    {"question": "Which of those is further left?", "answer": "The mug is further left."},
]
FRAMES = (np.zeros((32, 32, 3), np.uint8),)


def write(server: ChatServer, turns: int = 2):
    client = ChatClient("some-model", server.url, "", 5.0, 1)
    writer = LvlmWriter(OpenAIServerBackend(client))
    rng = np.random.default_rng(0)
    return writer.write(one_frame(), "space_and_routes", "left_and_right", turns, rng, FRAMES)


def test_a_good_dialogue_is_taken_and_the_model_is_told_what_is_wanted():
    with ChatServer([Said(f"Here it is:\n{json.dumps(GOOD)}")]) as server:
        done = write(server)
        assert [turn.answer for turn in done.turns] == [one["answer"] for one in GOOD]
        assert len(server.pictures()) == 1
        told = server.requests[0]["messages"][0]["content"][1]["text"]
        assert "exactly 2 questions" in told and "space and routes: left and right" in told
        assert "put the mug in the fridge" in told


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("I can't do that.", "no list in the reply"),
        ("[{]", "a list that is no JSON"),
        ("[" * 30_000 + "]", "a list that is no JSON"),
        (json.dumps(GOOD[:1]), "another number of turns"),
        (json.dumps([GOOD[0], {"question": "Why that?"}]), "a turn without question or answer"),
        (json.dumps([GOOD[0], "Which of those?"]), "a turn without question or answer"),
        (json.dumps([GOOD[0], {"question": "x" * 900, "answer": "y"}]), "a turn without question"),
        (
            json.dumps([GOOD[0], {"question": "Where is a mug?", "answer": "On a table."}]),
            "points to nothing",
        ),
        (
            json.dumps([GOOD[0] | {"answer": "I see a toaster."}, GOOD[1]]),
            "untrue: names what is not there",
        ),
    ],
)
def test_anything_else_is_thrown_away_with_its_reason(said, reason):
    with ChatServer([Said(said)]) as server:
        done = write(server)
    assert done.turns == () and reason in next(iter(done.rejected))


def test_an_endpoint_that_fails_says_so():
    with ChatServer([failing(500, "out of order")]) as server, pytest.raises(RuntimeError) as told:
        write(server)
    assert "out of order" in str(told.value)
