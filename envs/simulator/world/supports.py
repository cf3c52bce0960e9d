"""Boards under what would hang in the air, because no recording lists what carries it.

Rooms have mantels, ledges, desks and plant stands that are no objects, and fridges' shelves are not
where these ones' are. What nothing is under gets a board: held by the wall, if one is near, by what
stands below it otherwise; in a fridge, by its back.
"""

from __future__ import annotations

from collections.abc import Iterable
from weakref import WeakKeyDictionary

import numpy as np

from envs.simulator.core.geometry import triple
from envs.simulator.meshes.mesh import Part
from envs.simulator.meshes.slabs import centered, slab
from envs.simulator.scenes.records import Fixture, SceneRecord
from envs.simulator.scenes.structure.counter_bases import clear_of
from envs.simulator.scenes.structure.room_style import style_of
from envs.simulator.world.collision import CollisionWorld
from envs.simulator.world.objects import SimObject

# How near below a thing must be what carries it, metres.
_TOUCH = 0.045
_THICK, _ROUND = 0.025, 0.03
# For how many appearances of a room its boards are kept.
_LOOKS = 4
# Things that lie this level and near share a board, metres.
_LEVEL, _APART = 0.03, 0.5
# Farthest wall that holds a board, and how much of one a bracket takes, metres.
_TO_WALL, _BRACKET = 0.45, 0.1
# Boards higher than this are over heads, metres.
_HEADS = 1.85
_LEAST = 0.05
_BOARDS, _BODIES = frozenset({"Shelf"}), frozenset({"Cabinet"})
# Cupboards lower than this over the floor stand on it, metres.
_PLINTH = 0.4
# Least sides of a board, metres.
_SIDES = 0.24
# What may end a board: walls, and windows in them.
_ENDS = ("Wall|", "Window|")
_HANG = frozenset({"Blinds", "Curtains", "Painting", "Poster", "ShowerCurtain"})
_HUNG_ON = ("HandTowelHolder|", "ToiletPaperHanger|", "TowelHolder|")
# Fixed things that a bar may hold, and how far that bar reaches, metres.
_MOUNTED = frozenset(
    {
        "Blinds",
        "Curtains",
        "Faucet",
        "HandTowelHolder",
        "ShowerDoor",
        "ShowerGlass",
        "ShowerHead",
        "Sink",
        "Television",
        "ToiletPaperHanger",
        "TowelHolder",
    }
)
_FAR, _BAR = 1.2, 0.012
# How many of a thing's outermost corners are looked at.
_CORNERS = 24
# Bars hold these by their top; panes of these hold things, too.
_FROM_TOP = frozenset({"Blinds", "Curtains", "ShowerDoor", "ShowerGlass"})
_GLAZED = frozenset({"ShowerDoor", "ShowerGlass"})
_CHROME = (0.74, 0.75, 0.78)
_WAYS = ((0, 1), (0, -1), (2, 1), (2, -1))
_RACK = (0.86, 0.88, 0.90)

Board = tuple[np.ndarray, np.ndarray]


# By room and appearance: a reset sets up the same things in the same places.
_made: WeakKeyDictionary[SceneRecord, dict[int, list[Fixture]]] = WeakKeyDictionary()


def supports(
    scene: SceneRecord, seed: int, objects: Iterable[SimObject], collision: CollisionWorld
) -> list[Fixture]:
    """Fixtures that carry what hangs in the air in a room as it was recorded.

    Args:
        scene: The room.
        seed: Of its appearance.
        objects: Its objects, each in its place.
        collision: All of them, and the room's structure.
    """
    known = _made.setdefault(scene, {})
    if seed not in known:
        if len(known) >= _LOOKS:
            del known[next(iter(known))]
        known[seed] = _supports(scene, seed, list(objects), collision)
    return list(known[seed])


def _supports(
    scene: SceneRecord, seed: int, every: list[SimObject], collision: CollisionWorld
) -> list[Fixture]:
    by_id = {o.object_id: o for o in every}
    style = style_of(scene.name, seed)
    made: list[list[Part]] = []
    loose = _uncarried([o for o in every if _loose(o)], collision)
    for thing in loose:
        fridge = next((by_id[p] for p in thing.record.parents if p.startswith("Fridge")), None)
        if fridge is not None:
            made.append([slab(*_rack(thing, fridge), _RACK)])
    open_air = [o for o in loose if not any(p.startswith("Fridge") for p in o.record.parents)]
    for group in _groups(open_air):
        low = np.min([o.low for o in group], axis=0) - _ROUND
        high = np.max([o.high for o in group], axis=0) + _ROUND
        more = np.clip(_SIDES - (high - low), 0, None) / 2 * (1, 0, 1)
        low, high = low - more, high + more
        high[1] = min(o.low[1] for o in group) - 0.002
        low[1] = high[1] - _THICK
        made.append(_board(low, high, scene, collision, style.base, style.base_texture))
    boards = [o for o in every if o.type in _BOARDS]
    for shelf in _free(boards, collision):
        low, high = shelf.low.copy(), shelf.high.copy()
        high[1] = low[1] - 0.014
        low[1] = high[1] - 0.01
        made.append(_board(low, high, scene, collision, style.base, style.base_texture))
    for body in _free([o for o in every if o.type in _BODIES], collision):
        low, high = body.low.copy(), body.high.copy()
        low[1], high[1] = scene.floor_y, low[1]
        if high[1] - low[1] < _PLINTH:
            low[[0, 2]] -= 0.001
            high[[0, 2]] += 0.001
            made.append([slab(low, high, style.base, style.base_texture, cell=0.45)])
    glass = [o for o in every if o.type in _GLAZED]
    mounted = [o for o in every if o.type in _MOUNTED and not _on_glass(o, glass)]
    for thing in _free(mounted, collision):
        made.append(_bar(thing, collision))
    return [_fixture(number, parts) for number, parts in enumerate(p for p in made if p)]


def _on_glass(obj: SimObject, glass: list[SimObject]) -> bool:
    """Whether a pane, which rays pass, holds an object."""
    return any(
        (np.minimum(obj.high, g.high) - np.maximum(obj.low, g.low) > -_TOUCH).all()
        for g in glass
        if g is not obj
    )


def _bar(thing: SimObject, collision: CollisionWorld) -> list[Part]:
    """A thin bar from a fixed thing to what is nearest: wall, ceiling, floor or furniture."""
    best: tuple[float, int, int, np.ndarray] | None = None
    collision.set_solid(thing.object_id, False)
    for axis, sign in ((0, 1), (0, -1), (2, 1), (2, -1), (1, 1), (1, -1)):
        start = _outermost(thing, axis, sign)[-1]
        if thing.type in _FROM_TOP and axis != 1:
            start[1] = thing.high[1] - _BAR
        far = start.copy()
        far[axis] += sign * _FAR
        hit = collision.ray(start, far)
        if hit is not None and (best is None or hit.distance < best[0]):
            best = (float(hit.distance), axis, sign, start)
    collision.set_solid(thing.object_id, True)
    if best is None:
        return []
    distance, axis, sign, start = best
    low, high = start - _BAR, start + _BAR
    if sign > 0:
        high[axis] = start[axis] + distance
    else:
        low[axis] = start[axis] - distance
    return [slab(low, high, _CHROME)]


def _fixture(number: int, parts: list[Part]) -> Fixture:
    points = np.concatenate([p.vertices for p in parts]).astype(float)
    low, high = points.min(0), points.max(0)
    middle = (low + high) / 2
    return Fixture(
        f"Support|{number}",
        "Support",
        triple(middle),
        triple(high - low),
        0.0,
        centered(parts, middle),
    )


def _loose(obj: SimObject) -> bool:
    """Whether an object must lie on something."""
    hung = obj.type in _HANG or any(p.startswith(_HUNG_ON) for p in obj.record.parents)
    return (obj.is_("pickupable") or obj.is_("moveable")) and not hung


def _uncarried(things: list[SimObject], collision: CollisionWorld) -> list[SimObject]:
    """Loose things that nothing carries, and of those that only carry one another the lowest."""
    on = {o.object_id: _carriers(o, collision, _TOUCH) for o in things}
    held = {key for key, met in on.items() if not met or met - on.keys()}
    while more := {key for key, met in on.items() if key not in held and met & held}:
        held |= more
    found = []
    for o in things:
        half = float(o.high[1] - o.low[1]) / 2
        if not on[o.object_id] or (o.object_id not in held and not _carriers(o, collision, half)):
            found.append(o)
    return found


def _carriers(obj: SimObject, collision: CollisionWorld, above: float) -> set[str]:
    """Keys of what is right below some point of an object, looked for from a little above it."""
    bottom = float(obj.low[1])
    spots = [p for p in obj.world_points if p[1] < bottom + 0.03]
    spots.append((obj.low + obj.high) / 2)
    collision.set_solid(obj.object_id, False)
    hits = [
        collision.first((x, bottom + above, z), (x, bottom - _TOUCH, z))
        for x, _, z in np.asarray(spots).tolist()
    ]
    collision.set_solid(obj.object_id, True)
    return {hit[0] for hit in hits if hit is not None}


def _free(things: list[SimObject], collision: CollisionWorld) -> list[SimObject]:
    """Those of some fixed things that at most touch one another."""
    for thing in things:
        collision.set_solid(thing.object_id, False)
    found = [thing for thing in things if not _held(thing, collision)]
    for thing in things:
        collision.set_solid(thing.object_id, True)
    return found


def _held(obj: SimObject, collision: CollisionWorld) -> bool:
    """Whether something solid is right beside, over or under an object."""
    return any(
        _meets(obj, list(_outermost(obj, axis, sign)), [(axis, sign)], collision)
        for axis in range(3)
        for sign in (1, -1)
    )


def _outermost(obj: SimObject, axis: int, sign: int) -> np.ndarray:
    """The corners (K, 3) of an object that lie farthest out one way, the farthest last."""
    rows = [p.vertices[np.unique(p.faces)] for p in obj.mesh.parts if len(p.faces)]
    points = np.concatenate(rows).astype(float) @ obj.rotation.T + obj.center
    return points[np.argsort(sign * points[:, axis], kind="stable")[-_CORNERS:]]


def _meets(
    obj: SimObject,
    spots: list[np.ndarray],
    ways: Iterable[tuple[int, int]],
    collision: CollisionWorld,
) -> bool:
    solid = collision.is_solid(obj.object_id)
    collision.set_solid(obj.object_id, False)
    try:
        for axis, sign in ways:
            step = np.zeros(3)
            step[axis] = sign * _TOUCH
            for spot in spots:
                if collision.first(triple(spot - step), triple(spot + step)) is not None:
                    return True
        return False
    finally:
        collision.set_solid(obj.object_id, solid)


def _groups(things: list[SimObject]) -> list[list[SimObject]]:
    """Things that lie at one level, near one another."""
    groups: list[list[SimObject]] = []
    for thing in things:
        near = [g for g in groups if any(_beside(thing, other) for other in g)]
        groups = [g for g in groups if g not in near]
        groups.append([thing, *(o for g in near for o in g)])
    return groups


def _beside(one: SimObject, other: SimObject) -> bool:
    gap = np.maximum(one.low - other.high, other.low - one.high)[[0, 2]].max()
    return abs(float(one.low[1] - other.low[1])) < _LEVEL and bool(gap < _APART)


def _rack(thing: SimObject, fridge: SimObject) -> Board:
    """A rack in a fridge, from under a thing to the fridge's back."""
    low, high = thing.low - _ROUND, thing.high + _ROUND
    high[1] = thing.low[1] - 0.001
    low[1] = high[1] - 0.006
    ahead = fridge.rotation[:, 2]
    axis = 0 if abs(ahead[0]) > abs(ahead[2]) else 2
    if ahead[axis] > 0:
        low[axis] = fridge.low[axis]
    else:
        high[axis] = fridge.high[axis]
    flat, inner = [0, 2], 0.03
    low[flat] = np.maximum(low[flat], fridge.low[flat] + inner)
    high[flat] = np.minimum(high[flat], fridge.high[flat] - inner)
    return low, np.maximum(high, low + 0.01)


def _board(
    low: np.ndarray,
    high: np.ndarray,
    scene: SceneRecord,
    collision: CollisionWorld,
    color: tuple[float, float, float],
    texture: str | None,
) -> list[Part]:
    """A board between two corners, on to a near wall, with what holds it; or nothing."""
    low, high = low.copy(), high.copy()
    wall = _nearest_wall(low, high, collision)
    if wall is not None:
        axis, sign, reach = wall
        if sign > 0:
            high[axis] += reach
        else:
            low[axis] -= reach
    box: Board | None = (low, high)
    if high[1] < _HEADS:
        box = clear_of(scene.walked, low, high)
    if box is None or (box[1] - box[0])[[0, 2]].min() < _LEAST:
        return []
    parts = [slab(*box, color, texture, cell=0.45)]
    if wall is None:
        return parts + _legs(box, collision, color, texture)
    axis, sign, _ = wall
    along = 2 - axis
    for share in (0.15, 0.85):
        a, b = box[0].copy(), box[1].copy()
        at = box[0][along] + share * (box[1][along] - box[0][along])
        a[along], b[along] = at - 0.01, at + 0.01
        b[1] = box[0][1]
        a[1] = b[1] - _BRACKET
        deep = 0.6 * (b[axis] - a[axis])
        if sign > 0:
            a[axis] = b[axis] - deep
        else:
            b[axis] = a[axis] + deep
        parts.append(slab(a, b, color, texture))
    return parts


def _nearest_wall(
    low: np.ndarray, high: np.ndarray, collision: CollisionWorld
) -> tuple[int, int, float] | None:
    """Axis, sign and distance from a board's side of the wall that can hold it, or None."""
    middle, best = (low + high) / 2, None
    for axis, sign in _WAYS:
        half = (high[axis] - low[axis]) / 2
        far = middle.copy()
        far[axis] += sign * (half + _TO_WALL)
        hit = collision.ray(middle, far)
        if hit is not None and hit.key.startswith(_ENDS):
            reach = hit.distance - half
            if best is None or reach < best[2]:
                best = (axis, sign, float(reach))
    return best


def _legs(
    box: Board,
    collision: CollisionWorld,
    color: tuple[float, float, float],
    texture: str | None,
) -> list[Part]:
    """Uprights under a board's ends, down to what is below."""
    low, high = box
    along = 0 if high[0] - low[0] > high[2] - low[2] else 2
    wide = high[along] - low[along]
    parts = []
    for a, b in ((0.0, 0.03), (wide - 0.03, wide)) if wide > 0.5 else ((0.2 * wide, 0.8 * wide),):
        p, q = low.copy(), high.copy()
        p[along], q[along] = low[along] + a, low[along] + b
        across = 2 - along
        inset = 0.2 * (high[across] - low[across]) if wide <= 0.5 else 0.0
        p[across], q[across] = p[across] + inset, q[across] - inset
        start = (p + q) / 2
        start[1] = low[1] - 0.01
        hit = collision.ray(start, start - (0, 3, 0))
        q[1], p[1] = low[1], 0.0 if hit is None else float(hit.point[1])
        if q[1] - p[1] > 0.02:
            parts.append(slab(p, q, color, texture, cell=0.45))
    return parts
