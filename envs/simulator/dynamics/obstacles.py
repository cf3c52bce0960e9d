"""What stands in an agent's way besides the room itself: objects moved about, and what stands open.

The recorded free floor knows the room as it was at start. On top of it stand, as rectangles on the
floor: loose objects and furniture that were moved from where they were recorded, if they are on the
floor and at least 3 cm tall; and open doors and drawers below head height. A low object may come
closer to the agent's axis than a tall one, since the agent's foot is round. Whoever stands too
close already may walk away.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS
from envs.simulator.meshes.joints import joint_pose
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

LOWEST = 0.03
_ON_FLOOR = 0.35
_HEAD = 1.7
_SLACK = 0.02
_MOVED = 0.05
# Doors that swing within their furniture, or are soft.
_NO_DOORS = frozenset({"Blinds", "Curtains", "ShowerCurtain", "Toilet", "LaundryHamper", "Box"})


@dataclass(frozen=True)
class Obstacle:
    """A rectangle on the floor.

    Attributes:
        name: Object's name, for the message.
        center: (2,) x and z, metres.
        axes: (2, 2) rows are the directions of its sides.
        half: (2,) half its sides.
        radius: How close the agent's axis may come.
    """

    name: str
    center: np.ndarray
    axes: np.ndarray
    half: np.ndarray
    radius: float

    def gap(self, x: float, z: float) -> float:
        """Distance of a point from the rectangle, metres."""
        local = np.abs(self.axes @ (np.array([x, z]) - self.center)) - self.half
        return math.hypot(max(local[0], 0.0), max(local[1], 0.0))


def foot_radius(height: float) -> float:
    """How close the axis of a foot that is half a ball may come to an object of a height."""
    if height >= AGENT_RADIUS:
        return AGENT_RADIUS
    return math.sqrt(AGENT_RADIUS**2 - (AGENT_RADIUS - max(height, 0.0)) ** 2)


def _flat(name: str, points: np.ndarray, yaw: float, radius: float) -> Obstacle:
    """The rectangle of points (N, 3) with sides along a yaw in degrees."""
    c, s = math.cos(math.radians(yaw)), math.sin(math.radians(yaw))
    axes = np.array([[c, -s], [s, c]])
    local = points[:, [0, 2]] @ axes.T
    low, high = local.min(0), local.max(0)
    return Obstacle(name, axes.T @ ((low + high) / 2), axes, (high - low) / 2, radius)


def _loose(obj: SimObject, floor: float) -> Obstacle | None:
    height = float(obj.high[1]) - floor
    if obj.low[1] - floor > _ON_FLOOR or height < LOWEST:
        return None
    if not (obj.is_("pickupable") or obj.is_("moveable")):
        return None
    if np.abs(obj.center - np.asarray(obj.record.center)).max() < _MOVED:
        return None
    points = obj.outline() @ obj.rotation.T + obj.center
    yaw = float(np.degrees(np.arctan2(obj.rotation[0, 2], obj.rotation[2, 2])))
    return _flat(obj.metadata["name"], points, yaw, foot_radius(height) - _SLACK)


def leaves(obj: SimObject) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Corners (N, 3) of each upright door and each drawer as it stands, with its axes (3, 3)."""
    for index, joint in enumerate(obj.mesh.joints):
        if joint.kind == "hinge" and abs(joint.axis[1]) < 0.9:
            continue
        turn, shift = joint_pose(joint, obj.openness)
        rows = [p.vertices for p in obj.mesh.parts if p.joint == index and p.solid]
        if rows:
            points = np.concatenate(rows).astype(float) @ turn.T + shift
            yield points @ obj.rotation.T + obj.center, obj.rotation @ turn


def _open(obj: SimObject, floor: float) -> list[Obstacle]:
    found = []
    for points, axis in leaves(obj):
        heights = points[:, 1] - floor
        if heights.min() > _HEAD or heights.max() < LOWEST:
            continue
        yaw = float(np.degrees(np.arctan2(axis[0, 2], axis[2, 2])))
        found.append(_flat(obj.metadata["name"], points, yaw, AGENT_RADIUS - _SLACK))
    return found


def obstacles(world: World) -> list[Obstacle]:
    """Everything that stands in the way now."""
    found = []
    for key, obj in world.objects.items():
        if key in world.hands:
            continue
        if obj.moved:
            loose = _loose(obj, world.floor_y)
            if loose is not None:
                found.append(loose)
        if not obj.metadata["openness"] and obj.type != "Doorway":
            continue
        if obj.type not in _NO_DOORS and not obj.is_("pickupable"):
            found += _open(obj, world.floor_y)
    return found


def blocking(
    objects: list[Obstacle], x: float, z: float, start: tuple[float, float] | None = None
) -> str | None:
    """Name of what keeps the agent's middle from (x, z) metres, or None.

    Coming from ``start``, only what the way leads closer to counts.
    """
    for obj in objects:
        gap = obj.gap(x, z)
        if gap < obj.radius and (start is None or gap < obj.gap(*start) - 1e-6 or gap == 0.0):
            return obj.name
    return None


def distance_to(
    start: tuple[float, float], end: tuple[float, float], place: tuple[float, float]
) -> float:
    """How near a straight way comes to a place, metres."""
    dx, dz = end[0] - start[0], end[1] - start[1]
    length = dx * dx + dz * dz
    along = (place[0] - start[0]) * dx + (place[1] - start[1]) * dz
    share = min(max(along / length, 0.0), 1.0) if length > 1e-18 else 0.0
    return math.dist((start[0] + share * dx, start[1] + share * dz), place)


def blocking_on_way(
    objects: list[Obstacle], start: tuple[float, float], end: tuple[float, float]
) -> str | None:
    """Name of what keeps the agent's middle from a straight way, or None.

    Only what the way leads closer to counts, and what it ends in.
    """
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    reach = math.dist(start, middle)
    for obj in objects:
        if obj.gap(*middle) >= obj.radius + reach:
            continue
        gap = _nearest(obj, start, end)
        if gap < obj.radius and (gap < obj.gap(*start) - 1e-6 or obj.gap(*end) == 0.0):
            return obj.name
    return None


def _nearest(obj: Obstacle, start: tuple[float, float], end: tuple[float, float]) -> float:
    """How near a straight way comes to an obstacle, metres: the gap along it has one minimum."""

    def gap(share: float) -> float:
        return obj.gap(
            start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
        )

    low, high = 0.0, 1.0
    best = min(gap(low), gap(high))
    for _ in range(40):
        a, b = low + (high - low) / 3, high - (high - low) / 3
        near, far = gap(a), gap(b)
        best = min(best, near, far)
        if best == 0.0 or high - low < 1e-6:
            break
        if near <= far:
            high = b
        else:
            low = a
    return best
