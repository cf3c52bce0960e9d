"""The AI2-THOR metadata of an object as it was recorded, in AI2-THOR 5.0.0's key order."""

from __future__ import annotations

from typing import Any

import numpy as np

from envs.simulator.core.geometry import vector
from envs.simulator.scenes.records import ObjectRecord

PROPERTIES = (
    "receptacle",
    "toggleable",
    "breakable",
    "canFillWithLiquid",
    "dirtyable",
    "canBeUsedUp",
    "cookable",
    "isHeatSource",
    "isColdSource",
    "sliceable",
    "openable",
    "pickupable",
    "moveable",
)


def recorded_openness(states: dict[str, Any]) -> float:
    """Share that something was recorded open, 0 to 1."""
    return float(states.get("openness", 1.0 if states.get("isOpen") else 0.0))


def initial_metadata(record: ObjectRecord) -> dict:
    """A new dict of all of an object's metadata; boxes are filled in by ``SimObject.refresh``."""
    states, properties = record.states, record.properties
    obb = None
    if record.obb is not None:
        obb = {"cornerPoints": np.asarray(record.obb, dtype=float).tolist()}
    flag = {key: bool(properties.get(key, False)) for key in PROPERTIES}
    return {
        "name": record.name,
        "position": vector(record.position),
        "rotation": vector(record.rotation),
        "visible": False,
        "isInteractable": False,
        "receptacle": flag["receptacle"],
        "toggleable": flag["toggleable"],
        "isToggled": bool(states.get("isToggled", False)),
        "breakable": flag["breakable"],
        "isBroken": bool(states.get("isBroken", False)),
        "canFillWithLiquid": flag["canFillWithLiquid"],
        "isFilledWithLiquid": bool(states.get("isFilledWithLiquid", False)),
        "fillLiquid": states.get("fillLiquid"),
        "dirtyable": flag["dirtyable"],
        "isDirty": bool(states.get("isDirty", False)),
        "canBeUsedUp": flag["canBeUsedUp"],
        "isUsedUp": bool(states.get("isUsedUp", False)),
        "cookable": flag["cookable"],
        "isCooked": bool(states.get("isCooked", False)),
        "temperature": states.get("temperature", "RoomTemp"),
        "isHeatSource": flag["isHeatSource"],
        "isColdSource": flag["isColdSource"],
        "sliceable": flag["sliceable"],
        "isSliced": bool(states.get("isSliced", False)),
        "openable": flag["openable"],
        "isOpen": bool(states.get("isOpen", False)),
        "openness": recorded_openness(states),
        "pickupable": flag["pickupable"],
        "isPickedUp": False,
        "moveable": flag["moveable"],
        "mass": float(record.mass),
        "salientMaterials": list(record.materials) if record.materials is not None else None,
        "receptacleObjectIds": list(record.contents or ()) if flag["receptacle"] else None,
        "distance": 0.0,
        "objectType": record.object_type,
        "objectId": record.object_id,
        "assetId": record.asset_id,
        "parentReceptacles": list(record.parents) if record.parents else None,
        "controlledObjects": list(record.controlled or ())
        if record.controlled is not None
        else None,
        "isMoving": False,
        "axisAlignedBoundingBox": {},
        "objectOrientedBoundingBox": obb,
    }
