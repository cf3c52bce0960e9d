"""The recorded rooms: their records, and the parts of a room that are inferred round them.

``room_file`` and ``loading`` read the records; ``plan``, ``layout`` and what they use infer walls,
floors, counters and doors; ``object_meshes`` gives each object its shape, ``style`` its colours.
"""

from __future__ import annotations

from envs.simulator.scenes.layout import infer_fixtures
from envs.simulator.scenes.loading import load_scene, unpack
from envs.simulator.scenes.records import Fixture, ObjectRecord, SceneRecord
from envs.simulator.scenes.room_file import read_member, scene_names

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
