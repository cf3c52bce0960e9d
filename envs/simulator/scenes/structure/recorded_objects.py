"""The recorded boxes of a room, which tell where its walls are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.scenes.records import SceneRecord

FLAT = frozenset(
    {
        "LightSwitch",
        "Painting",
        "Mirror",
        "Poster",
        "TowelHolder",
        "HandTowelHolder",
        "ToiletPaperHanger",
    }
)


@dataclass(frozen=True, eq=False)
class RecordedObject:
    """A recorded box, with the yaw of its front."""

    object_type: str
    low: np.ndarray
    high: np.ndarray
    yaw: int
    key: str = ""

    @property
    def facing(self) -> tuple[int, int]:
        """The axis and sign of its front."""
        return ((2, 1), (0, 1), (2, -1), (0, -1))[round(self.yaw / 90) % 4]


def recorded_objects(scene: SceneRecord) -> list[RecordedObject]:
    """The recorded boxes of a scene."""
    found = []
    for o in scene.objects:
        center, half = np.asarray(o.center, dtype=float), np.asarray(o.size, dtype=float) / 2
        yaw = round(o.local_rotation[1] / 90) * 90
        found.append(RecordedObject(o.object_type, center - half, center + half, yaw, o.object_id))
    return found
