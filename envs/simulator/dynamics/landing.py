"""Where moved objects end: what carries them, and a good place for those that ended badly."""

from __future__ import annotations

import numpy as np

from envs.simulator.dynamics.body import contents_of, extent, parts_of
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import sunk_in
from envs.simulator.world.placement import find_place, upright
from envs.simulator.world.world import World

_BELOW, _ABOVE = 0.04, 0.06
_NEAR = 1.0
# No room's floor is higher or lower than this, metres.
_ON_FLOOR = 0.3
# How far an object may reach into what is fixed, metres, and how often it is pushed out at most.
SUNK, _PUSHES = 0.015, 4
# Where, as shares of half its box, it is looked at what is below an object: the middle first.
_PROBES = sorted(
    ((u, v) for u in (0.0, 0.6, -0.6, 0.9, -0.9) for v in (0.0, 0.6, -0.6, 0.9, -0.9)),
    key=lambda p: (abs(p[0]) + abs(p[1]), p),
)


def bottom_of(obj: SimObject) -> float:
    """Height of the lowest point of its surface, metres."""
    lowest = float(obj.world_points[:, 1].min()) if len(obj.world_points) else obj.low[1]
    return max(lowest, float(obj.low[1]))


def _on_surface(world: World, obj: SimObject, ignored: set[str]) -> SimObject | None:
    """The receptacle with the smallest support rectangle right under an object's middle."""
    best: tuple[float, SimObject] | None = None
    bottom = bottom_of(obj)
    for other in world.objects.values():
        if not other.is_("receptacle") or other is obj or other.object_id in ignored:
            continue
        if (obj.center < other.low - 0.1)[[0, 2]].any():
            continue
        if (obj.center > other.high + 0.1)[[0, 2]].any():
            continue
        for surface, middle in other.surfaces():
            gap = obj.center - middle
            across = abs(float(gap @ other.rotation[:, 0])) - surface.size[0] / 2
            along = abs(float(gap @ other.rotation[:, 2])) - surface.size[1] / 2
            if max(across, along) > 0.02 or not -_BELOW < bottom - middle[1] < _ABOVE:
                continue
            area = surface.size[0] * surface.size[1]
            if best is None or area < best[0]:
                best = (area, other)
    return None if best is None else best[1]


def _floor_at(world: World, point: np.ndarray) -> SimObject | None:
    floors = [o for o in world.objects.values() if o.type == "Floor"]
    for floor in floors:
        if (floor.low <= point + 0.01)[[0, 2]].all() and (point - 0.01 <= floor.high)[[0, 2]].all():
            return floor
    return floors[0] if len(floors) == 1 else None


def support_of(world: World, obj: SimObject, touched: list[str] | None = None) -> SimObject | None:
    """The receptacle an object lies on or in, or None if that is no receptacle.

    ``touched`` are keys of what it is known to touch from above.
    """
    ignored = {i.object_id for i in contents_of(world, obj)}
    found = _on_surface(world, obj, ignored)
    if found is not None:
        return found
    key = _under(world, obj)
    for candidate in [key, *(touched or ())]:
        found = _receptacle_at(world, obj, candidate, ignored)
        if found is not None:
            return found
    return None


def _receptacle_at(
    world: World, obj: SimObject, key: str | None, ignored: set[str]
) -> SimObject | None:
    """The receptacle that carries what rests on the object of a key."""
    if key is None or key == obj.object_id or key in ignored:
        return None
    other = world.objects.get(key)
    if other is None:
        low_enough = bottom_of(obj) < 0.1
        return _floor_at(world, obj.center) if low_enough else None
    if other.is_("receptacle") and not (other.is_("openable") and other.openness == 0):
        return other
    for parent in other.metadata["parentReceptacles"] or ():
        if parent in world.objects and parent not in ignored and parent != obj.object_id:
            return world.objects[parent]
    return None


def is_carried(world: World, obj: SimObject) -> bool:
    """Whether anything solid is right under an object."""
    return _under(world, obj) is not None


def _under(world: World, obj: SimObject) -> str | None:
    hidden = [obj.object_id, *sorted(i.object_id for i in contents_of(world, obj))]
    for key in hidden:
        world.collision.set_solid(key, False)
    half = (obj.high - obj.low) / 2
    bottom = bottom_of(obj)
    middle = (obj.high + obj.low) / 2
    starts = [middle + np.array([dx * half[0], 0.0, dz * half[2]]) for dx, dz in _PROBES]
    # The feet of what stands on few points.
    low = obj.world_points[obj.world_points[:, 1] < bottom + 0.02]
    starts += list(low + [0.0, 0.02, 0.0])
    try:
        for start in starts:
            hit = world.collision.ray(start, np.array([start[0], bottom - 0.05, start[2]]))
            if hit is not None:
                return hit.key
    finally:
        for key in hidden:
            world.collision.set_solid(key, True)
    return None


def ended_well(world: World, center: np.ndarray, rotation: np.ndarray) -> bool:
    """Whether a simulated pose is a place in the room."""
    if not (np.isfinite(center).all() and np.isfinite(rotation).all()):
        return False
    low, high = extent(world)
    return bool((center > low - 0.02).all() and (center < high + 0.5).all())


def squeezed_out(
    world: World, obj: SimObject, center: np.ndarray, euler: np.ndarray
) -> np.ndarray | None:
    """Where an object that reaches into what is fixed has to be instead, near by, or None.

    A middle (3,) at which it reaches into nothing; the given one if that is so there.
    """
    place = np.asarray(center, dtype=float)
    parts = [part.object_id for part in parts_of(world, obj)]
    for _ in range(_PUSHES):
        found = sunk_in(world, obj, place, euler, parts)
        if found is None or found[1] <= SUNK:
            return place
        place = place + found[2] * (found[1] + 0.002)
    return None


def safe_place(world: World, obj: SimObject, near: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Centre (3,) and Euler angles (3,) of a resting place near a point (3,).

    On furniture within a metre if the point is above knee height, else on free floor.
    """
    if not np.isfinite(near).all():
        near = world.agent.position
    if near[1] > 0.5:
        tops = []
        for other in world.objects.values():
            if not other.is_("receptacle") or other.is_("pickupable") or other is obj:
                continue
            if other.type == "Floor" or other.is_("openable"):
                continue
            gap = np.clip(near, other.low, other.high) - near
            away = float(np.hypot(gap[0], gap[2]))
            if away < _NEAR and other.high[1] < near[1] + 0.5:
                tops.append((away, other.object_id))
        for _, key in sorted(tops)[:6]:
            found = find_place(world, obj, world.objects[key], focus=near)
            if found is not None:
                return found
    euler, size = upright(obj, float(obj.euler[1]))
    spots = world.grid_points
    if not len(spots):
        spots = near[None, [0, 2]]
    away_from = np.abs(spots - near[[0, 2]]).sum(1)
    loose = [
        o
        for o in world.objects.values()
        if o is not obj and o.is_("pickupable") and o.low[1] < size[1] + _ON_FLOOR and o.moved
    ]
    for index in np.argsort(away_from, kind="stable"):
        x, z = spots[index]
        center = np.array([x, floor_height(world, x, z) + size[1] / 2 + 0.002, z])
        low, high = center - size / 2, center + size / 2
        if any((low < o.high).all() and (high > o.low).all() for o in loose):
            continue
        sunk = sunk_in(world, obj, center, euler)
        if sunk is None or sunk[1] <= SUNK:
            return center, euler
    x, z = spots[int(np.argmin(away_from))]
    return np.array([x, floor_height(world, x, z) + size[1] / 2 + 0.002, z]), euler


def floor_height(world: World, x: float, z: float) -> float:
    """Height of the floor at a place, metres; some rooms' floors are not at 0."""
    hit = world.collision.ray(np.array([x, _ON_FLOOR, z]), np.array([x, -_ON_FLOOR, z]))
    if hit is None:
        return 0.0
    obj = world.objects.get(hit.key)
    type_name = obj.type if obj is not None else world.fixtures.get(hit.key)
    return float(hit.point[1]) if type_name in ("Floor", "Ground") else 0.0
