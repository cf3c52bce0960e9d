"""What stands under burners: a cooker, or a glass hob let into a counter."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS
from envs.simulator.meshes.mesh import Part
from envs.simulator.meshes.slabs import slab
from envs.simulator.scenes.frames import forward
from envs.simulator.scenes.records import SceneRecord
from envs.simulator.scenes.structure.counter_bases import Box, box_of, clear_of, world_footprint

# How far a cooker or hob reaches beyond its burners, metres.
_MARGIN = 0.05


def stove_bodies(scene: SceneRecord, low: np.ndarray, high: np.ndarray) -> list[list[Part]]:
    """A cooker under burners that no counter carries, a glass hob where one does."""
    burners = [o for o in scene.objects if o.object_type == "StoveBurner"]
    if not burners:
        return []
    boxes = [box_of(o) for o in burners]
    a = np.min([b[0] for b in boxes], axis=0)
    b = np.max([b[1] for b in boxes], axis=0)
    height = float(min(box[0][1] for box in boxes))
    tops = [
        r
        for o in scene.objects
        if o.object_type == "CounterTop" and abs(box_of(o)[1][1] - height) < 0.08
        for r in world_footprint(o)
    ]
    mid = (a + b) / 2
    hob = clear_of(
        scene.walked,
        np.array([a[0] - _MARGIN, height - 0.012, a[2] - _MARGIN]),
        np.array([b[0] + _MARGIN, height + 0.002, b[2] + _MARGIN]),
    )
    if hob is None:
        return []
    glass = slab(*hob, (0.10, 0.10, 0.11))
    if any(r[0] < mid[0] < r[2] and r[1] < mid[2] < r[3] for r in tops):
        return [[glass]]
    axis, sign = _facing_side(scene, mid)
    start, end = _cooker_box(scene, a, b, height, axis, sign, low, high)
    box = clear_of(scene.walked, start, end)
    if box is None:
        return [[glass]]
    start, end = box
    parts = [slab(start, end, (0.80, 0.81, 0.83), "steel", cell=0.45), glass]
    parts += _oven_front(start, end, axis, sign, 2 - axis)
    return [parts]


def _facing_side(scene: SceneRecord, mid: np.ndarray) -> tuple[int, float]:
    """The axis and sign of a stove's front."""
    ahead = forward(_stove_yaw(scene, mid))
    return (0, ahead[0]) if abs(ahead[0]) > 0.5 else (2, ahead[1])


def _cooker_box(
    scene: SceneRecord,
    first: np.ndarray,
    last: np.ndarray,
    height: float,
    axis: int,
    sign: float,
    low: np.ndarray,
    high: np.ndarray,
) -> Box:
    """From the wall behind to the knobs, but never over free floor.

    Args:
        scene: The room.
        first: Lower corner (3,) of the burners.
        last: Their upper corner (3,).
        height: Of the burners, metres.
        axis: Across the stove's front, 0 or 2.
        sign: Which way along it the front looks.
        low: Lower inner corner (3,) of the room.
        high: Upper inner corner (3,).
    """
    across = 2 - axis
    mid = (first + last) / 2
    start, end = first - _MARGIN, last + _MARGIN
    start[1], end[1] = 0.0, height - 0.004
    wall = low if sign > 0 else high
    if abs(wall[axis] - mid[axis]) < 0.9:
        (start if sign > 0 else end)[axis] = wall[axis]
    knobs = [np.asarray(o.center) for o in scene.objects if o.object_type == "StoveKnob"]
    near = [
        k
        for k in knobs
        if abs(k[across] - mid[across]) < 0.6
        and abs(k[axis] - mid[axis]) < 0.7
        and k[1] < height + 0.05
    ]
    front = end if sign > 0 else start
    if near:
        reach = max(float(sign * k[axis]) for k in near)
        front[axis] = sign * max(sign * front[axis], reach - 0.02)
    free = scene.walked
    side = (free[:, across // 2] > start[across] - 0.15) & (
        free[:, across // 2] < end[across] + 0.15
    )
    before = free[side][:, axis // 2]
    before = before[sign * (before - mid[axis]) > 0]
    if len(before):
        limit = float((sign * before).min()) - AGENT_RADIUS
        front[axis] = sign * min(sign * front[axis], limit)
    return start, end


def _stove_yaw(scene: SceneRecord, mid: np.ndarray) -> float:
    """The yaw with most free floor before a stove in the middle ``mid`` (3,)."""
    free = scene.walked
    if not len(free):
        return 0.0
    scores = []
    for yaw in (0, 90, 180, 270):
        along = (free - mid[[0, 2]]) @ forward(yaw)
        aside = np.abs((free - mid[[0, 2]]) @ forward(yaw + 90))
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
