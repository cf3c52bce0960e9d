"""The floor of a room as an object of the scene: its recorded box, in the room's own finish."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from envs.simulator.core.geometry import Triple
from envs.simulator.meshes.mesh import Mesh, Surface
from envs.simulator.meshes.slabs import slab
from envs.simulator.scenes.records import ObjectRecord, SceneRecord
from envs.simulator.scenes.structure.room_fixtures import plan_of
from envs.simulator.scenes.structure.room_style import style_of

_CELL = 0.3
_UNDER_WALLS = 0.1


def floor_mesh(scene: SceneRecord, record: ObjectRecord, seed: int = 0) -> Mesh:
    """The mesh of a scene's Floor object, in its frame; only what the walls enclose is drawn."""
    return _floor_mesh(scene, record.center, record.size, seed)


@lru_cache(maxsize=16)
def _floor_mesh(scene: SceneRecord, middle: Triple, size: Triple, seed: int) -> Mesh:
    plan, finish = plan_of(scene), style_of(scene.name, seed).floor
    center, half = np.asarray(middle, dtype=float), np.asarray(size, dtype=float) / 2
    low = np.maximum(center - half, [plan.low[0] - _UNDER_WALLS, -9, plan.low[2] - _UNDER_WALLS])
    high = np.minimum(center + half, [plan.high[0] + _UNDER_WALLS, 9, plan.high[2] + _UNDER_WALLS])
    if (high - low < 0.05)[[0, 2]].any():
        low, high = center - half, center + half
    low[1] = max(low[1], high[1] - 0.01)
    part = slab(
        low - center, high - center, finish.color, finish.texture, cell=_CELL, tile=finish.tile
    )
    top = float(half[1])
    surface = Surface((0.0, top, 0.0), (float(2 * half[0]), float(2 * half[2])), 2.0, None)
    return Mesh((part,), (), (surface,))
