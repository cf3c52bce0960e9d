"""The doctor's command: one screen or one line of JSON, no hang, no traceback."""

from __future__ import annotations

import json

import pytest

from envs.doctor.__main__ import main
from envs.doctor.checks import CHECKS, Check, run_check
from envs.doctor.probes import PROBES


def test_json_is_one_line_and_names_every_check(capsys):
    assert main(["--json", "--only", "packages", "drop_in"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert found["ok"] and [c["name"] for c in found["checks"]] == ["packages", "drop_in"]
    assert found["checks"][0]["status"] == "ok" and "ai2thor 5.0.0" in found["checks"][0]["detail"]


def test_a_deadline_that_is_missed_is_said_with_what_to_run(capsys):
    assert main(["--only", "embedded", "--deadline", "0.05"]) == 1
    out = capsys.readouterr().out
    assert (
        "no answer within 0.05 s  (needed)" in out
        and "python -m envs.doctor.probes embedded" in out
    )
    assert "Not ready: embedded simulator." in out


@pytest.mark.parametrize(
    "arguments",
    [["--only", "magic"], ["--deadline", "-1"], ["--deadline", "nan"], ["--deadline", "soon"]],
)
def test_bad_options_are_refused(arguments, capsys):
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2 and "error" in capsys.readouterr().err


def test_every_probe_is_asked_by_the_doctor():
    asked = {c.module[1] for c in CHECKS if c.module[0] == "envs.doctor.probes"}
    assert asked == set(PROBES)


@pytest.mark.slow
def test_the_default_works_here():
    for check in CHECKS:
        if check.needed:
            result = run_check(check)
            assert result.status == "ok", result


def test_a_module_that_is_not_there_is_a_finding():
    assert "No module named" in run_check(Check("x", "x", ("envs.nothing",))).detail
