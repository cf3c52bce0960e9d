"""What of a counter no rectangle covers: its bevels, and its top over cupboards that stand turned.

Free floor is recorded on a grid, so a counter that runs at an angle is found as steps. The notch of
a step is filled as far as nobody stands there; a row of turned cupboards has a top of its own.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS
from envs.simulator.core.caching import for_life
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.meshes import soft
from envs.simulator.meshes.mesh import Color, Part
from envs.simulator.scenes.records import ObjectRecord, SceneRecord
from envs.simulator.scenes.structure.counter_bases import box_of, counter_drops, world_footprint

# Longest side of a step that is one of a slope, and shortest that is worth a bevel, metres.
_STEP, _LEAST = 0.45, 0.04
# How far a top reaches over turned cupboards' fronts, and its base stays behind it, metres.
_OVER, _BEHIND = 0.03, 0.035
_TILE = 0.4
# Thickness of the boards at the ends of a turned row, metres.
_PANEL = 0.018

Polygon = tuple[tuple[float, float], ...]


@for_life()
def top_pieces(scene: SceneRecord) -> dict[str, tuple[Polygon, ...]]:
    """By counter: convex polygons of the floor plan, corners x and z, that it covers too."""
    found = {}
    for top in scene.objects:
        if top.object_type == "CounterTop":
            pieces = [*_bevels(top, scene), *_turned_tops(top, scene)]
            if pieces:
                found[top.object_id] = tuple(pieces)
    return found


def is_turned(record: ObjectRecord) -> bool:
    """Whether a cupboard or drawer stands at an angle to the room."""
    turn = (record.local_rotation[1] + 45) % 90 - 45
    return record.object_type in ("Cabinet", "Drawer") and record.obb is None and abs(turn) > 5


def plate(polygon: Polygon, low: float, high: float, color: Color, texture: str | None) -> Part:
    """A plate of a polygon's outline between two heights, its texture laid as on boxes."""
    points, normals, _, faces = soft.prism(np.asarray(polygon), low, high, axis=1)
    level = np.abs(normals[:, 1:2]) > 0.5
    along = (points[:, [0, 2]] * normals[:, [2, 0]] * (1, -1)).sum(1, keepdims=True)
    uvs = np.where(level, points[:, [0, 2]], np.concatenate([along, points[:, 1:2]], 1)) / _TILE
    return Part(
        points.astype(np.float32),
        normals.astype(np.float32),
        uvs.astype(np.float32),
        faces.astype(np.int32),
        color,
        texture,
    )


def piece_bases(scene: SceneRecord, color: Color, texture: str | None) -> list[list[Part]]:
    """What stands under the bevels of counters, and closes the ends of turned rows."""
    found = []
    for top in scene.objects:
        under = box_of(top)[0][1] - counter_drops(scene).get(top.object_id, 0.0)
        if top.object_type != "CounterTop" or under < 0.4:
            continue
        parts = []
        for polygon in _bevels(top, scene):
            corner, *ends = (np.asarray(p) for p in polygon)
            back = [e + (corner - e) * min(1.0, _BEHIND / np.linalg.norm(e - corner)) for e in ends]
            shape = tuple((float(p[0]), float(p[1])) for p in (corner, *back))
            parts.append(plate(shape, 0.0, float(under), color, texture))
        for polygon in _turned_tops(top, scene):
            parts += _end_panels(np.asarray(polygon), float(under), color, texture)
        if parts:
            found.append(parts)
    return found


def _end_panels(corners: np.ndarray, under: float, color: Color, texture: str | None) -> list[Part]:
    """Boards that close both ends of a turned row, under its top of corners (4, 2)."""
    back_left, back_right, front_right, front_left = corners
    along = (back_right - back_left) / np.linalg.norm(back_right - back_left) * _PANEL
    ahead = (front_left - back_left) / np.linalg.norm(front_left - back_left) * (_OVER + 0.02)
    made = []
    for back, front, thick in ((back_left, front_left, along), (back_right, front_right, -along)):
        outline = (back, back + thick, front + thick - ahead, front - ahead)
        shape = tuple((float(x), float(z)) for x, z in outline)
        made.append(plate(shape, 0.0, under, color, texture))
    return made


def add_pieces(
    parts: tuple[Part, ...], middle: np.ndarray, half: float, pieces: tuple[Polygon, ...]
) -> tuple[Part, ...]:
    """The parts of a counter's mesh with further pieces.

    Args:
        parts: In its frame, which is not turned.
        middle: Origin (3,) of the frame, metres.
        half: Half the counter's thickness, metres.
        pieces: Outlines on the floor plan.
    """
    like = parts[0]
    made = []
    for polygon in pieces:
        part = plate(polygon, -half, half, like.color, like.texture)
        shift = middle * (1, 0, 1)
        uvs = part.uvs - np.where(np.abs(part.normals[:, 1:2]) > 0.5, middle[[0, 2]] / _TILE, 0)
        made.append(
            replace(
                part,
                vertices=(part.vertices - shift).astype(np.float32),
                uvs=uvs.astype(np.float32),
            )
        )
    return (*parts, *made)


def _bevels(top: ObjectRecord, scene: SceneRecord) -> list[Polygon]:
    rectangles = world_footprint(top)
    if not top.footprint:
        return []
    xs, zs = (
        sorted({round(float(r[k + j]), 4) for r in rectangles for j in (0, 2)}) for k in (0, 1)
    )
    x_mid, z_mid = (np.add(c[:-1], c[1:]) / 2 for c in (np.array(xs), np.array(zs)))
    keep = np.zeros((len(x_mid), len(z_mid)), bool)
    basins = [
        (b[0][0], b[0][2], b[1][0], b[1][2])
        for b in (box_of(o) for o in scene.objects if o.object_type in ("SinkBasin", "Sink"))
    ]
    for x0, z0, x1, z1 in [*rectangles, *basins]:
        keep |= ((x_mid > x0) & (x_mid < x1))[:, None] & ((z_mid > z0) & (z_mid < z1))[None]
    around = np.pad(keep, 1)
    found: list[Polygon] = []
    for i in range(1, len(xs) - 1):
        for j in range(1, len(zs) - 1):
            quad = around[i : i + 2, j : j + 2]
            if quad.sum() != 3:
                continue
            # The empty cell lies this way from the corner.
            a, b = (int(v) for v in np.argwhere(~quad)[0] * 2 - 1)
            along_x = _edge(keep, i, j, a, b, xs, True)
            along_z = _edge(keep, i, j, a, b, zs, False)
            if not _LEAST < min(along_x, along_z) <= _STEP:
                continue
            for share in (1.0, 0.8, 0.6, 0.4):
                ends = share * min(along_x, _STEP), share * min(along_z, _STEP)
                x, z = xs[i], zs[j]
                polygon = ((x, z), (x + a * ends[0], z), (x, z + b * ends[1]))
                if _free(polygon, top, scene):
                    found.append(polygon)
                    break
    return found


def _edge(
    keep: np.ndarray, i: int, j: int, a: int, b: int, cuts: list[float], along_x: bool
) -> float:
    """Length of a top's edge from the inner corner before cell (i, j), on the side (a, b)."""
    k = i if along_x else j
    step = a if along_x else b
    at = k
    while True:
        cell = at if step > 0 else at - 1
        if not 0 <= cell < len(cuts) - 1:
            break
        if along_x:
            empty, solid = (cell, j if b > 0 else j - 1), (cell, j - 1 if b > 0 else j)
        else:
            empty, solid = (i if a > 0 else i - 1, cell), (i - 1 if a > 0 else i, cell)
        if keep[empty] or not keep[solid]:
            break
        at += step
    return abs(cuts[at] - cuts[k])


def _free(polygon: Polygon, top: ObjectRecord, scene: SceneRecord) -> bool:
    """Whether neither an agent nor furniture stands where a bevel would be."""
    shape = np.asarray(polygon)
    if len(scene.walked) and _distance(scene.walked, shape).min() < AGENT_RADIUS - 0.01:
        return False
    spots = np.concatenate([shape[1:] * 0.9 + shape[0] * 0.1, shape.mean(0)[None]])
    height = top.center[1]
    for other in scene.objects:
        low, high = box_of(other)
        if other is top or other.object_type == "Floor" or "pickupable" in other.properties:
            continue
        if low[1] < height - 0.02 and high[1] > 0.1:
            inside = (spots > low[[0, 2]] + 0.01) & (spots < high[[0, 2]] - 0.01)
            if inside.all(1).any():
                return False
    return True


def _distance(points: np.ndarray, shape: np.ndarray) -> np.ndarray:
    """Distance (K,) of points (K, 2) from a triangle (3, 2); 0 inside."""
    best = np.full(len(points), np.inf)
    signs = []
    for a, b in zip(shape, np.roll(shape, -1, axis=0), strict=True):
        edge, away = b - a, points - a
        t = np.clip(away @ edge / max(float(edge @ edge), 1e-12), 0, 1)
        best = np.minimum(best, np.linalg.norm(away - t[:, None] * edge, axis=1))
        signs.append(away[:, 0] * edge[1] - away[:, 1] * edge[0])
    inside = (np.array(signs) > 0).all(0) | (np.array(signs) < 0).all(0)
    return np.where(inside, 0.0, best)


def _turned_tops(top: ObjectRecord, scene: SceneRecord) -> list[Polygon]:
    low, high = box_of(top)
    rows: dict[int, list[ObjectRecord]] = {}
    for o in scene.objects:
        middle = np.asarray(o.center)
        over = o.center[1] + o.size[1] / 2 - top.center[1]
        if is_turned(o) and abs(over) < 0.15 and ((middle > low) & (middle < high))[[0, 2]].all():
            rows.setdefault(round(o.local_rotation[1]), []).append(o)
    found: list[Polygon] = []
    for members in rows.values():
        turn = euler_matrix((0.0, members[0].local_rotation[1], 0.0))[np.ix_([0, 2], [0, 2])]
        places = np.array([(o.center[0], o.center[2]) for o in members]) @ turn
        halves = np.array([(o.local_size[0], o.local_size[2]) for o in members]) / 2
        a, b = (places - halves).min(0) - (_PANEL, 0.0), (places + halves).max(0)
        b += (_PANEL, _OVER)
        corners = np.array([(a[0], a[1]), (b[0], a[1]), (b[0], b[1]), (a[0], b[1])]) @ turn.T
        found.append(tuple((float(x), float(z)) for x, z in corners))
    return found
