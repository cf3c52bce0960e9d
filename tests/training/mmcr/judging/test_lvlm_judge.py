"""A model's scores are read with caution; two judges' agreement is counted."""

from __future__ import annotations

import numpy as np
import pytest

from policies.chat.client import ChatClient
from policies.chat.openai_server import OpenAIServerBackend
from tests.policies.chat.chat_server import ChatServer, Said
from training.mmcr.dialogue.records import Turn
from training.mmcr.judging.answerers import ChatAnswerer, Controlled, Question
from training.mmcr.judging.lvlm_judge import LvlmJudge, agreement, read_scores
from training.mmcr.judging.rules import DIMENSIONS

SCORES = '{"precision": 1, "consistency": 1, "logic": 0.5, "clarity": 1, "redundancy": 0}'
FRAME = np.full((8, 8, 3), 9, np.uint8)
ASKED = Question("d", 1, (FRAME,), "You are a robot.", (("What is it?", "A mug."),), "Is it full?")


def backend(server: ChatServer) -> OpenAIServerBackend:
    return OpenAIServerBackend(ChatClient("some-model", server.url, "", 5.0, 1))


def test_the_judge_is_shown_all_that_it_needs():
    with ChatServer([Said(f"Sure. {SCORES}")]) as server:
        scores = LvlmJudge(backend(server)).judge(ASKED, Turn("Is it full?", "No."), "Yes.")
        told = server.requests[0]["messages"][0]["content"][1]["text"]
    assert scores == {"precision": 1, "consistency": 1, "logic": 0.5, "clarity": 1, "redundancy": 0}
    for part in ("Q: What is it?\nA: A mug.", "A right answer: No.", "answer: Yes."):
        assert part in told


@pytest.mark.parametrize(
    "text",
    ["", "no", "{", '{"precision": 1}', SCORES.replace("0.5", "7"), SCORES.replace("0.5", "true")],
)
def test_scores_that_are_none_are_none(text):
    assert read_scores(text) is None


def test_who_answers_is_shown_frames_and_earlier_turns_unless_a_control_keeps_them():
    with ChatServer([Said("It is empty.")]) as server:
        answerer = ChatAnswerer(backend(server))
        assert answerer.answer(ASKED) == "It is empty."
        Controlled(answerer, "no-frames").answer(ASKED)
        Controlled(answerer, "no-turns").answer(ASKED)
        roles = [[m["role"] for m in body["messages"]] for body in server.requests]
        first, grey, alone = server.pictures()
    assert roles[0] == ["system", "user", "assistant", "user"] and roles[2] == ["system", "user"]
    assert (first == 9).all() and (grey == 128).all() and (alone == 9).all()
    with pytest.raises(ValueError, match="'no-sound': use one of none"):
        Controlled(answerer, "no-sound")


def test_agreement_is_one_with_oneself_and_zero_where_it_is_chance():
    good, bad = dict.fromkeys(DIMENSIONS, 1.0), dict.fromkeys(DIMENSIONS, 0.0)
    assert agreement([(good, good), (bad, bad)])["logic"] == {"share": 1.0, "kappa": 1.0}
    chance = agreement([(good, good), (bad, bad), (good, bad), (bad, good)])
    assert chance["logic"] == {"share": 0.5, "kappa": 0.0}
