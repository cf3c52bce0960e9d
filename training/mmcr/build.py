"""Builds MMCR: dialogues about what really happened, in numbered parts, split by split.

A part is some arrangements of rooms, some tasks in each, played more than once, with faults and
slips; about every episode some dialogues are written. With the grounded writer a part depends on
the seed, its split and its number alone.

Example:
    python -m training.mmcr.build --out datasets/mmcr --dialogues 2000 --workers 2
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path

from envs.simulator.system.command_line import command
from training.data.parquet_tables import parquet, rows_in
from training.data.parts import GO_ON, collect_splits
from training.mmcr.card import write_card
from training.mmcr.collector import GROUNDED, MmcrCollector, MmcrConfig
from training.mmcr.folder import DIALOGUES, MMCR, REJECTED, part_file
from training.mmcr.writing.writer import Writer
from training.options import add_options, settings_from

EXAMPLES = """examples:
  python -m training.mmcr.build --out datasets/mmcr --dialogues 2000 --workers 2
  python -m training.mmcr.build --out datasets/mmcr-own --policy default
  python -m training.mmcr.build --out runs/mmcr-smoke --smoke
"""


def build(config: MmcrConfig, writer: Writer | None = None) -> int:
    """Adds parts until there are the wanted dialogues of each split; returns how many there are.

    Args:
        config: What and how.
        writer: Who writes, if not by grammar.

    Raises:
        DataSetError: The folder was begun otherwise, or pyarrow is missing.
        ValueError: If the folder can't be written, or a part fails again and again.
    """
    config = config.settled()
    parquet()
    MMCR.begin(config.out, config.deciding(), (DIALOGUES, REJECTED))
    return collect_splits(
        "dialogues",
        {split: config.wanted(split) for split in config.splits},
        partial(MmcrCollector, config, writer=writer),
        partial(_held, config.out),
        partial(write_card, config.out),
        minutes=config.minutes,
        workers=config.workers,
    )


def _held(folder: Path, split: str, number: int) -> int:
    return rows_in(part_file(folder, split, number))


def make_parser() -> argparse.ArgumentParser:
    """The command line."""
    from policies.chat.endpoint import add_arguments

    parser = argparse.ArgumentParser(
        prog="python -m training.mmcr.build",
        description="Build dialogues about episodes as Parquet, with a data card.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add_options(parser, MmcrConfig)
    add_arguments(parser)
    return parser


@command("training.mmcr.build", GO_ON)
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    options = make_parser().parse_args(argv)
    config = settings_from(MmcrConfig, options)
    try:
        writer = _writer(config, options)
        print(f"{build(config, writer)} dialogues: {config.out}")
    except (ValueError, OSError, RuntimeError) as error:
        print(f"training.mmcr.build: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


def _writer(config: MmcrConfig, options: argparse.Namespace) -> Writer | None:
    """A model as the writer, if one is asked for."""
    if config.writer == GROUNDED:
        return None
    from training.mmcr.chat import backend_of
    from training.mmcr.writing.lvlm_writer import LvlmWriter

    return LvlmWriter(backend_of(config.writer, options))


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
