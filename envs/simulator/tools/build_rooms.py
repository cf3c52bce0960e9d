"""Builds the compact scene file from the recordings in two published packages.

``procthor`` 0.0.1.dev2 (Apache-2.0) carries AI2-THOR's full object metadata of 120 iTHOR and 75
RoboTHOR rooms at start; ``alfworld`` 0.4.2 (MIT) carries the reachable grid of the iTHOR rooms and
a pose to open each receptacle. Both are read as data files only, unpacked or as wheels.

``--recordings`` names a folder with recordings of AI2-THOR 5.0.0 (``recorded_scenes``), which then
tell ids, names, places, boxes, states, containment, start pose and floor height of the rooms that
they hold; ``sources`` of a room says so, and the archive's comment names where they come from.

The result is a zip with one JSON member per room, so that one room loads quickly. A member is::

    {"objects": [{"id": "Apple|-00.47|+01.15|+00.48", "position": [-0.4735, 1.1497, 0.4815], ...}],
     "reachable": [[-1.25, -1.75], ...], "openable": {"Fridge|-02.10|+00.00|+01.07": [...]},
     "start": [-1.0, 1.0, 270.0], "floor": 0.0267}

The start pose is not recorded as such: every object's recorded distance from the agent gives its
place to the millimetre, and what was visible its yaw. Its height tells that of the floor it stood
on, which is written down where it is not 0.

Example:
    python -m envs.simulator.tools.build_rooms --procthor procthor.whl --alfworld alfworld.whl
"""

from __future__ import annotations

import importlib.util
import io
import json
import sys
import zipfile
from pathlib import Path

import numpy as np

from envs.simulator.core.agent import STANDING_Y
from envs.simulator.scenes.room_file import ROOM_FILE
from envs.simulator.system.command_line import Parser, command
from envs.simulator.system.targets import check_file
from envs.simulator.system.whole import whole_file
from envs.simulator.tools.recorded_scenes import (
    ATTRIBUTION,
    STATES,
    pack_rest,
    poses_by_scene,
    read_scenes,
    updated,
    usual_traits,
    with_places,
)
from envs.simulator.world.initial_metadata import PROPERTIES

_PROCTHOR = "AI2-THOR as recorded in procthor 0.0.1.dev2 (Apache-2.0)"
_ALFWORLD = "AI2-THOR as recorded in alfworld 0.4.2 (MIT)"
_METADATA = "procthor/databases/ai2thor-object-metadata.json"
_LAYOUTS = "alfworld/gen/layouts"
_BLOCKS = (("kitchens", 0), ("living_rooms", 200), ("bedrooms", 300), ("bathrooms", 400))
# The floor's height is told to this, and told at all from this on, metres.
FLOOR_AGREES, LEAST_FLOOR = 0.01, 0.0005
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Source:
    """Files of a package, from its wheel or its unpacked folder."""

    def __init__(self, path: Path, package: str) -> None:
        if not path.exists():
            raise ValueError(f"{path} does not exist: give the {package} wheel or its folder.")
        self._zip = zipfile.ZipFile(path) if path.is_file() else None
        self._root = path
        self._package = package

    def read(self, name: str) -> bytes:
        """The content of a file.

        Raises:
            ValueError: If the package lacks it.
        """
        try:
            return self._zip.read(name) if self._zip else (self._root / name).read_bytes()
        except (KeyError, OSError) as error:
            raise ValueError(
                f"{self._root} holds no {name}; is it the {self._package} package?"
            ) from error

    def has(self, name: str) -> bool:
        """Whether the package has the file."""
        return name in self._zip.namelist() if self._zip else (self._root / name).exists()


def _xyz(value: dict) -> list[float]:
    return [round(float(value[k]), 4) for k in "xyz"]


def pack_object(obj: dict) -> dict:
    """The compact form of one recorded object."""
    box = obj["axisAlignedBoundingBox"]
    packed = {
        "id": obj["objectId"],
        "name": obj["name"],
        "asset": obj["assetId"],
        "position": _xyz(obj["position"]),
        "rotation": _xyz(obj["rotation"]),
        "center": _xyz(box["center"]),
        "size": _xyz(box["size"]),
        "is": [p for p in PROPERTIES if obj[p]],
        "states": [s for s in STATES if obj[s]],
        "mass": round(float(obj["mass"]), 4),
    }
    if obj["objectOrientedBoundingBox"]:
        corners = obj["objectOrientedBoundingBox"]["cornerPoints"]
        packed["obb"] = [[round(float(v), 4) for v in c] for c in corners]
    pack_rest(packed, obj)
    return packed


def _layout(source: Source, name: str) -> dict:
    path = f"{_LAYOUTS}/{name}-layout.npy"
    if not source.has(path):
        return {"reachable": [], "openable": {}}
    grid = np.load(io.BytesIO(source.read(path)), allow_pickle=False)
    poses = json.loads(source.read(f"{_LAYOUTS}/{name}-openable.json"))
    return {"reachable": np.round(grid, 4).tolist(), "openable": poses}


def start_place(objs: list[dict]) -> np.ndarray:
    """Where the agent's middle, (3,) metres, was when the objects were recorded.

    That is where all recorded distances meet: the best of a grid, then least squares robust to what
    moved meanwhile.
    """
    spots = np.array([[t["position"][k] for k in "xyz"] for t in objs])
    distances = np.array([t["distance"] for t in objs])
    low, high = spots[:, [0, 2]].min(0), spots[:, [0, 2]].max(0)
    xs, zs = (
        np.arange(np.floor(a * 4) / 4 - 2, b + 2, 0.25) for a, b in zip(low, high, strict=True)
    )
    tried = np.stack(np.meshgrid(xs, [0.901], zs, indexing="ij"), -1).reshape(-1, 3)
    error = np.abs(np.linalg.norm(spots - tried[:, None], axis=2) - distances)
    place = tried[int(np.argmin(np.median(error, axis=1)))]
    for _ in range(20):
        away = np.linalg.norm(spots - place, axis=1)
        misses = distances - away
        weight = 1 / (0.001 + np.abs(misses))
        slope = (place - spots) / np.maximum(away, 1e-6)[:, None]
        step = np.linalg.lstsq(slope * weight[:, None], misses * weight, rcond=None)[0]
        place = place + step
    return place


def floor_under(objs: list[dict], place: np.ndarray) -> float:
    """Height, in metres, of the floor that an agent with its middle at a place (3,) stands on.

    Only as far as the top of the recorded floor says the same: FloorPlan12's agent was recorded
    8 cm over its floor.
    """
    height = float(place[1]) - STANDING_Y
    tops = [
        box["center"]["y"] + box["size"]["y"] / 2
        for box in (t["axisAlignedBoundingBox"] for t in objs if t["objectType"] == "Floor")
    ]
    level = any(abs(top - height) < FLOOR_AGREES for top in tops)
    return round(height, 4) if level and abs(height) >= LEAST_FLOOR else 0.0


def start_pose(objs: list[dict], place: np.ndarray) -> list[float]:
    """x, z and yaw of an agent with its middle at a place (3,) when the objects were recorded.

    The yaw is the quarter turn that has in view what was reported visible, and not what was near
    but unseen.
    """
    middles = np.array([[t["axisAlignedBoundingBox"]["center"][k] for k in "xz"] for t in objs])
    ahead = middles - place[[0, 2]]
    bearing = np.degrees(np.arctan2(ahead[:, 0], ahead[:, 1]))
    seen = np.array([t["visible"] for t in objs])
    near = ~seen & (np.linalg.norm(ahead, axis=1) < 1.3)
    scores = []
    for yaw in (0, 90, 180, 270):
        within = np.abs((bearing - yaw + 180) % 360 - 180) < 44
        scores.append(float((within & seen).sum()) - 0.2 * float((within & near).sum()))
    turn = 90.0 * int(np.argmax(scores))
    return [round(float(place[0]), 3) + 0.0, round(float(place[2]), 3) + 0.0, turn]


def robothor_names() -> list[str]:
    """RoboTHOR's scene names in the order of the recording."""
    train = [f"FloorPlan_Train{w}_{o}" for w in range(1, 13) for o in range(1, 6)]
    return train + [f"FloorPlan_Val{w}_{o}" for w in range(1, 4) for o in range(1, 6)]


def recorded_objects(procthor: Path) -> dict[str, list[dict]]:
    """AI2-THOR's object metadata by room, from the ``procthor`` wheel or folder.

    Raises:
        ValueError: If the package is not there or lacks the recording.
    """
    records = json.loads(Source(procthor, "procthor").read(_METADATA))
    rooms: dict[str, list[dict]] = {}
    for block, first in _BLOCKS:
        for index, objects in enumerate(records[block], start=first + 1):
            rooms[f"FloorPlan{index}"] = objects
    rooms.update(zip(robothor_names(), records["robothor"], strict=True))
    return rooms


def recorded_grid(alfworld: Path, name: str) -> np.ndarray:
    """The recorded free floor (K, 2) of an iTHOR room; empty for RoboTHOR's.

    Raises:
        ValueError: If the package is not there.
    """
    return np.array(_layout(Source(alfworld, "alfworld"), name)["reachable"]).reshape(-1, 2)


def packed_room(objects: list[dict], layout: dict) -> dict:
    """A room as the two packages have it, in the file's form."""
    place = start_place(objects)
    member = {
        "objects": [pack_object(o) for o in objects],
        **layout,
        "start": start_pose(objects, place),
        "sources": {"objects": "procthor", "start": "inferred", "reachable": "alfworld"},
    }
    floor = floor_under(objects, place)
    return {**member, "floor": floor} if floor else member


def build(procthor: Path, alfworld: Path, out: Path, recordings: Path | None = None) -> int:
    """Writes the scene file atomically and returns the number of rooms.

    Args:
        procthor: Wheel or folder of that package.
        alfworld: Wheel or folder of that package.
        out: The file to write.
        recordings: Folder with recordings of AI2-THOR 5.0.0, which then prevail; or None.

    Raises:
        ValueError: If a source is not there or not what it should be.
    """
    layouts = Source(alfworld, "alfworld")
    rooms = {
        name: packed_room(objects, _layout(layouts, name))
        for name, objects in recorded_objects(procthor).items()
    }
    newer = read_scenes(recordings) if recordings else {}
    stood = poses_by_scene(recordings) if recordings else {}
    usual = usual_traits(member["objects"] for member in rooms.values())
    with (
        whole_file(out) as partial,
        zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
    ):
        archive.comment = "; ".join(
            [f"objects: {_PROCTHOR}; free floor: {_ALFWORLD}", *([ATTRIBUTION] if newer else [])]
        ).encode()
        for name, member in rooms.items():
            if name in newer:
                member = updated(member, newer[name], usual)
            member = with_places(member, stood.get(name, ()))
            text = json.dumps(member, separators=(",", ":"), ensure_ascii=True)
            archive.writestr(zipfile.ZipInfo(f"{name}.json", _EPOCH), text, zipfile.ZIP_DEFLATED, 9)
    return len(rooms)


def installed(package: str) -> Path:
    """Folder that holds an installed package.

    Raises:
        ValueError: If it is not installed.
    """
    found = importlib.util.find_spec(package)
    if found is None or not found.submodule_search_locations:
        raise ValueError(
            f"{package} is not installed: pip install 'cimr-thor[data]', or give its wheel."
        )
    return Path(next(iter(found.submodule_search_locations))).parent


@command("envs.simulator.tools.build_rooms")
def main(argv: list[str] | None = None) -> int:
    """Command line; returns the exit code."""
    parser = Parser(
        prog="python -m envs.simulator.tools.build_rooms",
        description="Build the compact room file from the procthor and alfworld packages.",
        epilog="example: python -m envs.simulator.tools.build_rooms --procthor procthor.whl "
        "--alfworld alfworld.whl",
    )
    parser.add_argument(
        "--procthor",
        type=Path,
        metavar="PATH",
        help="wheel or folder of the procthor package (default: the installed one)",
    )
    parser.add_argument(
        "--alfworld",
        type=Path,
        metavar="PATH",
        help="wheel or folder of the alfworld package (default: the installed one)",
    )
    parser.add_argument(
        "--recordings",
        type=Path,
        metavar="FOLDER",
        help="folder with recordings of AI2-THOR 5.0.0, which then prevail (default: none)",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=ROOM_FILE,
        metavar="FILE",
        help="file to write (default: the simulator's own)",
    )
    options = parser.parse_args(argv)
    try:
        check_file(options.out)
        count = build(
            options.procthor or installed("procthor"),
            options.alfworld or installed("alfworld"),
            options.out,
            options.recordings,
        )
    except (ValueError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    print(f"{count} rooms, {options.out.stat().st_size / 1e6:.2f} MB: {options.out}")
    return 0


if __name__ == "__main__":
    from envs.simulator.system.closed_pipes import run_command

    raise SystemExit(run_command(main))
