"""What stands under counter tops: the bases between and behind their cupboards."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.caching import for_life
from envs.simulator.core.geometry import euler_matrix, triple
from envs.simulator.meshes.mesh import Color, Part
from envs.simulator.meshes.slabs import slab
from envs.simulator.scenes.footprints import merge_cells
from envs.simulator.scenes.records import ObjectRecord, Rectangle, SceneRecord
from envs.simulator.scenes.structure.overhangs import overhangs

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
_INSET = 0.025
_UNDER_BASIN = 0.03
_SLAB = 0.05
# Cupboards turned less than this stand square to the room, degrees.
_SQUARE = 5.0

Box = tuple[np.ndarray, np.ndarray]


def box_of(obj: ObjectRecord) -> Box:
    """Corners (3,), (3,) of an object's axis-aligned box, metres."""
    center, half = np.asarray(obj.center), np.asarray(obj.size) / 2
    return center - half, center + half


def world_footprint(obj: ObjectRecord) -> list[Rectangle]:
    """World rectangles (x0, z0, x1, z1) that a top covers."""
    low, high = box_of(obj)
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


def clear_of(free: np.ndarray, low: np.ndarray, high: np.ndarray, gap: float = 0.16) -> Box | None:
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


def counter_bases(scene: SceneRecord, color: Color, texture: str | None) -> list[list[Part]]:
    """For every counter top, boxes filling what no cupboard, drawer or sink under it fills."""
    fills = [(o, *box_of(o)) for o in scene.objects if o.object_type in _FILLS]
    loose = [
        (o, *box_of(o))
        for o in scene.objects
        if o.object_type not in _FILLS and (_stands(o) or "pickupable" in o.properties)
    ]
    found = []
    for top in scene.objects:
        if top.object_type != "CounterTop":
            continue
        top_low, top_high = box_of(top)
        under = float(top_low[1]) - counter_drops(scene)[top.object_id]
        if under < 0.4:
            continue
        below = [
            # A basin's bowl must not touch the base under it.
            (a - (0, _UNDER_BASIN, 0) if o.object_type == "SinkBasin" else a, b)
            if not _stands(o)
            else _recess(a, b, under, scene.walked)
            for o, a, b in fills + loose
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
            (a, b, o.local_rotation[1])
            for o, a, b in fills
            if o.object_type in ("Cabinet", "Drawer")
            and a[1] < under - 0.05
            and (a[[0, 2]] < top_high[[0, 2]]).all()
            and (b[[0, 2]] > top_low[[0, 2]]).all()
        ]
        over = overhangs(covers, fronts)
        # The boxes of turned cupboards cover more than these stand on.
        over += [
            (float(a[0]), float(a[2]), float(b[0]), float(b[2]))
            for a, b, yaw in fronts
            if abs((yaw + 45) % 90 - 45) > _SQUARE
        ]
        parts = _fill(covers, below, holes, under, color, texture, scene.walked, over)
        if parts:
            found.append(parts)
    return found


def _stands(obj: ObjectRecord) -> bool:
    """Whether it is a stool, a can or the like, pushed under a counter from the floor before it."""
    return obj.object_type == "GarbageCan" or "moveable" in obj.properties


def _recess(low: np.ndarray, high: np.ndarray, under: float, free: np.ndarray) -> Box:
    """The opening that a stool under a counter stands in: up to the top, out to the free floor."""
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
    rectangles: list[Rectangle],
    boxes: list[Box],
    basins: list[Box],
    under: float,
    color: Color,
    texture: str | None,
    free: np.ndarray,
    over: list[Rectangle],
) -> list[Part]:
    x_cuts = sorted(
        {round(float(v), 4) for r in rectangles for v in (r[0], r[2])}
        | {round(float(v), 4) for a, b in boxes for v in (a[0], b[0])}
    )
    z_cuts = sorted(
        {round(float(v), 4) for r in rectangles for v in (r[1], r[3])}
        | {round(float(v), 4) for a, b in boxes for v in (a[2], b[2])}
    )
    parts = []
    layers = _layers(rectangles, over, boxes, basins, under, x_cuts, z_cuts)
    for (bottom, top), keep in sorted(layers.items()):
        for rectangle in merge_cells(keep, x_cuts, z_cuts):
            x0, z0, x1, z1 = rectangle
            broad = min(x1 - x0, z1 - z0) > 0.2
            toe = bottom < 0.01 and top - bottom < 0.2
            inset = (0.05 if toe else _INSET) if broad or toe else 0.0
            shown = triple(c * 0.45 for c in color) if toe else color
            edges = _insets(rectangle, rectangles, inset)
            box = clear_of(
                free,
                np.array([x0 + edges[0], bottom, z0 + edges[1]]),
                np.array([x1 - edges[2], top, z1 - edges[3]]),
            )
            if box is not None:
                parts.append(slab(*box, shown, texture, cell=0.45))
    return parts


def _layers(
    rectangles: list[Rectangle],
    over: list[Rectangle],
    boxes: list[Box],
    basins: list[Box],
    under: float,
    x_cuts: list[float],
    z_cuts: list[float],
) -> dict[tuple[float, float], np.ndarray]:
    """By bottom and top of what is empty under a counter: which cells (X, Z) are so there."""
    layers: dict[tuple[float, float], np.ndarray] = {}
    shape = (len(x_cuts) - 1, len(z_cuts) - 1)
    for i, j in np.ndindex(shape):
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
                layers.setdefault(key, np.zeros(shape, bool))[i, j] = True
            at = max(at, top)
    return layers


def _insets(rectangle: Rectangle, rectangles: list[Rectangle], inset: float) -> list[float]:
    """How far each side is drawn back: where the counter ends, but not where it goes on."""
    x0, z0, x1, z1 = rectangle
    edges = []
    for x, z, outside in (
        (x0, (z0 + z1) / 2, (-1, 0)),
        ((x0 + x1) / 2, z0, (0, -1)),
        (x1, (z0 + z1) / 2, (1, 0)),
        ((x0 + x1) / 2, z1, (0, 1)),
    ):
        beyond = (x + 0.02 * outside[0], z + 0.02 * outside[1])
        goes_on = any(r[0] < beyond[0] < r[2] and r[1] < beyond[1] < r[3] for r in rectangles)
        edges.append(0.0 if goes_on else inset)
    return edges
