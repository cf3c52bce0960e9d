"""What stands in an agent's way besides the room itself: things moved about, and what stands open.

The recorded free floor knows the room as it was at start. On top of it stand, as rectangles on the
floor: loose things and furniture that were moved from where they were recorded, if they are on the
floor and at least 3 cm tall; and open doors and drawers below head height. A low thing may come
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
    """How close the axis of a foot that is half a ball may come to a thing of a height."""
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


def _loose(thing: SimObject, floor: float) -> Obstacle | None:
    height = float(thing.high[1]) - floor
    if thing.low[1] - floor > _ON_FLOOR or height < LOWEST:
        return None
    if not (thing.is_("pickupable") or thing.is_("moveable")):
        return None
    if np.abs(thing.center - np.asarray(thing.record.center)).max() < _MOVED:
        return None
    points = thing.outline() @ thing.rotation.T + thing.center
    yaw = float(np.degrees(np.arctan2(thing.rotation[0, 2], thing.rotation[2, 2])))
    return _flat(thing.metadata["name"], points, yaw, foot_radius(height) - _SLACK)


def leaves(thing: SimObject) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Corners (N, 3) of each upright door and each drawer as it stands, with its axes (3, 3)."""
    for index, joint in enumerate(thing.mesh.joints):
        if joint.kind == "hinge" and abs(joint.axis[1]) < 0.9:
            continue
        turn, shift = joint_pose(joint, thing.openness)
        rows = [p.vertices for p in thing.mesh.parts if p.joint == index and p.solid]
        if rows:
            points = np.concatenate(rows).astype(float) @ turn.T + shift
            yield points @ thing.rotation.T + thing.center, thing.rotation @ turn


def _open(thing: SimObject, floor: float) -> list[Obstacle]:
    found = []
    for points, axis in leaves(thing):
        heights = points[:, 1] - floor
        if heights.min() > _HEAD or heights.max() < LOWEST:
            continue
        yaw = float(np.degrees(np.arctan2(axis[0, 2], axis[2, 2])))
        found.append(_flat(thing.metadata["name"], points, yaw, AGENT_RADIUS - _SLACK))
    return found


def obstacles(world: World) -> list[Obstacle]:
    """Everything that stands in the way now."""
    found = []
    for key, thing in world.objects.items():
        if key in world.hands:
            continue
        if thing.moved:
            loose = _loose(thing, world.floor_y)
            if loose is not None:
                found.append(loose)
        shut_too = thing.type == "Doorway"
        if thing.type in _NO_DOORS or thing.is_("pickupable"):
            continue
        if thing.openness > 0 or shut_too:
            found += _open(thing, world.floor_y)
    return found


def blocking(
    things: list[Obstacle], x: float, z: float, start: tuple[float, float] | None = None
) -> str | None:
    """Name of what keeps the agent's middle from (x, z) metres, or None.

    Coming from ``start``, only what the way leads closer to counts.
    """
    for thing in things:
        gap = thing.gap(x, z)
        if gap < thing.radius and (start is None or gap < thing.gap(*start) - 1e-6 or gap == 0.0):
            return thing.name
    return None
