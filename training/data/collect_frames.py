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
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from rich.progress import track

from envs.backends import make_controller
from envs.tasks.base import ROOMS, scenes_of
from training.data.room_views import collect_room
from training.options import add_options, option, settings_from

PART = 500
VIEWS_A_ROOM = 100


@dataclass(frozen=True)
class FrameConfig:
    """What is collected."""

    frames: int = option("frames to collect, in whole parts of 500", 20_000, least=1)
    out: Path = option("folder to write to", Path("runs/views"))
    seed: int = option("of everything random", 0)
    split: str = option("train, val or test: rooms of this split", "train", metavar="SPLIT")
    rooms: str = option(f"{', '.join(ROOMS)} or any: rooms of this kind", "any", metavar="ROOMS")
    first_part: int = option(
        "number of the first part, to let several processes share the work", 0, least=0
    )


def _save(path: Path, array: np.ndarray) -> None:
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as stream:
        np.save(stream, array, allow_pickle=False)
    os.replace(temporary, path)


def collect(config: FrameConfig) -> int:
    """Writes the missing parts; returns how many parts there are."""
    config.out.mkdir(parents=True, exist_ok=True)
    parts = -(-config.frames // PART)
    rooms = scenes_of(config.split, config.rooms)
    controller = make_controller(
        "embedded", scene=rooms[0], renderInstanceSegmentation=True, snapToGrid=False
    )
    numbers = range(config.first_part, config.first_part + parts)
    for part in track(numbers, description="views", console=None):
        if (config.out / f"labels_{part:03d}.npy").exists():
            continue
        rng = np.random.default_rng([config.seed, part])
        varied = config.split == "train"
        pieces = [
            collect_room(controller, str(rng.choice(rooms)), VIEWS_A_ROOM, rng, varied)
            for _ in range(PART // VIEWS_A_ROOM)
        ]
        # The labels last: a part without them does not count.
        for name in ("frames", "pixels", "labels"):
            rows = np.concatenate([getattr(piece, name) for piece in pieces])
            _save(config.out / f"{name}_{part:03d}.npy", rows)
    controller.stop()
    return parts


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
        parts = collect(config)
    except (ValueError, OSError) as error:
        print(f"training.data.collect_frames: {error}", file=sys.stderr)
        return 2
    print(f"{parts} parts of {PART} frames: {config.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
