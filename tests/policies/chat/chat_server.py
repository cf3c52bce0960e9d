"""A server on loopback that speaks OpenAI's chat protocol, and goes wrong as its script says."""

from __future__ import annotations

import base64
import http.server
import io
import json
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np
from PIL import Image

from policies.base import Observation
from policies.chat.client import ChatClient
from policies.chat.endpoint import EndpointSettings
from policies.chat.openai_server import OpenAIServerBackend
from policies.chat.policy import ChatPolicy

WELL = "Thought: the fridge is shut\nPlan: open Fridge\nAction: open Fridge at (0.50, 0.40)"


@dataclass
class Said:
    """One answer of the script.

    `text` is the model's; `raw` replaces the whole body; `trickle` sends it byte by byte with
    so many seconds between.
    """

    text: str | None | list = WELL
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    raw: bytes | None = None
    wait: float = 0.0
    trickle: float = 0.0
    cut: bool = False
    usage: tuple[int, int] | None = (100, 20)
    logprobs: tuple[float, ...] | None = None

    def body(self) -> bytes:
        if self.raw is not None:
            return self.raw
        choice: dict[str, Any] = {
            "index": 0,
            "finish_reason": "stop",
            "message": {"role": "assistant", "content": self.text},
        }
        if self.logprobs is not None:
            choice["logprobs"] = {"content": [{"token": "x", "logprob": v} for v in self.logprobs]}
        answer: dict[str, Any] = {"id": "1", "object": "chat.completion", "choices": [choice]}
        if self.usage is not None:
            answer["usage"] = {"prompt_tokens": self.usage[0], "completion_tokens": self.usage[1]}
        return json.dumps(answer).encode()


def failing(status: int, message: str, **headers: str) -> Said:
    return Said(
        status=status,
        raw=json.dumps({"error": {"message": message}}).encode(),
        headers={k.replace("_", "-"): v for k, v in headers.items()},
    )


class ChatServer:
    """Answers by the script, its last entry for ever; or by a function of the request's body."""

    def __init__(self, script: Sequence[Said] | Callable[[dict], Said]) -> None:
        self.script = script
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        self._lock = threading.Lock()

    def __enter__(self) -> ChatServer:
        handler = type("Handler", (_Handler,), {"owner": self})
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def next(self, body: dict[str, Any], key: str | None) -> Said:
        with self._lock:
            self.requests.append(body)
            self.keys.append(key)
            if callable(self.script):
                return self.script(body)
            return self.script[min(len(self.requests), len(self.script)) - 1]

    def pictures(self) -> list[np.ndarray]:
        """The frames that were sent, in order."""
        found = []
        for body in self.requests:
            for message in body["messages"]:
                for part in message["content"] if isinstance(message["content"], list) else ():
                    if part["type"] == "image_url":
                        head, data = part["image_url"]["url"].split(",", 1)
                        assert head == "data:image/png;base64"
                        found.append(np.asarray(Image.open(io.BytesIO(base64.b64decode(data)))))
        return found


class _Handler(http.server.BaseHTTPRequestHandler):
    owner: ChatServer
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        said = self.owner.next(body, self.headers.get("Authorization"))
        if self.path != "/v1/chat/completions":
            said = failing(404, "no such path")
        time.sleep(said.wait)
        data = said.body()
        try:
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data) + 10 * said.cut))
            self.end_headers()
            if said.trickle:
                for k in range(len(data)):
                    self.wfile.write(data[k : k + 1])
                    self.wfile.flush()
                    time.sleep(said.trickle)
            else:
                self.wfile.write(data)
        except OSError:
            pass
        self.close_connection = said.cut

    def log_message(self, *_: object) -> None:
        return


class SocketServer:
    """Answers at an address, byte by byte: what a web server would not say."""

    url: str

    def __enter__(self) -> Self:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/v1"
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer_all, args=(line,), daemon=True).start()

    def _answer_all(self, line: socket.socket) -> None:
        with line:
            try:
                self.answer(line)
            except OSError:
                return

    def answer(self, line: socket.socket) -> None:
        """Answers whoever has connected; runs in a thread of its own."""
        raise NotImplementedError


FRAME = np.random.default_rng(5).integers(0, 256, (30, 40, 3), dtype=np.uint8)
SEEN = Observation(FRAME, "open the fridge", "ok")
KEY = "sk-very-secret"


def policy_of(
    server: ChatServer,
    pauses: list | None = None,
    timeout: float = 5.0,
    attempts: int = 4,
    **settings: Any,
) -> ChatPolicy:
    """A policy that asks a server; instead of pausing it notes for how long it would."""
    client = ChatClient(
        "some-model",
        server.url,
        KEY,
        timeout,
        attempts,
        sleep=(pauses if pauses is not None else []).append,
    )
    made = ChatPolicy(OpenAIServerBackend(client, EndpointSettings(**settings)))
    made.reset("open the fridge", 17)
    return made
