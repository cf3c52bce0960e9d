"""Collects frames with dense labels from random views of rooms, by default the training rooms.

Rooms are varied in appearance and in where loose objects lie; some objects are opened, switched
on, sliced or held. The result is a folder of arrays, written in numbered parts so that a killed run
goes on::

    frames_000.npy  (N, 224, 224, 3) uint8
    labels_000.npy  (N, 28, 28, 3) uint8: type, openness, power of every cell

Example:
    python -m training.data.collect_frames --frames 20000 --out runs/views
"""

from __future__ import annotations

import argparse
import math
import os
import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from envs.backends import make_controller
from envs.observations import segment
from envs.tasks.base import ROOMS, scenes_of
from envs.tasks.preparation import prepare
from policies.cimr.preprocess import shrink
from training.data.labels import GRID, IMAGE, dense_labels
from training.data.parts import Goal, collect_parts
from training.options import add_options, option, settings_from

if TYPE_CHECKING:
    from ai2thor.controller import Controller

PART = 500
VIEWS_A_ROOM = 50
CAMERA_ABOVE_AGENT = 0.675  # metres


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
    workers: int = option("processes that collect, each a part at a time", 1, least=1)
    smoke: bool = option("a few frames, to see that it works", False)


def _pose_near(
    shown: dict, spots: np.ndarray, camera: float, rng: np.random.Generator
) -> tuple[float, float, float, float] | None:
    """A pose (x, z, yaw, horizon) looking at an object from where one would act on it.

    The camera of a standing agent is at height ``camera``, in metres.
    """
    box = shown["axisAlignedBoundingBox"]
    center = np.array([box["center"][k] for k in "xyz"])
    size = np.array([box["size"][k] for k in "xyz"])
    near = np.clip(spots, center[[0, 2]] - size[[0, 2]] / 3, center[[0, 2]] + size[[0, 2]] / 3)
    away = near - spots
    flat = np.hypot(away[:, 0], away[:, 1])
    chosen = np.flatnonzero((flat > 0.3) & (flat < rng.choice([1.0, 1.5, 2.2])))
    if not len(chosen):
        return None
    k = int(rng.choice(chosen))
    yaw = round(math.degrees(math.atan2(away[k, 0], away[k, 1])) / 90) * 90 % 360
    tilt = math.degrees(math.atan2(camera - center[1], max(float(flat[k]), 0.1)))
    horizons = np.array([-30.0, 0.0, 30.0, 60.0])
    order = np.argsort(np.abs(horizons - tilt))
    return spots[k, 0], spots[k, 1], float(yaw), float(horizons[order[int(rng.random() < 0.25)]])


def _stir(controller: Controller, rng: np.random.Generator) -> None:
    """Opens, switches and slices some objects."""
    for item in controller.last_event.metadata["objects"]:
        if item["openable"] and item["objectType"] != "Book" and rng.random() < 0.22:
            action = "CloseObject" if item["isOpen"] else "OpenObject"
            controller.step(action, objectId=item["objectId"], forceAction=True, renderImage=False)
        elif item["toggleable"] and rng.random() < 0.35:
            action = "ToggleObjectOff" if item["isToggled"] else "ToggleObjectOn"
            controller.step(action, objectId=item["objectId"], forceAction=True, renderImage=False)
        elif item["sliceable"] and rng.random() < 0.12:
            controller.step(
                "SliceObject", objectId=item["objectId"], forceAction=True, renderImage=False
            )


def _hand(controller: Controller, rng: np.random.Generator) -> None:
    """Empties the hand, and puts an object in it at times."""
    objects = controller.last_event.metadata["objects"]
    if controller.last_event.metadata["inventoryObjects"]:
        controller.step("DropHandObject", forceAction=True, renderImage=False)
    if rng.random() < 0.25:
        loose = [o for o in objects if o["pickupable"]]
        item = loose[int(rng.integers(len(loose)))]
        controller.step(
            "PickupObject", objectId=item["objectId"], forceAction=True, renderImage=False
        )


def collect_room(
    controller: Controller, scene: str, count: int, rng: np.random.Generator, varied: bool
) -> tuple[np.ndarray, np.ndarray]:
    """``count`` frames (N, 224, 224, 3) and labels (N, 28, 28, 3) of one variant of a room."""
    appearance = int(rng.integers(1, 100_000)) if varied else 0
    prepare(controller, scene, appearance, int(rng.integers(0, 1_000_000)))
    _stir(controller, rng)
    found = controller.step("GetReachablePositions", renderImage=False).metadata["actionReturn"]
    spots = np.array([(p["x"], p["z"]) for p in found])
    camera = float(found[0]["y"]) + CAMERA_ABOVE_AGENT
    frames = np.zeros((count, IMAGE, IMAGE, 3), np.uint8)
    labels = np.zeros((count, GRID, GRID, 3), np.uint8)
    made = 0
    while made < count:
        if made % 10 == 0:
            _hand(controller, rng)
        objects = controller.last_event.metadata["objects"]
        pose = None
        if rng.random() < 0.75:
            pose = _pose_near(objects[int(rng.integers(len(objects)))], spots, camera, rng)
        if pose is None:
            x, z = spots[int(rng.integers(len(spots)))]
            pose = (x, z, float(rng.integers(4) * 90), float(rng.choice([0.0, 30.0, 30.0, 60.0])))
        event = controller.step(
            "TeleportFull",
            position={"x": float(pose[0]), "y": found[0]["y"], "z": float(pose[1])},
            rotation={"x": 0.0, "y": pose[2], "z": 0.0},
            horizon=pose[3],
            standing=True,
        )
        frames[made] = shrink(event.frame)
        labels[made] = dense_labels(segment(event), event.metadata["objects"])
        made += 1
    return frames, labels


def _save(path: Path, array: np.ndarray) -> None:
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as stream:
        np.save(stream, array, allow_pickle=False)
    os.replace(temporary, path)


class FrameCollector:
    """Writes parts of 500 frames.

    Args:
        config: What is collected.
    """

    def __init__(self, config: FrameConfig) -> None:
        self.config, self.rooms = config, scenes_of(config.split, config.rooms)
        self.controller = make_controller(
            "embedded", scene=self.rooms[0], renderInstanceSegmentation=True
        )

    def make(self, number: int, until: float) -> str:
        """Writes a part, whole; it takes some seconds."""
        config = self.config
        rng = np.random.default_rng([config.seed, number])
        varied = config.split == "train"
        pieces = [
            collect_room(self.controller, str(rng.choice(self.rooms)), VIEWS_A_ROOM, rng, varied)
            for _ in range(1 if config.smoke else PART // VIEWS_A_ROOM)
        ]
        _save(config.out / f"frames_{number:03d}.npy", np.concatenate([p[0] for p in pieces]))
        _save(config.out / f"labels_{number:03d}.npy", np.concatenate([p[1] for p in pieces]))
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
    config.out.mkdir(parents=True, exist_ok=True)
    wanted = 1 if config.smoke else config.frames
    goal = Goal("frames", wanted, config.first_part, config.minutes, config.workers, part=PART)
    return collect_parts(partial(FrameCollector, config), partial(frames_in, config.out), goal)


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
    raise SystemExit(main())
