"""What stands between walls and what hangs on them: plates, knee walls, cupboard bodies."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.mesh import Part
from envs.simulator.meshes.slabs import slab
from envs.simulator.scenes.frames import forward
from envs.simulator.scenes.records import SceneRecord
from envs.simulator.scenes.structure.counter_bases import clear_of
from envs.simulator.scenes.structure.counter_shapes import plate
from envs.simulator.scenes.structure.recorded_objects import FLAT, RecordedObject
from envs.simulator.scenes.structure.room_plan import RoomPlan
from envs.simulator.scenes.structure.room_style import RoomStyle
from envs.simulator.scenes.structure.wall_reliefs import Relief

# Blinds and curtains hang at most this far before their wall; boards behind them end here, metres.
_HUNG, _BACK = 0.125, 0.04
# Blinds that reach over their window's edge by no more than this need no board there, metres.
_RIM = 0.04
_HANGINGS = frozenset({"Blinds", "Curtains"})
# Windows turned more than this stand across a corner; how far their wall goes on beside them.
_SLANTS, _ON = 30.0, 0.35


def _wall_behind(plan: RoomPlan, obj: RecordedObject) -> Relief | None:
    axis, sign = obj.facing
    return next((w for w in plan.walls if (w.side.axis, w.side.sign) == (axis, sign)), None)


def _gap_behind(plan: RoomPlan, obj: RecordedObject) -> tuple[float, Relief] | None:
    """Metres between an object's back and the wall behind it, and the wall."""
    wall = _wall_behind(plan, obj)
    if wall is None:
        return None
    u0, u1, y0, y1, near, _ = wall.side.span(obj.low, obj.high)
    for piece in plan.partitions:
        reach = wall.side.span(piece.low, piece.high)
        beside = reach[0] < (u0 + u1) / 2 < reach[1] and reach[2] < (y0 + y1) / 2 < reach[3]
        if beside and abs(reach[5] - near) < 0.2:
            return near - reach[5], wall
    depths = wall.over(u0, u1, y0, y1)
    if not depths.size:
        depths = np.array([[wall.at((u0 + u1) / 2, (y0 + y1) / 2)]])
    return float(near - depths.max()), wall


def _stretched(obj: RecordedObject, gap: float, wall: Relief) -> tuple[np.ndarray, np.ndarray]:
    """The box between an object's back and the wall behind it."""
    low, high = obj.low.copy(), obj.high.copy()
    side = wall.side
    back = obj.low[side.axis] if side.sign > 0 else obj.high[side.axis]
    low[side.axis], high[side.axis] = sorted((back, back - side.sign * (gap + 0.01)))
    return low, high


def plates(plan: RoomPlan, objects: list[RecordedObject], style: RoomStyle) -> list[list[Part]]:
    """Wall-coloured plates behind flat objects that hang a little before their wall."""
    found = []
    for obj in objects:
        if obj.object_type not in FLAT or obj.low[1] < 0.3:
            continue
        behind = _gap_behind(plan, obj)
        if behind is None or not 0.012 < behind[0] < 0.3:
            continue
        low, high = _stretched(obj, *behind)
        if _crowded(low, high, obj, objects):
            continue
        along = behind[1].side.along
        for k in (1, along):
            inset = 0.1 * (high[k] - low[k])
            low[k], high[k] = low[k] + inset, high[k] - inset
        found.append([slab(low, high, style.wall.color, style.wall.texture, cell=1.0, tile=1.5)])
    return found


def hanging_boards(
    plan: RoomPlan, objects: list[RecordedObject], style: RoomStyle
) -> list[list[Part]]:
    """Wall-coloured boards round windows, where blinds or curtains hang too far before the wall."""
    found = []
    for obj in objects:
        behind = _gap_behind(plan, obj) if obj.object_type in _HANGINGS else None
        if behind is None or not _HUNG < behind[0] < 0.3:
            continue
        low, high = _stretched(obj, *behind)
        side = behind[1].side
        if side.sign > 0:
            high[side.axis] -= _BACK
        else:
            low[side.axis] += _BACK
        panes = [
            (t.low, t.high)
            for t in objects
            if t.object_type == "Window" and t.facing == (side.axis, side.sign)
        ]
        parts = [
            slab(a, b, style.wall.color, style.wall.texture, cell=1.0, tile=1.5)
            for a, b in _round_panes(low, high, panes, side.along)
            if not _crowded(a, b, obj, objects)
        ]
        if parts:
            found.append(parts)
    return found


def _round_panes(
    low: np.ndarray, high: np.ndarray, panes: list[tuple[np.ndarray, np.ndarray]], along: int
) -> list[tuple[np.ndarray, np.ndarray]]:
    """What of an upright board is left where windows are cut out, as boxes."""
    left = [(low, high)]
    for pane_low, pane_high in panes:
        cut = []
        for a, b in left:
            p, q = np.maximum(a, pane_low), np.minimum(b, pane_high)
            if (q - p)[[along, 1]].min() <= 0:
                cut.append((a, b))
                continue
            # Over and under the window across the whole board, then on its sides.
            for axis, end_low, end_high in ((1, a[1], b[1]), (along, a[along], b[along])):
                before, beyond = (a.copy(), b.copy()), (a.copy(), b.copy())
                if axis == along:
                    for piece in (before, beyond):
                        piece[0][1], piece[1][1] = p[1], q[1]
                before[1][axis], beyond[0][axis] = p[axis], q[axis]
                if p[axis] - end_low > _RIM:
                    cut.append(before)
                if end_high - q[axis] > _RIM:
                    cut.append(beyond)
        left = cut
    return left


def knee_walls(
    plan: RoomPlan, objects: list[RecordedObject], free: np.ndarray, style: RoomStyle
) -> list[list[Part]]:
    """Tiled walls from the floor to shower glass that begins above it; open where its door is."""
    found = []
    for glass in objects:
        if glass.object_type != "ShowerGlass" or glass.low[1] < 0.25:
            continue
        doors = [t for t in objects if t.object_type == "ShowerDoor"]
        rest = [t for t in objects if t.object_type in ("Bathtub", "Toilet", "Sink", "CounterTop")]
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
                        band = style.bands[0]
                        parts.append(slab(*box, band.color, band.texture, cell=0.5, tile=band.tile))
        if parts:
            found.append(parts)
    return found


def corner_walls(plan: RoomPlan, scene: SceneRecord, style: RoomStyle) -> list[list[Part]]:
    """Slanting walls behind windows across a corner, from one wall to the other."""
    found = []
    for window in scene.objects:
        yaw = window.local_rotation[1]
        if window.object_type != "Window" or abs((yaw + 45) % 90 - 45) < _SLANTS:
            continue
        ahead, aside = forward(yaw), forward(yaw + 90)
        middle = np.array([window.center[0], window.center[2]])
        front = middle - ahead * (window.local_size[2] / 2 + 0.01)
        half = aside * (window.local_size[0] / 2 + _ON)
        corners = [
            front - half,
            front + half,
            front + half - 0.04 * ahead,
            front - half - 0.04 * ahead,
        ]
        outline = tuple((float(x), float(z)) for x, z in corners)
        wall = style.wall
        found.append([plate(outline, 0.0, float(plan.high[1]), wall.color, wall.texture)])
    return found


def _beside(
    low: np.ndarray, high: np.ndarray, along: int, doors: list[RecordedObject]
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


def cabinet_bodies(
    plan: RoomPlan, objects: list[RecordedObject], style: RoomStyle
) -> list[list[Part]]:
    """Side, top and bottom boards from the back of a hanging cupboard to its wall."""
    found = []
    for obj in objects:
        if obj.object_type != "Cabinet" or obj.low[1] < 1.0:
            continue
        behind = _gap_behind(plan, obj)
        if behind is None or not 0.02 < behind[0] < 0.5:
            continue
        low, high = _stretched(obj, *behind)
        if _crowded(
            low, high, obj, [t for t in objects if t.object_type in ("Microwave", "Fridge")]
        ):
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
                parts.append(slab(a, b, style.base, style.base_texture, cell=0.6))
        found.append(parts)
    return found


def _crowded(
    low: np.ndarray, high: np.ndarray, obj: RecordedObject, objects: list[RecordedObject]
) -> bool:
    return any(
        o is not obj
        and o.object_type != "Floor"
        and (np.minimum(high, o.high) - np.maximum(low, o.low)).min() > 0.02
        for o in objects
    )
