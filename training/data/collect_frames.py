"""Collects frames with dense labels from random views of rooms, by default the training rooms.

Rooms are varied in look and in where loose things lie; some things are opened, switched on, or
held. The result is a folder of arrays, written in numbered parts so that a killed run goes on::

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
from pathlib import Path

import numpy as np
from rich.progress import track

from envs.backends import make_controller
from envs.observations import segment
from envs.tasks.base import ROOMS, scenes_of
from envs.tasks.preparation import prepare
from policies.cimr.preprocess import shrink
from training.data.labels import GRID, IMAGE, dense_labels

PART = 500
VIEWS_A_ROOM = 50
EYE_ABOVE_AGENT = 0.675


def _pose_near(
    thing: dict, spots: np.ndarray, eye: float, rng: np.random.Generator
) -> tuple | None:
    """A pose (x, z, yaw, horizon) looking at a thing from where one would act on it.

    The camera of a standing agent is ``eye`` metres high.
    """
    box = thing["axisAlignedBoundingBox"]
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
    tilt = math.degrees(math.atan2(eye - center[1], max(float(flat[k]), 0.1)))
    horizons = np.array([-30.0, 0.0, 30.0, 60.0])
    order = np.argsort(np.abs(horizons - tilt))
    return spots[k, 0], spots[k, 1], float(yaw), float(horizons[order[int(rng.random() < 0.25)]])


def _stir(controller, rng: np.random.Generator) -> None:
    """Opens, switches and takes some things."""
    for thing in controller.last_event.metadata["objects"]:
        if thing["openable"] and thing["objectType"] != "Book" and rng.random() < 0.22:
            action = "CloseObject" if thing["isOpen"] else "OpenObject"
            controller.step(action, objectId=thing["objectId"], forceAction=True, renderImage=False)
        elif thing["toggleable"] and rng.random() < 0.35:
            action = "ToggleObjectOff" if thing["isToggled"] else "ToggleObjectOn"
            controller.step(action, objectId=thing["objectId"], forceAction=True, renderImage=False)
        elif thing["sliceable"] and rng.random() < 0.12:
            controller.step(
                "SliceObject", objectId=thing["objectId"], forceAction=True, renderImage=False
            )


def _hand(controller, rng: np.random.Generator) -> None:
    """Empties the hand, and puts something in it at times."""
    objects = controller.last_event.metadata["objects"]
    if controller.last_event.metadata["inventoryObjects"]:
        controller.step("DropHandObject", forceAction=True, renderImage=False)
    if rng.random() < 0.25:
        loose = [o for o in objects if o["pickupable"]]
        thing = loose[int(rng.integers(len(loose)))]
        controller.step(
            "PickupObject", objectId=thing["objectId"], forceAction=True, renderImage=False
        )


def collect_room(
    controller, scene: str, count: int, rng: np.random.Generator, varied: bool
) -> tuple[np.ndarray, np.ndarray]:
    """``count`` frames (N, 224, 224, 3) and labels (N, 28, 28, 3) of one variant of a room."""
    look = int(rng.integers(1, 100_000)) if varied else 0
    prepare(controller, scene, look, int(rng.integers(0, 1_000_000)))
    _stir(controller, rng)
    found = controller.step("GetReachablePositions", renderImage=False).metadata["actionReturn"]
    spots = np.array([(p["x"], p["z"]) for p in found])
    eye = float(found[0]["y"]) + EYE_ABOVE_AGENT
    frames = np.zeros((count, IMAGE, IMAGE, 3), np.uint8)
    labels = np.zeros((count, GRID, GRID, 3), np.uint8)
    made = 0
    while made < count:
        if made % 10 == 0:
            _hand(controller, rng)
        objects = controller.last_event.metadata["objects"]
        pose = None
        if rng.random() < 0.75:
            pose = _pose_near(objects[int(rng.integers(len(objects)))], spots, eye, rng)
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


def collect(
    out: Path, frames: int, seed: int, split: str, first: int = 0, room: str = "any"
) -> int:
    """Writes the missing parts of ``frames`` frames; returns how many parts there are."""
    out.mkdir(parents=True, exist_ok=True)
    parts = -(-frames // PART)
    rooms = scenes_of(split, room)
    controller = make_controller("embedded", scene=rooms[0], renderInstanceSegmentation=True)
    for part in track(range(first, first + parts), description="views", console=None):
        if (out / f"labels_{part:03d}.npy").exists():
            continue
        rng = np.random.default_rng([seed, part])
        pieces = [
            collect_room(controller, str(rng.choice(rooms)), VIEWS_A_ROOM, rng, split == "train")
            for _ in range(PART // VIEWS_A_ROOM)
        ]
        _save(out / f"frames_{part:03d}.npy", np.concatenate([p[0] for p in pieces]))
        _save(out / f"labels_{part:03d}.npy", np.concatenate([p[1] for p in pieces]))
    controller.stop()
    return parts


def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m training.data.collect_frames",
        description="Collect frames with dense labels from random views of rooms.",
        epilog="example: python -m training.data.collect_frames --frames 20000 --out runs/views",
    )
    parser.add_argument("--frames", type=int, default=20_000)
    parser.add_argument("--out", type=Path, default=Path("runs/views"))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--split", default="train", help="train, val or test")
    parser.add_argument("--rooms", default="any", help=f"{', '.join(ROOMS)} or any")
    parser.add_argument(
        "--first-part",
        type=int,
        default=0,
        help="number of the first part, to let several processes share the work",
    )
    options = parser.parse_args(argv)
    try:
        parts = collect(
            options.out,
            options.frames,
            options.seed,
            options.split,
            options.first_part,
            options.rooms,
        )
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{parts} parts of {PART} frames: {options.out}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
