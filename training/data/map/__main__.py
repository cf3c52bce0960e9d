"""Builds the MAP data set, and shows what is in it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from envs.simulator.system.command_line import command
from training.data.map.build import MapConfig, build
from training.data.map.show import ShowConfig, show
from training.data.parts import GO_ON
from training.options import add_options, settings_from

EXAMPLES = """examples:
  python -m training.data.map build --out datasets/map --triples 4000 --workers 4
  python -m training.data.map build --out runs/map-smoke --smoke
  python -m training.data.map show datasets/map --split test
"""


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.data.map",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    builder = commands.add_parser(
        "build",
        help="plans and triples as Parquet, part by part; goes on where it stopped",
        description="Build plans and triples as Parquet, with a data card.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(builder, MapConfig)
    shower = commands.add_parser(
        "show",
        help="a page with some triples, to look at",
        description="Write a page with some triples, to look at.",
        epilog="example: python -m training.data.map show datasets/map --triples 50",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    shower.add_argument("folder", type=Path, metavar="FOLDER", help="a built data set")
    add_options(shower, ShowConfig)
    return parser


@command("training.data.map", GO_ON)
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = make_parser().parse_args(argv)
    try:
        if options.command == "build":
            config = settings_from(MapConfig, options)
            print(f"{build(config)} triples: {config.out}")
        else:
            print(show(options.folder, settings_from(ShowConfig, options)))
    except (ValueError, OSError) as error:
        print(f"training.data.map: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
