"""From a packed room to its record: object frames and free floor are found here."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS, STANDING_Y
from envs.simulator.scenes.floor_grid import floor_from_boxes, walkable
from envs.simulator.scenes.footprints import top_footprint
from envs.simulator.scenes.frames import local_frame
from envs.simulator.scenes.records import ObjectRecord, SceneRecord
from envs.simulator.scenes.room_file import read_member, scene_names
from envs.simulator.scenes.structure.robothor_plan import hall_plan
from envs.simulator.scenes.turned_rows import Frame, turned_rows


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


def unpack(name: str, member: dict) -> SceneRecord:
    """The record of a room from its packed form."""
    packed, start = member["objects"], member["start"]
    grid = np.array(member["reachable"], dtype=float).reshape(-1, 2)
    stood = np.array(member.get("stood", ()), dtype=float).reshape(-1, 2)
    poses = {
        k: (float(p[0]), float(p[1]), float(p[2]), float(p[3]))
        for k, p in member["openable"].items()
    }
    if len(grid):
        grid = walkable(grid, (start[0], start[1]), packed)
    else:
        plan = hall_plan(name.rsplit("_", 1)[0])
        panels = [(p.low, p.high) for p in plan.partitions]
        grid = floor_from_boxes(packed, panels, plan.low, plan.high, (start[0], start[1]))
    x, z = grid[np.argmin(np.abs(grid - start[:2]).sum(1))]
    low, high = _bounds(packed, np.concatenate([grid, stood]))
    floor = float(member.get("floor", 0.0))
    turned = turned_rows(packed, grid)
    objects = tuple(
        _record(o, packed, grid, stood, poses, turned.get(o["id"]), not member["reachable"])
        for o in packed
    )
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


def _bounds(packed: list[dict], walked: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners (3,), metres, of the box that holds every object, and agents wherever they walk.

    Args:
        packed: The room's packed objects.
        walked: Places (K, 2) of the agent's middle, x and z in metres.
    """
    centers, sizes = (np.array([o[key] for o in packed], dtype=float) for key in ("center", "size"))
    low, high = (centers - sizes / 2).min(0), (centers + sizes / 2).max(0)
    flat = [0, 2]
    low[flat] = np.minimum(low[flat], walked.min(0) - AGENT_RADIUS)
    high[flat] = np.maximum(high[flat], walked.max(0) + AGENT_RADIUS)
    return low, high


def _record(
    packed: dict,
    others: list[dict],
    grid: np.ndarray,
    stood: np.ndarray,
    poses: dict,
    turned: Frame | None,
    robothor: bool,
) -> ObjectRecord:
    size, rotation = turned or local_frame(packed, grid, poses.get(packed["id"]), robothor)
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
