"""Whether an object would stand in something solid, found by rays along its box.

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
