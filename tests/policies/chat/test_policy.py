"""One chat policy over any backend: what it reads in answers, and what it makes of them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from envs.actions import Action
from policies.base import Answer, Context, Policy, Question
from policies.chat.backend import Completion, Message, Purpose
from policies.chat.policy import UNKNOWN_CONFIDENCE, ChatPolicy
from tests.policies.chat.chat_server import FRAME, SEEN, WELL, ChatServer, Said, policy_of


@pytest.mark.parametrize(
    "text",
    [
        "I would open the fridge.",
        "",
        None,
        "Action: dance",
        "Action: open Fridge\nAction: close Fridge",
        "<think>hm",
    ],
)
def test_a_reply_that_is_not_in_the_format_is_a_malformed_reply_and_no_failure(text):
    with ChatServer([Said(text)]) as server:
        reply = policy_of(server).act(SEEN, Context())
    assert reply.action is None and reply.error


@pytest.mark.parametrize(
    "text",
    [
        "<think>Action: close Fridge?\nAction: no</think>\nAction: open Fridge at (0.50, 0.40)",
        [{"type": "text", "text": WELL}],
        '```json\n{"thought": "", "plan": [], "action": "open Fridge at (0.50, 0.40)"}\n```',
    ],
)
def test_ways_of_writing_the_same_reply(text):
    with ChatServer([Said(text)]) as server:
        assert policy_of(server).act(SEEN, Context()).action == Action("open", "Fridge", (0.5, 0.4))


def test_it_answers_questions_about_frames_unless_that_costs_too_much():
    question = Question("in_view", "Fridge")
    with ChatServer(
        [Said("Yes.", logprobs=(math.log(0.7),)), Said("**No**"), Said("perhaps")]
    ) as server:
        agent = policy_of(server)
        sure = agent.ask(FRAME, question)
        assert sure is not None and sure.yes and sure.confidence == pytest.approx(0.7)
        no = agent.ask(FRAME, question)
        assert no is not None and not no.yes and no.confidence == UNKNOWN_CONFIDENCE
        assert agent.ask(FRAME, question) is None
        assert agent.ask(FRAME, Question("smell", "Fridge")) is None
        assert "fridge" in server.requests[0]["messages"][0]["content"][1]["text"]
        assert policy_of(server, questions=False).ask(FRAME, question) is None
        assert len(server.requests) == 3


class ScriptedBackend:
    """Says one thing, and keeps what it was asked."""

    name = "scripted"

    def __init__(
        self, text: str, confidence: float | None = None, answers_questions: bool = True
    ) -> None:
        self.text, self.confidence = text, confidence
        self.answers_questions = answers_questions
        self.asked: list[tuple[list[Message], Purpose, int]] = []

    def complete(self, messages: list[Message], purpose: Purpose, seed: int) -> Completion:
        self.asked.append((messages, purpose, seed))
        return Completion(self.text, 1, 1, self.confidence)


def test_any_backend_makes_a_policy_and_is_given_picture_seed_and_purpose():
    backend = ScriptedBackend(WELL)
    agent = ChatPolicy(backend)
    agent.reset("open the fridge", 17)
    assert isinstance(agent, Policy) and agent.name == "scripted"
    reply = agent.act(SEEN, Context())
    assert (reply.action, reply.confidence) == (Action("open", "Fridge", (0.5, 0.4)), 1.0)
    assert reply.text == WELL
    ((messages, purpose, seed),) = backend.asked
    assert (purpose, seed) == (Purpose.ACT, 17)
    assert np.array_equal(messages[1]["content"][0]["image"], FRAME)


def test_the_verbs_of_the_action_level_are_offered():
    said = {}
    for level in ("skill", "primitive"):
        backend = ScriptedBackend(WELL)
        ChatPolicy(backend, level).act(SEEN, Context())
        said[level] = backend.asked[0][0][0]["content"][0]["text"]
    assert "goto X" in said["skill"] and "move ahead" not in said["skill"]
    assert "move ahead" in said["primitive"] and "goto X" not in said["primitive"]


@pytest.mark.parametrize(
    ("text", "confidence", "answer"),
    [
        ("yes", 0.9, Answer(True, 0.9)),
        ("No, it is not.", None, Answer(False, UNKNOWN_CONFIDENCE)),
        ("<think>yes?</think>no", 0.8, Answer(False, 0.8)),
        ("a fridge", 0.9, None),
    ],
)
def test_a_yes_or_no_is_worth_what_the_backend_says(text, confidence, answer):
    backend = ScriptedBackend(text, confidence)
    assert ChatPolicy(backend).ask(FRAME, Question("in_view", "Fridge")) == answer
    assert backend.asked[0][1] is Purpose.ASK


def test_a_backend_that_answers_no_questions_is_asked_none():
    backend = ScriptedBackend("yes", 0.9, answers_questions=False)
    assert ChatPolicy(backend).ask(FRAME, Question("in_view", "Fridge")) is None
    assert not backend.asked
