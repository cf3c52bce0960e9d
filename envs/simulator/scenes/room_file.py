"""The file of recorded rooms, ``rooms.zip``: one JSON member a room, packed.

A member, for example ``FloorPlan1.json``::

    {"objects": [{"id": "Apple|...", "type": "Apple", "center": [...], "size": [...], ...}],
     "reachable": [[-1.5, -1.5], ...], "openable": {"Fridge|...": [x, z, yaw, horizon]},
     "start": [-1.5, -1.5, 180.0], "floor": 0.0}

``tools.build_rooms`` writes it; ``loading`` makes records of it.
"""

from __future__ import annotations

import json
import zipfile
from functools import lru_cache
from pathlib import Path

ROOM_FILE = Path(__file__).with_name("rooms.zip")


@lru_cache(maxsize=1)
def scene_names() -> tuple[str, ...]:
    """Names of all recorded rooms, AI2-THOR's order."""
    with zipfile.ZipFile(ROOM_FILE) as archive:
        return tuple(n.removesuffix(".json") for n in archive.namelist())


def read_member(name: str) -> dict:
    """A room as it is packed in the room file, by its name with or without ``_physics``."""
    with zipfile.ZipFile(ROOM_FILE) as archive:
        return json.loads(archive.read(f"{name.removesuffix('_physics')}.json"))
