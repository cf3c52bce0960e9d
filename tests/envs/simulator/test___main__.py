"""The executable on its own: launch, bad messages, broken pipes, signals."""

from __future__ import annotations

import http.server
import json
import os
import select
import shlex
import signal
import struct
import subprocess
import threading
import time

import msgpack
import pytest

from tests.ways import EXECUTABLE

HEADER = struct.Struct("!BI")
METADATA, ACTION, PATCH, END = 1, 2, 11, 255
PATIENCE = 60.0


def launch(argv=(), **environ) -> subprocess.Popen:
    """The executable with nothing of the client's environment but what is given."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("AI2THOR_")}
    return subprocess.Popen(
        [*shlex.split(EXECUTABLE), *argv],
        env={**clean, **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def ending(process: subprocess.Popen) -> tuple[int, str]:
    """Exit status and log; fails where it hangs."""
    try:
        _, log = process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, log


class RawClient:
    """The client's end of the pipes, without the client."""

    def __init__(self, folder, *argv: str) -> None:
        self.server, self.client = str(folder / "server.pipe"), str(folder / "client.pipe")
        os.mkfifo(self.server)
        os.mkfifo(self.client)
        self.process = launch(
            argv,
            AI2THOR_SERVER_TYPE="FIFO",
            AI2THOR_FIFO_SERVER_PIPE_PATH=self.server,
            AI2THOR_FIFO_CLIENT_PIPE_PATH=self.client,
        )
        self.reader = os.open(self.server, os.O_RDONLY)
        self.first = self.receive()
        self.writer = os.open(self.client, os.O_WRONLY)

    def receive(self) -> dict[int, list[bytes]]:
        """One message, by field type."""
        fields: dict[int, list[bytes]] = {}
        while True:
            kind, length = HEADER.unpack(self._read(HEADER.size))
            if kind == END:
                return fields
            fields.setdefault(kind, []).append(self._read(length))

    def _read(self, count: int) -> bytes:
        parts = b""
        while len(parts) < count:
            assert select.select([self.reader], [], [], PATIENCE)[0], "no answer"
            part = os.read(self.reader, count - len(parts))
            assert part, "the simulator closed its pipe"
            parts += part
        return parts

    def send(self, body: bytes, kind: int = ACTION) -> None:
        os.write(self.writer, HEADER.pack(kind, len(body)) + body + HEADER.pack(END, 0))

    def ask(self, body: bytes) -> dict:
        """The metadata that answers a raw action."""
        self.send(body)
        return msgpack.loads(self.receive()[METADATA][0])

    def close(self) -> None:
        for pipe in (self.reader, self.writer):
            os.close(pipe)
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()


@pytest.fixture()
def raw(tmp_path):
    client = RawClient(tmp_path, "-screen-width", "64", "-screen-height", "48")
    yield client
    client.close()


def test_the_first_message_is_sequence_zero_of_an_agent(raw):
    (body,) = raw.first[METADATA]
    metadata = msgpack.loads(body)
    assert metadata["sequenceId"] == 0 and metadata["activeAgentId"] == 0
    (agent,) = metadata["agents"]
    assert (agent["screenWidth"], agent["screenHeight"]) == (64, 48)
    assert agent["lastActionSuccess"] and agent["objects"] == []


def test_actions_that_make_no_sense_fail_and_the_next_one_works(raw):
    for number, body in enumerate(
        (b"", b"{", b"[1, 2]", b"\xff\xfe", b"null", b'"Pass"', b"[" * 100_000), start=1
    ):
        answer = raw.ask(body)
        assert answer["sequenceId"] == number
        assert not answer["agents"][0]["lastActionSuccess"]
        assert answer["agents"][0]["errorMessage"]
    deep = b'{"action": "Pass", "sequenceId": 8, "extra": ' + b"[" * 400 + b"]" * 400 + b"}"
    assert not raw.ask(deep)["agents"][0]["lastActionSuccess"]
    for value in ("[" * 600 + "]" * 600, str(2**70), '"\\ud800"'):
        raw.send(b'{"action": "TestActionReflectParam", "rvalue": %s}' % value.encode())
        assert raw.receive()[METADATA]
    answer = raw.ask(json.dumps({"action": "Reset", "sceneName": "FloorPlan1_physics"}).encode())
    assert answer["agents"][0]["lastActionSuccess"]
    answer = raw.ask(json.dumps({"action": "Pass", "sequenceId": 77}).encode())
    assert answer["sequenceId"] == 77 and answer["agents"][0]["lastActionSuccess"]
    raw.send(json.dumps({"action": "GetReachablePositions", "sequenceId": 78}).encode())
    (patch,) = raw.receive()[PATCH]
    assert len(msgpack.loads(patch)["actionReturn"]) > 50


@pytest.mark.parametrize(
    ("stream", "says"),
    [
        (HEADER.pack(99, 12), "type 99"),
        (b"GET / HTTP/1.1\r\n", "not AI2-THOR's"),
        (HEADER.pack(ACTION, 2**32 - 1), "at most"),
    ],
)
def test_a_stream_that_is_no_protocol_ends_with_one_line(raw, stream, says):
    os.write(raw.writer, stream)
    status, log = ending(raw.process)
    assert status == 1 and says in log and len(log.splitlines()) == 1


def test_a_message_cut_short_ends_with_one_line(raw):
    os.write(raw.writer, HEADER.pack(ACTION, 100) + b'{"action":')
    os.close(raw.writer)
    raw.writer = os.dup(raw.reader)
    status, log = ending(raw.process)
    assert status == 1 and "within a message" in log and len(log.splitlines()) == 1


def test_it_leaves_when_the_client_does(raw):
    os.close(raw.writer)
    raw.writer = os.dup(raw.reader)
    status, log = ending(raw.process)
    assert status == 0 and len(log.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signals_end_it_with_one_line(raw, number):
    raw.process.send_signal(number)
    status, log = ending(raw.process)
    assert status == 128 + number
    assert log == f"thor-embedded: stopped by {signal.Signals(number).name}\n"


def test_a_client_that_dies_before_it_opens_the_pipes_is_noticed(tmp_path):
    os.mkfifo(tmp_path / "a")
    os.mkfifo(tmp_path / "b")
    log = tmp_path / "log"
    script = f"{EXECUTABLE} 2> {shlex.quote(str(log))} & sleep 2"
    environ = {
        "AI2THOR_SERVER_TYPE": "FIFO",
        "AI2THOR_FIFO_SERVER_PIPE_PATH": str(tmp_path / "a"),
        "AI2THOR_FIFO_CLIENT_PIPE_PATH": str(tmp_path / "b"),
    }
    subprocess.run(["sh", "-c", script], env={**os.environ, **environ}, check=True)
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and "client died" not in log.read_text():
        time.sleep(0.05)
    assert "the client died before it opened" in log.read_text()


@pytest.mark.parametrize(
    ("environ", "says"),
    [
        ({}, "AI2THOR_SERVER_TYPE"),
        ({"AI2THOR_SERVER_TYPE": "TELNET"}, "not FIFO or WSGI"),
        ({"AI2THOR_SERVER_TYPE": "FIFO"}, "AI2THOR_FIFO_SERVER_PIPE_PATH"),
        (
            {
                "AI2THOR_SERVER_TYPE": "FIFO",
                "AI2THOR_FIFO_SERVER_PIPE_PATH": "/nowhere/a",
                "AI2THOR_FIFO_CLIENT_PIPE_PATH": "/dev/null",
            },
            "/nowhere/a",
        ),
        (
            {
                "AI2THOR_SERVER_TYPE": "WSGI",
                "AI2THOR_HOST": "127.0.0.1",
                "AI2THOR_PORT": "many",
                "AI2THOR_CLIENT_TOKEN": "t",
            },
            "AI2THOR_PORT",
        ),
    ],
)
def test_a_wrong_environment_is_named(environ, says):
    status, log = ending(launch(**environ))
    assert status == 1 and says in log and len(log.splitlines()) == 1


def test_help_shows_how_it_is_used_and_bad_sizes_are_refused():
    process = launch(["--help"])
    text, _ = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0 and "local_executable_path=" in text
    for size in ("0", "many", "-5", "99999"):
        status, log = ending(launch(["-screen-width", size], AI2THOR_SERVER_TYPE="FIFO"))
        assert status == 2 and "-screen-width" in log


class _Server(http.server.BaseHTTPRequestHandler):
    """A client's HTTP end that answers every post with the same."""

    protocol_version = "HTTP/1.1"
    status, body = 200, b"{}"

    def do_POST(self) -> None:
        self.server.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        return


@pytest.mark.parametrize(
    ("status", "body", "exit_status", "says"),
    [(403, b"", 1, "refused the token"), (500, b"oops", 1, "500"), (200, b"{}", 0, "goodbye")],
)
def test_http_answers_that_end_the_conversation(status, body, exit_status, says):
    handler = type("Handler", (_Server,), {"status": status, "body": body})
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as server:
        server.bodies = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        process = launch(
            AI2THOR_SERVER_TYPE="WSGI",
            AI2THOR_HOST="127.0.0.1",
            AI2THOR_PORT=str(server.server_port),
            AI2THOR_CLIENT_TOKEN="the-token",
        )
        code, log = ending(process)
        server.shutdown()
    assert code == exit_status and says in log and len(log.splitlines()) == 1
    (posted,) = server.bodies
    assert b'name="token"\r\n\r\nthe-token\r\n' in posted and b'name="metadata"' in posted
