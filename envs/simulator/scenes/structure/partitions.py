"""Free-standing pieces of wall, behind what hangs where no outer wall can be."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS
from envs.simulator.scenes.structure.recorded_objects import FLAT, RecordedObject
from envs.simulator.scenes.structure.wall_reliefs import Side

# What stands this near a partition goes with it, metres.
_BESIDE = 0.3
# A frame begins as near to its wall's face as this, metres.
_FRAME = 0.05


@dataclass(frozen=True, eq=False)
class Partition:
    """A free-standing piece of wall, metres."""

    low: np.ndarray
    high: np.ndarray


def partition_behind(
    side: Side,
    obj: RecordedObject,
    objects: list[RecordedObject],
    free: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
) -> Partition | None:
    """A free-standing piece of wall behind something, as long as nothing is in its way."""
    u0, u1, y0, _, near, _ = side.span(obj.low, obj.high)
    if obj.object_type == "Window":
        near = _window_plane(side, obj, objects)
    back = side.plane + side.sign * near
    thick = 0.08
    for other in objects:
        if other.object_type in FLAT and other.facing == (side.axis, -side.sign):
            behind = near - side.span(other.low, other.high)[5]
            if -0.02 < behind < 0.25:
                thick = min(thick, max(behind, 0.012))

    def box(a: float, b: float, bottom: float) -> tuple[np.ndarray, np.ndarray]:
        p, q = np.zeros(3), np.zeros(3)
        p[side.axis], q[side.axis] = sorted((back, back - side.sign * thick))
        p[side.along], q[side.along] = a, b
        p[1], q[1] = bottom, high[1]
        return p, q

    margin = 0.1 if obj.object_type == "Window" else 0.0
    a, b = max(u0 - margin, low[side.along]), min(u1 + margin, high[side.along])
    own = (float(a), float(b))
    bottom = 0.0
    if not _clear(*box(a, b, 0.0), obj, objects, free):
        bottom = _rests_on(*box(a, b, 0.0), obj, objects, free)
        if bottom > y0 + 0.1 or high[1] - bottom < 0.3:
            return None
    for step in (-0.05, 0.05):
        for _ in range(400):
            grown = (a + step, b) if step < 0 else (a, b + step)
            inside = grown[0] >= low[side.along] - 0.05 and grown[1] <= high[side.along] + 0.05
            strip = (grown[0], a) if step < 0 else (b, grown[1])
            if not inside or not _clear(*box(*strip, bottom), obj, objects, free):
                break
            a, b = grown
        else:
            inside = True
        if inside and _clear(*box(*strip, bottom), obj, objects, np.zeros((0, 2))):
            # It ends before free floor: no farther out than what stands by it does.
            ends = _ends_beside(side, back, objects, float(a), float(b))
            if step < 0:
                a = min([own[0], *ends])
            else:
                b = max([own[1], *ends])
    return Partition(*box(a, b, bottom))


def _window_plane(side: Side, window: RecordedObject, objects: list[RecordedObject]) -> float:
    """How far from its side the wall of a window is: inside its frame, by what hangs beside it."""
    u0, u1, _, _, near, far = side.span(window.low, window.high)
    hung = [
        side.span(o.low, o.high)[4]
        for o in objects
        if o.object_type in FLAT
        and o.facing == (side.axis, side.sign)
        and min(u1, o.high[side.along]) - max(u0, o.low[side.along]) > -_FRAME
    ]
    hung = [d for d in hung if near - _FRAME < d < far]
    return min(hung) if hung else (near + far) / 2 + 0.04


def _ends_beside(
    side: Side, back: float, objects: list[RecordedObject], a: float, b: float
) -> list[float]:
    """Where what stands by a wall's plane ``back`` begins or ends, from ``a`` to ``b`` along it."""
    return [
        float(v)
        for t in objects
        if t.object_type != "Floor" and abs(_off(t, side, back)) < _BESIDE
        for v in (t.low[side.along], t.high[side.along])
        if a <= v <= b
    ]


def _off(obj: RecordedObject, side: Side, place: float) -> float:
    """How far something stands from a plane across a wall's axis, metres; 0 if it reaches it."""
    near, far = float(obj.low[side.axis]), float(obj.high[side.axis])
    return max(near - place, place - far, 0.0)


def _overlap(low: np.ndarray, high: np.ndarray, other: RecordedObject) -> float:
    """How deep two boxes lie in each other, metres; negative if apart."""
    return float((np.minimum(high, other.high) - np.maximum(low, other.low)).min())


def _clear(
    low: np.ndarray,
    high: np.ndarray,
    obj: RecordedObject,
    objects: list[RecordedObject],
    free: np.ndarray,
) -> bool:
    flat = [0, 2]
    if len(free):
        gap = np.maximum(low[flat] - free, free - high[flat]).max(1)
        if gap.min() < AGENT_RADIUS - 0.01:
            return False
    return all(
        o is obj or o.object_type in ("Floor", obj.object_type) or _overlap(low, high, o) < 0.011
        for o in objects
    )


def _rests_on(
    low: np.ndarray,
    high: np.ndarray,
    obj: RecordedObject,
    objects: list[RecordedObject],
    free: np.ndarray,
) -> float:
    """The height above everything in the way of a piece of wall."""
    bottom = 0.0
    flat = [0, 2]
    if len(free):
        gap = np.maximum(low[flat] - free, free - high[flat]).max(1)
        if gap.min() < AGENT_RADIUS - 0.01:
            bottom = 1.85
    for o in objects:
        if (
            o is not obj
            and o.object_type not in ("Floor", obj.object_type)
            and _overlap(low, high, o) > 0.011
        ):
            bottom = max(bottom, float(o.high[1]))
    return bottom
