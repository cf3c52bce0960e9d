"""A server's troubles: which are waited out, which end it, and what is never shown."""

from __future__ import annotations

import socket
import time
from email.utils import formatdate

import pytest

from policies.base import Context, PolicyStopped
from policies.chat.client import EndpointError, clean_url
from tests.policies.chat.chat_server import (
    KEY,
    SEEN,
    ChatServer,
    Said,
    SocketServer,
    failing,
    policy_of,
)


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
        reply = policy_of(server, pauses).act(SEEN, Context())
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
        assert policy_of(server, pauses).act(SEEN, Context()).action is not None
    assert pauses[0] == 7.0 and 25 < pauses[1] <= 30 and 2.0 <= pauses[2] <= 4.0


def test_a_server_that_wants_an_hour_is_not_waited_for():
    pauses: list[float] = []
    with ChatServer([failing(429, "daily limit", Retry_After="3600")]) as server:
        with pytest.raises(EndpointError, match="asks to wait 3600 s.*daily limit"):
            policy_of(server, pauses).act(SEEN, Context())
    assert not pauses


def test_a_server_that_never_recovers_is_given_up():
    pauses: list[float] = []
    with ChatServer([failing(500, "oops")]) as server:
        with pytest.raises(EndpointError, match=r"in 4 attempts; the last: status 500: oops"):
            policy_of(server, pauses).act(SEEN, Context())
        assert len(server.requests) == 4 and len(pauses) == 3


@pytest.mark.parametrize("slow", [Said(wait=1.5), Said(trickle=0.05)])
def test_a_server_that_is_too_slow_is_not_waited_for(slow):
    begun = time.monotonic()
    with ChatServer([slow]) as server:
        with pytest.raises(EndpointError, match=r"answer within 0.4 s"):
            policy_of(server, timeout=0.4, attempts=2).act(SEEN, Context())
    assert time.monotonic() - begun < 4.0


def test_a_server_that_is_not_there_is_said_so():
    with ChatServer([Said()]) as server:
        gone = policy_of(server, attempts=2)
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
            policy_of(server).act(SEEN, Context())
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
        agent = policy_of(server)
        assert agent.act(SEEN, Context()).action is not None
        assert len(server.requests) == 5
        assert agent.act(SEEN, Context()).action is not None
        assert len(server.requests) == 6
        assert server.requests[-1]["max_completion_tokens"] == 400


@pytest.mark.parametrize("url", ["", "localhost:8000", "ftp://x/v1", "http://", "http://a:b/v1"])
def test_addresses_that_are_none_are_refused(url):
    with pytest.raises(ValueError, match="http://localhost:8000/v1"):
        clean_url(url)


class _Raw(SocketServer):
    """Says the same over and over."""

    def __init__(self, first: bytes, again: bytes) -> None:
        self.first, self.again = first, again

    def answer(self, line: socket.socket) -> None:
        until = time.monotonic() + 5.0
        line.sendall(self.first)
        while time.monotonic() < until:
            line.sendall(self.again)
            time.sleep(0.02)


@pytest.mark.parametrize(
    ("first", "again"),
    [
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        (b"HTTP/1.1 200 OK\r\n\r\n", b" "),
    ],
)
def test_the_time_covers_heads_continues_and_trickles(first, again):
    begun = time.monotonic()
    with _Raw(first, again) as server:
        with pytest.raises(EndpointError, match=r"no whole answer within 0.4 s"):
            policy_of(server, timeout=0.4, attempts=1).act(SEEN, Context())
    assert time.monotonic() - begun < 3.0


@pytest.mark.parametrize("logs", [(float("nan"),), (7.0,), (True,), (10**400,), ("x",)])
def test_probabilities_that_can_be_none_are_left_out(logs):
    with ChatServer([Said(logprobs=logs)]) as server:
        assert policy_of(server).act(SEEN, Context()).confidence == 1.0


def test_a_count_beyond_measure_is_guessed_instead():
    with ChatServer([Said(usage=(10**400, -1))]) as server:
        agent = policy_of(server)
        assert agent.act(SEEN, Context()).action is not None
    assert 0 < agent.backend.purse.spent.tokens < 10_000


def test_half_characters_and_what_steers_a_terminal_are_replaced_and_the_key_hidden():
    said = f"Thought: \ud800\x1b[2J {KEY}\nAction: open Fridge"
    with ChatServer([Said(said)]) as server:
        reply = policy_of(server).act(SEEN, Context())
    assert reply.action is not None
    assert KEY not in reply.text and "\x1b" not in reply.text and reply.text.encode()


def test_a_key_at_the_cut_of_an_error_is_hidden_whole():
    with ChatServer([Said(status=401, raw=b"x" * 190 + KEY.encode())]) as server:
        with pytest.raises(PolicyStopped) as caught:
            policy_of(server).act(SEEN, Context())
    assert KEY[:6] not in str(caught.value)
