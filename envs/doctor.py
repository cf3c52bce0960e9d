"""Tells in one screen what works on this machine, and the one command that mends each rest.

Every check is a process of its own with its own deadline, so that none can hang or crash this one.
Exit status 0 if what ``run_episode.py`` needs by default works, else 1.

Example:
    python -m envs.doctor
    python -m envs.doctor --json | tail -n 1
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from envs.probes import BROKEN, MISSING, OK

ROOT = Path(__file__).resolve().parents[1]
_MARKS = {OK: ("ok", "32"), MISSING: ("--", "2"), BROKEN: ("NO", "1;31")}  # with ANSI colours


@dataclass(frozen=True)
class Check:
    """One thing to look at.

    Attributes:
        name: For ``--only`` and JSON.
        title: For people.
        module: Words after ``python -m``.
        needed: Whether run_episode.py needs it by default.
        seconds: Deadline.
    """

    name: str
    title: str
    module: tuple[str, ...]
    needed: bool = False
    seconds: float = 60.0


def _probe(name: str, title: str, needed: bool = False, seconds: float = 60.0) -> Check:
    return Check(name, title, ("envs.probes", name), needed, seconds)


CHECKS = (
    _probe("packages", "packages", needed=True),
    _probe("embedded", "embedded simulator", needed=True, seconds=120.0),
    Check("policy", "default policy", ("policies.check", "default"), needed=True, seconds=120.0),
    _probe("video", "video", needed=True),
    _probe("executable", "simulator as a process", seconds=120.0),
    _probe("torch_device", "torch device", seconds=90.0),
    _probe("gpu_pictures", "EGL pictures", seconds=90.0),
    _probe("drop_in", "drop-in for ai2thor"),
    _probe("unity", "Unity build"),
    _probe("display", "display", seconds=20.0),
    _probe("vulkan", "Vulkan", seconds=30.0),
    _probe("endpoint", "endpoint", seconds=30.0),
)


@dataclass(frozen=True)
class Result:
    """What came of a check."""

    name: str
    title: str
    needed: bool
    status: str
    detail: str
    remedy: str
    seconds: float


def run_check(check: Check, deadline: float | None = None) -> Result:
    """Runs a check to its end or its deadline; never raises for what it finds."""
    begun = time.monotonic()
    seconds = check.seconds if deadline is None else deadline
    found = ask([sys.executable, "-m", *check.module], seconds)
    return Result(
        check.name,
        check.title,
        check.needed,
        found["status"],
        found["detail"],
        found["remedy"],
        round(time.monotonic() - begun, 2),
    )


def ask(command: Sequence[str], seconds: float) -> dict[str, str]:
    """Runs a program that prints a finding; a hang, crash or gibberish is a finding as well."""
    shown = " ".join(["python", *command[1:]])
    # The project's folder alone: a package of the same name elsewhere must not answer.
    places = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])]
    try:
        process = subprocess.Popen(
            list(command),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(places), "PYTHONWARNINGS": "ignore"},
        )
    except OSError as error:
        return _broken(f"can't be run: {error.strerror}", shown)
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        _kill(process)
        return _broken(f"no answer within {seconds:g} s", shown)
    except BaseException:
        _kill(process)
        raise
    _end_group(process.pid)
    for line in reversed(out.splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict) and found.get("status") in _MARKS:
            return {
                key: " ".join(str(found.get(key, "")).split())
                for key in ("status", "detail", "remedy")
            }
    if process.returncode < 0:
        return _broken(f"crashed ({_signal_name(-process.returncode)})", shown)
    last = [line for line in err.splitlines() if line.strip()][-1:]
    return _broken(f"ended with status {process.returncode}: {''.join(last)[:200]}", shown)


def _broken(detail: str, remedy: str) -> dict[str, str]:
    return {"status": BROKEN, "detail": detail, "remedy": remedy}


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


def examine(checks: Sequence[Check], deadline: float | None = None) -> list[Result]:
    """Runs checks, two at a time, with a line of progress on a terminal."""
    done: list[Result] = []
    with ThreadPoolExecutor(2) as pool:
        for result in pool.map(lambda check: run_check(check, deadline), checks):
            done.append(result)
            if sys.stderr.isatty():
                print(f"\r{len(done)}/{len(checks)} {result.title:30}", end="", file=sys.stderr)
    if sys.stderr.isatty():
        print("\r" + " " * 40 + "\r", end="", file=sys.stderr)
    return done


def report(results: Sequence[Result]) -> dict[str, Any]:
    """The results as one JSON object."""
    return {
        "ok": all(r.status == OK for r in results if r.needed),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "checks": [asdict(r) for r in results],
    }


def show(results: Sequence[Result], everything: bool) -> None:
    """Prints the screen; with nothing but Python, since anything else may be what is missing."""
    coloured = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def paint(text: str, code: str) -> str:
        return f"\033[{code}m{text}\033[0m" if coloured else text

    wide = max(len(r.title) for r in results)
    for result in results:
        needed = "  (needed)" if result.needed and result.status != OK else ""
        print(f"{paint(*_MARKS[result.status])}  {result.title:{wide}}  {result.detail}{needed}")
        if result.remedy and result.status != OK:
            print(" " * (wide + 6) + paint(result.remedy, "36"))
    broken = [r.title for r in results if r.needed and r.status != OK]
    if broken:
        print(f"\nNot ready: {', '.join(broken)}. The line below each says what to run.")
    elif everything:
        print("\nReady: python run_episode.py")


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m envs.doctor",
        description="What works on this machine, and what mends the rest.",
        epilog="example: python -m envs.doctor --only embedded policy",
    )
    parser.add_argument(
        "--json", action="store_true", help="the last line of stdout is one JSON object"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[c.name for c in CHECKS],
        metavar="NAME",
        help="of " + ", ".join(c.name for c in CHECKS),
    )
    parser.add_argument(
        "--deadline",
        type=_seconds,
        metavar="SECONDS",
        help="for every check; by default 20 to 120, each its own",
    )
    return parser


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value < 1e6:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds above 0")
    return value


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit status."""
    options = make_parser().parse_args(argv)
    checks = [c for c in CHECKS if options.only is None or c.name in options.only]
    try:
        results = examine(checks, options.deadline)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    found = report(results)
    if options.json:
        print(json.dumps(found))
    else:
        show(results, options.only is None)
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
