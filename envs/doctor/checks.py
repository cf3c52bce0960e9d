"""What the doctor looks at: each check a process of its own, with its own deadline.

A check can therefore neither hang nor crash the doctor.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from envs.doctor.processes import ask


@dataclass(frozen=True)
class Check:
    """One thing to look at.

    Attributes:
        name: For ``--only`` and JSON.
        title: For people.
        module: Words after ``python -m``.
        needed: Whether run_episode.py needs it by default.
        seconds: Deadline.
        as_it_is: Whether it must see ``PYTHONPATH`` as the user's own programs do.
    """

    name: str
    title: str
    module: tuple[str, ...]
    needed: bool = False
    seconds: float = 60.0
    as_it_is: bool = False


def _probe(name: str, title: str, needed: bool = False, seconds: float = 60.0) -> Check:
    return Check(name, title, ("envs.doctor.probes", name), needed, seconds)


CHECKS = (
    _probe("packages", "packages", needed=True),
    Check("names", "names", ("envs.doctor.probes", "names"), needed=True, as_it_is=True),
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
    """What came of a check: the finding, with the check's name and how long it took."""

    name: str
    title: str
    needed: bool
    status: str
    detail: str
    remedy: str
    seconds: float


def run_check(check: Check, deadline: float | None = None) -> Result:
    """Runs a check to its end or its deadline, in seconds; never raises for what it finds."""
    begun = time.monotonic()
    seconds = check.seconds if deadline is None else deadline
    found = ask([sys.executable, "-m", *check.module], seconds, check.as_it_is)
    return Result(
        check.name,
        check.title,
        check.needed,
        found.status,
        found.detail,
        found.remedy,
        round(time.monotonic() - begun, 2),
    )


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
