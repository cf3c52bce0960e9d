"""Checks what hangs in a room: nothing crosses a wall's edge, and nothing hangs free.

Windows, pictures, mirrors, switches, rails, blinds and curtains are looked at as rectangles: each
point of theirs must have a wall right behind it (or what it hangs on), none may be in a wall, over
the ceiling or under the floor, and no two may overlap. Blinds and curtains may hang half a metre
before a window, but not before a wall. Every object of a room must touch, with any point of its
surface, something that in the end stands on the floor, hangs on a wall or from the ceiling.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.meshes.joints import joint_pose
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import contents_of
from envs.simulator.world.placement import HANGERS
from envs.simulator.world.world import World

FLAT = frozenset(
    {
        "Window",
        "Painting",
        "Poster",
        "Mirror",
        "LightSwitch",
        "TowelHolder",
        "HandTowelHolder",
        "ToiletPaperHanger",
        "Blinds",
        "Curtains",
    }
)
# These hang before windows, and beyond their edges on the wall.
_BEFORE_WINDOWS = frozenset({"Blinds", "Curtains"})
# How far an edge may be over another one, and how far behind a back its wall may be, metres.
EDGE, BEHIND = 0.02, 0.12
# A window that blinds or curtains hang before may lie in a recess, metres.
RECESS = 0.5
# Between a cupboard and the worktop on it are 2 mm: a ray through so narrow a slit, with something
# this near on either side of it, tells of no missing wall, metres.
SLIT = 0.004
# Rays pass their panes, which hold rails and pictures all the same.
_GLAZED = frozenset({"ShowerDoor", "ShowerGlass"})
# How near what carries an object is to it, metres.
TOUCH = 0.05
# How far before a front a wall may begin that hides it, metres.
AWAY = 0.3
WALL, AIR, INSIDE = "hangs on a wall", "has no wall behind it", "is in a wall"
_MASONRY = frozenset({"Wall", "Door", "Ceiling"})
_ROWS = 7
_MOST_POINTS, _SPREAD_POINTS = 24, 200
_DOWN = np.array([0.0, -1.0, 0.0])
# Where in a triangle points are looked at: its middle, its sides', and near its corners.
_WITHIN = (
    (1 / 3, 1 / 3, 1 / 3),
    (0.5, 0.5, 0.0),
    (0.0, 0.5, 0.5),
    (0.5, 0.0, 0.5),
    (0.75, 0.25, 0.0),
    (0.25, 0.75, 0.0),
    (0.75, 0.0, 0.25),
    (0.25, 0.0, 0.75),
)
_WAYS = np.concatenate([np.eye(3), -np.eye(3)])


@dataclass(frozen=True)
class HangingCheck:
    """What hangs wrongly in one room.

    Attributes:
        edges: One line for each thing on a wall that crosses an edge, and how.
        free: One line for each thing that touches nothing, and where.
        excused: Ids that hang free by a rule, with the rule.
    """

    edges: tuple[str, ...]
    free: tuple[str, ...]
    excused: tuple[tuple[str, str], ...]

    @property
    def passed(self) -> bool:
        """Whether everything hangs as it should."""
        return not self.edges and not self.free


def check_hanging(world: World) -> HangingCheck:
    """Looks at all that hangs in a room as it is.

    Args:
        world: The room, loaded and as recorded.
    """
    flat = [_Flat(obj) for obj in world.objects.values() if obj.type in FLAT]
    edges = [line for one in flat for line in _against_walls(world, one)]
    edges += [
        f"{a.obj.object_id} overlaps {b.obj.object_id}"
        for k, a in enumerate(flat)
        for b in flat[k + 1 :]
        if _may_not_meet(a.obj.type, b.obj.type) and a.meets(b) and b.meets(a)
    ]
    free, excused = _hanging_free(world)
    return HangingCheck(tuple(edges), tuple(free), tuple(excused))


class _Flat:
    """A flat thing and its drawn box, (3,) low and high, in its own frame."""

    def __init__(self, obj: SimObject) -> None:
        self.obj = obj
        self.points = drawn_points(obj)
        self.low, self.high = self.points.min(0), self.points.max(0)

    def world(self, x: float, y: float, z: float) -> np.ndarray:
        return self.obj.rotation @ np.array([x, y, z]) + self.obj.center

    def meets(self, other: _Flat) -> bool:
        """Whether the other's box in this one's axes overlaps by more than an edge."""
        away = (other.points @ other.obj.rotation.T + other.obj.center - self.obj.center) @ (
            self.obj.rotation
        )
        over = np.minimum(self.high, away.max(0)) - np.maximum(self.low, away.min(0))
        # Across the wall they overlap if they touch.
        return bool((over > np.where(np.argsort(np.argsort(over)) == 0, 0.002, EDGE)).all())


def drawn_points(obj: SimObject, inner: bool = False) -> np.ndarray:
    """Corners (N, 3) of all that is drawn of an object as it is now, in its own frame, metres.

    Args:
        obj: The object.
        inner: Whether points inside its faces are wanted, too: what lies on something smaller
            touches it with its middle alone.
    """
    rows = []
    for part in obj.mesh.parts:
        if not len(part.faces):
            continue
        turn, shift = np.eye(3), np.zeros(3)
        if part.joint is not None:
            turn, shift = joint_pose(obj.mesh.joints[part.joint], obj.openness)
        points = part.vertices[np.unique(part.faces)]
        if inner:
            corners = part.vertices[part.faces]
            points = np.concatenate([points, *(_inside(corners, w) for w in _WITHIN)])
        rows.append(points @ turn.T + shift)
    return np.concatenate(rows) if rows else np.zeros((1, 3))


def _inside(corners: np.ndarray, weights: tuple[float, float, float]) -> np.ndarray:
    """One point (F, 3) inside each triangle (F, 3, 3)."""
    return np.einsum("k,fkc->fc", weights, corners)


def _may_not_meet(one: str, other: str) -> bool:
    return (one in _BEFORE_WINDOWS) == (other in _BEFORE_WINDOWS)


def _against_walls(world: World, flat: _Flat) -> list[str]:
    """What is wrong between a flat thing and the walls, the ceiling and the floor."""
    name, found = flat.obj.object_id, []
    heights = (flat.points @ flat.obj.rotation.T + flat.obj.center)[:, 1]
    ceilings = [f.center[1] - f.size[1] / 2 for f in world.structure() if f.key in _above(world)]
    over = float(heights.max()) - min(ceilings, default=np.inf)
    if over > EDGE:
        found.append(f"{name} is {over:.2f} m through the ceiling")
    if heights.min() < world.floor_y - EDGE:
        found.append(f"{name} is {world.floor_y - heights.min():.2f} m under the floor")
    solid = world.collision.is_solid(name)
    world.collision.set_solid(name, False)
    kind = max((_kinds(world, flat, sign) for sign in (1, -1)), key=lambda k: (k == WALL).sum())
    world.collision.set_solid(name, solid)
    for wrong in (AIR, INSIDE):
        if (kind == wrong).any():
            share, where = (kind == wrong).mean(), _where(kind == wrong)
            found.append(f"{name}: {share:.0%} of it {wrong} ({where})")
    return found


def _above(world: World) -> set[str]:
    return set(world.ceilings())


def _where(wrong: np.ndarray) -> str:
    """Which sides of a grid (across, up) hold what is wrong."""
    if wrong.all():
        return "all"
    sides = (wrong[0], wrong[-1], wrong[:, 0], wrong[:, -1])
    names = ("one end", "other end", "bottom", "top")
    return ", ".join(n for n, rows in zip(names, sides, strict=True) if rows.any()) or "middle"


def _kinds(world: World, flat: _Flat, sign: int) -> np.ndarray:
    """How each point (across, up) of a flat thing is placed if its front is towards ``sign``."""
    wide = flat.high - flat.low
    axis = 2 if wide[2] <= wide[0] else 0
    along = 2 - axis
    across = np.linspace(flat.low[along] + EDGE, flat.high[along] - EDGE, _ROWS)
    up = np.linspace(flat.low[1] + EDGE, flat.high[1] - EDGE, _ROWS)
    front = flat.high[axis] if sign > 0 else flat.low[axis]
    back = flat.low[axis] if sign > 0 else flat.high[axis]
    kinds = np.full((_ROWS, _ROWS), WALL, dtype=object)
    slit = (np.zeros(3), np.zeros(3))
    slit[0][along] = slit[1][1] = SLIT

    def at(u: float, y: float, depth: float) -> np.ndarray:
        place = np.zeros(3)
        place[along], place[1], place[axis] = u, y, depth
        return flat.obj.rotation @ place + flat.obj.center

    for i, u in enumerate(across):
        for j, y in enumerate(up):
            before, behind = at(u, y, front + sign * 0.01), at(u, y, back - sign * BEHIND)
            if _meets(world, at(u, y, front + sign * AWAY), before, walls=True):
                kinds[i, j] = INSIDE
            elif not (
                _meets(world, before, behind, walls=False)
                or _in_pane(world, behind)
                or any(_on_both_sides(world, before, behind, aside) for aside in slit)
            ):
                deep = at(u, y, back - sign * RECESS)
                if flat.obj.type not in _BEFORE_WINDOWS or not _before_window(world, behind, deep):
                    kinds[i, j] = AIR
    return kinds


def _meets(world: World, start: np.ndarray, end: np.ndarray, walls: bool) -> bool:
    """Whether a wall, or else what pictures may hang on, is between two points (3,)."""
    hidden: list[str] = []
    try:
        while True:
            hit = world.collision.first(_triple(start), _triple(end))
            if hit is None:
                return False
            obj = world.objects.get(hit[0])
            if obj is None or not (walls or obj.is_("pickupable") or obj.is_("moveable")):
                return obj is not None or world.fixtures.get(hit[0]) in _MASONRY or not walls
            hidden.append(hit[0])
            world.collision.set_solid(hit[0], False)
    finally:
        for key in hidden:
            world.collision.set_solid(key, True)


def _on_both_sides(world: World, start: np.ndarray, end: np.ndarray, aside: np.ndarray) -> bool:
    """Whether there is a wall on both sides of a segment: the segment goes through a slit in it."""
    return all(_meets(world, start + way, end + way, walls=False) for way in (aside, -aside))


def _before_window(world: World, start: np.ndarray, end: np.ndarray) -> bool:
    """Whether a segment, (3,) each, crosses the box of a window."""
    points = start + np.linspace(0, 1, 11)[:, None] * (end - start)
    return any(
        ((points > o.low - EDGE) & (points < o.high + EDGE)).all(1).any()
        for o in world.objects.values()
        if o.type == "Window"
    )


def _in_pane(world: World, point: np.ndarray) -> bool:
    """Whether a point (3,) lies in a pane, or as near to it as what hangs on it."""
    return any(
        ((point > o.low - BEHIND) & (point < o.high + BEHIND)).all()
        for o in world.objects.values()
        if o.type in _GLAZED
    )


def _triple(point: np.ndarray) -> tuple[float, float, float]:
    x, y, z = point.tolist()
    return x, y, z


def _hanging_free(world: World) -> tuple[list[str], list[tuple[str, str]]]:
    """Objects that touch nothing that is held, and those excused by a rule."""
    touches = {key: _touching(world, obj) for key, obj in world.objects.items()}
    free, excused = _held_by(world, touches)
    if free:
        # Some points of these met nothing: all of them are looked at before that is said.
        touches |= {key: _touching(world, world.objects[key], every=True) for key in free}
        free, excused = _held_by(world, touches)
    lines = [
        f"{key} touches nothing that is held, at {world.objects[key].center.round(2).tolist()}"
        for key in free
    ]
    return lines, excused


def _held_by(world: World, touches: dict[str, set[str]]) -> tuple[list[str], list[tuple[str, str]]]:
    """Ids of what nothing holds, given what each touches, and of what a rule excuses."""
    held = {*world.fixtures, *(k for k, t in world.objects.items() if _on_floor(world, t))}
    rules = {key: _rule_for(world, obj) for key, obj in world.objects.items()}
    excused: dict[str, str] = {}
    grown = True
    while grown:
        grown = False
        for key, on in touches.items():
            if key in held:
                continue
            carrier, rule = rules[key]
            if not on & held and carrier in held:
                excused[key] = rule
            elif not on & held:
                continue
            held.add(key)
            grown = True
    return sorted(world.objects.keys() - held), sorted(excused.items())


def _on_floor(world: World, obj: SimObject) -> bool:
    """Whether something is a floor, or is drawn from it, or from under it, up."""
    if obj.type == "Floor":
        return True
    heights = (drawn_points(obj) @ obj.rotation.T + obj.center)[:, 1]
    return bool(heights.min() < world.floor_y + TOUCH and heights.max() > world.floor_y)


def _rule_for(world: World, obj: SimObject) -> tuple[str | None, str]:
    """What carries an object without touching it, and by which rule; None if nothing may."""
    for parent in obj.metadata["parentReceptacles"] or ():
        if parent in world.objects and world.objects[parent].type in HANGERS:
            return parent, "hangs on a hook, a rail or a roll holder"
    host = obj.object_id.rpartition("|")[0]
    if host in world.objects:
        return host, "is part of another object"
    return None, ""


def _touching(world: World, obj: SimObject, every: bool = False) -> set[str]:
    """Keys of what is within ``TOUCH`` of an object's surface; under it, if it is loose.

    Args:
        world: The room.
        obj: The object.
        every: Whether all of its points are looked at, not just some.
    """
    own = [key for key in contents_of(world, obj) if world.collision.is_solid(key)]
    for key in own:
        world.collision.set_solid(key, False)
    found: set[str] = set()
    loose = obj.is_("pickupable") or obj.is_("moveable")
    points = drawn_points(obj, inner=True) @ obj.rotation.T + obj.center
    if every:
        points = np.unique(points.round(3), axis=0)
    try:
        for way in _DOWN[None] if loose else _WAYS:
            # Those farthest out touch first, but a rail is held by its ends.
            some = points[np.argsort(points @ way)[-_MOST_POINTS:]]
            rest = points[np.linspace(0, len(points) - 1, _SPREAD_POINTS).astype(int)]
            for point in points if every else np.concatenate([some, rest]):
                start, end = point - TOUCH * way, point + TOUCH * way
                hit = world.collision.first(_triple(start), _triple(end))
                if hit is not None:
                    found.add(hit[0])
        found |= {
            o.object_id
            for o in world.objects.values()
            if o.type in _GLAZED
            and o is not obj
            and (np.minimum(obj.high, o.high) - np.maximum(obj.low, o.low) > -TOUCH).all()
        }
    finally:
        for key in own:
            world.collision.set_solid(key, True)
    return found
