"""A model behind an OpenAI-compatible server, against a server of our own."""

from __future__ import annotations

import json
import math
import time
from email.utils import formatdate

import numpy as np
import pytest

import run_episode
from envs.actions import Action
from policies.base import Context, Observation, PastStep, PolicyStopped, Question
from policies.chat.budget import Budget, Purse, Spent
from policies.chat.client import ChatClient, EndpointError, clean_url
from policies.chat.endpoint import UNKNOWN, EndpointPolicy, EndpointSettings
from policies.loading import load_policy
from tests.chat_server import WELL, ChatServer, Said, failing
from training import evaluate

FRAME = np.random.default_rng(5).integers(0, 256, (30, 40, 3), dtype=np.uint8)
SEEN = Observation(FRAME, "open the fridge", "ok")
KEY = "sk-very-secret"


def policy(
    server: ChatServer,
    pauses: list | None = None,
    timeout: float = 5.0,
    attempts: int = 4,
    **settings,
) -> EndpointPolicy:
    client = ChatClient(
        "some-model",
        server.url,
        KEY,
        timeout,
        attempts,
        sleep=(pauses if pauses is not None else []).append,
    )
    made = EndpointPolicy(client, EndpointSettings(**settings))
    made.reset("open the fridge", 17)
    return made


def test_it_is_shown_the_picture_and_told_what_happened_so_far():
    with ChatServer([Said(logprobs=(math.log(0.9), math.log(0.4)))]) as server:
        agent = policy(server)
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
        assert agent.purse.spent == Spent(1, 120, 0.0) and agent.name == "openai:some-model"


@pytest.mark.parametrize(
    "trouble",
    [
        failing(500, "oops"),
        failing(503, "busy"),
        failing(529, "overloaded"),
        Said(raw=b"<html>not json"),
        Said(raw=b"{}"),
        Said(raw=b'{"choices": []}'),
        Said(raw=b'{"choices": [{"message": null}]}'),
        Said(raw=b"[" * 100_000),
        Said(raw=b'{"error": {"message": "upstream is down", "code": 502}}'),
        Said(raw=b""),
        Said(cut=True),
    ],
)
def test_trouble_that_passes_is_waited_out_with_growing_pauses(trouble):
    pauses: list[float] = []
    with ChatServer([trouble, trouble, Said()]) as server:
        reply = policy(server, pauses).act(SEEN, Context())
        assert reply.action is not None and len(server.requests) == 3
    assert 0.5 <= pauses[0] <= 1.0 <= pauses[1] <= 2.0


def test_a_rate_limit_is_waited_out_as_long_as_the_server_says():
    pauses: list[float] = []
    at = formatdate(time.time() + 30, usegmt=True)
    script = [
        failing(429, "slow down", Retry_After="7"),
        failing(429, "slow", Retry_After=at),
        failing(429, "slow", Retry_After="whenever"),
        Said(),
    ]
    with ChatServer(script) as server:
        assert policy(server, pauses).act(SEEN, Context()).action is not None
    assert pauses[0] == 7.0 and 25 < pauses[1] <= 30 and 2.0 <= pauses[2] <= 4.0


def test_a_server_that_wants_an_hour_is_not_waited_for():
    pauses: list[float] = []
    with ChatServer([failing(429, "daily limit", Retry_After="3600")]) as server:
        with pytest.raises(EndpointError, match="asks to wait 3600 s.*daily limit"):
            policy(server, pauses).act(SEEN, Context())
    assert not pauses


def test_a_server_that_never_recovers_is_given_up():
    pauses: list[float] = []
    with ChatServer([failing(500, "oops")]) as server:
        with pytest.raises(EndpointError, match=r"in 4 attempts; the last: status 500: oops"):
            policy(server, pauses).act(SEEN, Context())
        assert len(server.requests) == 4 and len(pauses) == 3


@pytest.mark.parametrize("slow", [Said(wait=1.5), Said(trickle=0.05)])
def test_a_server_that_is_too_slow_is_not_waited_for(slow):
    begun = time.monotonic()
    with ChatServer([slow]) as server:
        with pytest.raises(EndpointError, match=r"answer within 0.4 s"):
            policy(server, timeout=0.4, attempts=2).act(SEEN, Context())
    assert time.monotonic() - begun < 4.0


def test_a_server_that_is_not_there_is_said_so():
    with ChatServer([Said()]) as server:
        gone = policy(server, attempts=2)
    with pytest.raises(EndpointError, match="no connection"):
        gone.act(SEEN, Context())


@pytest.mark.parametrize(
    ("status", "message", "says"),
    [
        (401, f"Incorrect API key provided: {KEY}", "OPENAI_API_KEY"),
        (404, "The model does not exist", "model's name"),
        (402, "Insufficient balance", "no money left"),
        (400, "this model takes no images", "takes images"),
        (302, "", "Check that the model"),
    ],
)
def test_what_is_refused_for_good_is_not_asked_again_and_no_key_is_shown(status, message, says):
    with ChatServer([failing(status, message)]) as server:
        with pytest.raises(PolicyStopped, match=f"status {status}") as caught:
            policy(server).act(SEEN, Context())
        assert len(server.requests) == 1
    assert says in str(caught.value) and KEY not in str(caught.value)


def test_fields_that_a_server_does_not_know_are_left_out_for_good():
    def picky(body: dict) -> Said:
        if "max_tokens" in body:
            return failing(
                400,
                "Unsupported parameter: 'max_tokens' is not supported with this "
                "model. Use 'max_completion_tokens' instead.",
            )
        for name in ("temperature", "logprobs", "seed"):
            if name in body:
                return failing(400, f"'{name}' does not support this value")
        return Said()

    with ChatServer(picky) as server:
        agent = policy(server)
        assert agent.act(SEEN, Context()).action is not None
        assert len(server.requests) == 5
        assert agent.act(SEEN, Context()).action is not None
        assert len(server.requests) == 6
        assert server.requests[-1]["max_completion_tokens"] == 400


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
        reply = policy(server).act(SEEN, Context())
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
        assert policy(server).act(SEEN, Context()).action == Action("open", "Fridge", (0.5, 0.4))


def test_it_answers_questions_about_frames_unless_that_costs_too_much():
    question = Question("in_view", "Fridge")
    with ChatServer(
        [Said("Yes.", logprobs=(math.log(0.7),)), Said("**No**"), Said("perhaps")]
    ) as server:
        agent = policy(server)
        sure = agent.ask(FRAME, question)
        assert sure is not None and sure.yes and sure.confidence == pytest.approx(0.7)
        no = agent.ask(FRAME, question)
        assert no is not None and not no.yes and no.confidence == UNKNOWN
        assert agent.ask(FRAME, question) is None
        assert agent.ask(FRAME, Question("smell", "Fridge")) is None
        assert "fridge" in server.requests[0]["messages"][0]["content"][1]["text"]
        assert policy(server, questions=False).ask(FRAME, question) is None
        assert len(server.requests) == 3


def test_a_budget_of_tokens_ends_it_before_it_is_overdrawn():
    with ChatServer([Said(usage=(300, 100))]) as server:
        agent = policy(server, budget=Budget(tokens=1000))
        agent.act(SEEN, Context())
        agent.act(SEEN, Context())
        with pytest.raises(PolicyStopped, match=r"1000 tokens is used up \(800 in 2 requests\)"):
            agent.act(SEEN, Context())
        assert len(server.requests) == 2


def test_a_budget_of_money_is_shared_over_the_ledger(tmp_path):
    budget, ledger = Budget(usd=0.01, price_in=10.0, price_out=20.0), str(tmp_path / "spent.json")
    with ChatServer([Said(usage=(200, 50))]) as server:
        first, second = (policy(server, budget=budget, ledger=ledger) for _ in range(2))
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
        agent = policy(server)
        agent.act(SEEN, Context())
    assert 900 < agent.purse.spent.tokens < 1500


@pytest.mark.parametrize(
    ("numbers", "says"),
    [({"tokens": -1}, "tokens"), ({"usd": math.nan}, "usd"), ({"usd": 1.0}, "--price")],
)
def test_budgets_that_make_no_sense_are_refused(numbers, says):
    with pytest.raises(ValueError, match=says):
        Budget(**numbers)


def test_the_transcript_keeps_every_exchange_without_pictures_and_key(tmp_path):
    path = tmp_path / "deep" / "transcript.jsonl"
    with ChatServer([Said(), Said("yes"), failing(401, f"bad key {KEY}")]) as server:
        agent = policy(server, transcript=str(path), budget=Budget(price_in=1.0, price_out=2.0))
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


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://x/v1", "http://", "http://a:b/v1"])
def test_addresses_that_are_none_are_refused(url):
    with pytest.raises(ValueError, match="http://localhost:8000/v1"):
        clean_url(url)


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("openai:", {"endpoint": EndpointSettings(base_url="http://localhost/v1")}, "openai:MODEL"),
        ("openai:m", {"endpoint": EndpointSettings(base_url="localhost")}, "address"),
        ("openai:m", {"adapter": "lora"}, "adapter"),
        (
            "endpoint:m",
            {"endpoint": EndpointSettings("http://localhost/v1", timeout=0)},
            "time-out",
        ),
    ],
)
def test_names_and_options_that_make_no_sense_are_refused(name, options, says):
    with pytest.raises(ValueError, match=says):
        load_policy(name, **options)


def test_an_episode_is_played_by_an_endpoint(tmp_path, capsys):
    def robot(body: dict) -> Said:
        if len(body["messages"]) == 1:
            return Said("no")  # a question about the picture
        known = body["messages"][1]["content"][1]["text"]
        return Said("Action: open Fridge" if "goto Fridge (ok)" in known else "Action: goto Fridge")

    with ChatServer(robot) as server:
        arguments = [
            "--policy",
            "openai:some-model",
            "--base-url",
            server.url,
            "--scene",
            "FloorPlan1",
            "--instruction",
            "open the fridge",
            "--no-questions",
            "--out",
            str(tmp_path / "run"),
            "--json",
        ]
        assert run_episode.main(arguments) == 0
        result = json.loads(capsys.readouterr().out.splitlines()[-1])
        assert result["policy"] == "openai:some-model"
        assert result["success"] and result["steps"] == 2
        assert server.pictures()[0].shape == (300, 300, 3)
        again = [*arguments[:-3], "--out", str(tmp_path / "other"), "--budget-tokens", "0"]
        assert run_episode.main(again) == 1
        assert "budget of 0 tokens is used up" in capsys.readouterr().err
        assert not (tmp_path / "other").exists()


def test_bad_endpoint_options_are_one_line(capsys):
    for extra in (["--base-url", "nowhere"], ["--budget-usd", "1"], ["--request-timeout", "0"]):
        assert (
            run_episode.main(["--policy", "openai:m", "--base-url", "http://localhost/v1", *extra])
            == 2
        )
        assert len(capsys.readouterr().err.splitlines()) == 1
    with pytest.raises(SystemExit):
        run_episode.main(["--price", "cheap"])


@pytest.mark.slow
@pytest.mark.parametrize("workers", ["0", "2"])
def test_an_evaluation_stops_at_its_budget_and_goes_on_with_a_larger_one(tmp_path, capsys, workers):
    out = tmp_path / "run"
    with ChatServer([Said("Action: done", usage=(100, 0))]) as server:
        command = [
            "--suite",
            "map-val",
            "--episodes",
            "3",
            "--no-faults",
            "--rounds",
            "1",
            "--policy",
            "openai:m",
            "--base-url",
            server.url,
            "--no-questions",
            "--workers",
            workers,
            "--out",
            str(out),
            "--json",
        ]
        assert evaluate.main([*command, "--budget-tokens", "200"]) == 2
        assert "200 tokens is used up" in capsys.readouterr().err
        assert len(server.requests) == 2
        assert evaluate.main([*command, "--budget-tokens", "500"]) == 0
        assert len(server.requests) == 3
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["episodes"] == 3 and found["crashed"] == 0
