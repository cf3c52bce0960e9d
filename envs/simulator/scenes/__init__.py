"""The recorded rooms: names, records, and the parts of a room inferred round them."""

from __future__ import annotations

import json
import zipfile
from functools import lru_cache
from pathlib import Path

import numpy as np

from envs.simulator.core.agent import STANDING_Y
from envs.simulator.scenes.floor_grid import floor_from_boxes, walkable
from envs.simulator.scenes.frames import local_frame, top_footprint
from envs.simulator.scenes.layout import infer_fixtures
from envs.simulator.scenes.records import Fixture, ObjectRecord, SceneRecord
from envs.simulator.scenes.robothor import hall_plan

__all__ = [
    "Fixture",
    "ObjectRecord",
    "SceneRecord",
    "infer_fixtures",
    "load_scene",
    "read_member",
    "scene_names",
    "unpack",
]

_DATA_FILE = Path(__file__).with_name("rooms.zip")


@lru_cache(maxsize=1)
def scene_names() -> tuple[str, ...]:
    """Names of all recorded rooms, AI2-THOR's order."""
    with zipfile.ZipFile(_DATA_FILE) as archive:
        return tuple(n.removesuffix(".json") for n in archive.namelist())


@lru_cache(maxsize=32)
def load_scene(name: str) -> SceneRecord:
    """One room by its AI2-THOR name, with or without ``_physics``.

    Raises:
        ValueError: If there is no such room; the message lists the names.
    """
    plain = name.removesuffix("_physics")
    if plain not in scene_names():
        raise ValueError(
            f"Unknown scene {name!r}: choose one of {', '.join(scene_names()[:4])}, ... "
            f"{scene_names()[-1]} ({len(scene_names())} rooms)."
        )
    return unpack(plain, read_member(plain))


def read_member(name: str) -> dict:
    """A room as it is packed in the room file."""
    with zipfile.ZipFile(_DATA_FILE) as archive:
        return json.loads(archive.read(f"{name.removesuffix('_physics')}.json"))


def unpack(name: str, member: dict) -> SceneRecord:
    """The record of a room from its packed form."""
    packed, start = member["objects"], member["start"]
    grid = np.array(member["reachable"], dtype=float).reshape(-1, 2)
    stood = np.array(member.get("stood", ()), dtype=float).reshape(-1, 2)
    poses = {
        k: (float(p[0]), float(p[1]), float(p[2]), float(p[3]))
        for k, p in member["openable"].items()
    }
    low = np.min([np.array(o["center"]) - np.array(o["size"]) / 2 for o in packed], axis=0)
    high = np.max([np.array(o["center"]) + np.array(o["size"]) / 2 for o in packed], axis=0)
    if len(grid):
        grid = walkable(grid, (start[0], start[1]), packed)
    else:
        plan = hall_plan(name.rsplit("_", 1)[0])
        panels = [(p.low, p.high) for p in plan.partitions]
        grid = floor_from_boxes(packed, panels, plan.low, plan.high, (start[0], start[1]))
    x, z = grid[np.argmin(np.abs(grid - start[:2]).sum(1))]
    floor = float(member.get("floor", 0.0))
    objects = tuple(_record(o, packed, grid, stood, poses, not member["reachable"]) for o in packed)
    return SceneRecord(
        name=name,
        objects=objects,
        reachable=grid,
        floor_y=floor,
        agent_start=(float(x), STANDING_Y + floor, float(z), float(start[2])),
        openable_poses=poses,
        bounds=(tuple((low + high) / 2), tuple(high - low)),
        stood=stood,
    )


def _record(
    packed: dict,
    others: list[dict],
    grid: np.ndarray,
    stood: np.ndarray,
    poses: dict,
    robothor: bool,
) -> ObjectRecord:
    size, rotation = local_frame(packed, grid, poses.get(packed["id"]), robothor)
    states: dict[str, object] = dict.fromkeys(packed["states"], True)
    if "isOpen" in states:
        states["openness"] = packed.get("openness", 1.0)
    states["temperature"] = packed.get("temperature", "RoomTemp")
    states["fillLiquid"] = packed.get("liquid")
    footprint = None
    if packed["type"] in ("CounterTop", "DiningTable", "Desk"):
        footprint = top_footprint(packed, others, grid, rotation[1], poses, stood)
    as_tuple = tuple
    return ObjectRecord(
        object_id=packed["id"],
        object_type=packed["type"],
        name=packed["name"],
        asset_id=packed["asset"],
        position=as_tuple(packed["position"]),
        rotation=as_tuple(packed["rotation"]),
        center=as_tuple(packed["center"]),
        size=as_tuple(packed["size"]),
        local_size=size,
        local_rotation=rotation,
        obb=tuple(map(tuple, packed["obb"])) if "obb" in packed else None,
        properties=dict.fromkeys(packed["is"], True),
        states=states,
        mass=packed["mass"],
        materials=tuple(packed["materials"]) if "materials" in packed else None,
        parents=tuple(packed.get("parents", ())),
        contents=tuple(packed["contents"]) if "contents" in packed else None,
        controlled=tuple(packed["controlled"]) if "controlled" in packed else None,
        footprint=footprint,
    )
