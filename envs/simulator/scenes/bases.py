"""What stands under counter tops and burners: cupboard bases and stove bodies."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.caching import for_life
from envs.simulator.core.geometry import euler_matrix, triple
from envs.simulator.meshes.mesh import Part
from envs.simulator.scenes.frames import forward, merge_cells
from envs.simulator.scenes.records import ObjectRecord, SceneRecord
from envs.simulator.scenes.slabs import slab

_FILLS = frozenset(
    {
        "Cabinet",
        "Drawer",
        "Sink",
        "SinkBasin",
        "Fridge",
        "Microwave",
        "Shelf",
        "ShelvingUnit",
        "GarbageCan",
        "Safe",
        "Dresser",
    }
)
_TOE = 0.09
_INSET = 0.025
_UNDER_BASIN = 0.03
_SLAB = 0.05
# Farthest that a counter reaches over the front of a cupboard, metres.
_OVERHANG = 0.1
Flat = tuple[float, float, float, float]


def _box(obj: ObjectRecord) -> tuple[np.ndarray, np.ndarray]:
    center, half = np.asarray(obj.center), np.asarray(obj.size) / 2
    return center - half, center + half


def world_footprint(obj: ObjectRecord) -> list[tuple[float, float, float, float]]:
    """World rectangles (x0, z0, x1, z1) that a top covers."""
    low, high = _box(obj)
    if not obj.footprint:
        return [(low[0], low[2], high[0], high[2])]
    rotation = euler_matrix((0, obj.local_rotation[1], 0))[np.ix_([0, 2], [0, 2])]
    center = np.asarray(obj.center)[[0, 2]]
    rows = []
    for x0, z0, x1, z1 in obj.footprint:
        corners = np.array([[x0, z0], [x1, z1]]) @ rotation.T + center
        (a, b), (c, d) = corners.min(0), corners.max(0)
        rows.append((float(a), float(b), float(c), float(d)))
    return rows


def clear_of(
    free: np.ndarray, low: np.ndarray, high: np.ndarray, gap: float = 0.16
) -> tuple[np.ndarray, np.ndarray] | None:
    """A box (3,), (3,) drawn back from free floor (K, 2), or None if nothing is left of it."""
    low, high = low.copy(), high.copy()
    for x, z in free:
        if low[0] - gap < x < high[0] + gap and low[2] - gap < z < high[2] + gap:
            cuts = (high[0] + gap - x, x - low[0] + gap, high[2] + gap - z, z - low[2] + gap)
            side = int(np.argmin(cuts))
            if side % 2 == 0:
                high[side] = (x if side == 0 else z) - gap
            else:
                low[side - 1] = (x if side == 1 else z) + gap
        if (high - low < 0.01).any():
            return None
    return low, high


@for_life()
def counter_drops(scene: SceneRecord) -> dict[str, float]:
    """By counter: metres that its surface lies under its recorded box's top.

    Many boxes are thin slabs standing on the surface, not in it; what lies on a counter tells. One
    with nothing on it is like the room's others.
    """
    lows = {
        o.object_id: o.center[1] - o.size[1] / 2
        for o in scene.objects
        if "pickupable" in o.properties
    }
    counters = [o for o in scene.objects if o.object_type == "CounterTop"]
    drops: dict[str, float] = {}
    for top in counters:
        resting = [lows[name] for name in top.contents or () if name in lows]
        gap = top.center[1] + top.size[1] / 2 - float(np.median(resting)) if resting else 0.0
        if resting:
            drops[top.object_id] = gap if 0.003 < gap < _SLAB else 0.0
    usual = float(np.median(list(drops.values()))) if drops else 0.0
    for top in counters:
        drops.setdefault(top.object_id, usual if top.size[1] < _SLAB else 0.0)
    return drops


def counter_bases(
    scene: SceneRecord, color: tuple[float, float, float], texture: str | None
) -> list[list[Part]]:
    """For every counter top, boxes filling what no cupboard, drawer or sink under it fills."""
    fills = [(o, *_box(o)) for o in scene.objects if o.object_type in _FILLS]
    found = []
    for top in scene.objects:
        if top.object_type != "CounterTop":
            continue
        top_low, top_high = _box(top)
        under = float(top_low[1]) - counter_drops(scene)[top.object_id]
        if under < 0.4:
            continue
        below = [
            # A basin's bowl must not touch the base under it.
            (a - (0, _UNDER_BASIN, 0) if o.object_type == "SinkBasin" else a, b)
            if o.object_type != "GarbageCan"
            else _recess(a, b, under, scene.walked)
            for o, a, b in fills
            if a[1] < under - 0.05
            and (a[[0, 2]] < top_high[[0, 2]]).all()
            and (b[[0, 2]] > top_low[[0, 2]]).all()
        ]
        rectangles = world_footprint(top)
        holes = [
            (a, b)
            for o, a, b in fills
            if o.object_type == "SinkBasin"
            and (a[[0, 2]] > top_low[[0, 2]] - 0.05).all()
            and (b[[0, 2]] < top_high[[0, 2]] + 0.05).all()
        ]
        covers = rectangles + [(a[0], a[2], b[0], b[2]) for a, b in holes]
        fronts = [
            (a, b)
            for o, a, b in fills
            if o.object_type in ("Cabinet", "Drawer")
            and a[1] < under - 0.05
            and (a[[0, 2]] < top_high[[0, 2]]).all()
            and (b[[0, 2]] > top_low[[0, 2]]).all()
        ]
        over = overhangs(covers, fronts)
        parts = _fill(covers, below, holes, under, color, texture, scene.walked, over)
        if parts:
            found.append(parts)
    return found


def overhangs(rectangles: list[Flat], fronts: list[tuple[np.ndarray, np.ndarray]]) -> list[Flat]:
    """Strips (x0, z0, x1, z1) along a counter's ends that reach over the cupboards under it.

    The base stands back there as the cupboards do, or it would hide their fronts.

    Args:
        rectangles: What the counter covers.
        fronts: Corners (3,), (3,) of the cupboards and drawers under it.
    """
    strips: list[Flat] = []
    for a, b in fronts:
        low, high = a[[0, 2]], b[[0, 2]]
        for axis in (0, 1):
            for ends, side in ((0, float(low[axis])), (1, float(high[axis]))):
                sign = 2 * ends - 1
                point = (low + high) / 2
                point[axis] = side + sign * 0.003
                for r in rectangles:
                    if not (r[0] < point[0] < r[2] and r[1] < point[1] < r[3]):
                        continue
                    edge = r[axis + 2 * ends]
                    beyond = point.copy()
                    beyond[axis] = edge + sign * 0.02
                    if 0.004 < sign * (edge - side) < _OVERHANG and not _covered(
                        rectangles, beyond
                    ):
                        strip = list(r)
                        strip[axis + 2 * (1 - ends)] = side
                        strips.append((strip[0], strip[1], strip[2], strip[3]))
    return strips


def _covered(rectangles: list[Flat], point: np.ndarray) -> bool:
    return any(r[0] < point[0] < r[2] and r[1] < point[1] < r[3] for r in rectangles)


def _recess(
    low: np.ndarray, high: np.ndarray, under: float, free: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """The opening that a can under a counter stands in: up to the top, out to the free floor."""
    low, high = low.copy(), high.copy()
    high[1] = under
    if len(free):
        middle = ((low + high) / 2)[[0, 2]]
        away = free[np.argmin(np.abs(free - middle).sum(1))] - middle
        side = int(np.argmax(np.abs(away)))
        axis = 2 * side
        if away[side] > 0:
            high[axis] = max(high[axis], middle[side] + away[side])
        else:
            low[axis] = min(low[axis], middle[side] + away[side])
    return low, high


def _fill(
    rectangles: list[tuple[float, float, float, float]],
    boxes: list[tuple[np.ndarray, np.ndarray]],
    basins: list[tuple[np.ndarray, np.ndarray]],
    under: float,
    color: tuple[float, float, float],
    texture: str | None,
    free: np.ndarray,
    over: list[Flat],
) -> list[Part]:
    x_cuts = sorted(
        {round(float(v), 4) for r in rectangles for v in (r[0], r[2])}
        | {round(float(v), 4) for a, b in boxes for v in (a[0], b[0])}
    )
    z_cuts = sorted(
        {round(float(v), 4) for r in rectangles for v in (r[1], r[3])}
        | {round(float(v), 4) for a, b in boxes for v in (a[2], b[2])}
    )
    levels: dict[tuple[float, float], np.ndarray] = {}
    shape = (len(x_cuts) - 1, len(z_cuts) - 1)
    for i in range(shape[0]):
        for j in range(shape[1]):
            x, z = (x_cuts[i] + x_cuts[i + 1]) / 2, (z_cuts[j] + z_cuts[j + 1]) / 2
            if not any(r[0] < x < r[2] and r[1] < z < r[3] for r in rectangles):
                continue
            if any(r[0] < x < r[2] and r[1] < z < r[3] for r in over):
                continue
            inside = sorted(
                (float(a[1]), float(b[1])) for a, b in boxes if a[0] < x < b[0] and a[2] < z < b[2]
            )
            # A basin stays open above its floor.
            roof = min(
                [float(a[1]) for a, b in basins if a[0] < x < b[0] and a[2] < z < b[2]],
                default=under,
            )
            at = 0.0
            for bottom, top in [*inside, (roof, roof)]:
                bottom = min(bottom, roof)
                if bottom - at > 0.012:
                    key = (round(at, 3), round(bottom, 3))
                    levels.setdefault(key, np.zeros(shape, bool))[i, j] = True
                at = max(at, top)
    parts = []
    for (bottom, top), keep in sorted(levels.items()):
        for x0, z0, x1, z1 in merge_cells(keep, x_cuts, z_cuts):
            broad = min(x1 - x0, z1 - z0) > 0.2
            toe = bottom < 0.01 and top - bottom < 0.2
            inset = (0.05 if toe else _INSET) if broad or toe else 0.0
            shown = triple(c * 0.45 for c in color) if toe else color
            # Drawn back where the counter ends, flush where it goes on.
            edges = []
            for x, z, outside in (
                (x0, (z0 + z1) / 2, (-1, 0)),
                ((x0 + x1) / 2, z0, (0, -1)),
                (x1, (z0 + z1) / 2, (1, 0)),
                ((x0 + x1) / 2, z1, (0, 1)),
            ):
                beyond = (x + 0.02 * outside[0], z + 0.02 * outside[1])
                ends = not any(
                    r[0] < beyond[0] < r[2] and r[1] < beyond[1] < r[3] for r in rectangles
                )
                edges.append(inset if ends else 0.0)
            box = clear_of(
                free,
                np.array([x0 + edges[0], bottom, z0 + edges[1]]),
                np.array([x1 - edges[2], top, z1 - edges[3]]),
            )
            if box is not None:
                parts.append(slab(*box, shown, texture, cell=0.45))
    return parts


def stove_bodies(scene: SceneRecord, low: np.ndarray, high: np.ndarray) -> list[list[Part]]:
    """A cooker under burners that no counter carries, a glass hob where one does."""
    burners = [o for o in scene.objects if o.object_type == "StoveBurner"]
    if not burners:
        return []
    boxes = [_box(o) for o in burners]
    a = np.min([b[0] for b in boxes], axis=0)
    b = np.max([b[1] for b in boxes], axis=0)
    height = float(min(box[0][1] for box in boxes))
    tops = [
        r
        for o in scene.objects
        if o.object_type == "CounterTop" and abs(_box(o)[1][1] - height) < 0.08
        for r in world_footprint(o)
    ]
    mid = (a + b) / 2
    pad = 0.05
    hob = clear_of(
        scene.walked,
        np.array([a[0] - pad, height - 0.012, a[2] - pad]),
        np.array([b[0] + pad, height + 0.002, b[2] + pad]),
    )
    if hob is None:
        return []
    glass = slab(*hob, (0.10, 0.10, 0.11))
    if any(r[0] < mid[0] < r[2] and r[1] < mid[2] < r[3] for r in tops):
        return [[glass]]
    yaw = _stove_yaw(scene, burners, mid)
    ahead = forward(yaw)
    axis, sign = (0, ahead[0]) if abs(ahead[0]) > 0.5 else (2, ahead[1])
    across = 2 - axis
    start, end = a - pad, b + pad
    start[1], end[1] = 0.0, height - 0.004
    wall = low if sign > 0 else high
    # Back to the wall behind, and forward as far as the knobs, but never over free floor.
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
        limit = float((sign * before).min()) - 0.2
        front[axis] = sign * min(sign * front[axis], limit)
    box = clear_of(scene.walked, start, end)
    if box is None:
        return [[glass]]
    start, end = box
    parts = [slab(start, end, (0.80, 0.81, 0.83), "steel", cell=0.45), glass]
    parts += _oven_front(start, end, axis, sign, across)
    return [parts]


def _stove_yaw(scene: SceneRecord, burners: list[ObjectRecord], mid: np.ndarray) -> float:
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
