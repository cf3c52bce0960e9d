"""Views of one room, as an agent that acts there would see it and from odder places, labelled.

Loose objects lie about, crowd on one piece of furniture or are shut away; some things are opened,
switched on, sliced, broken, dirty, filled or held.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from envs.observations import Segmentation, object_type_of, segment
from envs.tasks.object_names import is_furniture
from envs.tasks.preparation import prepare
from policies.cimr.closer_look import window_around
from policies.cimr.language.lexicon import type_names
from policies.cimr.preprocess import shrink
from training.data.labels import GRID, IMAGE, dense_labels, type_class

if TYPE_CHECKING:
    from ai2thor.controller import Controller
    from ai2thor.server import Event

CAMERA_ABOVE_AGENT = 0.675  # metres
SAME_PLACES = 25  # views before loose objects are put elsewhere
SAME_HAND = 8  # views before the hand changes
SMALL = 600  # pixels of a 300 x 300 frame: what a second look is for
HELD, NEAR, LOOSE_FIRST, ON_GRID, CLUTTERED = 0.3, 0.8, 0.6, 0.6, 0.3
_HORIZONS = np.array([-30.0, 0.0, 30.0, 60.0])  # degrees, of an agent that looks up and down
_DISTANCES = (0.7, 1.0, 1.5, 2.2)  # metres, at most
# What is done to an object that it can be done to: ability, action, chance, further arguments.
_CHANGES: tuple[tuple[str, str, float, dict[str, str]], ...] = (
    ("sliceable", "SliceObject", 0.12, {}),
    ("breakable", "BreakObject", 0.06, {}),
    ("dirtyable", "DirtyObject", 0.3, {}),
    ("canFillWithLiquid", "FillObjectWithLiquid", 0.25, {"fillLiquid": "coffee"}),
    ("cookable", "CookObject", 0.3, {}),
    ("canBeUsedUp", "UseUpObject", 0.25, {}),
)


class Views(NamedTuple):
    """Labelled frames.

    Attributes:
        frames: (N, 288, 288, 3) uint8.
        labels: (N, 36, 36, 3) uint8, see ``training.data.labels``.
        pixels: (N, K + 1) uint16, pixels of each type class in the whole frame (300 x 300).
    """

    frames: np.ndarray
    labels: np.ndarray
    pixels: np.ndarray


class Pose(NamedTuple):
    """Where a camera stands: x and z in metres, yaw and horizon in degrees."""

    x: float
    z: float
    yaw: float
    horizon: float


def pose_near(
    shown: dict, spots: np.ndarray, camera: float, rng: np.random.Generator
) -> Pose | None:
    """A pose that looks at an object from where one would act on it; None if there is none.

    Args:
        shown: The object's metadata.
        spots: (N, 2) x and z of places to stand at.
        camera: Height of a standing agent's camera, in metres.
        rng: Draws.
    """
    box = shown["axisAlignedBoundingBox"]
    center = np.array([box["center"][k] for k in "xyz"])
    size = np.array([box["size"][k] for k in "xyz"])
    near = np.clip(spots, center[[0, 2]] - size[[0, 2]] / 3, center[[0, 2]] + size[[0, 2]] / 3)
    away = near - spots
    flat = np.hypot(away[:, 0], away[:, 1])
    chosen = np.flatnonzero((flat > 0.2) & (flat < rng.choice(_DISTANCES)))
    if not len(chosen):
        return None
    k = int(rng.choice(chosen))
    yaw = math.degrees(math.atan2(away[k, 0], away[k, 1]))
    tilt = math.degrees(math.atan2(camera - center[1], max(float(flat[k]), 0.1)))
    x, z = (float(value) for value in spots[k])
    if rng.random() < ON_GRID:
        order = np.argsort(np.abs(_HORIZONS - tilt))
        horizon = float(_HORIZONS[order[int(rng.random() < 0.25)]])
        return Pose(x, z, round(yaw / 90) * 90 % 360, horizon)
    horizon = float(np.clip(tilt + rng.normal(0, 14), -30, 60))
    return Pose(x, z, float(yaw + rng.normal(0, 18)) % 360, horizon)


def pose_anywhere(spots: np.ndarray, rng: np.random.Generator) -> Pose:
    """A pose at one of the places (N, 2), whatever it shows."""
    x, z = (float(value) for value in spots[int(rng.integers(len(spots)))])
    if rng.random() < ON_GRID:
        return Pose(x, z, float(rng.integers(4) * 90), float(rng.choice([0.0, 30.0, 30.0, 60.0])))
    return Pose(x, z, float(rng.uniform(0, 360)), float(rng.uniform(-30, 60)))


def type_pixels(view: Segmentation) -> np.ndarray:
    """(K + 1,) uint16: how many pixels show each type class."""
    counts = np.zeros(len(type_names()) + 1, np.int64)
    for object_id, count in zip(view.ids, view.counts, strict=True):
        if object_id:
            counts[type_class(object_type_of(object_id))] += count
    return np.minimum(counts, 65_535).astype(np.uint16)


def _do(controller: Controller, action: str, item: dict, **more: object) -> None:
    controller.step(action, objectId=item["objectId"], forceAction=True, renderImage=False, **more)


def _respawn(controller: Controller, rng: np.random.Generator) -> None:
    """Puts loose objects elsewhere, at times shut away, at times many onto one receptacle."""
    controller.step(
        "InitialRandomSpawn",
        randomSeed=int(rng.integers(1_000_000)),
        forceVisible=bool(rng.random() < 0.5),
        placeStationary=True,
        numPlacementAttempts=5,
        renderImage=False,
    )
    if rng.random() >= CLUTTERED:
        return
    objects = controller.last_event.metadata["objects"]
    loose = [o["objectId"] for o in objects if o["pickupable"]]
    onto = [o["objectId"] for o in objects if o["receptacle"] and not o["pickupable"]]
    if loose and onto:
        crowd = rng.permutation(loose)[: int(rng.integers(4, 12))]
        controller.step(
            "InitialRandomSpawn",
            randomSeed=int(rng.integers(1_000_000)),
            objectIds=[str(name) for name in crowd],
            receptacleObjectIds=[str(rng.choice(onto))],
            placeStationary=True,
            numPlacementAttempts=5,
            renderImage=False,
        )


def _stir(controller: Controller, rng: np.random.Generator) -> None:
    """Opens, switches, slices, breaks, dirties, fills, cooks and uses up some objects."""
    for item in controller.last_event.metadata["objects"]:
        if item["openable"] and item["objectType"] != "Book" and rng.random() < 0.22:
            _do(controller, "CloseObject" if item["isOpen"] else "OpenObject", item)
        elif item["toggleable"] and rng.random() < 0.35:
            _do(controller, f"ToggleObject{'Off' if item['isToggled'] else 'On'}", item)
        else:
            for ability, action, chance, more in _CHANGES:
                if item[ability] and rng.random() < chance:
                    _do(controller, action, item, **more)
                    break


def _hand(controller: Controller, rng: np.random.Generator) -> None:
    """Empties the hand, and puts an object in it at times."""
    metadata = controller.last_event.metadata
    if metadata["inventoryObjects"]:
        controller.step("DropHandObject", forceAction=True, renderImage=False)
    loose = [o for o in metadata["objects"] if o["pickupable"]]
    if loose and rng.random() < HELD:
        _do(controller, "PickupObject", loose[int(rng.integers(len(loose)))])


def _draw(objects: list[dict], rng: np.random.Generator) -> dict:
    """An object to look at, loose ones more often."""
    loose = [o for o in objects if o["pickupable"]]
    pool = loose if loose and rng.random() < LOOSE_FIRST else objects
    return pool[int(rng.integers(len(pool)))]


def collect_room(
    controller: Controller,
    scene: str,
    count: int,
    rng: np.random.Generator,
    varied: bool,
    closer: float = 0.0,
) -> Views:
    """``count`` views of one variant of a room.

    Args:
        controller: Shows instance segmentation; its frames are larger than the network's input
            where there are closer views.
        scene: Which room.
        count: How many.
        rng: Draws.
        varied: The room's appearance is varied too.
        closer: Share of views that are parts of frames, as in a second look.
    """
    views = Views(
        np.zeros((count, IMAGE, IMAGE, 3), np.uint8),
        np.zeros((count, GRID, GRID, 3), np.uint8),
        np.zeros((count, len(type_names()) + 1), np.uint16),
    )
    for k, event in enumerate(looks_in_room(controller, scene, count, rng, varied)):
        seen, frame = segment(event), event.frame
        if closer and rng.random() < closer:
            rows, columns = window_around(frame.shape, _doubtful_point(seen, rng), IMAGE)
            seen, frame = seen.part(rows, columns), frame[rows, columns]
        views.frames[k] = shrink(frame)
        views.labels[k] = dense_labels(seen, event.metadata["objects"])
        views.pixels[k] = type_pixels(seen)
    return views


def _doubtful_point(seen: Segmentation, rng: np.random.Generator) -> tuple[float, float]:
    """Where a second look may fall: mostly near a small object, else anywhere."""
    x, y = rng.random(2)
    small = [
        name
        for name, count in zip(seen.ids, seen.counts, strict=True)
        if name and 5 <= count < SMALL and not is_furniture(object_type_of(name))
    ]
    if small and rng.random() < NEAR:
        near = seen.interior(small[int(rng.integers(len(small)))])
        x, y = np.clip(np.array(near) + rng.normal(0, 0.08, 2), 0, 1)
    return float(x), float(y)


def looks_in_room(
    controller: Controller, scene: str, count: int, rng: np.random.Generator, varied: bool
) -> Iterator[Event]:
    """``count`` events of one variant of a room, each from another pose.

    Args:
        controller: Shows instance segmentation.
        scene: Which room.
        count: How many.
        rng: Draws.
        varied: The room's appearance is varied too.
    """
    appearance = int(rng.integers(1, 100_000)) if varied else 0
    shut_away = bool(rng.random() < 0.5)
    prepare(controller, scene, appearance, int(rng.integers(0, 1_000_000)), shut_away)
    found = controller.step("GetReachablePositions", renderImage=False).metadata["actionReturn"]
    spots = np.array([(p["x"], p["z"]) for p in found])
    floor = float(found[0]["y"])
    made = tried = 0
    while made < count:
        if tried % SAME_PLACES == 0:
            if tried:
                _respawn(controller, rng)
            _stir(controller, rng)
        if tried % SAME_HAND == 0:
            _hand(controller, rng)
        tried += 1
        item = _draw(controller.last_event.metadata["objects"], rng)
        pose = None
        if rng.random() < NEAR:
            pose = pose_near(item, spots, floor + CAMERA_ABOVE_AGENT, rng)
        pose = pose or pose_anywhere(spots, rng)
        event = controller.step(
            "TeleportFull",
            position={"x": pose.x, "y": floor, "z": pose.z},
            rotation={"x": 0.0, "y": pose.yaw, "z": 0.0},
            horizon=pose.horizon,
            standing=True,
        )
        # An opened door or a fallen object may be in the way; but nothing stops the last tries.
        if event.metadata["lastActionSuccess"] or tried >= 3 * count:
            yield event
            made += 1
