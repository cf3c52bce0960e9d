"""Odd files of every kind, and a server's odd replies: each must end in our own words, in time.

Example:
    python -m tests.hostile --count 2000 --kinds suite house --seed 3
    python -m tests.hostile --kinds --replies 500
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
import warnings
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import track

from tests.hostile.kinds import KINDS
from tests.hostile.play import play
from tests.hostile.replies import play_replies


def main() -> int:
    """Plays, prints what was wrong and a line of JSON a kind; the status is 1 if anything was."""
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    names = [kind.name for kind in KINDS]
    parser.add_argument("--count", type=int, default=2000, help="files of each kind")
    parser.add_argument("--begin", type=int, default=0, help="number of the first file")
    parser.add_argument("--kinds", nargs="*", default=names, metavar="KIND", help=", ".join(names))
    parser.add_argument("--replies", type=int, default=0, help="replies of a server")
    parser.add_argument("--minutes", type=float, default=1e6, help="at most so many for a kind")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    unknown = sorted(set(options.kinds) - set(names))
    if unknown:
        parser.error(f"unknown kind {unknown[0]!r}: use some of {', '.join(names)}")
    warnings.simplefilter("ignore")
    # A tiny network's weights are read sooner than threads for them are made.
    os.environ["HF_DEACTIVATE_ASYNC_LOAD"] = "1"
    console, bad = Console(stderr=True), 0
    with tempfile.TemporaryDirectory() as room:
        for kind in (kind for kind in KINDS if kind.name in options.kinds):
            place = Path(room) / kind.name
            place.mkdir()
            numbers = range(options.begin, options.begin + options.count)
            shown = track(numbers, kind.name, console=console)
            until = time.monotonic() + 60 * options.minutes
            outcome = play(kind, place, shown, options.seed, until)
            bad += len(outcome.wrong)
            for line in outcome.wrong[:20]:
                print(line, file=sys.stderr)
            print(json.dumps({**asdict(outcome), "wrong": len(outcome.wrong)}), flush=True)
    if options.replies:
        numbers = range(options.begin, options.begin + options.replies)
        told = play_replies(track(numbers, "replies", console=console), options.seed)
        bad += len(told.wrong)
        for line in told.wrong[:20]:
            print(line, file=sys.stderr)
        print(json.dumps({**asdict(told), "wrong": len(told.wrong)}))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
