"""Walls with the holes of their doors and windows.

ProcTHOR's walls are sheets with one side: two rooms that share a wall have one each, and an outer
wall has a third sheet outside. Here every sheet becomes a thin slab on its own room's side of the
line, so that each room sees its own paint, and outer ones get the thickness of a wall outwards.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.houses.house import House, Opening, Room, Wall
from envs.simulator.houses.house_materials import paint_of
from envs.simulator.houses.polygons import inside
from envs.simulator.meshes.mesh import Mesh, Part
from envs.simulator.meshes.slabs import slab

SKIN = 0.005
OUTER = 0.1
OVERLAP = 0.003
# Metres that a texture covers.
REPEAT = {"tiles": 0.7, "marble": 1.2, "granite": 1.0}
_NARROW = 1e-3
_PLAIN = (0.93, 0.92, 0.89)

Hole = tuple[float, float, float, float]


def along(wall: Wall) -> np.ndarray:
    """Unit direction (2,) of a wall."""
    return (wall.end - wall.start) / wall.length


def left_of(direction: np.ndarray) -> np.ndarray:
    """The direction (2,) to the left of one, seen from above."""
    return np.array([-direction[1], direction[0]])


def place_of(opening: Opening, wall: Wall) -> tuple[np.ndarray, np.ndarray]:
    """Ends (2,) x and z of an opening on the floor, from its wall's first point on."""
    way = along(wall)
    return wall.start + way * opening.left, wall.start + way * opening.right


def holes_in(wall: Wall, house: House, walls: dict[str, Wall]) -> list[Hole]:
    """Openings in a wall as (from, to, bottom, top), metres along and up it.

    A hole goes through every sheet on the same line, whichever one it is listed on.
    """
    way = along(wall)
    side = left_of(way)
    found = []
    for opening in house.openings:
        a, b = place_of(opening, walls[opening.wall])
        if max(abs((a - wall.start) @ side), abs((b - wall.start) @ side)) > 0.15:
            continue
        first, last = sorted((float((a - wall.start) @ way), float((b - wall.start) @ way)))
        first, last = max(first, 0.0), min(last, wall.length)
        bottom = walls[opening.wall].low + opening.bottom
        top = min(walls[opening.wall].low + opening.top, wall.high)
        if last - first > _NARROW and top - max(bottom, wall.low) > _NARROW:
            found.append((first, last, max(bottom, wall.low), top))
    return found


def pieces(wall: Wall, holes: list[Hole]) -> list[Hole]:
    """Rectangles (from, to, bottom, top) that cover a wall but for its holes."""
    cuts = sorted({0.0, wall.length, *(h[0] for h in holes), *(h[1] for h in holes)})
    found = []
    for a, b in zip(cuts, cuts[1:], strict=False):
        if b - a < _NARROW:
            continue
        middle = (a + b) / 2
        gaps = sorted((h[2], h[3]) for h in holes if h[0] < middle < h[1])
        low = wall.low
        for bottom, top in gaps:
            if bottom - low > _NARROW:
                found.append((a, b, low, bottom))
            low = max(low, top)
        if wall.high - low > _NARROW:
            found.append((a, b, low, wall.high))
    return found


def inward(wall: Wall, rooms: dict[str, Room]) -> np.ndarray:
    """The side (2,) of a wall that its room is on; to its left where no room says."""
    side = left_of(along(wall))
    room = rooms.get(wall.room)
    if room is None:
        return side
    middle = (wall.start + wall.end) / 2
    spots = np.array([middle + side * 0.05, middle - side * 0.05])
    at_left, at_right = inside(room.polygon, spots)
    return -side if at_right and not at_left else side


def is_outer(wall: Wall, house: House) -> bool:
    """Whether no room lies beyond a wall."""
    middle = (wall.start + wall.end) / 2
    side = left_of(along(wall))
    spots = np.array([middle + side * 0.08, middle - side * 0.08])
    within = np.zeros(2, bool)
    for room in house.rooms:
        within |= inside(room.polygon, spots)
    return not within.all()


def wall_mesh(
    wall: Wall, house: House, walls: dict[str, Wall], rooms: dict[str, Room]
) -> tuple[Mesh, np.ndarray, np.ndarray, float]:
    """A wall's mesh, its middle (3,), its size (3,) and its yaw in degrees.

    In its frame x runs along the wall and +z points into the room.
    """
    color, texture = paint_of(wall.material, _PLAIN)
    side = inward(wall, rooms)
    yaw = float(np.degrees(np.arctan2(side[0], side[1])))
    way = np.array([side[1], -side[0]])
    flip = float(way @ along(wall)) < 0
    thick = (-OUTER, -SKIN) if wall.exterior else (0.0, SKIN)
    if not wall.exterior and is_outer(wall, house) and not _has_exterior(wall, house):
        thick = (-OUTER, SKIN)
    middle_y = (wall.low + wall.high) / 2
    parts: list[Part] = []
    for a, b, low, high in pieces(wall, holes_in(wall, house, walls)):
        # Overlapping its neighbours, floor and ceiling, a piece leaves no slit along them.
        a, b = max(a - OVERLAP, 0.0), min(b + OVERLAP, wall.length)
        x0, x1 = a - wall.length / 2, b - wall.length / 2
        if flip:
            x0, x1 = -x1, -x0
        low -= 0.01 if low == wall.low else 0.0
        high += 0.02 if high == wall.high else 0.0
        parts.append(
            slab(
                np.array([x0, low - middle_y, thick[0]]),
                np.array([x1, high - middle_y, thick[1]]),
                color,
                texture,
                tile=REPEAT.get(texture or "", 1.5),
                cell=max(0.6, wall.length / 24),
                # The back of an inner wall would shine through the sheet of the next room.
                skip=() if thick[0] < 0 else ((2, -1),),
            )
        )
    middle = (wall.start + wall.end) / 2
    # The frame's origin is the middle of the box.
    depth = (thick[0] + thick[1]) / 2
    parts = [_moved(p, -depth) for p in parts]
    at = middle + side * depth
    center = np.array([at[0], middle_y, at[1]])
    size = np.array([wall.length, wall.high - wall.low, thick[1] - thick[0]])
    return Mesh(tuple(parts)), center, size, yaw


def _moved(part: Part, z: float) -> Part:
    return replace(part, vertices=(part.vertices + np.array([0, 0, z])).astype(np.float32))


def _has_exterior(wall: Wall, house: House) -> bool:
    middle = (wall.start + wall.end) / 2
    return any(
        w.exterior and float(np.linalg.norm((w.start + w.end) / 2 - middle)) < 0.05
        for w in house.walls
    )
