"""A chat server that answers anything at all: odd bodies, heads without end, bytes that trickle.

Every exchange must end within the attempts' time-outs, in a reply or in the client's own error, and
nobody may be shown the key.
"""

from __future__ import annotations

import json
import socket
import time
import traceback
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from policies.base import Context, PolicyStopped
from policies.chat.client import ChatClient, EndpointError
from policies.chat.endpoint import EndpointSettings
from policies.chat.openai_server import OpenAIServerBackend
from policies.chat.policy import ChatPolicy
from tests.hostile.mutations import HUGE, damaged, mutated, spelt
from tests.policies.chat.chat_server import SEEN, Said, SocketServer

KEY = "sk-very/secret=42"
TIMEOUT, ATTEMPTS = 0.4, 2
# Time-outs of all attempts, and what a busy machine adds.
MOST_SECONDS = ATTEMPTS * TIMEOUT + 4.0
TEXTS = (
    "Action: goto Fridge",
    '{"thought": "x", "plan": [1, {}], "action": "open Fridge"}',
    '{"action": {"a": [[[[]]]]}}',
    '{"action": ' + "9" * 5000 + "}",
    '{"thought": ' + "[" * 5000,
    "```" + " " * 20_000,
    "<think>" * 5000,
    "Thought: " + "a" * 10_000 + "\nAction: done",
    "Plan: " + "; ".join(["open Fridge"] * 3000) + "\nAction: open Fridge",
    "Action: goto \ud800Fridge\x1b[2J\u202e",
    "Action: pick up Apple at (1e999, NaN)",
    "Action: goto Mug at (0.5, 0.5) of view " + "9" * 400,
    f"Thought: the key is {KEY}\nAction: goto Fridge",
    "",
    "\0" * 100,
    "Action:\n" * 3000,
)
HEADS = (
    b"HTTP/1.1 200 OK\r\n",
    b"HTTP/1.1 204 No Content\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n",
    b"HTTP/1.1 103 Early Hints\r\n\r\n",
    b"HTTP/1.1 999 What\r\n",
    b"HTTP/9.9 200 OK\r\n",
    b"HTTP/1.1 two hundred\r\n",
    b"ICY 200 OK\r\n",
    b"\xff\xfe\0\r\n",
    b"",
)


@dataclass
class Told:
    """How exchanges ended."""

    answered: int = 0
    refused: int = 0
    slowest: float = 0.0
    wrong: list[str] = field(default_factory=list)


class OddServer(SocketServer):
    """Answers every request by the same script of (bytes, pause) until it is cut."""

    def __init__(self) -> None:
        self.script: list[tuple[bytes, float]] = []
        self.lasting = False

    def answer(self, line: socket.socket) -> None:
        script, lasting = list(self.script), self.lasting
        stream = line.makefile("rb")
        size = 0
        while (row := stream.readline()) not in (b"\r\n", b""):
            if row.lower().startswith(b"content-length:"):
                size = int(row.split(b":")[1])
        stream.read(size)
        until = time.monotonic() + 3.0
        while True:
            for data, pause in script:
                line.sendall(data)
                time.sleep(pause)
            if not lasting or time.monotonic() > until:
                return


def body_of(rng: np.random.Generator) -> bytes:
    """The body of an answer: more or less what it should be."""
    text = TEXTS[int(rng.integers(len(TEXTS)))]
    logs = (float("nan"), 7.0, -HUGE, HUGE, True, "x", -0.1, -float("inf"), None)
    counts = (HUGE, -1, True, 10, 1e999, "7", None, [1])
    choice: dict[str, Any] = {
        "message": {"content": text},
        "logprobs": {"content": [{"logprob": logs[int(rng.integers(len(logs)))]}]},
    }
    usage = {
        name: counts[int(rng.integers(len(counts)))]
        for name in ("prompt_tokens", "completion_tokens")
    }
    content: Any = {"choices": [choice], "usage": usage}
    what = int(rng.integers(5))
    if what == 0:
        content = mutated(json.loads(Said().body()), rng)
    elif what == 1:
        content = mutated(content, rng)
    elif what == 2:
        content = {"error": {"message": f"wrong key {KEY} " * int(rng.integers(1, 90))}}
    raw = spelt(content)
    return damaged(raw, rng) if rng.random() < 0.15 else raw


def script_of(rng: np.random.Generator) -> tuple[list[tuple[bytes, float]], bool]:
    """What is sent, with the pauses after it, and whether it goes on so until it is cut."""
    status = int(
        rng.choice([200, 200, 200, 200, 200, 200, 200, 200, 200, 400, 401, 404, 429, 500, 302, 103])
    )
    head = f"HTTP/1.1 {status} So\r\n".encode()
    body = body_of(rng)
    length = f"Content-Length: {len(body)}\r\n".encode()
    plain = [(head + length + b"\r\n" + body, 0.0)]
    what = int(rng.integers(26))
    if what == 0:  # bytes that trickle
        return [
            (head + length + b"\r\n", 0.05),
            *((body[k : k + 1], 0.05) for k in range(40)),
        ], True
    if what == 1:  # a head that trickles
        return [(head, 0.0), *((b"X-A: b\r\n"[k % 8 : k % 8 + 1], 0.05) for k in range(200))], True
    if what == 2:  # continue, and continue
        return [(b"HTTP/1.1 100 Continue\r\n\r\n", 0.01)], True
    if what == 3:  # a head without end
        return [(head, 0.0), (b"X-Y: " + b"z" * 60_000 + b"\r\n", 0.0)], True
    if what == 4:  # a body without end
        return [(head + b"\r\n", 0.0), (b"x" * 65_536, 0.0)], True
    if what == 5:
        return [(HEADS[int(rng.integers(len(HEADS)))] + length + b"\r\n" + body, 0.0)], False
    if what == 6:  # wrong lengths
        wrong = (b"-5", b"9" * 400, b"x", b"10")[int(rng.integers(4))]
        return [(head + b"Content-Length: " + wrong + b"\r\n\r\n" + body, 0.0)], False
    if what == 7:
        odd = (b"zz\r\n", b"-1\r\n", b"5;" + b"e" * 70_000 + b"\r\n", b"FFFFFFFFFF\r\nab")
        chunk = odd[int(rng.integers(4))]
        return [(head + b"Transfer-Encoding: chunked\r\n\r\n" + chunk, 0.0)], False
    if what == 8:
        packed = (b"gzip", b"deflate", b"br", b"nonsense")[int(rng.integers(4))]
        return [
            (head + b"Content-Encoding: " + packed + b"\r\n" + length + b"\r\n" + body, 0)
        ], False
    if what == 9:
        after = (b"1e400", b"nan", b"-3", b"\xff", b"Mon, 99 Foo 99999 99:99:99 GMT", b"9" * 5000)
        more = b"Retry-After: " + after[int(rng.integers(len(after)))] + b"\r\n"
        return [(head + more + length + b"\r\n" + body, 0.0)], False
    return plain, False


def play_replies(numbers: Iterable[int], seed: int) -> Told:
    """Asks a server for so many odd replies; the same seed gives the same ones."""
    told = Told()
    with OddServer() as server:
        for number in numbers:
            rng = np.random.default_rng([seed, 77, number])
            server.script, server.lasting = script_of(rng)
            problem = _tried(server.url, told)
            if problem:
                told.wrong.append(f"reply {number}: {problem}")
    return told


def _tried(url: str, told: Told) -> str:
    client = ChatClient("m", url, KEY, TIMEOUT, ATTEMPTS, sleep=lambda _: None)
    policy = ChatPolicy(OpenAIServerBackend(client, EndpointSettings()))
    policy.reset("open the fridge", 0)
    begun = time.monotonic()
    try:
        reply = policy.act(SEEN, Context())
    except (EndpointError, PolicyStopped) as error:
        told.refused += 1
        text = str(error)
        wrong = "an unclear error" if not text.isprintable() or len(text) > 700 else ""
    except Exception as error:  # noqa: BLE001  whatever comes out is what is looked for
        return "".join(traceback.format_exception(error)[-3:])
    else:
        told.answered += 1
        text = f"{reply.text} {reply.thought} {reply.error} {reply.plan}"
        wrong = "" if 0.0 <= reply.confidence <= 1.0 else f"confidence {reply.confidence}"
        text.encode()
        if any(c in text for c in "\x1b\0\u202e"):
            wrong = "control characters"
    took = time.monotonic() - begun
    told.slowest = max(told.slowest, took)
    if KEY in text:
        wrong = f"the key is shown: {text[:200]!r}"
    return f"took {took:.1f} s" if took > MOST_SECONDS and not wrong else wrong
