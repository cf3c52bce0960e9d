"""Which shape an object of a scene gets: its own, or one of the catalogue's variants."""

from __future__ import annotations

from envs.simulator.houses.build import HouseScene
from envs.simulator.houses.looks import tinted
from envs.simulator.looks import appearance, kitchen_style, standard_variant
from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.meshes.mesh import Mesh
from envs.simulator.scenes.floors import floor_mesh
from envs.simulator.scenes.records import ObjectRecord, SceneRecord

# One kitchen has one style of cupboards and tops.
_BY_ROOM = frozenset({"Cabinet", "Drawer", "CounterTop", "StoveBurner", "StoveKnob"})


def choose_mesh(
    record: ObjectRecord, scene: SceneRecord, name: str, seed: int, house: HouseScene | None
) -> Mesh:
    """The mesh of an object in the look ``seed`` of the scene called ``name``."""
    own = house.meshes.get(record.object_id) if house else None
    if own is not None:
        return own
    if record.object_type == "Floor":
        return floor_mesh(scene, record, seed)
    if record.object_type in _BY_ROOM:
        variant = kitchen_style(seed, name)
    elif seed == 0:
        variant = standard_variant(record.asset_id or record.object_type)
    else:
        variant = appearance(seed, record.object_type, record.asset_id or record.object_id)
    x, y, z = (float(s) for s in record.local_size)
    mesh = build_mesh(
        record.object_type,
        (x, y, z),
        seed=variant,
        footprint=record.footprint,
        asset_id=record.asset_id,
    )
    tint = house.tints.get(record.object_id) if house else None
    return mesh if tint is None else tinted(mesh, tint)
