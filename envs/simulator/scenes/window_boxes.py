"""The part of a window's recorded box that is glazed.

Windows were recorded together with their neighbours at times: round a corner, over one another, or
with a sash open. The pivot is in the middle of the window itself.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.geometry import Triple, euler_matrix, triple
from envs.simulator.scenes.records import ObjectRecord, SceneRecord

# A box as deep as this goes round a corner; metres.
_WIDE = 1.0
_PANE = 0.1
# A pivot so far from the middle of the box is that of a part of it, metres.
_ASIDE = 0.3
# Windows nearer than this are in one wall side by side, if they share so much of their height.
_ONE_WALL, _MOSTLY = 0.1, 0.75
# How far curtains end before others round a corner, metres.
_CLEAR = 0.01


def window_box(record: ObjectRecord, scene: SceneRecord) -> tuple[Triple, Triple]:
    """Size (3,) of a window and the place (3,) of its middle, in its object frame, metres.

    One that was recorded round a corner stands at its own wall; it is as wide and high as fits its
    box with the pivot in the middle. Windows side by side agree on sill and lintel, and do not
    overlap.
    """
    size = np.array(record.local_size, dtype=float)
    place = np.zeros(3)
    away = np.asarray(record.position, float) - np.asarray(record.center, float)
    pivot = euler_matrix(np.asarray(record.local_rotation, float)).T @ away
    whole = size.copy()
    if min(whole[0], whole[2]) >= _WIDE:
        # The pane, too, stands before the wall.
        gap = whole[[0, 2]] / 2 - np.abs(pivot[[0, 2]])
        thin = 0 if gap[0] < gap[1] else 2
        size[thin], place[thin] = _PANE, pivot[thin] - _PANE / 2 * np.sign(pivot[thin])
        along = 2 - thin
        size[along], place[along] = 2 * (whole[along] / 2 - abs(pivot[along])), pivot[along]
    if abs(pivot[1]) > _ASIDE and whole[1] / 2 - abs(pivot[1]) > _ASIDE:
        size[1], place[1] = 2 * (whole[1] / 2 - abs(pivot[1])), pivot[1]
        over = _over(record, scene)
        if place[1] + size[1] / 2 > over:
            low = place[1] - size[1] / 2
            size[1], place[1] = over - low, (over + low) / 2
    if (size == whole).all():
        size[1], place[1], trim = _in_row(record, scene)
        size[0 if size[0] > size[2] else 2] -= trim
    return triple(np.maximum(size, 0.02)), triple(place)


def _over(record: ObjectRecord, scene: SceneRecord) -> float:
    """How far over the middle of a window's box the next window over it begins; metres."""
    found = np.inf
    for other in scene.objects:
        if other.object_type != "Window" or other is record:
            continue
        away = np.asarray(other.position, float) - np.asarray(record.position, float)
        if np.abs(away[[0, 2]]).max() < _ONE_WALL and away[1] > _ASIDE:
            half = other.size[1] / 2 - abs(other.position[1] - other.center[1])
            found = min(found, other.position[1] - half - record.center[1])
    return float(found)


def curtain_box(record: ObjectRecord, scene: SceneRecord) -> tuple[Triple, Triple]:
    """Size (3,) of curtains and the place (3,) of their middle, in their object frame, metres.

    Where two hang round a corner of a room, the later of them ends before the other.
    """
    size, place = np.array(record.local_size, float), np.zeros(3)
    turn = euler_matrix(np.asarray(record.local_rotation, float))
    along = 0 if size[0] > size[2] else 2
    for other in scene.objects:
        if other is record:
            break
        if other.object_type != "Curtains":
            continue
        away = turn.T @ (np.asarray(other.center, float) - np.asarray(record.center, float))
        half = np.abs(turn.T) @ np.asarray(other.size, float) / 2
        over = np.minimum(size / 2, away + half) - np.maximum(-size / 2, away - half)
        if (over > 0).all() and half[along] < half[2 - along]:
            cut = size[along] / 2 - (abs(away[along]) - half[along]) + _CLEAR
            size[along] -= cut
            place[along] -= np.sign(away[along]) * cut / 2
    return triple(size), triple(place)


def _in_row(record: ObjectRecord, scene: SceneRecord) -> tuple[float, float, float]:
    """Height, how far the middle lies over the box's, and the width that neighbours take."""
    low = record.center[1] - record.size[1] / 2
    high = low + record.size[1]
    trim = 0.0
    across = 0 if record.size[0] < record.size[2] else 2
    for other in scene.objects:
        a, b = np.asarray(record.center), np.asarray(other.center)
        gap = np.abs(a - b) - (np.asarray(record.size) + other.size) / 2
        bottom, top = other.center[1] - other.size[1] / 2, other.center[1] + other.size[1] / 2
        shared = min(high, top) - max(low, bottom)
        if (
            other.object_type == "Window"
            and other is not record
            and abs(a[across] - b[across]) < _ONE_WALL
            and -_ONE_WALL < gap[2 - across] < _ONE_WALL
            and shared > _MOSTLY * max(record.size[1], other.size[1])
        ):
            low, high = max(low, bottom), min(high, top)
            trim = max(trim, -float(gap[2 - across]))
    return high - low, (low + high) / 2 - record.center[1], trim
