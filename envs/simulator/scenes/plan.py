"""The plan of a room: where its outer walls stand, stand out and lie back, and its partitions.

Evidence for a wall is what hangs on it: the backs of switches, pictures, mirrors, rails and
windows. A wall is moved to the evidence wherever neither free floor nor furniture says that there
is room behind it; where there is, a partition stands there instead.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.scenes.records import SceneRecord
from envs.simulator.scenes.walls import Relief, Side

AGENT_RADIUS = 0.2
LEAST_HEIGHT = 2.55
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
HANGS = FLAT | {"Cabinet", "Shelf", "ShowerHead", "Television", "Window", "Blinds", "Curtains"}
_NOT_IN_EXTENT = frozenset({"Floor", "Window", "Blinds", "Curtains"})
_NO_OBSTACLE = frozenset({"Floor", "Blinds", "Curtains"})
# What a wall may stand over, because its recorded box goes into the wall.
_WALL_OVER = frozenset({"Bathtub", "BathtubBasin", "Toilet", "CounterTop", "Sink", "SinkBasin"})
_SAME_PLANE = 0.08
_EMBEDDED = 0.08
_LOW = 1.0
_SHALLOW = 0.75
# What stands this near a partition goes with it, metres.
_BESIDE = 0.3


@dataclass(frozen=True, eq=False)
class Thing:
    """A recorded box, with the yaw of its front."""

    kind: str
    low: np.ndarray
    high: np.ndarray
    yaw: int
    key: str = ""

    @property
    def facing(self) -> tuple[int, int]:
        """The axis and sign of its front."""
        return ((2, 1), (0, 1), (2, -1), (0, -1))[round(self.yaw / 90) % 4]


@dataclass(frozen=True, eq=False)
class Partition:
    """A free-standing piece of wall, metres."""

    low: np.ndarray
    high: np.ndarray


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


def things_of(scene: SceneRecord) -> list[Thing]:
    """The recorded boxes of a scene."""
    found = []
    for o in scene.objects:
        center, half = np.asarray(o.center, dtype=float), np.asarray(o.size, dtype=float) / 2
        yaw = round(o.local_rotation[1] / 90) * 90
        found.append(Thing(o.object_type, center - half, center + half, yaw, o.object_id))
    return found


def outer_box(things: list[Thing], free: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners (3,) of the rectangle in which everything recorded lies."""
    kept = [t for t in things if t.kind not in _NOT_IN_EXTENT]
    low = np.min([t.low for t in kept], axis=0)
    high = np.max([t.high for t in kept], axis=0)
    for t in things:
        if t.kind == "Window":
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


def plan_room(things: list[Thing], free: np.ndarray) -> RoomPlan:
    """The plan of a room with recorded free floor (K, 2)."""
    low, high = outer_box(things, free)
    walls, partitions = [], []
    for axis in (0, 2):
        for sign in (1, -1):
            side = Side(axis, sign, float(low[axis] if sign > 0 else high[axis]))
            relief, left = _relief(side, things, free, low, high)
            walls.append(relief)
            partitions += [_partition(side, t, things, free, low, high) for t in left]
    return RoomPlan(low, high, tuple(walls), tuple(p for p in partitions if p is not None))


def _evidence(side: Side, things: list[Thing]) -> list[tuple[float, Thing]]:
    """Depths at which something shows where this wall is, with what shows it."""
    found = []
    for t in things:
        if t.facing != (side.axis, side.sign):
            continue
        *_, near, far = side.span(t.low, t.high)
        if t.kind in FLAT and t.low[1] > 0.3:
            found.append((near, t))
        elif t.kind == "Window":
            found.append((far - 0.04, t))
        elif t.kind == "ShowerHead" and near < _SHALLOW:
            found.append((near, t))
        elif t.kind in ("Cabinet", "Shelf", "Television") and t.low[1] > 1.0 and near > 0.45:
            found.append((near, t))
    return sorted(found, key=lambda pair: pair[0])


def _clusters(found: list[tuple[float, Thing]]) -> list[tuple[float, list[Thing]]]:
    groups: list[tuple[float, list[Thing]]] = []
    for depth, thing in found:
        if groups and depth - groups[-1][0] < _SAME_PLANE:
            groups[-1][1].append(thing)
        else:
            groups.append((depth, [thing]))
    return groups


def _cuts(values: list[float], low: float, high: float) -> list[float]:
    """Sorted cuts from low to high, none closer than a centimetre."""
    kept = [low]
    for value in sorted(v for v in values if low < v < high):
        if value - kept[-1] > 0.01 and high - value > 0.01:
            kept.append(value)
    return [*kept, high]


def _relief(
    side: Side, things: list[Thing], free: np.ndarray, low: np.ndarray, high: np.ndarray
) -> tuple[Relief, list[Thing]]:
    """A wall with its depths, and the evidence that it could not be brought to."""
    groups = [(d, g) for d, g in _clusters(_evidence(side, things)) if d > _SAME_PLANE / 2]
    windows = [t for t in things if t.kind == "Window" and t.facing == (side.axis, side.sign)]
    deepest = max((d for d, _ in groups), default=0.0)
    spans = {id(t): side.span(t.low, t.high) for t in things}
    near = [t for t in things if t.kind not in _NO_OBSTACLE and spans[id(t)][4] < deepest]
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
        y_cuts += [v for t in group for v in spans[id(t)][2:4]]
    us = _cuts(u_cuts, float(low[side.along]), float(high[side.along]))
    ys = _cuts(y_cuts, 0.0, float(high[1]))
    u_mid, y_mid = (np.array(c[:-1]) / 2 + np.array(c[1:]) / 2 for c in (us, ys))
    depth = np.zeros((len(u_mid), len(y_mid)))
    left: list[Thing] = []
    for plane, group in groups:
        blocked = np.zeros(depth.shape, bool)
        for t in near:
            u0, u1, y0, y1, d0, d1 = spans[id(t)]
            thin = 0.03 if t.kind in FLAT else min(_EMBEDDED, 0.4 * (d1 - d0))
            if t in group or d0 > plane - thin or min(d1, plane) - d0 < thin:
                continue
            over = t.kind in _WALL_OVER and y1 < _LOW and plane < _SHALLOW
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


def _partition(
    side: Side,
    thing: Thing,
    things: list[Thing],
    free: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
) -> Partition | None:
    """A free-standing piece of wall behind something, as long as nothing is in its way."""
    u0, u1, y0, _, near, _ = side.span(thing.low, thing.high)
    if thing.kind == "Window":
        near = (near + side.span(thing.low, thing.high)[5]) / 2 + 0.04
    back = side.plane + side.sign * near
    thick = 0.08
    for other in things:
        if other.kind in FLAT and other.facing == (side.axis, -side.sign):
            behind = near - side.span(other.low, other.high)[5]
            if -0.02 < behind < 0.25:
                thick = min(thick, max(behind, 0.012))

    def box(a: float, b: float, bottom: float) -> tuple[np.ndarray, np.ndarray]:
        p, q = np.zeros(3), np.zeros(3)
        p[side.axis], q[side.axis] = sorted((back, back - side.sign * thick))
        p[side.along], q[side.along] = a, b
        p[1], q[1] = bottom, high[1]
        return p, q

    margin = 0.1 if thing.kind == "Window" else 0.0
    a, b = max(u0 - margin, low[side.along]), min(u1 + margin, high[side.along])
    own = (float(a), float(b))
    bottom = 0.0
    if not _clear(*box(a, b, 0.0), thing, things, free):
        bottom = _rests_on(*box(a, b, 0.0), thing, things, free)
        if bottom > y0 + 0.1 or high[1] - bottom < 0.3:
            return None
    for step in (-0.05, 0.05):
        for _ in range(400):
            grown = (a + step, b) if step < 0 else (a, b + step)
            inside = grown[0] >= low[side.along] - 0.05 and grown[1] <= high[side.along] + 0.05
            strip = (grown[0], a) if step < 0 else (b, grown[1])
            if not inside or not _clear(*box(*strip, bottom), thing, things, free):
                break
            a, b = grown
        else:
            inside = True
        if inside and _clear(*box(*strip, bottom), thing, things, np.zeros((0, 2))):
            # It ends before free floor: no farther out than what stands by it does.
            ends = [
                float(v)
                for t in things
                if t.kind != "Floor" and abs(_off(t, side, back)) < _BESIDE
                for v in (t.low[side.along], t.high[side.along])
                if a <= v <= b
            ]
            if step < 0:
                a = min([own[0], *ends])
            else:
                b = max([own[1], *ends])
    return Partition(*box(a, b, bottom))


def _off(thing: Thing, side: Side, place: float) -> float:
    """How far something stands from a plane across a wall's axis, metres; 0 if it reaches it."""
    near, far = float(thing.low[side.axis]), float(thing.high[side.axis])
    return max(near - place, place - far, 0.0)


def _overlap(low: np.ndarray, high: np.ndarray, other: Thing) -> float:
    """How deep two boxes lie in each other, metres; negative if apart."""
    return float((np.minimum(high, other.high) - np.maximum(low, other.low)).min())


def _clear(
    low: np.ndarray, high: np.ndarray, thing: Thing, things: list[Thing], free: np.ndarray
) -> bool:
    flat = [0, 2]
    if len(free):
        gap = np.maximum(low[flat] - free, free - high[flat]).max(1)
        if gap.min() < AGENT_RADIUS - 0.01:
            return False
    return all(
        o is thing or o.kind in ("Floor", thing.kind) or _overlap(low, high, o) < 0.011
        for o in things
    )


def _rests_on(
    low: np.ndarray, high: np.ndarray, thing: Thing, things: list[Thing], free: np.ndarray
) -> float:
    """The height above everything in the way of a piece of wall."""
    bottom = 0.0
    flat = [0, 2]
    if len(free):
        gap = np.maximum(low[flat] - free, free - high[flat]).max(1)
        if gap.min() < AGENT_RADIUS - 0.01:
            bottom = 1.85
    for o in things:
        if (
            o is not thing
            and o.kind not in ("Floor", thing.kind)
            and _overlap(low, high, o) > 0.011
        ):
            bottom = max(bottom, float(o.high[1]))
    return bottom
