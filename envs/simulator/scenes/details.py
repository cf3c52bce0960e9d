"""Small structure that makes walls believable: a door, plates, cupboard bodies."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.mesh import Part
from envs.simulator.scenes.bases import clear_of
from envs.simulator.scenes.plan import FLAT, RoomPlan, Thing
from envs.simulator.scenes.slabs import slab
from envs.simulator.scenes.style import SKIRTING, Style
from envs.simulator.scenes.walls import Relief

DOOR_WIDTH, DOOR_HEIGHT = 0.86, 2.04
_FRAME = 0.07


def _wall_behind(plan: RoomPlan, thing: Thing) -> Relief | None:
    axis, sign = thing.facing
    return next((w for w in plan.walls if (w.side.axis, w.side.sign) == (axis, sign)), None)


def _gap_behind(plan: RoomPlan, thing: Thing) -> tuple[float, Relief] | None:
    """Metres between a thing's back and the wall behind it, and the wall."""
    wall = _wall_behind(plan, thing)
    if wall is None:
        return None
    u0, u1, y0, y1, near, _ = wall.side.span(thing.low, thing.high)
    for piece in plan.partitions:
        reach = wall.side.span(piece.low, piece.high)
        beside = reach[0] < (u0 + u1) / 2 < reach[1] and reach[2] < (y0 + y1) / 2 < reach[3]
        if beside and abs(reach[5] - near) < 0.2:
            return near - reach[5], wall
    depths = wall.over(u0, u1, y0, y1)
    if not depths.size:
        depths = np.array([[wall.at((u0 + u1) / 2, (y0 + y1) / 2)]])
    return float(near - depths.max()), wall


def _stretched(thing: Thing, gap: float, wall: Relief) -> tuple[np.ndarray, np.ndarray]:
    """The box between a thing's back and the wall behind it."""
    low, high = thing.low.copy(), thing.high.copy()
    side = wall.side
    back = thing.low[side.axis] if side.sign > 0 else thing.high[side.axis]
    low[side.axis], high[side.axis] = sorted((back, back - side.sign * (gap + 0.01)))
    return low, high


def plates(plan: RoomPlan, things: list[Thing], look: Style) -> list[list[Part]]:
    """Wall-coloured plates behind flat things that hang a little before their wall."""
    found = []
    for thing in things:
        if thing.kind not in FLAT or thing.low[1] < 0.3:
            continue
        behind = _gap_behind(plan, thing)
        if behind is None or not 0.012 < behind[0] < 0.3:
            continue
        low, high = _stretched(thing, *behind)
        if _crowded(low, high, thing, things):
            continue
        along = behind[1].side.along
        for k in (1, along):
            inset = 0.1 * (high[k] - low[k])
            low[k], high[k] = low[k] + inset, high[k] - inset
        found.append([slab(low, high, look.wall.color, look.wall.texture, cell=1.0, tile=1.5)])
    return found


def knee_walls(
    plan: RoomPlan, things: list[Thing], free: np.ndarray, look: Style
) -> list[list[Part]]:
    """Tiled walls from the floor to shower glass that begins above it; open where its door is."""
    found = []
    for glass in things:
        if glass.kind != "ShowerGlass" or glass.low[1] < 0.25:
            continue
        doors = [t for t in things if t.kind == "ShowerDoor"]
        rest = [t for t in things if t.kind in ("Bathtub", "Toilet", "Sink", "CounterTop")]
        parts = []
        for axis in (0, 2):
            along = 2 - axis
            thin = glass.high[axis] - glass.low[axis] < 0.2
            if glass.high[along] - glass.low[along] < 0.2:
                continue
            edges = [(glass.low[axis] + glass.high[axis]) / 2] if thin else []
            if not thin:
                edges = [glass.low[axis] + 0.04, glass.high[axis] - 0.04]
            for edge in edges:
                if min(edge - plan.low[axis], plan.high[axis] - edge) < 0.15:
                    continue
                low, high = glass.low.copy(), glass.high.copy()
                low[1], high[1] = 0.0, glass.low[1]
                low[axis], high[axis] = edge - 0.04, edge + 0.04
                for a, b in _beside(low, high, along, doors):
                    p, q = low.copy(), high.copy()
                    p[along], q[along] = a, b
                    box = None if b - a < 0.08 else clear_of(free, p, q, 0.12)
                    if box is not None and not _crowded(*box, glass, rest):
                        band = look.bands[0]
                        parts.append(slab(*box, band.color, band.texture, cell=0.5, tile=band.tile))
        if parts:
            found.append(parts)
    return found


def _beside(
    low: np.ndarray, high: np.ndarray, along: int, doors: list[Thing]
) -> list[tuple[float, float]]:
    """The stretches of a wall that no door stands in."""
    stretches = [(float(low[along]), float(high[along]))]
    across = 2 - along
    for door in doors:
        if door.high[across] < low[across] - 0.06 or door.low[across] > high[across] + 0.06:
            continue
        left = []
        for a, b in stretches:
            left += [(a, min(b, float(door.low[along]))), (max(a, float(door.high[along])), b)]
        stretches = [(a, b) for a, b in left if b > a]
    return stretches


def cabinet_bodies(plan: RoomPlan, things: list[Thing], look: Style) -> list[list[Part]]:
    """Side, top and bottom boards from the back of a hanging cupboard to its wall."""
    found = []
    for thing in things:
        if thing.kind != "Cabinet" or thing.low[1] < 1.0:
            continue
        behind = _gap_behind(plan, thing)
        if behind is None or not 0.02 < behind[0] < 0.5:
            continue
        low, high = _stretched(thing, *behind)
        if _crowded(low, high, thing, [t for t in things if t.kind in ("Microwave", "Fridge")]):
            continue
        along = behind[1].side.along
        parts = []
        for axis in (along, 1):
            for end in (0, 1):
                a, b = low.copy(), high.copy()
                if end:
                    a[axis] = b[axis] - 0.018
                else:
                    b[axis] = a[axis] + 0.018
                parts.append(slab(a, b, look.base, look.base_texture, cell=0.6))
        found.append(parts)
    return found


def _crowded(low: np.ndarray, high: np.ndarray, thing: Thing, things: list[Thing]) -> bool:
    return any(
        o is not thing
        and o.kind != "Floor"
        and (np.minimum(high, o.high) - np.maximum(low, o.low)).min() > 0.02
        for o in things
    )


def door(plan: RoomPlan, things: list[Thing], free: np.ndarray, look: Style) -> list[Part] | None:
    """A closed door with its frame, on a bare piece of wall that one can walk up to.

    The nearer to a light switch, the better; None if no wall has room for it.
    """
    switches = [t for t in things if t.kind == "LightSwitch"]
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
            if not _bare(wall, things, u - half, u + half, depth):
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
    return _door_parts(best[1], best[2], best[3], look) if best else None


def _bare(wall: Relief, things: list[Thing], u0: float, u1: float, depth: float) -> bool:
    for thing in things:
        if thing.kind == "Floor":
            continue
        a, b, y0, _, near, far = wall.side.span(thing.low, thing.high)
        if a < u1 and b > u0 and y0 < DOOR_HEIGHT + 0.1 and near < depth + 0.3 and far > depth:
            return False
    return True


def _door_parts(wall: Relief, u: float, depth: float, look: Style) -> list[Part]:
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
    shade = tuple(c * 0.9 for c in look.door)
    lit = tuple(min(1.0, c * 1.02) for c in look.door)
    # Layers a centimetre apart: the rasteriser does not tell nearer ones apart across a room.
    parts = [
        panel(u - half, u + half, 0.0, top, 0.0, 0.016, look.door),
        panel(u - half - _FRAME, u - half, 0.0, top + _FRAME, 0.0, 0.05, look.trim),
        panel(u + half, u + half + _FRAME, 0.0, top + _FRAME, 0.0, 0.05, look.trim),
        panel(u - half, u + half, top, top + _FRAME, 0.0, 0.05, look.trim),
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
