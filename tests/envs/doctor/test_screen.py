"""What decides whether a machine is ready."""

from __future__ import annotations

from envs.doctor.checks import Result
from envs.doctor.screen import report


def test_only_what_is_needed_decides():
    def result(needed: bool, status: str) -> Result:
        return Result("a", "a", needed, status, "", "", 0.1)

    assert report([result(True, "ok"), result(False, "broken")])["ok"]
    assert not report([result(True, "broken"), result(False, "ok")])["ok"]
    assert not report([result(True, "missing")])["ok"]
