"""Whether an object would stand in something solid, found by rays along its box.

Where an object is to be put down AI2-THOR drops its oriented box against the colliders of others.
So does ``Crowd``: another thing bars a place if a point of its surface lies in that box, or a line
along the box meets it.

Rays run along the edges, diagonals and middle lines of a slightly shrunken oriented box. An object
thin enough to pass between them is missed; walls, boards and doors are not.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np

from envs.simulator.core.geometry import box_corners, euler_matrix
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

SHRINK = 0.012
# So many things that do not matter a place may be in before it is given up.
_MOST_IN = 12
# How far into an object's box the points of others may reach, metres.
_TOUCH = 0.003
# What else than furniture that moves is in the way.
_FIXED = frozenset({"Faucet", "Microwave", "Toaster", "CoffeeMachine"})
_EDGES = (
    (0, 1),
    (1, 2),
    (2, 3),
    (3, 0),
    (4, 5),
    (5, 6),
    (6, 7),
    (7, 4),
    (0, 4),
    (1, 5),
    (2, 6),
    (3, 7),
    (0, 6),
    (1, 7),
    (2, 4),
    (3, 5),
)


def contents_of(world: World, obj: SimObject) -> set[str]:
    """Ids of an object and of everything that stands in or on it."""
    found = {obj.object_id}
    for inside in world.riders(obj):
        if inside not in found:
            found |= contents_of(world, world.objects[inside])
    return found


def _lines(center: np.ndarray, size: np.ndarray, rotation: np.ndarray) -> list[tuple]:
    inner = np.maximum(size - 2 * SHRINK, size * 0.5)
    corners = box_corners(center, inner, rotation)
    lines = [(corners[a], corners[b]) for a, b in _EDGES]
    for axis in range(3):
        half = rotation[:, axis] * inner[axis] / 2
        lines.append((center - half, center + half))
    return lines


def blocking(
    world: World,
    obj: SimObject,
    center: np.ndarray,
    euler: np.ndarray,
    ignored: Collection[str] = (),
    core: bool = False,
) -> str | None:
    """Key of something solid in the object's box at a pose, or None if the box is free.

    Args:
        world: The room.
        obj: The object; it and its contents don't count.
        center: Middle of its box, (3,) metres.
        euler: Unity Euler angles of its frame, (3,) degrees.
        ignored: Keys that don't count either.
        core: Look along the box's middle lines only.
    """
    own = contents_of(world, obj)
    skip = own | set(ignored)
    hidden = [key for key in skip if key in world.objects and key not in world.hands]
    for key in hidden:
        world.collision.set_solid(key, False)
    try:
        lines = _lines(np.asarray(center, dtype=float), obj.size, euler_matrix(euler))
        for start, end in lines[-3:] if core else lines:
            # A ray meets the faces it enters by only, so look both ways.
            for origin, target in ((start, end), (end, start)):
                hit = world.collision.ray(origin, target)
                if hit is not None:
                    return hit.key
    finally:
        held = {key for hand in world.hands if hand for key in _held_keys(world, hand)}
        for key in hidden:
            if key not in held:
                world.collision.set_solid(key, True)
    return None


def sunk_in(
    world: World,
    obj: SimObject,
    center: np.ndarray,
    euler: np.ndarray,
    parts: Iterable[str] = (),
) -> tuple[str, float, np.ndarray] | None:
    """The fixed object that another would reach deepest into, if any.

    Rays run from the middle of its box to points of its surface.

    Args:
        world: The room.
        obj: The object.
        center: Middle of its box, (3,) metres.
        euler: Unity Euler angles of its frame, (3,) degrees.
        parts: Ids of what is built into it.

    Returns:
        Key of a wall or of furniture that no force moves, how far the object reaches behind its
        surface in metres, and the direction (3,) out of it.
    """
    turn = euler_matrix(euler) @ obj.rotation.T
    points = (obj.world_points - obj.center) @ turn.T + center
    ignored = [key for key in parts if world.collision.is_solid(key)]
    deepest: tuple[str, float, np.ndarray] | None = None
    for key in ignored:
        world.collision.set_solid(key, False)
    try:
        for point in points:
            hit = world.collision.ray(center, point)
            while hit is not None and not _is_fixed(world, hit.key):
                # Loose objects stand before one another; look behind them.
                ignored.append(hit.key)
                world.collision.set_solid(hit.key, False)
                hit = world.collision.ray(center, point)
            if hit is not None:
                depth = float((hit.point - point) @ hit.normal)
                if deepest is None or depth > deepest[1]:
                    deepest = (hit.key, depth, hit.normal)
    finally:
        for key in ignored:
            world.collision.set_solid(key, True)
    return deepest


def _is_fixed(world: World, key: str) -> bool:
    other = world.objects.get(key)
    return other is None or not (
        other.record.properties.get("pickupable") or other.record.properties.get("moveable")
    )


def _held_keys(world: World, hand: str) -> set[str]:
    return contents_of(world, world.objects[hand]) if hand in world.objects else set()


def name_of(world: World, key: str) -> str:
    """How messages name what is in the way."""
    obj = world.objects.get(key)
    return str(obj.metadata["name"]) if obj else world.fixtures.get(key, key.split("|")[0])


def _is_in_the_way(other: SimObject) -> bool:
    return other.is_("pickupable") or other.is_("moveable") or other.type in _FIXED


def in_the_way(world: World, obj: SimObject, receptacle: SimObject) -> list[SimObject]:
    """What may stand in the way of an object on a receptacle.

    Args:
        world: The room.
        obj: What is to be placed.
        receptacle: Where.
    """
    low, high = receptacle.low - 0.3, receptacle.high + 0.3
    low[1], high[1] = receptacle.low[1] - 0.05, receptacle.high[1] + 1.0
    found = []
    # A dish may stand in another object's box: what is put in it only shares it with its contents.
    inside = set(receptacle.contents()) if receptacle.is_("pickupable") else None
    for other in world.objects.values():
        if other is obj or other is receptacle or other.object_id == world.held:
            continue
        if inside is not None and other.object_id not in inside:
            continue
        if not _is_in_the_way(other):
            continue
        if receptacle.object_id in (other.metadata["receptacleObjectIds"] or ()):
            continue
        if (other.high < low).any() or (other.low > high).any():
            continue
        found.append(other)
    return found


class Crowd:
    """What bars places on one receptacle to one object, by its shape."""

    def __init__(self, world: World, obj: SimObject, receptacle: SimObject) -> None:
        self._world, self._obj = world, obj
        self._ignored = {receptacle.object_id, *_wrongly_shaped(world, receptacle)}
        near = in_the_way(world, obj, receptacle)
        self._near = [o for o in near if o.object_id not in self._ignored]

    def free(self, centers: np.ndarray, euler: np.ndarray) -> np.ndarray:
        """At which centres (K, 3) no point of another's surface is in the object's box: (K,)."""
        turn = euler_matrix(euler)
        half = self._obj.size / 2 - _TOUCH
        reach = np.abs(turn) @ half
        found = np.ones(len(centers), dtype=bool)
        for other in self._near:
            asked = (
                found & (centers + reach > other.low).all(1) & (centers - reach < other.high).all(1)
            )
            if asked.any():
                away = (other.world_points @ turn)[None] - (centers[asked] @ turn)[:, None]
                found[asked] = ~(np.abs(away) < half).all(2).any(1)
        return found

    def bars(self, center: np.ndarray, euler: np.ndarray) -> bool:
        """Whether a line along the object's box at a centre (3,) meets what is in the way."""
        ignored = set(self._ignored)
        while (key := blocking(self._world, self._obj, center, euler, ignored)) is not None:
            other = self._world.objects.get(key)
            ignored.add(key)
            if (other is not None and _is_in_the_way(other)) or len(ignored) > _MOST_IN:
                return True
        return False


def _wrongly_shaped(world: World, receptacle: SimObject) -> set[str]:
    """Furniture round a receptacle whose shape here is in what was recorded on that receptacle."""
    hosts = [
        o
        for o in world.objects.values()
        if o is not receptacle
        and o.is_("moveable")
        and not o.is_("pickupable")
        and (o.low < receptacle.low + 0.05).all()
        and (o.high[[0, 2]] > receptacle.high[[0, 2]] - 0.05).all()
    ]
    recorded = [
        item
        for key in receptacle.contents()
        if (item := world.objects.get(key)) is not None and not item.moved
    ]
    found = set()
    for host in hosts:
        for item in recorded:
            others = [key for key in (*world.objects, *world.fixtures) if key != host.object_id]
            if blocking(world, item, item.center, item.euler, others) is not None:
                found.add(host.object_id)
                break
    return found
