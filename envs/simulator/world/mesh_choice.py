"""Which shape an object of a scene gets: its own, or one of the catalogue's variants."""

from __future__ import annotations

from envs.simulator.houses.house_materials import tinted, under_sky
from envs.simulator.houses.house_scene import HouseScene
from envs.simulator.meshes.mesh import Mesh
from envs.simulator.scenes.object_meshes import mesh_of
from envs.simulator.scenes.records import ObjectRecord, SceneRecord
from envs.simulator.scenes.structure.floor_mesh import floor_mesh


def choose_mesh(
    record: ObjectRecord, scene: SceneRecord, name: str, seed: int, house: HouseScene | None
) -> Mesh:
    """The mesh of an object in the appearance ``seed`` of the scene called ``name``."""
    own = house.meshes.get(record.object_id) if house else None
    if own is not None:
        return own
    if record.object_type == "Floor":
        return floor_mesh(scene, record, seed)
    mesh = mesh_of(record, scene, name, seed)
    if house and record.object_type == "Window" and house.sky != (1.0, 1.0, 1.0):
        return under_sky(mesh, house.sky)
    tint = house.tints.get(record.object_id) if house else None
    return mesh if tint is None else tinted(mesh, tint)
