"""Walls of RoboTHOR's rooms: one hall whose panels are set up in fifteen ways.

Five arrangements of furniture share each set-up, so all five tell where its panels are: pictures
hang on them, furniture stands against them, and nothing stands through them.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS
from envs.simulator.core.grid import CELL
from envs.simulator.scenes.floor_grid import near_object
from envs.simulator.scenes.room_file import read_member
from envs.simulator.scenes.structure.partitions import Partition
from envs.simulator.scenes.structure.recorded_objects import RecordedObject
from envs.simulator.scenes.structure.room_plan import LEAST_HEIGHT, RoomPlan, connected
from envs.simulator.scenes.structure.wall_reliefs import Relief, Side

# Where pictures hang on the hall's outer walls, in all 75 rooms.
LOW, HIGH = np.array([1.005, 0.0, -4.905]), np.array([9.795, LEAST_HEIGHT, -1.005])
ARRANGEMENTS = (1, 2, 3, 4, 5)
_PANEL, _THINNEST = 0.03, 0.01
_SAME_PANEL = 0.08
_AGAINST = 0.14
_GAP = 0.7
_TO_WALL = 1.3
# How wide doorways are: as wide as there is room for beside the pictures.
_DOORWAYS = (0.95, 0.75, 0.6)
# What a doorway costs for each picture it cuts.
_CUTS_PICTURE = 100.0
# Up to how many places a corner has that no picture's wall is opened for.
_POCKET = 8


def packed_objects(members: list[dict]) -> list[RecordedObject]:
    """The boxes of all arrangements; pictures face as recorded."""
    found = []
    for member in members:
        for o in member["objects"]:
            center, half = np.array(o["center"]), np.array(o["size"]) / 2
            yaw = round(o["rotation"][1] / 90) * 90
            found.append(RecordedObject(o["type"], center - half, center + half, yaw, o["id"]))
    return found


def plan_hall(members: list[dict]) -> RoomPlan:
    """The hall with its panels, from the packed rooms of all its arrangements."""
    objects = packed_objects(members)
    starts = np.array([m["start"][:2] for m in members])
    inside = [t for t in objects if _in_hall(t)]
    pictures = [t for t in inside if t.object_type == "Painting"]
    panels: list[Partition] = []
    for axis in (0, 2):
        for group in _on_one_panel(pictures, axis):
            panels += _panels(axis, group, inside, starts)
    for furniture in ([], *(m["objects"] for m in members)):
        panels = _with_doorways(panels, inside, furniture)
    walls = []
    for axis in (0, 2):
        for sign in (1, -1):
            side = Side(axis, sign, float(LOW[axis] if sign > 0 else HIGH[axis]))
            us = [float(LOW[side.along]), float(HIGH[side.along])]
            walls.append(Relief(side, us, [0.0, float(HIGH[1])], np.zeros((1, 1))))
    return RoomPlan(LOW.copy(), HIGH.copy(), tuple(walls), tuple(panels))


def _with_doorways(
    panels: list[Partition],
    objects: list[RecordedObject],
    furniture: list[dict],
) -> list[Partition]:
    """The panels, with doorways cut until one can walk from every room to every other."""
    for _ in range(12):
        points, rooms = _rooms(panels, furniture)
        if not rooms.any() or rooms[rooms > 0].min() == rooms.max():
            break
        options = [
            (cost, -wide, index, u)
            for wide in _DOORWAYS
            for index, panel in enumerate(panels)
            for u, cost in _doorways(panel, wide, points, rooms, objects)
        ]
        if not options:
            break
        whole = [o for o in options if o[0] < _CUTS_PICTURE]
        if not whole and _counts(rooms).min() <= _POCKET:
            break
        whole = whole or options
        widest = min(o[1] for o in whole)
        _, wide, index, u = min(o for o in whole if o[1] == widest)
        panels = [*panels[:index], *_cut(panels[index], u, -wide), *panels[index + 1 :]]
    return panels


def _counts(rooms: np.ndarray) -> np.ndarray:
    """How many places each room has."""
    return np.unique(rooms[rooms > 0], return_counts=True)[1]


def _rooms(panels: list[Partition], furniture: list[dict]) -> tuple[np.ndarray, np.ndarray]:
    """Grid places (K, 2) of the hall and the room each belongs to; 0 where nobody can stand."""
    xs = np.arange(1.25, 9.6, CELL)
    zs = np.arange(-4.5, -1.1, CELL)
    points = np.stack(np.meshgrid(xs, zs, indexing="ij"), -1).reshape(-1, 2)
    free = np.ones(len(points), bool)
    for p in panels:
        gap = np.maximum(p.low[[0, 2]] - points, points - p.high[[0, 2]])
        free &= np.linalg.norm(np.clip(gap, 0, None), axis=1) > AGENT_RADIUS - 0.02
    for obj in furniture:
        free &= ~near_object(points, obj)
    labels = connected(free.reshape(len(xs), len(zs))).reshape(-1)
    # A place or two between panels is a corner, not a room.
    for label in np.unique(labels[labels > 0]):
        if (labels == label).sum() < 6:
            labels[labels == label] = 0
    return points, labels


def _doorways(
    panel: Partition,
    wide: float,
    points: np.ndarray,
    rooms: np.ndarray,
    objects: list[RecordedObject],
) -> list[tuple[float, float]]:
    """Middles of doorways through a panel that join two rooms, with how unlikely each is."""
    axis = 0 if panel.high[0] - panel.low[0] < panel.high[2] - panel.low[2] else 2
    along = 2 - axis
    plane = (panel.low[axis] + panel.high[axis]) / 2
    found = []
    half = wide / 2
    for u in np.arange(panel.low[along] + half - 0.06, panel.high[along] - half + 0.06, 0.08):
        near = np.abs(points[:, along // 2] - u) < 0.3
        off = points[:, axis // 2] - plane
        sides = [rooms[near & (off * s > 0) & (off * s < 0.5)] for s in (-1, 1)]
        labels = [set(np.unique(v[v > 0]).tolist()) for v in sides]
        if not labels[0] or not labels[1] or labels[0] == labels[1]:
            continue
        cost = 0.0
        for t in objects:
            if t.object_type == "Floor":
                continue
            overlap = min(t.high[along], u + half) - max(t.low[along], u - half)
            apart = max(t.low[axis] - plane, plane - t.high[axis])
            if t.object_type == "Painting" and apart < 0.15 and overlap > 0:
                cost += _CUTS_PICTURE
            elif overlap > 0.05 and apart < 0.45 and t.low[1] < 1.5 and t.high[1] > 0.2:
                cost += 1.0 + overlap
        ends = min(u - panel.low[along], panel.high[along] - u) - half
        found.append((float(u), cost + 0.3 * max(float(ends), 0.0)))
    return found


def _cut(panel: Partition, u: float, wide: float) -> list[Partition]:
    axis = 0 if panel.high[0] - panel.low[0] < panel.high[2] - panel.low[2] else 2
    along = 2 - axis
    left = []
    for a, b in ((panel.low[along], u - wide / 2), (u + wide / 2, panel.high[along])):
        if b - a > 0.15:
            low, high = panel.low.copy(), panel.high.copy()
            low[along], high[along] = a, b
            left.append(Partition(low, high))
    return left


def _in_hall(t: RecordedObject) -> bool:
    middle = (t.low + t.high) / 2
    return bool(((middle > LOW - 0.1) & (middle < HIGH + 0.1))[[0, 2]].all())


def _back(t: RecordedObject, axis: int) -> float:
    return float(t.low[axis] if t.facing[1] > 0 else t.high[axis])


def _on_one_panel(pictures: list[RecordedObject], axis: int) -> list[list[RecordedObject]]:
    """Pictures across an axis, grouped by the plane they hang in; none of the outer walls."""
    across = [
        t
        for t in pictures
        if t.facing[0] == axis
        and min(_back(t, axis) - LOW[axis], HIGH[axis] - _back(t, axis)) > 0.2
    ]
    groups: list[list[RecordedObject]] = []
    for t in sorted(across, key=lambda t: _back(t, axis)):
        if groups and _back(t, axis) - _back(groups[-1][0], axis) < _SAME_PANEL:
            groups[-1].append(t)
        else:
            groups.append([t])
    return groups


def _panels(
    axis: int, group: list[RecordedObject], objects: list[RecordedObject], starts: np.ndarray
) -> list[Partition]:
    """The panels in one plane: under its pictures, on behind furniture, and to a near wall."""
    along = 2 - axis
    lower = [_back(t, axis) for t in group if t.facing[1] < 0]
    upper = [_back(t, axis) for t in group if t.facing[1] > 0]
    # No picture may lie in the panel: it is as thin as they leave room for.
    face_low = max(lower) if lower else min(upper) - _PANEL
    face_high = min(upper) if upper else face_low + _PANEL
    if face_high - face_low < _THINNEST:
        middle = (face_low + face_high) / 2
        face_low, face_high = middle - _THINNEST / 2, middle + _THINNEST / 2

    def clear(a: float, b: float) -> bool:
        low, high = np.full(3, 0.05), np.full(3, LEAST_HEIGHT)
        low[axis], high[axis] = face_low, face_high
        low[along], high[along] = a, b
        for t in objects:
            depth = np.minimum(high, t.high) - np.maximum(low, t.low)
            crossing = min(high[axis] - t.low[axis], t.high[axis] - low[axis])
            if depth.min() > 0.0 and crossing > 0.06 + _PANEL:
                return False
        gap = np.maximum(low[[0, 2]] - starts, starts - high[[0, 2]]).max(1)
        return bool(gap.min() > 0.15)

    against = sorted(
        (float(t.low[along]), float(t.high[along]))
        for t in objects
        if t.low[1] < 0.3
        and t.high[1] > 0.4
        and min(abs(t.low[axis] - face_high), abs(t.high[axis] - face_low)) < _AGAINST
        and t.high[along] - t.low[along] > 0.3
    )
    runs = _merged([(float(t.low[along]) - 0.08, float(t.high[along]) + 0.08) for t in group])
    grown = []
    for a, b in runs:
        for u0, u1 in [*against, *reversed(against)]:
            if u1 > b and u0 - b < _GAP and clear(b, u1):
                b = u1
            if u0 < a and a - u1 < _GAP and clear(u0, a):
                a = u0
        if a - LOW[along] < _TO_WALL and clear(float(LOW[along]), a):
            a = float(LOW[along])
        if HIGH[along] - b < _TO_WALL and clear(b, float(HIGH[along])):
            b = float(HIGH[along])
        grown.append((a, b))
    found = []
    for a, b in _merged(grown):
        low, high = np.zeros(3), np.full(3, float(HIGH[1]))
        low[axis], high[axis] = face_low, face_high
        low[along], high[along] = max(a, LOW[along]), min(b, HIGH[along])
        found.append(Partition(low, high))
    return found


def _merged(runs: list[tuple[float, float]]) -> list[tuple[float, float]]:
    made: list[tuple[float, float]] = []
    for a, b in sorted(runs):
        if made and a - made[-1][1] < _GAP:
            made[-1] = (made[-1][0], max(b, made[-1][1]))
        else:
            made.append((a, b))
    return made


@lru_cache(maxsize=15)
def hall_plan(layout: str) -> RoomPlan:
    """The plan of one set-up, for example ``"FloorPlan_Train1"``."""
    return plan_hall([read_member(f"{layout}_{k}") for k in ARRANGEMENTS])
