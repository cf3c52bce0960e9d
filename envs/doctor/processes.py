"""Asks a program for a finding; its hang, crash or gibberish is a finding as well."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from collections.abc import Sequence

from envs.distribution import ROOT
from envs.doctor.finding import BROKEN, STATUSES, Finding


def ask(command: Sequence[str], seconds: float, as_it_is: bool = False) -> Finding:
    """Runs a program and reads the last finding that it prints.

    Args:
        command: The program with its arguments.
        seconds: Deadline; at it the program and its children are killed.
        as_it_is: Leave ``PYTHONPATH`` alone. By default our packages come first on it, so that
            packages of the same name elsewhere don't answer.

    Returns:
        The finding, or a broken one that tells how the program failed.
    """
    shown = " ".join(["python", *command[1:]])
    env = {**os.environ, "PYTHONWARNINGS": "ignore"}
    if not as_it_is:
        places = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
        env["PYTHONPATH"] = os.pathsep.join(places)
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            env=env,
        )
    except OSError as error:
        return Finding(BROKEN, f"can't be run: {error.strerror}", shown)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _kill(process)
        return Finding(BROKEN, f"no answer within {seconds:g} s", shown)
    except BaseException:
        _kill(process)
        raise
    _end_group(process.pid)
    found = _last_finding(out)
    if found is not None:
        return found
    if process.returncode < 0:
        return Finding(BROKEN, f"crashed ({_signal_name(-process.returncode)})", shown)
    last = [line for line in err.splitlines() if line.strip()][-1:]
    detail = f"ended with status {process.returncode}: {''.join(last)[:200]}"
    return Finding(BROKEN, detail, shown)


def _last_finding(out: str) -> Finding | None:
    for line in reversed(out.splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and found.get("status") in STATUSES:
            keys = ("status", "detail", "remedy")
            return Finding(*(" ".join(str(found.get(key, "")).split()) for key in keys))
    return None


def _kill(process: subprocess.Popen) -> None:
    _end_group(process.pid)
    process.kill()
    process.communicate()


def _end_group(pid: int) -> None:
    try:
        os.killpg(pid, signal.SIGKILL)
    except (AttributeError, ProcessLookupError, PermissionError):
        return


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"
