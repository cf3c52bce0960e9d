"""Exports recorded episodes to formats that others train from: Minari and LeRobot."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from envs.simulator.system.command_line import command
from envs.simulator.system.targets import FolderKind, check_folder, prepare_folder

# What stands in the place of a dataset is never ours to replace.
DATASET = FolderKind("dataset", (), r"(?!)")
EXAMPLES = """examples:
  python -m training.evaluate --suite map-val --policy expert --keep frames --out runs/expert
  python -m training.export minari  runs/expert --name kitchen/expert-v0
  python -m training.export lerobot runs/expert runs/one-more --out datasets/expert --won
"""


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    parser = argparse.ArgumentParser(
        prog="python -m training.export",
        description=(__doc__ or "").splitlines()[0],
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    formats = parser.add_subparsers(dest="format", required=True, metavar="FORMAT")
    minari = formats.add_parser(
        "minari",
        help="a Minari dataset, read by minari.load_dataset",
        epilog="example: python -m training.export minari runs/expert --name kitchen/expert-v0",
    )
    minari.add_argument(
        "--name",
        required=True,
        metavar="NAMESPACE/NAME-v0",
        help="of the dataset, as Minari names them",
    )
    minari.add_argument(
        "--root",
        type=Path,
        metavar="DIR",
        help="folder of datasets; default Minari's own, ~/.minari/datasets",
    )
    minari.add_argument(
        "--lossless",
        action="store_true",
        help="keep the very pixels instead of JPEG, at some ten times the size",
    )
    lerobot = formats.add_parser(
        "lerobot",
        help="a LeRobotDataset, format v3.0",
        epilog="example: python -m training.export lerobot runs/expert --out datasets/expert",
    )
    lerobot.add_argument(
        "--out", required=True, type=Path, metavar="DIR", help="folder of the dataset, new or empty"
    )
    lerobot.add_argument(
        "--fps",
        type=int,
        default=1,
        metavar="N",
        help="steps a second to state, since agent steps have no clock; default 1",
    )
    for format_parser in (minari, lerobot):
        format_parser.add_argument(
            "runs",
            nargs="+",
            type=Path,
            metavar="RUN",
            help="an --out of run_episode.py, or of training.evaluate with --keep frames",
        )
        format_parser.add_argument(
            "--won", action="store_true", help="leave out episodes that did not reach their goal"
        )
    return parser


@command("training.export", "nothing was written")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = make_parser().parse_args(argv)
    from training.export.recorded import load_all

    try:
        if options.format == "lerobot":
            check_folder(options.out, DATASET)
        elif options.root is not None:
            prepare_folder(options.root, flag="--root")
        episodes = load_all(options.runs, options.won)
        if options.format == "minari":
            from training.export.minari import export_minari

            place = export_minari(episodes, options.name, options.root, options.lossless)
        else:
            from training.export.lerobot import export_lerobot

            place = export_lerobot(episodes, options.out, options.fps)
    except ValueError as error:
        print(f"training.export: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    except OSError as error:
        print(
            f"training.export: the dataset can't be written ({error}); nothing of it is kept",
            file=sys.stderr,
        )
        return 2
    steps = sum(len(episode.steps) for episode in episodes)
    print(f"{len(episodes)} episodes, {steps} steps -> {place}")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
