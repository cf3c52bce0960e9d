"""What stands under burners: a cooker, or a glass hob let into a counter."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.meshes.mesh import Color, Part
from envs.simulator.meshes.slabs import slab
from envs.simulator.scenes.frames import forward
from envs.simulator.scenes.records import SceneRecord
from envs.simulator.scenes.structure.counter_bases import Box, box_of, clear_of, world_footprint

# How far a cooker or hob reaches beyond its burners, and beyond knobs on its top, metres.
_MARGIN, _ROUND_KNOBS = 0.05, 0.015
# Knobs this far over the burners are on a panel at the back, metres.
_OVER = 0.06
# Knobs farther from the burners' middle, across the front and along it, are another stove's.
_KNOBS_ACROSS, _KNOBS_ALONG = 0.6, 0.7
# How far under the burners the glass is: nearer, the two would flicker, metres.
_UNDER = 0.002
# Burners turned less than this stand square to the room, degrees.
_SQUARE = 5.0
_STEEL: Color = (0.80, 0.81, 0.83)
_GLASS: Color = (0.10, 0.10, 0.11)


@dataclass(frozen=True, eq=False)
class Stove:
    """Burners and knobs in the stove's axes: the world's, turned about the burners' middle.

    Attributes:
        turn: How far a stove in a corner is turned from the room's axes, degrees below 90.
        middle: Of the burners, (3,) metres.
        low: Lower corner (3,) of the burners.
        high: Their upper corner (3,).
        height: Where the burners begin, metres.
        knobs: Middles (K, 3) of its knobs.
        knob: Half the extent of the largest knob, metres.
        free: Places (N, 2) where the agent stands.
        carried: Whether a counter carries the burners.
    """

    turn: float
    middle: np.ndarray
    low: np.ndarray
    high: np.ndarray
    height: float
    knobs: np.ndarray
    knob: float
    free: np.ndarray
    carried: bool

    @property
    def on_top(self) -> np.ndarray:
        """The knobs (M, 3) that stand on the hob."""
        return self.knobs[np.abs(self.knobs[:, 1] - self.height) < _OVER]

    @property
    def glass(self) -> Box:
        """The plate under the burners and the knobs among them, as far as nobody stands there."""
        low = np.array([self.low[0] - _MARGIN, self.height - 0.012, self.low[2] - _MARGIN])
        high = np.array([self.high[0] + _MARGIN, self.height - _UNDER, self.high[2] + _MARGIN])
        for knob in self.on_top if self.carried else ():
            reach = self.knob + _ROUND_KNOBS
            low[[0, 2]] = np.minimum(low[[0, 2]], knob[[0, 2]] - reach)
            high[[0, 2]] = np.maximum(high[[0, 2]], knob[[0, 2]] + reach)
        return clear_of(self.free, low, high) or (low, low)


def stove_of(scene: SceneRecord) -> Stove | None:
    """The stove of a room, or None if it has no burners."""
    burners = [o for o in scene.objects if o.object_type == "StoveBurner"]
    if not burners:
        return None
    boxes = [box_of(o) for o in burners]
    middle = (np.min([a for a, _ in boxes], axis=0) + np.max([b for _, b in boxes], axis=0)) / 2
    height = float(min(a[1] for a, _ in boxes))
    turns = [(o.rotation[1] + 45) % 90 - 45 for o in burners]
    turn = turns[0] % 90 if min(map(abs, turns)) > _SQUARE else 0.0
    angle = np.radians(turn)
    points = _turned(np.array([o.center for o in burners]), middle, -turn)
    # A square's box, when it is turned, is larger by this.
    halves = np.array([o.size for o in burners]) / 2
    halves[:, [0, 2]] /= abs(np.sin(angle)) + abs(np.cos(angle))
    knobs = [o for o in scene.objects if o.object_type == "StoveKnob"]
    places = _turned(np.array([o.center for o in knobs]).reshape(-1, 3), middle, -turn)
    away = np.abs(places - middle)[:, [0, 2]]
    near = (away.max(1) < _KNOBS_ALONG) & (away.min(1) < _KNOBS_ACROSS)
    free = np.insert(scene.walked, 1, 0.0, axis=1)
    tops = [
        r
        for o in scene.objects
        if o.object_type == "CounterTop" and abs(box_of(o)[1][1] - height) < 0.08
        for r in world_footprint(o)
    ]
    return Stove(
        turn=turn,
        middle=middle,
        low=(points - halves).min(0),
        high=(points + halves).max(0),
        height=height,
        knobs=places[near],
        knob=max((max(o.size) / 2 for o in knobs), default=0.0),
        free=_turned(free, middle, -turn)[:, [0, 2]],
        carried=any(r[0] < middle[0] < r[2] and r[1] < middle[2] < r[3] for r in tops),
    )


def hob_in(scene: SceneRecord) -> tuple[float, float, float, float] | None:
    """Rectangle x0, z0, x1, z1 of the floor plan where a hob is let into a counter, or None."""
    stove = stove_of(scene)
    if stove is None or not stove.carried or stove.turn:
        return None
    low, high = stove.glass
    return float(low[0]), float(low[2]), float(high[0]), float(high[2])


def stove_bodies(scene: SceneRecord, low: np.ndarray, high: np.ndarray) -> list[list[Part]]:
    """A cooker under burners that no counter carries, a glass hob where one does.

    Args:
        scene: The room.
        low: Lower inner corner (3,) of the room.
        high: Its upper inner corner (3,).
    """
    stove = stove_of(scene)
    if stove is None:
        return []
    hob = stove.glass
    if (hob[1] - hob[0])[[0, 2]].min() < 0.01:
        return []
    parts = [slab(*hob, _GLASS)]
    axis, sign = _facing_side(stove)
    if not stove.carried:
        start, end = _cooker_box(stove, axis, sign, None if stove.turn else (low, high))
        box = clear_of(stove.free, start, end)
        if box is not None:
            parts.append(slab(*box, _STEEL, "steel", cell=0.45))
            parts += _oven_front(*box, axis, sign, 2 - axis)
    parts += _knob_panel(stove, axis, sign)
    return [[_part_turned(part, stove.middle, stove.turn) for part in parts]]


def _turned(points: np.ndarray, about: np.ndarray, degrees: float) -> np.ndarray:
    """Points (N, 3) turned about the upright through a point (3,)."""
    return (points - about) @ euler_matrix((0.0, degrees, 0.0)).T + about


def _part_turned(part: Part, about: np.ndarray, degrees: float) -> Part:
    if not degrees:
        return part
    return replace(
        part,
        vertices=_turned(part.vertices, about, degrees).astype(np.float32),
        normals=_turned(part.normals, np.zeros(3), degrees).astype(np.float32),
    )


def _facing_side(stove: Stove) -> tuple[int, float]:
    """The axis and sign of a stove's front, in its axes."""
    ahead = forward(_stove_yaw(stove))
    return (0, ahead[0]) if abs(ahead[0]) > 0.5 else (2, ahead[1])


def _knob_panel(stove: Stove, axis: int, sign: float) -> list[Part]:
    """The upright panel behind knobs over the burners, with a display in its middle."""
    high = stove.knobs[stove.knobs[:, 1] >= stove.height + _OVER]
    if not len(high):
        return []
    across = 2 - axis
    back = float((sign * high[:, axis]).min()) - 0.7 * stove.knob
    low, top = stove.low - _MARGIN, stove.high + _MARGIN
    low[1], top[1] = stove.height - 0.01, float(high[:, 1].max()) + stove.knob + 0.03
    low[across] = min(low[across], high[:, across].min() - stove.knob - 0.02)
    top[across] = max(top[across], high[:, across].max() + stove.knob + 0.02)
    face = back + 0.3 * stove.knob
    low[axis], top[axis] = sorted((sign * (back - 0.03), sign * face))
    parts = [slab(low, top, _STEEL, "steel", cell=0.45)]
    gaps = np.sort(high[:, across])
    wide = int(np.argmax(np.diff(gaps))) if len(gaps) > 1 else 0
    if len(gaps) > 1 and gaps[wide + 1] - gaps[wide] > 4 * stove.knob:
        a, b = low.copy(), top.copy()
        middle, half = (gaps[wide] + gaps[wide + 1]) / 2, (gaps[wide + 1] - gaps[wide]) / 2
        a[across], b[across] = middle - 0.5 * half, middle + 0.5 * half
        level = float(high[:, 1].mean())
        a[1], b[1] = level - 0.022, level + 0.022
        a[axis], b[axis] = sorted((sign * back, sign * (face + 0.004)))
        parts.append(slab(a, b, _GLASS))
    return parts


def _cooker_box(
    stove: Stove, axis: int, sign: float, room: tuple[np.ndarray, np.ndarray] | None
) -> Box:
    """From the wall behind to the knobs, but never over free floor.

    Args:
        stove: The stove.
        axis: Across its front, 0 or 2.
        sign: Which way along it the front looks.
        room: Inner corners (3,) of the room; None if the stove is turned to its walls.
    """
    across = 2 - axis
    mid = stove.middle
    start, end = stove.low - _MARGIN, stove.high + _MARGIN
    start[1], end[1] = 0.0, stove.height - 0.004
    if room is not None:
        wall = room[0] if sign > 0 else room[1]
        if abs(wall[axis] - mid[axis]) < 0.9:
            (start if sign > 0 else end)[axis] = wall[axis]
    near = stove.knobs[stove.knobs[:, 1] < stove.height + 0.05]
    front = end if sign > 0 else start
    if len(near):
        reach = float((sign * near[:, axis]).max())
        front[axis] = sign * max(sign * front[axis], reach - 0.02)
    free = stove.free
    side = (free[:, across // 2] > start[across] - 0.15) & (
        free[:, across // 2] < end[across] + 0.15
    )
    before = free[side][:, axis // 2]
    before = before[sign * (before - mid[axis]) > 0]
    if len(before):
        limit = float((sign * before).min()) - AGENT_RADIUS
        front[axis] = sign * min(sign * front[axis], limit)
    return start, end


def _stove_yaw(stove: Stove) -> float:
    """The yaw, in the stove's axes, with most free floor before it."""
    if not len(stove.free):
        return 0.0
    scores = []
    for yaw in (0, 90, 180, 270):
        along = (stove.free - stove.middle[[0, 2]]) @ forward(yaw)
        aside = np.abs((stove.free - stove.middle[[0, 2]]) @ forward(yaw + 90))
        scores.append(float(((along > 0.2) & (along < 1.2) & (aside < 0.5)).sum()))
    return float((0, 90, 180, 270)[int(np.argmax(scores))])


def _oven_front(
    start: np.ndarray, end: np.ndarray, axis: int, sign: float, across: int
) -> list[Part]:
    """Oven door, window and handle on the front face."""
    face = end[axis] if sign > 0 else start[axis]

    def panel(y0: float, y1: float, margin: float, depth: float, color: tuple) -> Part:
        a, b = start.copy(), end.copy()
        a[1], b[1] = y0, y1
        a[across], b[across] = start[across] + margin, end[across] - margin
        a[axis], b[axis] = sorted((face - sign * 0.01, face + sign * depth))
        return slab(a, b, color, None)

    top = float(end[1])
    return [
        panel(0.16, top - 0.16, 0.03, 0.012, (0.62, 0.63, 0.65)),
        panel(0.26, top - 0.30, 0.10, 0.016, (0.07, 0.07, 0.08)),
        panel(top - 0.215, top - 0.19, 0.07, 0.035, (0.35, 0.36, 0.38)),
        panel(0.03, 0.13, 0.03, 0.010, (0.55, 0.56, 0.58)),
    ]
