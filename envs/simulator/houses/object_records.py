"""Records of the objects of a house, which no recording describes."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.geometry import Triple, aligned_extent, box_corners, euler_matrix, triple
from envs.simulator.core.object_types import object_type
from envs.simulator.houses.assets import Asset
from envs.simulator.scenes.records import ObjectRecord


def asset_record(
    asset: Asset,
    identity: str,
    position: Triple,
    rotation: Triple,
    states: dict[str, object] | None = None,
) -> ObjectRecord:
    """The record of an asset whose box has its middle at ``position``; degrees and metres."""
    facts = object_type(asset.type)
    return house_record(
        identity,
        asset.type,
        asset.id,
        position,
        triple(np.maximum(asset.size, 0.004)),
        rotation,
        properties=asset.properties(),
        states=states or {},
        mass=facts.mass or 1.0,
        materials=facts.materials,
    )


def house_record(
    identity: str,
    object_type: str,
    asset: str,
    center: Triple,
    size: Triple,
    rotation: Triple,
    *,
    properties: dict[str, bool] | None = None,
    states: dict[str, object] | None = None,
    mass: float = 0.0,
    materials: tuple[str, ...] = (),
) -> ObjectRecord:
    """The record of an object of a house; ``center`` is the middle of its box, in metres."""
    owned = dict(properties or {})
    loose = bool(owned.get("pickupable") or owned.get("moveable"))
    matrix = euler_matrix(rotation)
    corners = box_corners(np.asarray(center), np.asarray(size), matrix)
    toggles = bool(owned.get("toggleable"))
    return ObjectRecord(
        object_id=identity,
        object_type=object_type,
        name=identity,
        asset_id=asset,
        position=center,
        rotation=triple(a % 360.0 for a in rotation),
        center=center,
        size=triple(aligned_extent(np.asarray(size), matrix)),
        local_size=size,
        local_rotation=rotation,
        obb=tuple(triple(c) for c in corners) if loose else None,
        properties=owned,
        states={"temperature": "RoomTemp", **(states or {})},
        mass=mass if loose else 0.0,
        materials=tuple(materials) if loose and materials else None,
        parents=(),
        contents=() if owned.get("receptacle") else None,
        controlled=() if toggles else None,
        footprint=None,
    )
