"""A program that is asked for a finding always gives one."""

from __future__ import annotations

import sys
import time

import psutil
import pytest

from envs.doctor.finding import Finding
from envs.doctor.processes import ask


def python(code: str, seconds: float = 20.0) -> Finding:
    return ask([sys.executable, "-c", code], seconds)


def test_what_a_probe_prints_last_counts():
    found = python(
        'print("noise"); print(\'{"status": "missing", "detail": "a  b", '
        '"remedy": "do it"}\'); print("more noise")'
    )
    assert found == Finding("missing", "a b", "do it")


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
    assert found.status == "broken" and found.detail.startswith(says)
    assert found.remedy.startswith("python -c")


def test_a_probe_that_hangs_is_ended_with_its_children():
    code = (
        "import subprocess, time; c = subprocess.Popen(['sleep', '777']); "
        "print(c.pid, flush=True); time.sleep(777)"
    )
    begun = time.monotonic()
    assert python(code, 1.0).detail == "no answer within 1 s"
    assert time.monotonic() - begun < 10
    assert not [
        p.pid
        for p in psutil.process_iter(["cmdline", "status"])
        if p.info["cmdline"] == ["sleep", "777"] and p.info["status"] != psutil.STATUS_ZOMBIE
    ]
