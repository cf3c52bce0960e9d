"""The recorded rooms: names, records, and the parts of a room inferred round them.

``room_file`` holds the rooms, ``loading`` makes ``records`` of them: object frames (``frames``,
``native_frames``), what tops cover (``footprints``) and free floor (``floor_grid``,
``counter_floor``, ``free_floor``). ``structure`` infers walls and all that no metadata lists;
``object_meshes`` and ``appearance`` choose which mesh an object gets.
"""

from __future__ import annotations

from envs.simulator.scenes.loading import load_scene, unpack
from envs.simulator.scenes.records import Fixture, ObjectRecord, SceneRecord
from envs.simulator.scenes.room_file import read_member, scene_names
from envs.simulator.scenes.structure.room_fixtures import infer_fixtures

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
