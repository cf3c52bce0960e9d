"""``python -m policies.expert``: how often the expert succeeds on sampled or published tasks."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Sequence
from typing import Any

from envs.simulator.system.command_line import command
from envs.tasks.base import ROOMS, SPLITS, Task
from envs.tasks.published.suites import LEVEL_OF, PUBLISHED, load_published
from envs.tasks.registry import FAMILY_NAMES
from envs.thor_env import ThorEnv
from policies.expert.check import check

# Share of episodes to be won for exit code 0.
ENOUGH = 0.98
EXAMPLES = """examples:
  python -m policies.expert --episodes 60 --search
  python -m policies.expert --episodes 1200 --rooms any --tasks all --json
  python -m policies.expert --suite alfred:data/valid_seen.jsonl.gz --episodes 200
"""


def make_parser() -> argparse.ArgumentParser:
    """Makes the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m policies.expert",
        description="Check how often the expert succeeds on sampled or published tasks.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--episodes", type=int, metavar="N", help="how many; default: 300, or a whole suite")
    add(
        "--suite",
        metavar="SUITE:PATH",
        help=f"tasks of a published suite ({', '.join(PUBLISHED)}) from its publisher's files, "
        "at its publisher's level: eb-navigation in primitive moves, the others by skills",
    )
    add("--seed", type=int, default=0, metavar="N", help="first seed; default 0")
    add("--split", default="all", help=f"rooms: {', '.join(SPLITS)}; default all")
    add("--rooms", default="kitchen", help=f"{', '.join(ROOMS)} or any; default kitchen")
    add(
        "--tasks",
        metavar="FAMILIES",
        help=f"all, or some of {', '.join(FAMILY_NAMES)}, with commas; default: the kind of room's",
    )
    add("--search", action="store_true", help="act only on what has come into view")
    add(
        "--show-failures",
        type=int,
        default=3,
        metavar="N",
        help="tell so many lost episodes in full; default 3",
    )
    add("--json", action="store_true", help="the last line is one JSON object")
    return parser


@command("policies.expert")
def main(argv: list[str] | None = None) -> int:
    """Runs the command; returns the exit code: 0 if at least 98 % of the episodes succeed."""
    options = make_parser().parse_args(argv)
    try:
        found = _check(options)
    except ValueError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    _print(found, options.search)
    if options.json:
        print(json.dumps(found))
    return 0 if found["success"] >= ENOUGH else 1


def _check(options: argparse.Namespace) -> dict[str, Any]:
    """Plays what is asked for.

    Raises:
        ValueError: If an option is none of the allowed ones.
    """
    families = None
    if options.tasks:
        families = FAMILY_NAMES if options.tasks == "all" else tuple(options.tasks.split(","))
    tasks: Sequence[Task] = load_published(options.suite) if options.suite else ()
    env = ThorEnv(
        action_level=LEVEL_OF[tasks[0].suite] if tasks else "skill",
        split=options.split,
        room=options.rooms,
        families=families,
    )
    last = options.seed + (options.episodes or (len(tasks) if tasks else 300))
    seeds = range(options.seed, min(last, len(tasks)) if tasks else last)
    if not seeds:
        raise ValueError(f"--seed {options.seed}: the suite has only {len(tasks)} tasks.")
    found = check(env, seeds, options.search, options.show_failures, tasks)
    env.close()
    return found


def _print(found: dict[str, Any], search: bool) -> None:
    """Prints shares, failures, and the causes of these."""
    for table in ("families", "rooms"):
        for key, (won, count) in found[table].items():
            print(f"{key:16s} {won:4d} / {count}")
    lost = Counter(f["family"] for f in found["failures"])
    print(
        f"expert{' (search)' if search else ''}: {found['success']:.1%} of "
        f"{found['episodes']} in {found['scenes']} rooms, {found['steps']:.1f} steps a task; "
        f"{found['unsampled']} seeds had no task; failures: {dict(lost) or 'none'}, "
        f"seeds {[f['seed'] for f in found['failures']] or 'none'}"
    )
    for cause, count in Counter(f["cause"] for f in found["failures"]).most_common():
        print(f"{count:4d}  {cause}")


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
