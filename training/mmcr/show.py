"""Shows some dialogues of a built set, drawn at random, on one page.

Example:
    python -m training.mmcr.show datasets/mmcr --dialogues 50
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from envs.simulator.system.command_line import command
from envs.simulator.system.targets import check_file
from training.data.data_set_folder import drawn
from training.mmcr.folder import read_dialogues
from training.mmcr.page import write_page
from training.options import add_options, option, settings_from


@dataclass(frozen=True)
class ShowConfig:
    """What is shown."""

    out: Path | None = option(
        "page to write; default page.html in the folder", None, metavar="FILE"
    )
    split: str | None = option("only of this split", None, metavar="SPLIT")
    dialogues: int = option("how many, drawn at random", 24, least=1)
    seed: int = option("which ones", 0, least=0)


def show(folder: Path, config: ShowConfig) -> Path:
    """Writes the page; returns where it is.

    Raises:
        DataSetError: The folder is no data set, or damaged.
        ValueError: The page can't be written.
    """
    out = config.out if config.out is not None else folder / "page.html"
    if config.out is not None:
        check_file(out)
    rng = np.random.default_rng(config.seed)
    shown = drawn(read_dialogues(folder, config.split), config.dialogues, rng)
    title = f"{folder.resolve().name}: {len(shown)} dialogues"
    write_page(out, title, (), (), [(dialogue, None) for dialogue in shown])
    return out


@command("training.mmcr.show")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.mmcr.show",
        description="Write a page with some dialogues, to read them.",
        epilog="example: python -m training.mmcr.show datasets/mmcr --dialogues 50",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a built data set")
    add_options(parser, ShowConfig)
    options = parser.parse_args(argv)
    try:
        print(show(options.folder, settings_from(ShowConfig, options)))
    except (ValueError, OSError) as error:
        print(f"training.mmcr.show: {' '.join(str(error).split())}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
