"""What works on this machine, and the command that mends each failure.

Exit status 0 if what ``run_episode.py`` needs by default works, else 1.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence

from envs.doctor.checks import CHECKS, examine
from envs.doctor.screen import report, show
from envs.simulator.system.command_line import command


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m envs.doctor",
        description="What works on this machine, and the command that mends each failure.",
        epilog="example: python -m envs.doctor --only embedded policy",
    )
    parser.add_argument(
        "--json", action="store_true", help="print one JSON object as the last line of stdout"
    )
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[c.name for c in CHECKS],
        metavar="NAME",
        help="make these checks only: " + ", ".join(c.name for c in CHECKS),
    )
    parser.add_argument(
        "--deadline",
        type=_seconds,
        metavar="SECONDS",
        help="give every check this long; by default 20 to 120, each its own",
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


@command("envs.doctor")
def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line; returns the exit status."""
    options = make_parser().parse_args(argv)
    checks = [c for c in CHECKS if options.only is None or c.name in options.only]
    results = examine(checks, options.deadline)
    found = report(results)
    if options.json:
        print(json.dumps(found))
    else:
        show(results, options.only is None)
    return 0 if found["ok"] else 1


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
