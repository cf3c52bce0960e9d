"""The plan of a room: where its outer walls stand, stand out and lie back, and its partitions.

Evidence for a wall is what hangs on it: the backs of switches, pictures, mirrors, rails and
windows. A wall is moved to the evidence wherever neither free floor nor furniture says that there
is room behind it; where there is, a partition stands there instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS
from envs.simulator.scenes.structure.partitions import Partition, partition_behind
from envs.simulator.scenes.structure.recorded_objects import FLAT, RecordedObject
from envs.simulator.scenes.structure.wall_reliefs import Relief, Side

LEAST_HEIGHT = 2.55
_NOT_IN_EXTENT = frozenset({"Floor", "Window", "Blinds", "Curtains"})
_NO_OBSTACLE = frozenset({"Floor", "Blinds", "Curtains"})
# What a wall may stand over, because its recorded box goes into the wall.
_WALL_OVER = frozenset({"Bathtub", "BathtubBasin", "Toilet", "CounterTop", "Sink", "SinkBasin"})
_SAME_PLANE = 0.08
_EMBEDDED = 0.08
_LOW = 1.0
_SHALLOW = 0.75
# How far within the end of its box a thing with round sides may begin, metres.
_RIM = 0.035


@dataclass(frozen=True, eq=False)
class RoomPlan:
    """Inner corners of the outer rectangle, its four walls, and the partitions within."""

    low: np.ndarray
    high: np.ndarray
    walls: tuple[Relief, ...]
    partitions: tuple[Partition, ...]


def standing_walls(plan: RoomPlan, height: float) -> list[tuple[np.ndarray, np.ndarray]]:
    """Floor rectangles, corners (2,) x and z, of every wall that reaches below a height."""
    found = [(p.low[[0, 2]], p.high[[0, 2]]) for p in plan.partitions if p.low[1] < height]
    for wall in plan.walls:
        side = wall.side
        below = np.array(wall.ys[:-1]) < height
        for u0, u1, depth in zip(wall.us, wall.us[1:], wall.depth[:, below].max(1), strict=False):
            low, high = np.zeros(3), np.zeros(3)
            low[side.along], high[side.along] = u0, u1
            ends = (side.plane - side.sign * 0.25, side.plane + side.sign * float(depth))
            low[side.axis], high[side.axis] = min(ends), max(ends)
            found.append((low[[0, 2]], high[[0, 2]]))
    return found


def outer_box(objects: list[RecordedObject], free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners (3,) of the rectangle in which everything recorded lies."""
    kept = [t for t in objects if t.object_type not in _NOT_IN_EXTENT]
    low = np.min([t.low for t in kept], axis=0)
    high = np.max([t.high for t in kept], axis=0)
    high[1] = max(t.high[1] for t in objects if t.object_type != "Floor")
    for t in objects:
        if t.object_type == "Window":
            middle = (t.low + t.high) / 2
            low, high = np.minimum(low, middle), np.maximum(high, middle)
    if len(free):
        margin = AGENT_RADIUS + 0.06
        flat = [0, 2]
        low[flat] = np.minimum(low[flat], free.min(0) - margin)
        high[flat] = np.maximum(high[flat], free.max(0) + margin)
    low[1] = 0.0
    high[1] = max(LEAST_HEIGHT, high[1] + 0.08)
    return low, high


def plan_room(objects: list[RecordedObject], free: np.ndarray) -> RoomPlan:
    """The plan of a room with recorded free floor (K, 2)."""
    low, high = outer_box(objects, free)
    walls, partitions = [], []
    for axis in (0, 2):
        for sign in (1, -1):
            side = Side(axis, sign, float(low[axis] if sign > 0 else high[axis]))
            relief, left = _relief(side, objects, free, low, high)
            walls.append(relief)
            partitions += [partition_behind(side, t, objects, free, low, high) for t in left]
    return RoomPlan(low, high, tuple(walls), tuple(p for p in partitions if p is not None))


def _evidence(side: Side, objects: list[RecordedObject]) -> list[tuple[float, RecordedObject]]:
    """Depths at which something shows where this wall is, with what shows it."""
    found = []
    for t in objects:
        if t.facing != (side.axis, side.sign):
            continue
        *_, near, far = side.span(t.low, t.high)
        if t.object_type in FLAT and t.low[1] > 0.3:
            found.append((near, t))
        elif t.object_type == "Window":
            found.append((far - 0.04, t))
        elif t.object_type == "ShowerHead" and near < _SHALLOW:
            found.append((near, t))
        elif t.object_type in ("Cabinet", "Shelf", "Television") and t.low[1] > 1.0 and near > 0.45:
            found.append((near, t))
    return sorted(found, key=lambda pair: pair[0])


def _clusters(
    found: list[tuple[float, RecordedObject]],
) -> list[tuple[float, list[RecordedObject]]]:
    groups: list[tuple[float, list[RecordedObject]]] = []
    for depth, obj in found:
        if groups and depth - groups[-1][0] < _SAME_PLANE:
            groups[-1][1].append(obj)
        else:
            groups.append((depth, [obj]))
    return groups


def _cuts(values: list[float], low: float, high: float) -> list[float]:
    """Sorted cuts from low to high, none closer than a centimetre."""
    kept = [low]
    for value in sorted(v for v in values if low < v < high):
        if value - kept[-1] > 0.01 and high - value > 0.01:
            kept.append(value)
    return [*kept, high]


def _relief(
    side: Side, objects: list[RecordedObject], free: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[Relief, list[RecordedObject]]:
    """A wall with its depths, and the evidence that it could not be brought to."""
    groups = [(d, g) for d, g in _clusters(_evidence(side, objects)) if d > _SAME_PLANE / 2]
    windows = [
        t for t in objects if t.object_type == "Window" and t.facing == (side.axis, side.sign)
    ]
    deepest = max((d for d, _ in groups), default=0.0)
    spans = {id(t): side.span(t.low, t.high) for t in objects}
    near = [t for t in objects if t.object_type not in _NO_OBSTACLE and spans[id(t)][4] < deepest]
    axis = side.axis // 2
    across = side.sign * (free[:, axis] - side.plane) if len(free) else np.zeros(0)
    columns = np.zeros(0)
    if len(free):
        columns = free[across - AGENT_RADIUS - 0.01 < deepest][:, 1 - axis]
    u_cuts = [v for t in [*near, *windows] for v in spans[id(t)][:2]]
    u_cuts += [v for u in columns for v in (u - AGENT_RADIUS - 0.01, u + AGENT_RADIUS + 0.01)]
    y_cuts = [v for t in [*near, *windows] for v in spans[id(t)][2:4]]
    for _, group in groups:
        u_cuts += [v for t in group for v in spans[id(t)][:2]]
        hung = [spans[id(g)] for g in group]
        u_cuts += [v for t in near for v in _given_way(spans[id(t)][0], spans[id(t)][1], hung)]
        y_cuts += [v for t in group for v in spans[id(t)][2:4]]
    us = _cuts(u_cuts, float(low[side.along]), float(high[side.along]))
    ys = _cuts(y_cuts, 0.0, float(high[1]))
    u_mid, y_mid = (np.array(c[:-1]) / 2 + np.array(c[1:]) / 2 for c in (us, ys))
    depth = np.zeros((len(u_mid), len(y_mid)))
    left: list[RecordedObject] = []
    for plane, group in groups:
        blocked = np.zeros(depth.shape, bool)
        for t in near:
            u0, u1, y0, y1, d0, d1 = spans[id(t)]
            thin = 0.03 if t.object_type in FLAT else min(_EMBEDDED, 0.4 * (d1 - d0))
            if t in group or d0 > plane - thin or min(d1, plane) - d0 < thin:
                continue
            over = t.object_type in _WALL_OVER and y1 < _LOW and plane < _SHALLOW
            u0, u1 = _given_way(u0, u1, [spans[id(g)] for g in group if t.object_type not in FLAT])
            if plane > 0.35 and not over:
                y0, y1 = -1.0, 9.0
            blocked |= _within(u_mid, u0, u1)[:, None] & _within(y_mid, y0, y1)[None]
        if len(free):
            standing = free[across - AGENT_RADIUS - 0.01 < plane][:, 1 - axis]
            for u in standing:
                blocked |= (np.abs(u_mid - u) < AGENT_RADIUS + 0.011)[:, None]
        open_cells = connected(~blocked)
        for t in group:
            u0, u1, y0, y1 = spans[id(t)][:4]
            rect = _within(u_mid, u0, u1)[:, None] & _within(y_mid, y0, y1)[None]
            labels = np.unique(open_cells[rect & ~blocked])
            labels = labels[labels > 0]
            if rect.any() and (rect & ~blocked).sum() > 0.7 * rect.sum() and len(labels):
                depth[np.isin(open_cells, labels)] = plane
            elif plane > 0.3:
                left.append(t)
    for t in windows:
        u0, u1, y0, y1, d0, _ = spans[id(t)]
        rect = _within(u_mid, u0, u1)[:, None] & _within(y_mid, y0, y1)[None]
        depth = np.where(rect & (depth - d0 < 0.6), np.minimum(depth, d0 + 0.004), depth)
    return Relief(side, us, ys, depth), left


def _given_way(u0: float, u1: float, hung: list[tuple[float, ...]]) -> tuple[float, float]:
    """What a thing from ``u0`` to ``u1`` along a wall keeps of it beside things that hang there.

    A toilet's round sides leave a gap at the ends of its box: the wall behind what hangs over such
    an end goes on into the gap.
    """
    if u1 - u0 < 4 * _RIM:
        return u0, u1
    begins = any(a < u0 < b for a, b, *_ in hung)
    ends = any(a < u1 < b for a, b, *_ in hung)
    return u0 + _RIM * begins, u1 - _RIM * ends


def _within(middles: np.ndarray, low: float, high: float) -> np.ndarray:
    return (middles > low) & (middles < high)


def connected(cells: np.ndarray) -> np.ndarray:
    """Positive labels of the connected groups of true cells; 0 elsewhere."""
    labels = np.where(cells, np.arange(1, cells.size + 1).reshape(cells.shape), 0)
    while True:
        padded = np.pad(labels, 1)
        best = np.max(
            [
                padded[1:-1, 1:-1],
                padded[:-2, 1:-1],
                padded[2:, 1:-1],
                padded[1:-1, :-2],
                padded[1:-1, 2:],
            ],
            axis=0,
        )
        best = np.where(cells, best, 0)
        if (best == labels).all():
            return labels
        labels = best
