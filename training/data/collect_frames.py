"""Collects frames with dense labels from random views of rooms, by default the training rooms.

Rooms are varied in appearance and in where loose objects lie; some objects are opened, switched
on, sliced, broken, dirty or held. The result is a folder of arrays, written in numbered parts so
that a killed run goes on::

    frames_000.npy  (N, 288, 288, 3) uint8
    labels_000.npy  (N, 36, 36, 3) uint8: type, openness, power of every cell
    pixels_000.npy  (N, K + 1) uint16: pixels of every type in the whole frame

Example:
    python -m training.data.collect_frames --frames 20000 --out runs/views
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from envs.backends import make_controller
from envs.simulator.system.command_line import command
from envs.simulator.system.targets import FolderKind, prepare_folder
from envs.simulator.system.whole import whole_file
from envs.tasks.base import ROOMS, scenes_of
from training.data.parts import GO_ON, Goal, collect_parts
from training.data.room_views import collect_room
from training.options import add_options, option, settings_from, share

PART = 500
VIEWS_A_ROOM = 100
VIEWS = FolderKind("frames", ("labels_*.npy",))
LARGE_SIDE = 600  # pixels of frames of which parts are looked at


@dataclass(frozen=True)
class FrameConfig:
    """What is collected."""

    frames: int = option("frames to collect, in whole parts of 500", 20_000, least=1)
    out: Path = option("folder to write to", Path("runs/views"))
    seed: int = option("of everything random", 0)
    split: str = option("train, val or test: rooms of this split", "train", metavar="SPLIT")
    rooms: str = option(f"{', '.join(ROOMS)} or any: rooms of this kind", "any", metavar="ROOMS")
    first_part: int = option(
        "number of the first part, to let several machines share the work", 0, least=0
    )
    minutes: float = option("begin no part after so many minutes", 1e9, metavar="M", least=0)
    closer: float = share("share of views that are parts of larger frames, magnified", 0.0)
    workers: int = option("processes that collect, each a part at a time", 1, least=1)
    smoke: bool = option("a few frames, to see that it works", False)


def _save(path: Path, array: np.ndarray) -> None:
    with whole_file(path) as fresh:
        np.save(fresh, array, allow_pickle=False)


class FrameCollector:
    """Writes parts of 500 frames.

    Args:
        config: What is collected.
    """

    def __init__(self, config: FrameConfig) -> None:
        self.config, self.rooms = config, scenes_of(config.split, config.rooms)
        side = LARGE_SIDE if config.closer else 300
        self.controller = make_controller(
            "embedded",
            scene=self.rooms[0],
            width=side,
            height=side,
            renderInstanceSegmentation=True,
            snapToGrid=False,
        )

    def make(self, number: int, until: float) -> str:
        """Writes a part, whole; it takes some seconds."""
        config = self.config
        rng = np.random.default_rng([config.seed, number])
        varied = config.split == "train"
        pieces = [
            collect_room(
                self.controller,
                str(rng.choice(self.rooms)),
                VIEWS_A_ROOM,
                rng,
                varied,
                config.closer,
            )
            for _ in range(1 if config.smoke else PART // VIEWS_A_ROOM)
        ]
        # The labels last: a part without them does not count.
        for name in ("frames", "pixels", "labels"):
            rows = np.concatenate([getattr(piece, name) for piece in pieces])
            _save(config.out / f"{name}_{number:03d}.npy", rows)
        return ""

    def close(self) -> None:
        """Ends the simulator."""
        self.controller.stop()


def frames_in(folder: Path, number: int) -> int:
    """How many frames a part holds."""
    labels = folder / f"labels_{number:03d}.npy"
    return len(np.load(labels, mmap_mode="r")) if labels.exists() else 0


def collect(config: FrameConfig) -> int:
    """Writes the missing parts; returns how many frames there are."""
    prepare_folder(config.out, VIEWS)
    wanted = 1 if config.smoke else config.frames
    goal = Goal("frames", wanted, config.first_part, config.minutes, config.workers, part=PART)
    return collect_parts(partial(FrameCollector, config), partial(frames_in, config.out), goal)


@command("training.data.collect_frames", GO_ON)
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.data.collect_frames",
        description="Collect frames with dense labels from random views of rooms.",
        epilog="example: python -m training.data.collect_frames --frames 20000 --out runs/views",
    )
    add_options(parser, FrameConfig)
    config = settings_from(FrameConfig, parser.parse_args(argv))
    try:
        frames = collect(config)
    except (ValueError, OSError) as error:
        print(f"training.data.collect_frames: {error}", file=sys.stderr)
        return 2
    print(f"{frames} frames: {config.out}")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
