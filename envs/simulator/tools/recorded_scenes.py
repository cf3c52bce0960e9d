"""Reads recordings of the real AI2-THOR 5.0.0: scenes at start, and places of its agent.

The folder holds two files of JSON lines, gzipped. A line of ``scenes.jsonl.gz`` is one scene::

    {"scene": "FloorPlan1", "agent": {"position": {"x": -1.0, "y": 0.901, "z": 1.0},
     "rotation": {"x": 0.0, "y": 270.0, "z": 0.0}, "cameraHorizon": 0.0}, "fov": 145.0,
     "objects": [{"name": "Apple_3fef4551", "objectId": "Apple|-00.47|+01.15|+00.48",
                  "position": {...}, "center": {...}, "size": {...}, "visible": false, ...}]}

and a line of ``agent_poses.jsonl.gz`` one pose at which the agent stood::

    {"scene": "FloorPlan11", "position": {"x": -1.5, "y": 0.901, "z": -0.9}, "rotation": 90.0}

Sources: github zwq2018/embodied_reasoner, ``data_engine/taskgenerate`` (Mulan PSL v2) for the
scenes; github mll-lab-nu/VAGEN, navigation assets (MIT) for the poses.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from envs.simulator.world.initial_metadata import PROPERTIES

SCENES_FILE, POSES_FILE = "scenes.jsonl.gz", "agent_poses.jsonl.gz"

ATTRIBUTION = (
    "objects, ids, names, start poses and floor heights of 119 iTHOR rooms: AI2-THOR 5.0.0 as "
    "recorded in github zwq2018/embodied_reasoner (Mulan PSL v2); "
    "places where the agent stood: AI2-THOR as recorded in github mll-lab-nu/VAGEN (MIT)"
)
STATES = (
    "isToggled",
    "isBroken",
    "isFilledWithLiquid",
    "isDirty",
    "isUsedUp",
    "isCooked",
    "isSliced",
    "isOpen",
)
# Height of the middle of a standing agent over its floor, as recorded, metres.
STANDING = 0.901
# Half the recorded grid's step, metres.
HALF_CELL = 0.125
# What the newer recording does not tell of an object; the older one of the same object does.
_KEPT_FLAGS = frozenset(
    "toggleable breakable canFillWithLiquid dirtyable canBeUsedUp cookable isHeatSource "
    "isColdSource sliceable openable".split()
)
_KEPT_STATES = frozenset(("isBroken", "isUsedUp", "isCooked", "isSliced"))
_SCENE_KEYS = ("scene", "agent", "objects", "fov")
_POSE_KEYS = ("scene", "position", "rotation")


@dataclass(frozen=True)
class RecordedScene:
    """What the engine reported of one scene at start.

    Attributes:
        start: x, y, z in metres and yaw in degrees of the agent.
        horizon: Tilt of its camera, degrees, down positive.
        fov: Vertical field of view, degrees; the picture was square.
        objects: AI2-THOR's metadata of every object, boxes as ``center`` and ``size``.
        saw: Whether the objects tell whether they were visible.
    """

    name: str
    start: tuple[float, float, float, float]
    horizon: float
    fov: float
    objects: tuple[dict, ...]
    saw: bool


@dataclass(frozen=True)
class RecordedPose:
    """A pose at which the agent stood: metres, and degrees clockwise from above."""

    scene: str
    x: float
    y: float
    z: float
    yaw: float


def _lines(path: Path, keys: tuple[str, ...]) -> Iterator[dict]:
    """The objects of a file of gzipped JSON lines, each with the keys.

    Raises:
        ValueError: If the file is not there or not of that kind; names file, line and remedy.
    """
    if not path.is_file():
        raise ValueError(
            f"{path} does not exist: give the folder that holds {SCENES_FILE} and {POSES_FILE}."
        )
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for text in file:
                number += 1
                row = json.loads(text)
                missing = [k for k in keys if not isinstance(row, dict) or k not in row]
                if missing:
                    raise ValueError(f"it lacks {', '.join(missing)}")
                yield row
    except (OSError, EOFError, UnicodeDecodeError, ValueError) as error:
        raise ValueError(
            f"{path}, line {max(number, 1)}: {error}. It must be gzipped JSON lines with the keys "
            f"{', '.join(keys)}."
        ) from error


def read_scenes(folder: Path) -> dict[str, RecordedScene]:
    """The recorded scenes by name; of several recordings of one scene the first.

    Raises:
        ValueError: If the file is missing or not such a recording.
    """
    found: dict[str, RecordedScene] = {}
    path = folder / SCENES_FILE
    for row in _lines(path, _SCENE_KEYS):
        if row["scene"] in found:
            continue
        try:
            place, turn = row["agent"]["position"], row["agent"]["rotation"]
            found[row["scene"]] = RecordedScene(
                name=row["scene"],
                start=(
                    float(place["x"]),
                    float(place["y"]),
                    float(place["z"]),
                    round(float(turn["y"]) % 360, 4),
                ),
                horizon=float(row["agent"]["cameraHorizon"]),
                fov=float(row["fov"]),
                objects=tuple(row["objects"]),
                saw=all("visible" in o for o in row["objects"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: the recording of {row['scene']} lacks {error}.") from error
    return found


def read_poses(folder: Path) -> list[RecordedPose]:
    """The recorded poses of the agent, in the file's order.

    Raises:
        ValueError: If the file is missing or not such a recording.
    """
    path = folder / POSES_FILE
    poses = []
    for row in _lines(path, _POSE_KEYS):
        try:
            x, y, z = (float(row["position"][k]) for k in "xyz")
            poses.append(RecordedPose(row["scene"], x, y, z, float(row["rotation"]) % 360))
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: a pose in {row['scene']} lacks {error}.") from error
    return poses


def poses_by_scene(folder: Path) -> dict[str, list[RecordedPose]]:
    """The recorded poses of the agent by scene.

    Raises:
        ValueError: If the file is missing or not such a recording.
    """
    found: dict[str, list[RecordedPose]] = {}
    for pose in read_poses(folder):
        found.setdefault(pose.scene, []).append(pose)
    return found


def older_of(objs: Iterable[dict], packed: list[dict]) -> dict[str, dict]:
    """The packed object of an older recording that each recorded object is, by its id now.

    The same id, else the nearest of the type that no other one is.
    """
    by_id = {o["id"]: o for o in packed}
    found = {t["objectId"]: by_id[t["objectId"]] for t in objs if t["objectId"] in by_id}
    spare = [o for o in packed if o["id"] not in found]
    pairs = sorted(
        (
            float(np.linalg.norm(np.subtract(_xyz(t["position"]), o["position"]))),
            t["objectId"],
            o["id"],
        )
        for t in objs
        for o in spare
        if t["objectId"] not in found and t["objectType"] == o["type"]
    )
    taken: set[str] = set()
    for _, new, old in pairs:
        if new not in found and old not in taken:
            found[new] = by_id[old]
            taken.add(old)
    return found


def usual_traits(rooms: Iterable[list[dict]]) -> dict[str, list[str]]:
    """The most frequent flags of each object type over packed rooms, for objects new in one."""
    counts: dict[str, Counter[tuple[str, ...]]] = {}
    for room in rooms:
        for obj in room:
            counts.setdefault(obj["type"], Counter())[tuple(obj["is"])] += 1
    return {name: list(counted.most_common(1)[0][0]) for name, counted in counts.items()}


def with_places(member: dict, poses: Iterable[RecordedPose]) -> dict:
    """A packed room with the places where the agent stood beyond the cells of its grid."""
    cells = np.array(member["reachable"], dtype=float).reshape(-1, 2)
    places = sorted({(round(p.x, 3) + 0.0, round(p.z, 3) + 0.0) for p in poses})
    beyond = [
        list(place)
        for place in places
        if not len(cells) or np.abs(cells - place).max(1).min() > HALF_CELL
    ]
    if not beyond:
        return member
    return {**member, "stood": beyond, "sources": {**member["sources"], "stood": "VAGEN"}}


def updated(member: dict, scene: RecordedScene, usual: dict[str, list[str]]) -> dict:
    """A packed room with objects, start and floor as the newer recording has them."""
    older = older_of(scene.objects, member["objects"])
    x, y, z, yaw = scene.start
    renamed = {old["id"]: new for new, old in older.items() if old["id"] != new}
    floor = round(y - STANDING, 4)
    return {
        **{k: v for k, v in member.items() if k != "floor"},
        "objects": [
            pack_recorded(t, older.get(t["objectId"]), usual.get(t["objectType"], []))
            for t in scene.objects
        ],
        "openable": {renamed.get(k, k): v for k, v in member["openable"].items()},
        "start": [x, z, yaw],
        "sources": {**member.get("sources", {}), "objects": "5.0.0", "start": "5.0.0"},
        **({"floor": floor} if floor else {}),
    }


def pack_recorded(obj: dict, older: dict | None, usual: list[str]) -> dict:
    """The compact form of one object of the newer recording.

    Args:
        obj: AI2-THOR's metadata of it.
        older: The same object in the older recording, which tells flags that the newer lacks.
        usual: Flags of its type, where there is no older one.
    """
    flags = set(older["is"] if older else usual) & _KEPT_FLAGS
    flags |= {k for k in ("receptacle", "pickupable", "moveable") if obj[k]}
    states = set(older["states"] if older else ()) & _KEPT_STATES
    states |= {k for k in ("isToggled", "isFilledWithLiquid", "isDirty", "isOpen") if obj[k]}
    packed: dict = {
        "id": obj["objectId"],
        "name": obj["name"],
        "asset": obj["assetId"],
        **{key: _xyz(obj[key]) for key in ("position", "rotation", "center", "size")},
        "is": [p for p in PROPERTIES if p in flags],
        "states": [s for s in STATES if s in states],
        "mass": round(float(obj["mass"]), 4),
    }
    if obj["oriented_corners"]:
        packed["obb"] = [[round(float(v), 4) for v in c] for c in obj["oriented_corners"]]
    pack_rest(packed, obj)
    return packed


def pack_rest(packed: dict, obj: dict) -> None:
    """Adds to a packed object what not every one has, and its type.

    Args:
        packed: Is added to.
        obj: The object as it was recorded.
    """
    for key, short in (
        ("salientMaterials", "materials"),
        ("parentReceptacles", "parents"),
        ("receptacleObjectIds", "contents"),
        ("controlledObjects", "controlled"),
        ("fillLiquid", "liquid"),
    ):
        if obj[key] is not None:
            packed[short] = obj[key]
    if obj["openness"]:
        packed["openness"] = round(float(obj["openness"]), 4)
    if obj["temperature"] != "RoomTemp":
        packed["temperature"] = obj["temperature"]
    packed["type"] = obj["objectType"]


def _xyz(value: dict) -> list[float]:
    return [round(float(value[k]), 4) for k in "xyz"]
