"""Shows what came of the checks, as a screen for people or as one JSON object."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from envs.distribution import is_checkout, version
from envs.doctor.checks import Result
from envs.doctor.finding import BROKEN, MISSING, OK

_MARKS = {OK: ("ok", "32"), MISSING: ("--", "2"), BROKEN: ("NO", "1;31")}  # with ANSI colours


def report(results: Sequence[Result]) -> dict[str, Any]:
    """Returns the results as one JSON object."""
    return {
        "ok": all(r.status == OK for r in results if r.needed),
        "version": version(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "checks": [asdict(r) for r in results],
    }


def show(results: Sequence[Result], everything: bool) -> None:
    """Prints the screen; with nothing but Python, since anything else may be what is missing.

    Args:
        results: What came of the checks.
        everything: Whether all checks were made, so that their passing means to be ready.
    """
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
        print(f"\nReady: {'python run_episode.py' if is_checkout() else 'run-episode'}")
