"""A model behind a server is paid for, and its exchanges are kept."""

from __future__ import annotations

import json
import math

import pytest

from envs.actions import Action
from policies.base import Context, PastStep, PolicyStopped, Question
from policies.chat.budget import Budget, Purse, Spent
from tests.policies.chat.chat_server import (
    FRAME,
    KEY,
    SEEN,
    WELL,
    ChatServer,
    Said,
    failing,
    policy_of,
)


def test_it_is_shown_the_picture_and_told_what_happened_so_far():
    with ChatServer([Said(logprobs=(math.log(0.9), math.log(0.4)))]) as server:
        agent = policy_of(server)
        reply = agent.act(SEEN, Context(history=(PastStep("goto Fridge", "ok"),)))
        assert reply.action == Action("open", "Fridge", (0.5, 0.4)) and not reply.error
        assert (reply.thought, reply.plan) == ("the fridge is shut", ("open Fridge",))
        assert reply.text == WELL and reply.confidence == pytest.approx(0.6)
        (body,), (picture,) = server.requests, server.pictures()
        assert (picture == FRAME).all() and server.keys == [f"Bearer {KEY}"]
        assert (body["model"], body["temperature"], body["seed"]) == ("some-model", 0, 17)
        system, user = body["messages"]
        assert "Answer in three lines" in system["content"]
        assert "Goal: open the fridge" in user["content"][1]["text"]
        assert "Done: goto Fridge (ok)" in user["content"][1]["text"]
        assert agent.backend.purse.spent == Spent(1, 120, 0.0) and agent.name == "openai:some-model"


def test_a_budget_of_tokens_ends_it_before_it_is_overdrawn():
    with ChatServer([Said(usage=(300, 100))]) as server:
        agent = policy_of(server, budget=Budget(tokens=1000))
        agent.act(SEEN, Context())
        agent.act(SEEN, Context())
        with pytest.raises(PolicyStopped, match=r"1000 tokens is used up \(800 in 2 requests\)"):
            agent.act(SEEN, Context())
        assert len(server.requests) == 2


def test_a_budget_of_money_is_shared_over_the_ledger(tmp_path):
    budget, ledger = Budget(usd=0.01, price_in=10.0, price_out=20.0), str(tmp_path / "spent.json")
    with ChatServer([Said(usage=(200, 50))]) as server:
        first, second = (policy_of(server, budget=budget, ledger=ledger) for _ in range(2))
        first.act(SEEN, Context())
        second.act(SEEN, Context())
        assert json.loads((tmp_path / "spent.json").read_text()) == {
            "requests": 2,
            "tokens": 500,
            "usd": pytest.approx(0.006),
        }
        first.act(SEEN, Context())
        with pytest.raises(PolicyStopped, match=r"0.01 USD is used up \(0.0090 in 3 requests\)"):
            second.act(SEEN, Context())
    (tmp_path / "spent.json").write_text("{")
    with pytest.raises(ValueError, match="ledger"):
        Purse(budget, tmp_path / "spent.json")


def test_usage_that_the_server_does_not_tell_is_estimated():
    with ChatServer([Said(usage=None)]) as server:
        agent = policy_of(server)
        agent.act(SEEN, Context())
    assert 900 < agent.backend.purse.spent.tokens < 1500


def test_the_transcript_keeps_every_exchange_without_pictures_and_key(tmp_path):
    path = tmp_path / "deep" / "transcript.jsonl"
    with ChatServer([Said(), Said("yes"), failing(401, f"bad key {KEY}")]) as server:
        agent = policy_of(server, transcript=str(path), budget=Budget(price_in=1.0, price_out=2.0))
        agent.act(SEEN, Context())
        agent.ask(FRAME, Question("in_view", "Fridge"))
        with pytest.raises(PolicyStopped):
            agent.act(SEEN, Context())
    text = path.read_text()
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line["purpose"] for line in lines] == ["act", "ask", "act"]
    assert lines[0]["text"] == WELL and lines[0]["seed"] == 17 and lines[0]["tokens_in"] == 100
    assert lines[0]["usd"] == pytest.approx(140e-6) and "status 401" in lines[2]["error"]
    assert len(lines[0]["messages"][1]["content"][0]["sha256"]) == 64
    assert KEY not in text and "base64" not in text
