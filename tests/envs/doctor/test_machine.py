"""Probes of the machine and of an endpoint, each as the doctor asks it."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading

import pytest

from envs.distribution import ROOT


def probe(name: str, **environment: str) -> dict[str, str]:
    """What a probe prints, with more in its environment."""
    done = subprocess.run(
        [sys.executable, "-m", "envs.doctor.probes", name],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, **environment},
        timeout=30,
        check=True,
    )
    return json.loads(done.stdout)


def test_a_display_that_is_not_there_is_told():
    found = probe("display", DISPLAY=":987")
    assert found["status"] == "broken" and ":987" in found["detail"] and "Xvfb" in found["remedy"]


class _Models(http.server.BaseHTTPRequestHandler):
    status, body = 200, b"{}"

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.send_header("Content-Length", str(len(self.body)))
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        return


@pytest.mark.parametrize(
    ("status", "body", "kind", "says"),
    [
        (200, b'{"data": [{"id": "llava"}]}', "ok", "1 model: llava"),
        (200, b"<html>", "broken", "not as OpenAI's protocol says"),
        (401, b"{}", "broken", "refuses the key"),
        (500, b"", "broken", "status 500"),
    ],
)
def test_an_endpoint_is_asked_for_its_models(status, body, kind, says):
    handler = type("Handler", (_Models,), {"status": status, "body": body})
    with http.server.HTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        found = probe(
            "endpoint",
            OPENAI_BASE_URL=f"http://127.0.0.1:{server.server_port}/v1",
            OPENAI_API_KEY="sesame",
        )
        server.shutdown()
    assert found["status"] == kind and says in found["detail"] and "sesame" not in str(found)
