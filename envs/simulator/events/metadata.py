"""A world's event: AI2-THOR 5.0.0's metadata map and the image buffers.

Images are bottom-up rows, as the client expects; depth is float32 metres; ids and classes are
RGBA with alpha 255.
"""

from __future__ import annotations

import zlib
from functools import lru_cache

import numpy as np

from envs.simulator.actions.result import LastAction
from envs.simulator.core.camera import Frame
from envs.simulator.core.geometry import aligned_box, vector
from envs.simulator.core.quality import HIGH, STANDARD
from envs.simulator.world.visibility import visible_ids
from envs.simulator.world.world import World


@lru_cache(maxsize=65536)
def color_of(name: str) -> tuple[int, int, int]:
    """A stable colour for an object id or a class name; black is kept for nothing."""
    value = zlib.crc32(name.encode()) & 0xFFFFFF
    value = value or 1
    return value >> 16 & 255, value >> 8 & 255, value & 255


def _objects(world: World, agent: int) -> list[dict]:
    listed, kept = world.rules.listed, world.points()
    if not kept.objects or (listed is not None and not listed):
        return []
    seen = visible_ids(world, agent)
    away = kept.positions - world.agents[agent].position
    distances = np.sqrt((away * away).sum(1))
    rows = []
    for obj, distance in zip(kept.objects, distances.tolist(), strict=True):
        if listed is not None and obj.object_id not in listed:
            continue
        row = dict(obj.metadata)
        row["visible"] = row["isInteractable"] = row["objectId"] in seen
        row["distance"] = distance
        rows.append(row)
    return rows


def agent_metadata(world: World, index: int, last: LastAction, colors_wanted: bool = False) -> dict:
    """The metadata map of an agent.

    Args:
        world: The room.
        index: Which agent, from 0.
        last: What it did last.
        colors_wanted: List the colours of the id images too.
    """
    agent, settings = world.agents[index], world.settings
    hand, hand_euler = agent.hold_pose
    held = world.objects.get(world.hands[index] or "")
    camera = world.camera(index)
    return {
        "objects": _objects(world, index),
        "isSceneAtRest": not world.motion,
        "agent": {
            "name": "agent" if index == 0 else f"agent{index}",
            "position": vector(agent.position),
            "rotation": {"x": 0.0, "y": agent.yaw, "z": 0.0},
            "cameraHorizon": agent.horizon,
            "isStanding": agent.standing if settings.agentMode == "default" else None,
            "inHighFrictionArea": False,
        },
        "heldObjectPose": {
            "position": vector(hand),
            "rotation": vector(hand_euler),
            "localPosition": vector(agent.hand),
            "localRotation": vector(agent.wrist),
        },
        "arm": None,
        "fov": settings.fieldOfView,
        "cameraPosition": vector(camera.position),
        "cameraOrthSize": -1.0 if camera.orthographic_size is None else camera.orthographic_size,
        "thirdPartyCameras": [extra.metadata(i) for i, extra in enumerate(world.cameras)],
        "collided": bool(world.collided),
        "collidedObjects": list(world.collided),
        "inventoryObjects": []
        if held is None
        else [{"objectId": held.object_id, "objectType": held.type}],
        "sceneName": world.scene_name,
        "lastAction": last.name,
        "errorMessage": last.message,
        "errorCode": last.code,
        "lastActionSuccess": last.success,
        "screenWidth": world.width,
        "screenHeight": world.height,
        "agentId": index,
        "depthFormat": "Meters",
        "colors": colors(world) if colors_wanted else None,
        **_unused(),
        "sceneBounds": aligned_box(world.low, world.high),
        "actionReturn": last.result,
        # Ours alone, and only told of pictures that are not the usual ones.
        **({} if settings.render_quality == STANDARD else {"renderQuality": HIGH}),
    }


def _unused() -> dict:
    """Entries that AI2-THOR 5.0.0 has and leaves at these values, or whose actions are not here."""
    return {
        "flatSurfacesOnGrid": [],
        "distances": [],
        "normals": [],
        "isOpenableGrid": [],
        "segmentedObjectIds": [],
        "objectIdsInBox": [],
        "actionIntReturn": 0,
        "actionFloatReturn": 0.0,
        "actionStringsReturn": [],
        "actionFloatsReturn": [],
        "actionVector3sReturn": [],
        "visibleRange": None,
        "currentTime": 0.0,
    }


def colors(world: World) -> list[dict]:
    """Names and colours of the id images: instances by object id, classes by type."""
    names = list(world.objects)
    kinds = {t.type for t in world.objects.values()} | set(world.fixtures.values()) | {"Agent"}
    return [{"name": n, "color": list(color_of(n))} for n in (*names, *sorted(kinds))]


def _palette(world: World, keys: list[str], by_class: bool) -> np.ndarray:
    """Colours (K + 1,) as packed RGBA by index; the last, which -1 names, is black."""
    rows = np.zeros((len(keys) + 1, 4), np.uint8)
    rows[:, 3] = 255
    for index, key in enumerate(keys):
        obj = world.objects.get(key)
        if obj is not None:
            name = obj.type if by_class else key
        else:
            name = world.fixtures.get(key, key.split("|")[0])
        rows[index, :3] = color_of(name)
    return rows.view(np.uint32)[:, 0]


def image_buffers(
    world: World, frame: Frame, keys: list[str], instances: bool, classes: bool
) -> dict[str, bytes]:
    """Wire buffers of a frame, by form name."""
    files: dict[str, bytes] = {}
    if frame.rgb is not None:
        files["image"] = frame.rgb[::-1].tobytes()
    if frame.depth is not None:
        files["image_depth"] = frame.depth[::-1].tobytes()
    if frame.ids is not None:
        upside = frame.ids[::-1]
        if instances:
            files["image_ids"] = _palette(world, keys, False).take(upside, mode="wrap").tobytes()
        if classes:
            files["image_classes"] = _palette(world, keys, True).take(upside, mode="wrap").tobytes()
    if frame.normals is not None:
        packed = np.clip((frame.normals + 1) * 127.5, 0, 255).astype(np.uint8)
        files["image_normals"] = packed[::-1].tobytes()
    return files
