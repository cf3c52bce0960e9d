"""The doctor: one screen, no hang, no traceback."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import sys
import threading
import time

import psutil
import pytest

from envs import doctor, probes
from envs.doctor import ROOT, Check, Result, ask, report, run_check


def python(code: str, seconds: float = 20.0) -> dict[str, str]:
    return ask([sys.executable, "-c", code], seconds)


def test_what_a_probe_prints_last_counts():
    found = python(
        'print("noise"); print(\'{"status": "missing", "detail": "a  b", '
        '"remedy": "do it"}\'); print("more noise")'
    )
    assert found == {"status": "missing", "detail": "a b", "remedy": "do it"}


@pytest.mark.parametrize(
    ("code", "says"),
    [
        ("import os; os.abort()", "crashed (SIGABRT)"),
        ("raise ValueError('no such thing')", "ended with status 1: ValueError: no such thing"),
        ("print('hello')", "ended with status 0"),
        ('print(\'{"status": "fine"}\')', "ended with status 0"),
        ("print('\\udcff'.encode(errors='surrogateescape'))", "ended with status 0"),
    ],
)
def test_a_probe_that_crashes_or_talks_nonsense_is_a_finding(code, says):
    found = python(code)
    assert found["status"] == "broken" and found["detail"].startswith(says)
    assert found["remedy"].startswith("python -c")


def test_a_probe_that_hangs_is_ended_with_its_children():
    code = (
        "import subprocess, time; c = subprocess.Popen(['sleep', '777']); "
        "print(c.pid, flush=True); time.sleep(777)"
    )
    begun = time.monotonic()
    assert python(code, 1.0)["detail"] == "no answer within 1 s"
    assert time.monotonic() - begun < 10
    assert not [
        p.pid
        for p in psutil.process_iter(["cmdline", "status"])
        if p.info["cmdline"] == ["sleep", "777"] and p.info["status"] != psutil.STATUS_ZOMBIE
    ]


def test_only_what_is_needed_decides():
    def result(needed: bool, status: str) -> Result:
        return Result("a", "a", needed, status, "", "", 0.1)

    assert report([result(True, "ok"), result(False, "broken")])["ok"]
    assert not report([result(True, "broken"), result(False, "ok")])["ok"]
    assert not report([result(True, "missing")])["ok"]


def test_json_is_one_line_and_names_every_check(capsys):
    assert doctor.main(["--json", "--only", "packages", "drop_in"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["ok"] and [c["name"] for c in found["checks"]] == ["packages", "drop_in"]
    assert found["checks"][0]["status"] == "ok" and "ai2thor 5.0.0" in found["checks"][0]["detail"]


def test_a_deadline_that_is_missed_is_said_with_what_to_run(capsys):
    assert doctor.main(["--only", "embedded", "--deadline", "0.05"]) == 1
    out = capsys.readouterr().out
    assert "no answer within 0.05 s  (needed)" in out and "python -m envs.probes embedded" in out
    assert "Not ready: embedded simulator." in out


@pytest.mark.parametrize(
    "arguments",
    [["--only", "magic"], ["--deadline", "-1"], ["--deadline", "nan"], ["--deadline", "soon"]],
)
def test_bad_options_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        doctor.main(arguments)
    assert stop.value.code == 2 and "error" in capsys.readouterr().err


def test_every_probe_is_asked_by_the_doctor():
    asked = {c.module[1] for c in doctor.CHECKS if c.module[0] == "envs.probes"}
    assert asked == set(probes.PROBES)


def test_a_display_that_is_not_there_is_told():
    code = "from envs import probes; raise SystemExit(probes.main(['display']))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "DISPLAY": ":987"},
        timeout=30,
        check=True,
    )
    found = json.loads(done.stdout)
    assert found["status"] == "broken" and ":987" in found["detail"] and "Xvfb" in found["remedy"]


class _Models(http.server.BaseHTTPRequestHandler):
    status, body = 200, b"{}"

    def do_GET(self) -> None:  # noqa: N802
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
        done = subprocess.run(
            [sys.executable, "-m", "envs.probes", "endpoint"],
            capture_output=True,
            text=True,
            cwd=ROOT,
            timeout=30,
            check=True,
            env={
                **os.environ,
                "OPENAI_BASE_URL": f"http://127.0.0.1:{server.server_port}/v1",
                "OPENAI_API_KEY": "sesame",
            },
        )
        server.shutdown()
    found = json.loads(done.stdout)
    assert found["status"] == kind and says in found["detail"] and "sesame" not in done.stdout


@pytest.mark.slow
def test_the_default_works_here():
    for check in doctor.CHECKS:
        if check.needed:
            result = run_check(check)
            assert result.status == "ok", result


def test_a_module_that_is_not_there_is_a_finding():
    assert "No module named" in run_check(Check("x", "x", ("envs.nothing",))).detail
