"""The door of a room: closed, on a bare piece of wall."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.mesh import Part
from envs.simulator.meshes.slabs import slab
from envs.simulator.scenes.structure.recorded_objects import RecordedObject
from envs.simulator.scenes.structure.room_plan import RoomPlan
from envs.simulator.scenes.structure.room_style import SKIRTING, RoomStyle
from envs.simulator.scenes.structure.wall_reliefs import Relief

DOOR_WIDTH, DOOR_HEIGHT = 0.86, 2.04
_FRAME = 0.07


def door(
    plan: RoomPlan, objects: list[RecordedObject], free: np.ndarray, style: RoomStyle
) -> list[Part] | None:
    """A closed door with its frame, on a bare piece of wall that one can walk up to.

    The nearer to a light switch, the better; None if no wall has room for it.
    """
    switches = [t for t in objects if t.object_type == "LightSwitch"]
    best: tuple[float, Relief, float, float] | None = None
    for wall in plan.walls:
        side = wall.side
        low, high = wall.us[0], wall.us[-1]
        for u in np.arange(low + DOOR_WIDTH / 2 + 0.12, high - DOOR_WIDTH / 2 - 0.12, 0.1):
            half = DOOR_WIDTH / 2 + _FRAME + 0.02
            depths = wall.over(u - half, u + half, 0.0, DOOR_HEIGHT + _FRAME)
            if not depths.size:
                depths = np.array([[wall.at(u, 1.0)]])
            if np.ptp(depths) > 0.005:
                continue
            depth = float(depths.max())
            if not _bare(wall, objects, u - half, u + half, depth):
                continue
            d = side.sign * (free[:, side.axis // 2] - side.plane) - depth
            reach = (np.abs(free[:, side.along // 2] - u) < 0.3) & (d > 0) & (d < 0.75)
            if not reach.any():
                continue
            score = 0.3 * float(d[reach].min())
            gaps = [
                abs((s.low[side.along] + s.high[side.along]) / 2 - u) - half
                for s in switches
                if s.facing == (side.axis, side.sign)
            ]
            score += min([abs(g - 0.12) for g in gaps if g > 0] or [3.0])
            if best is None or score < best[0] - 1e-9:
                best = (score, wall, float(u), depth)
    return _door_parts(best[1], best[2], best[3], style) if best else None


def _bare(wall: Relief, objects: list[RecordedObject], u0: float, u1: float, depth: float) -> bool:
    for obj in objects:
        if obj.object_type == "Floor":
            continue
        a, b, y0, _, near, far = wall.side.span(obj.low, obj.high)
        if a < u1 and b > u0 and y0 < DOOR_HEIGHT + 0.1 and near < depth + 0.3 and far > depth:
            return False
    return True


def _door_parts(wall: Relief, u: float, depth: float, style: RoomStyle) -> list[Part]:
    side = wall.side

    def panel(
        u0: float, u1: float, y0: float, y1: float, d0: float, d1: float, color: tuple
    ) -> Part:
        low, high = np.zeros(3), np.zeros(3)
        ends = sorted(side.plane + side.sign * (depth + d) for d in (d0, d1))
        low[side.axis], high[side.axis] = ends
        low[side.along], high[side.along] = u0, u1
        low[1], high[1] = y0, y1
        return slab(low, high, color, None, cell=0.7, skip=((side.axis, -side.sign),))

    half, top = DOOR_WIDTH / 2, DOOR_HEIGHT
    shade = tuple(c * 0.9 for c in style.door)
    lit = tuple(min(1.0, c * 1.02) for c in style.door)
    # Layers a centimetre apart: the rasteriser does not tell nearer ones apart across a room.
    parts = [
        panel(u - half, u + half, 0.0, top, 0.0, 0.016, style.door),
        panel(u - half - _FRAME, u - half, 0.0, top + _FRAME, 0.0, 0.05, style.trim),
        panel(u + half, u + half + _FRAME, 0.0, top + _FRAME, 0.0, 0.05, style.trim),
        panel(u - half, u + half, top, top + _FRAME, 0.0, 0.05, style.trim),
    ]
    for y0, y1 in ((SKIRTING + 0.14, 0.92), (1.12, top - 0.16)):
        parts.append(panel(u - half + 0.13, u + half - 0.13, y0, y1, 0.016, 0.028, shade))
        parts.append(
            panel(u - half + 0.17, u + half - 0.17, y0 + 0.04, y1 - 0.04, 0.028, 0.04, lit)
        )
    knob = (0.75, 0.72, 0.62)
    parts.append(panel(u + half - 0.10, u + half - 0.06, 0.98, 1.06, 0.016, 0.032, knob))
    parts.append(panel(u + half - 0.15, u + half - 0.07, 1.01, 1.03, 0.045, 0.06, knob))
    parts.append(panel(u + half - 0.09, u + half - 0.07, 1.01, 1.03, 0.03, 0.06, knob))
    return parts
