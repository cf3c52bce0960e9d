"""Twins: scenes exported from any AI2-THOR, as files, and those registered here by name.

A twin file is JSON, or a zip with one member ``twin.json``::

    {"format": "thor-twin", "version": 1, "scene": "FloorPlan28",
     "objects": [{"id": "Apple|...", "type": "Apple", "center": [...], "size": [...], ...}],
     "reachable": [[-1.5, -1.5], ...], "openable": {"Fridge|...": [x, z, yaw, horizon]},
     "start": [-1.5, -1.5, 180.0], "floor": 0.0}

Objects are packed as in the room file (``scenes.room_file``). Everything read is checked; an error
is one line that names the field.
"""

from __future__ import annotations

import json
import lzma
import os
import struct
import zipfile
import zlib
from functools import lru_cache
from pathlib import Path

import numpy as np

from envs.simulator.houses.fields import Field, HouseError
from envs.simulator.scenes import load_scene, scene_names, unpack
from envs.simulator.scenes.records import SceneRecord
from envs.simulator.system import foreign_json
from envs.simulator.system.whole import whole_file, write_text

FORMAT, VERSION = "thor-twin", 1
MEMBER = "twin.json"
FOLDER_VARIABLE = "THOR_TWINS"
SUFFIXES = (".json", ".zip")
MAX_OBJECTS, MAX_CELLS, MAX_BYTES = 3000, 40_000, 64_000_000
HIGHEST_FLOOR = 10.0
# What reading a damaged or encrypted archive raises.
_BAD_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)
_EPOCH = (1980, 1, 1, 0, 0, 0)


def folder() -> Path:
    """Where registered twins lie: ``$THOR_TWINS``, or ``~/.ai2thor/twins``."""
    given = os.environ.get(FOLDER_VARIABLE)
    return Path(given) if given else Path.home() / ".ai2thor" / "twins"


def is_path(scene: str) -> bool:
    """Whether a scene is named by the path of a twin file."""
    return scene.endswith(SUFFIXES)


def registered() -> dict[str, Path]:
    """Files of the registered twins, by scene name."""
    place = folder()
    if not place.is_dir():
        return {}
    return {p.stem: p for p in sorted(place.iterdir()) if p.suffix in SUFFIXES}


def find_scene(name: str) -> SceneRecord:
    """A recorded room, a registered twin, or a twin by the path of its file.

    Raises:
        ValueError: If there is none of that name, or the file is bad.
    """
    if is_path(name):
        return load_twin(Path(name))
    plain = name.removesuffix("_physics")
    if plain not in scene_names():
        path = registered().get(plain)
        if path is not None:
            return load_twin(path)
    return load_scene(name)


def load_twin(path: Path) -> SceneRecord:
    """The scene in a twin file.

    Raises:
        ValueError: If it can't be read, or something in it is wrong.
    """
    try:
        about = path.stat()
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}.") from error
    return _load(path, about.st_mtime_ns, about.st_size)


@lru_cache(maxsize=16)
def _load(path: Path, _changed: int, _size: int) -> SceneRecord:
    member = read_twin(path)
    try:
        return unpack(str(member["scene"]), member)
    except (ValueError, KeyError, IndexError, TypeError) as error:
        raise ValueError(f"{path}: no scene can be built from it ({error}).") from error


def read_twin(path: Path) -> dict:
    """A twin file's content, checked.

    Raises:
        ValueError: With one line that says what is wrong.
    """
    try:
        if path.suffix == ".zip":
            text = _unzipped(path)
        else:
            text = foreign_json.read_text(path, MAX_BYTES)
        content = foreign_json.parse(text)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror or error}.") from error
    except foreign_json.ForeignJsonError as error:
        raise ValueError(f"{path}: {error}.") from error
    except (*_BAD_ZIP, KeyError) as error:
        raise ValueError(f"{path}: not a zip file with a member {MEMBER}.") from error
    try:
        return check(content)
    except HouseError as error:
        raise ValueError(f"{path}: {error}") from error


def _unzipped(path: Path) -> str:
    """The member's text; what the archive says of its size is not believed.

    Raises:
        ForeignJsonError: If it is too large, or in no UTF-8.
    """
    if not path.is_file():
        raise foreign_json.ForeignJsonError("it is no regular file")
    with zipfile.ZipFile(path) as archive, archive.open(MEMBER) as stream:
        raw = stream.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise foreign_json.ForeignJsonError(f"{MEMBER} is larger than {MAX_BYTES} bytes")
    return foreign_json.as_text(raw)


def check(content: object) -> dict:
    """The same content if it describes a scene.

    Raises:
        HouseError: With the name of the field that is wrong.
    """
    top = Field(content, "twin")
    if not isinstance(content, dict):
        raise top.fail("an object")
    if content.get("format") != FORMAT:
        raise top.need("format").fail(f"{FORMAT!r}")
    if content.get("version") != VERSION:
        raise top.need("version").fail(f"{VERSION}")
    top.need("scene").text()
    seen: set[str] = set()
    for obj in top.need("objects").items(MAX_OBJECTS):
        _check_object(obj, seen)
    if not seen:
        raise HouseError("twin.objects must hold at least one object.")
    cells = 0
    for cell in top.need("reachable").items(MAX_CELLS):
        _numbers(cell, 2)
        cells += 1
    if not cells:
        raise HouseError("twin.reachable must hold at least one position.")
    _numbers(top.need("start"), 3, 3600)
    floor = top.get("floor")
    if floor is not None:
        floor.number(-HIGHEST_FLOOR, HIGHEST_FLOOR)
    openable = top.need("openable")
    for key in openable.value if isinstance(openable.value, dict) else ():
        _numbers(openable.need(key), 4, 3600)
    if not isinstance(openable.value, dict):
        raise openable.fail("an object")
    return content


def _check_object(obj: Field, seen: set[str]) -> None:
    identity = obj.need("id").text()
    if identity in seen:
        raise HouseError(f"{obj.path}.id {identity!r} is used twice.")
    seen.add(identity)
    for key in ("name", "type"):
        obj.need(key).text()
    if not isinstance(obj.need("asset").value, str):
        raise obj.need("asset").fail("a name or empty")
    for key in ("position", "center"):
        _numbers(obj.need(key), 3)
    _numbers(obj.need("rotation"), 3, 3600)
    size = obj.need("size")
    if min(_numbers(size, 3)) < 0:
        raise size.fail("three lengths that are not negative")
    obj.need("mass").number(0, 1e5)
    for key in ("is", "states"):
        _names(obj.need(key))
    for key in ("materials", "parents", "contents", "controlled"):
        found = obj.get(key)
        if found is not None:
            _names(found)
    corners = obj.get("obb")
    if corners is not None:
        rows = [_numbers(corner, 3) for corner in corners.items(8)]
        if len(rows) != 8:
            raise corners.fail("eight corners")
    openness = obj.get("openness")
    if openness is not None:
        openness.number(0, 1)
    for key in ("temperature", "liquid"):
        found = obj.get(key)
        if found is not None:
            found.text()


def _numbers(field: Field, count: int, high: float = 500.0) -> list[float]:
    values = [entry.number(-high, high) for entry in field.items(count)]
    if len(values) != count:
        raise field.fail(f"{count} numbers")
    return values


def _names(field: Field) -> list[str]:
    return [entry.text() for entry in field.items(MAX_OBJECTS)]


def write_twin(content: dict, path: Path) -> None:
    """Writes a twin file atomically; ``.zip`` is compressed.

    Raises:
        ValueError: If the content is no twin, or the name ends otherwise.
    """
    if path.suffix not in SUFFIXES:
        raise ValueError(f"{path}: a twin file's name ends in {' or '.join(SUFFIXES)}.")
    text = json.dumps(check(content), separators=(",", ":"), ensure_ascii=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".zip":
        with (
            whole_file(path) as partial,
            zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        ):
            archive.writestr(zipfile.ZipInfo(MEMBER, _EPOCH), text, zipfile.ZIP_DEFLATED, 9)
    else:
        write_text(path, text)


def register(path: Path, name: str | None = None) -> str:
    """Makes a twin a scene of this simulator; returns its scene name.

    Raises:
        ValueError: If the file is bad, or the name is taken by a recorded room.
    """
    content = read_twin(path)
    chosen = name or path.stem
    if chosen.removesuffix("_physics") in (*scene_names(), "Procedural"):
        raise ValueError(f"{chosen} is a scene of AI2-THOR; choose another name with --name.")
    if not chosen.replace("_", "").replace("-", "").isalnum():
        raise ValueError(f"A scene's name has letters, digits, _ and - only, not {chosen!r}.")
    unpack(str(content["scene"]), content)
    write_twin(content, folder() / f"{chosen}.zip")
    return chosen


def grid_of(positions: list[dict]) -> list[list[float]]:
    """x and z of AI2-THOR's positions, metres."""
    return np.round([[p["x"], p["z"]] for p in positions], 4).tolist()
