"""Places to look at when looking around: the tops and seats on which loose objects lie."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ai2thor.server import Event

# Tops and places where loose objects lie, in the order in which equal distances are looked at.
SURFACES = (
    "CounterTop",
    "DiningTable",
    "SideTable",
    "Sink",
    "SinkBasin",
    "StoveBurner",
    "Shelf",
    "ShelvingUnit",
    "Desk",
    "CoffeeTable",
    "Dresser",
    "TVStand",
    "Chair",
    "Stool",
    "Bed",
    "Sofa",
    "ArmChair",
    "Ottoman",
    "Footstool",
    "DogBed",
    "Toilet",
    "Bathtub",
    "BathtubBasin",
    "TowelHolder",
    "HandTowelHolder",
    "ToiletPaperHanger",
)
SPOT_SPACING = 0.9


def surface_spots(
    step: Callable[..., Event], objects: list[dict], free: list[dict]
) -> list[tuple[float, float, float]]:
    """Points (x, y, z) in metres on tops and seats that can be looked at, well apart.

    Args:
        step: Of the controller.
        objects: AI2-THOR's object dicts.
        free: Positions the agent can stand at.
    """
    spots: list[tuple[float, float, float]] = []
    for item in sorted(
        objects,
        key=lambda o: SURFACES.index(o["objectType"]) if o["objectType"] in SURFACES else 99,
    ):
        if item["objectType"] not in SURFACES:
            continue
        event = step("GetSpawnCoordinatesAboveReceptacle", objectId=item["objectId"])
        for p in event.metadata["actionReturn"] or [item["axisAlignedBoundingBox"]["center"]]:
            place = (p["x"], p["y"], p["z"])
            if (
                p["y"] < 1.6
                and all(math.dist(place, other) > SPOT_SPACING for other in spots)
                and any(0.3 < math.hypot(f["x"] - p["x"], f["z"] - p["z"]) < 1.2 for f in free)
            ):
                spots.append(place)
    return spots
