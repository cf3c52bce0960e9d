"""What the agent can see and touch: AI2-THOR's visibility, by rays to points on every object.

An object is visible when any part of it lies within the visibility distance (measured horizontally
from the camera), and one of its points, wherever, is inside the picture with nothing solid before
it. That is AI2-THOR's scheme ``Collider``; in its scheme ``Distance`` that very point has to be
near.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from envs.simulator.core.geometry import euler_matrix
from envs.simulator.world.objects import SimObject
from envs.simulator.world.plan_distance import is_within
from envs.simulator.world.world import World

RAYS_PER_OBJECT = 40
# Rounding of distances, metres.
_SLACK = 1e-6
CLOSED_HIDES = frozenset(
    {"Drawer", "Cabinet", "Fridge", "Microwave", "Safe", "LaundryHamper", "Box"}
)


def half_tangents(world: World) -> tuple[float, float]:
    """Tangents of half the horizontal and half the vertical field of view."""
    vertical = math.tan(math.radians(world.settings.fieldOfView) / 2)
    return vertical * world.width / world.height, vertical


def project(
    world: World, points: np.ndarray, eye: np.ndarray, axes: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Image fractions (N, 2), origin top left, and depths (N,) of world points (N, 3)."""
    local = (points - eye) @ axes
    depth = local[:, 2]
    wide, high = half_tangents(world)
    safe = np.where(depth > 1e-6, depth, 1.0)
    u = 0.5 + local[:, 0] / safe / wide / 2
    v = 0.5 - local[:, 1] / safe / high / 2
    return np.stack([u, v], 1), depth


def in_viewport(world: World, points: np.ndarray, eye: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Which of some points (N, 3) lie inside the picture, hidden or not: (N,)."""
    uv, depth = project(world, points, eye, axes)
    found: np.ndarray = (depth > 0) & (uv >= 0).all(1) & (uv <= 1).all(1)
    return found


def in_reach(points: np.ndarray, eye: np.ndarray, distance: float) -> np.ndarray:
    """Which of some points (N, 3) lie within a horizontal distance of a camera, metres: (N,)."""
    away = points - eye
    found: np.ndarray = away[:, 0] ** 2 + away[:, 2] ** 2 <= distance**2
    return found


def is_shut_away(world: World, obj: SimObject) -> bool:
    """Whether it lies in something closed, so that no ray need be cast."""
    if not (obj.is_("pickupable") or obj.is_("moveable")):
        # The recordings list furniture too in what it stands beside.
        return False
    for parent_id in obj.metadata["parentReceptacles"] or ():
        parent = world.objects.get(parent_id)
        if parent and parent.type in CLOSED_HIDES and parent.is_("openable"):
            if parent.openness < 0.05:
                return True
    return False


def _clear(world: World, eye: np.ndarray, point: np.ndarray, object_id: str) -> bool:
    ex, ey, ez = eye.tolist()
    px, py, pz = point.tolist()
    length = math.dist((ex, ey, ez), (px, py, pz))
    if length < 1e-6:
        return True
    # A little farther than the point, to meet the surface it lies on.
    share = 1 + 0.01 / length
    end = (ex + share * (px - ex), ey + share * (py - ey), ez + share * (pz - ez))
    hit = world.collision.first((ex, ey, ez), end)
    return hit is None or hit[0] == object_id or hit[1] * (length + 0.01) > length - 0.004


def _spread(indices: np.ndarray, count: int) -> np.ndarray:
    if len(indices) <= count:
        return indices
    return indices[np.linspace(0, len(indices) - 1, count).astype(int)]


def _near(world: World, obj: SimObject, eye: np.ndarray, distance: float) -> np.ndarray:
    """Which of an object's points (N, 3) count as near a camera at ``eye`` (3,)."""
    points = obj.world_points
    if world.settings.visibilityScheme == "Distance":
        away = points - eye
        found: np.ndarray = away[:, 0] ** 2 + away[:, 2] ** 2 <= distance**2
        return found
    return np.full(len(points), is_within(obj, float(eye[0]), float(eye[2]), distance))


def can_see(
    world: World, obj: SimObject, eye: np.ndarray, axes: np.ndarray, distance: float
) -> bool:
    """Whether the object is visible from a camera at ``eye`` (3,) with ``axes`` (3, 3)."""
    points = obj.world_points
    near = _near(world, obj, eye, distance)
    if not near.any():
        return False
    uv, depth = project(world, points, eye, axes)
    inside = near & (depth > 0.01) & (uv > 0).all(1) & (uv < 1).all(1)
    chosen = np.flatnonzero(inside)
    if not len(chosen) or is_shut_away(world, obj):
        return False
    return any(
        _clear(world, eye, points[i], obj.object_id) for i in _spread(chosen, RAYS_PER_OBJECT)
    )


def visible_ids(world: World, index: int | None = None) -> set[str]:
    """Ids of every object that an agent, by default the acting one, sees now."""
    index = world.active if index is None else index
    eye, axes = world.agents[index].eye, world.agents[index].eye_rotation
    limit = world.settings.visibilityDistance
    held = world.hands[index]
    seen = {held} if held is not None and held in world.objects else set()
    kept = world.points()
    if not kept.objects:
        return seen
    away = kept.points - eye
    near = away[:, 0] * away[:, 0] + away[:, 2] * away[:, 2] <= limit * limit
    close = np.logical_or.reduceat(near, kept.begins)
    # Boxes that are too far on the floor plan hold nothing that is near.
    gap = np.maximum(np.maximum(kept.low - eye, eye - kept.high), 0.0)
    within = close | (gap[:, 0] * gap[:, 0] + gap[:, 2] * gap[:, 2] <= (limit + _SLACK) ** 2)
    by_point = world.settings.visibilityScheme == "Distance"
    asked = np.flatnonzero(near if by_point else within[kept.owners])
    local = away[asked] @ axes
    depth, (wide, high) = local[:, 2], half_tangents(world)
    shown = (depth > 0.01) & (np.abs(local[:, 0]) < depth * wide)
    shown &= np.abs(local[:, 1]) < depth * high
    inside = asked[shown]
    owners = kept.owners[inside]
    cuts = np.flatnonzero(np.diff(owners)) + 1
    for chosen in np.split(inside, cuts) if len(inside) else ():
        number = int(kept.owners[chosen[0]])
        obj = kept.objects[number]
        if obj.object_id in seen or is_shut_away(world, obj):
            continue
        # What only a part without points may bring near is measured.
        if not close[number] and not is_within(obj, float(eye[0]), float(eye[2]), limit):
            continue
        for point in kept.points[_spread(chosen, RAYS_PER_OBJECT)]:
            if _clear(world, eye, point, obj.object_id):
                seen.add(obj.object_id)
                break
    return seen


def ray_through(world: World, x: float, y: float) -> tuple[np.ndarray, np.ndarray]:
    """Start (3,) and end (3,) of the ray through an image fraction, origin top left."""
    wide, high = half_tangents(world)
    direction = world.agent.eye_rotation @ np.array([(2 * x - 1) * wide, (1 - 2 * y) * high, 1.0])
    eye = world.agent.eye
    return eye, eye + direction / np.linalg.norm(direction) * world.settings.cameraFarPlane


def interactable_poses(
    world: World,
    obj: SimObject,
    positions: list[np.ndarray],
    rotations: list[float],
    horizons: list[float],
    standings: list[bool],
    distance: float,
    limit: int | None = None,
) -> list[dict]:
    """Every pose of the given ones from which the object is visible, as AI2-THOR lists them."""
    poses: list[dict] = []
    if is_shut_away(world, obj):
        return poses
    points = obj.world_points
    turns = [(r, h) for r in rotations for h in horizons]
    axes = np.array([euler_matrix((h, r, 0)) for r, h in turns])
    for standing in standings:
        for place in positions:
            x, y, z = (float(v) for v in place)
            eye = replace(world.agent, x=x, y=y, z=z, standing=standing).eye
            near = np.flatnonzero(_near(world, obj, eye, distance))
            if not len(near):
                continue
            lit = points[:0]
            # An object half hidden may show only to as many rays as seeing it takes.
            for count in (16, RAYS_PER_OBJECT):
                some = _spread(near, count)
                clear = np.array([_clear(world, eye, points[i], obj.object_id) for i in some])
                lit = points[some[clear]]
                if len(lit) or len(near) <= count:
                    break
            if not len(lit):
                continue
            for turn in np.flatnonzero(_in_picture(world, lit - eye, axes)):
                rotation, horizon = turns[turn]
                poses.append(
                    {
                        "x": x,
                        "y": y,
                        "z": z,
                        "rotation": float(rotation),
                        "horizon": float(horizon),
                        "standing": standing,
                    }
                )
                if limit and len(poses) >= limit:
                    return poses
    return poses


def _in_picture(world: World, away: np.ndarray, axes: np.ndarray) -> np.ndarray:
    """Which of some cameras (M, 3, 3) show any of some points (N, 3), seen from their eye: (M,)."""
    local = away @ axes
    depth = local[..., 2]
    wide, high = half_tangents(world)
    beside, above = abs(local[..., 0]), abs(local[..., 1])
    shown = (depth > 0.01) & (beside < depth * wide) & (above < depth * high)
    found: np.ndarray = shown.any(1)
    return found
