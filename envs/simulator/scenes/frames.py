"""Object frames that the recordings do not state: which way a thing faces, what a top covers.

Recorded rotations of fixed furniture turn the artist's model, not its front. The front is where
the free floor is; a recorded pose to open something is a hint.
"""

from __future__ import annotations

import math

import numpy as np

from envs.simulator.core.geometry import euler_matrix, triple
from envs.simulator.scenes.corners import floor_before, floor_beside
from envs.simulator.scenes.counter_pieces import islands_in
from envs.simulator.scenes.native import native_frame
from envs.simulator.scenes.records import Rectangle, Vec3

YAWS = (0, 90, 180, 270)
CELL = 0.25
_AGENT_RADIUS = 0.2
_NARROWEST = 0.22
# How near a cupboard's pivot, the hinge of its door, lies to two of its faces, metres.
_HINGE = 0.035
# Models made facing the right way: their recorded yaw is their front's.
_TRUSTED = frozenset({"Fridge", "LightSwitch", "Faucet"})
# They face across their longer horizontal side.
_THIN = frozenset(
    {
        "Window",
        "Mirror",
        "Blinds",
        "Curtains",
        "Painting",
        "Poster",
        "Television",
        "TowelHolder",
        "Towel",
        "ShowerCurtain",
        "ShowerDoor",
        "ShowerGlass",
        "Shelf",
    }
)


def forward(yaw: float) -> np.ndarray:
    """Horizontal direction (x, z) of a yaw."""
    return np.array([math.sin(math.radians(yaw)), math.cos(math.radians(yaw))])


def local_frame(
    packed: dict,
    grid: np.ndarray,
    pose: tuple[float, float, float, float] | None,
    robothor: bool = False,
) -> tuple[Vec3, Vec3]:
    """Box size (3,) in the object frame, and the frame's Euler angles (3,).

    RoboTHOR's pictures were made facing the right way; elsewhere fronts are found.
    """
    if "obb" in packed:
        corners = np.array(packed["obb"])
        rotation = euler_matrix(packed["rotation"])
        extent = np.ptp(corners @ rotation, axis=0)
        return triple(np.maximum(extent, 0.004)), triple(packed["rotation"])
    native = native_frame(packed)
    if native is not None:
        return native
    yaw = facing(packed, grid, pose)
    if robothor and packed["type"] == "Painting":
        yaw = round(packed["rotation"][1] / 90) * 90 % 360
    x, y, z = packed["size"]
    size = (x, y, z) if yaw % 180 == 0 else (z, y, x)
    return triple(np.maximum(size, 0.004)), (0.0, float(yaw), 0.0)


def facing(packed: dict, grid: np.ndarray, pose: tuple[float, float, float, float] | None) -> int:
    """Yaw, a multiple of 90, of a fixed object's front."""
    if packed["type"] in ("Floor", "CounterTop", "StoveBurner"):
        return 0
    recorded = round(packed["rotation"][1] / 90) * 90 % 360
    tilted = any(10 < abs(packed["rotation"][k]) % 360 < 350 for k in (0, 2))
    if packed["type"] in _TRUSTED and not tilted:
        return recorded
    center = np.array([packed["center"][0], packed["center"][2]])
    size = np.array([packed["size"][0], packed["size"][2]])
    hinted = None if pose is None else round((pose[2] + 180) / 90) * 90 % 360
    allowed: tuple[int, ...] = YAWS
    if packed["type"] in _THIN and size.min() < 0.7 * size.max():
        allowed = (0, 180) if size[1] < size[0] else (90, 270)
    if packed["type"] == "Cabinet":
        allowed = hinged_at(packed) or allowed
    scores = []
    for yaw in allowed:
        ahead, aside = forward(yaw), forward(yaw + 90)
        along = (grid - center) @ ahead - float(size @ np.abs(ahead)) / 2
        across = np.abs((grid - center) @ aside)
        wide = float(size @ np.abs(aside)) / 2 + 0.3
        strip = (along > -0.05) & (along < 1.5) & (across < wide)
        score = float(strip.sum()) - (float(along[strip].min()) * 4 if strip.any() else 0.0)
        if not strip.any():
            behind = (grid - center) @ ahead
            score = -10.0 + float((behind > 0).mean())
        score += 2.0 if yaw == hinted else 0.0
        scores.append(score + (0.5 if yaw == recorded and not tilted else 0.0))
    return int(allowed[int(np.argmax(scores))])


def hinged_at(packed: dict) -> tuple[int, ...]:
    """The two yaws whose faces meet where a cupboard's pivot is, the hinge of its door; or none."""
    away = np.subtract(packed["position"], packed["center"])[[0, 2]]
    half = np.array([packed["size"][0], packed["size"][2]]) / 2
    faces = tuple(
        y for y in YAWS if abs(float((half - away * forward(y)) @ np.abs(forward(y)))) < _HINGE
    )
    return faces if len(faces) == 2 and (faces[0] - faces[1]) % 180 else ()


def top_footprint(
    packed: dict,
    others: list[dict],
    grid: np.ndarray,
    yaw: float,
    poses: dict[str, tuple[float, float, float, float]] | None = None,
    stood: np.ndarray | None = None,
) -> tuple[Rectangle, ...] | None:
    """Rectangles (object frame) of the box that a counter or table top really covers.

    A cell of the box is left out where the recorded free floor lies under it, before the fronts of
    cupboards, and where a sink basin opens. None means the whole box.
    """
    center = np.array([packed["center"][0], packed["center"][2]])
    size = np.array([packed["size"][0], packed["size"][2]])
    height = packed["center"][1]
    low, high = center - size / 2, center + size / 2
    near = grid[((grid > low - 0.25) & (grid < high + 0.25)).all(1)] if len(grid) else grid
    holes = []
    for other in others:
        if other["type"] in ("SinkBasin", "Sink"):
            mid = np.array([other["center"][0], other["center"][2]])
            half = np.array([other["size"][0], other["size"][2]]) / 2
            if (mid > low).all() and (mid < high).all() and abs(other["center"][1] - height) < 0.4:
                holes.append((mid - half, mid + half, other["type"]))
    if any(kind == "SinkBasin" for *_, kind in holes):
        holes = [h for h in holes if h[2] == "SinkBasin"]
    holes += _fridges_in(others, low, high, height)
    islands = islands_in(packed, others, low, high)
    inside = near[((near > low - 0.19) & (near < high + 0.19)).all(1)] if len(near) else near
    if len(inside) and packed["type"] == "CounterTop":
        inside = np.concatenate([inside, floor_beside(packed, others, inside, grid, low, high)])
    if stood is not None and len(stood):
        within = ((stood > low - 0.19) & (stood < high + 0.19)).all(1)
        inside = np.concatenate([inside.reshape(-1, 2), stood[within]])
    if not len(inside) and not holes and not islands:
        return None
    cuts_x = {low[0], high[0]}
    cuts_z = {low[1], high[1]}
    for point in inside:
        for d in (-_AGENT_RADIUS, _AGENT_RADIUS):
            cuts_x.add(float(np.clip(point[0] + d, low[0], high[0])))
            cuts_z.add(float(np.clip(point[1] + d, low[1], high[1])))
    for a, b in [(a, b) for a, b, _ in holes] + islands:
        for corner in (a, b):
            cuts_x.add(float(np.clip(corner[0], low[0], high[0])))
            cuts_z.add(float(np.clip(corner[1], low[1], high[1])))
    under = [
        (o, facing(o, grid, (poses or {}).get(o["id"])))
        for o in others
        if o["type"] in ("Cabinet", "Drawer")
        and o["center"][1] + o["size"][1] / 2 < height + 0.1
        and (np.array([o["center"][0], o["center"][2]]) > low).all()
        and (np.array([o["center"][0], o["center"][2]]) < high).all()
    ]
    strips = floor_before(under, grid) if len(inside) else []
    for a, b in strips:
        for corner in (a, b):
            cuts_x.add(float(np.clip(corner[0], low[0], high[0])))
            cuts_z.add(float(np.clip(corner[1], low[1], high[1])))
    xs, zs = sorted(cuts_x), sorted(cuts_z)
    middles = np.array(
        [
            [((xs[i] + xs[i + 1]) / 2, (zs[j] + zs[j + 1]) / 2) for j in range(len(zs) - 1)]
            for i in range(len(xs) - 1)
        ]
    )
    covered = np.ones(middles.shape[:2], bool)
    for point in inside:
        covered &= ~(np.abs(middles - point) < _AGENT_RADIUS + 0.001).all(-1)
    for a, b in [*strips, *islands]:
        covered &= ~((middles > a) & (middles < b)).all(-1)
    # Strips too narrow to be a top are gaps between furniture that nobody can walk in.
    broad = [r for r in merge_cells(covered, xs, zs) if min(r[2] - r[0], r[3] - r[1]) > _NARROWEST]
    keep = np.zeros_like(covered)
    for x0, z0, x1, z1 in broad:
        keep |= ((middles > (x0, z0)) & (middles < (x1, z1))).all(-1)
    for hole_low, hole_high, _ in holes:
        keep &= ~((middles > hole_low) & (middles < hole_high)).all(-1)
    world = merge_cells(keep, xs, zs)
    rotation = euler_matrix((0, yaw, 0))[np.ix_([0, 2], [0, 2])]
    rows = []
    for x0, z0, x1, z1 in world:
        corners = (np.array([[x0, z0], [x1, z1]]) - center) @ rotation
        (a, b), (c, d) = corners.min(0), corners.max(0)
        rows.append((float(a), float(b), float(c), float(d)))
    return tuple(rows) or None


def _fridges_in(
    others: list[dict], low: np.ndarray, high: np.ndarray, height: float
) -> list[tuple[np.ndarray, np.ndarray, str]]:
    """Where fridges stand within a top's box: low and high corner (2,) each, and their type."""
    found = []
    for other in others:
        center, half = np.asarray(other["center"], float), np.asarray(other["size"], float) / 2
        if other["type"] != "Fridge" or abs(center[1] - height) > half[1]:
            continue
        a, b = (center - half)[[0, 2]], (center + half)[[0, 2]]
        if (np.minimum(b, high) - np.maximum(a, low) > _NARROWEST).all():
            found.append((a, b, "Fridge"))
    return found


def merge_cells(keep: np.ndarray, xs: list[float], zs: list[float]) -> list[Rectangle]:
    """Few rectangles covering the kept cells: greedy, the largest first."""
    left = keep.copy()
    found = []
    while left.any():
        best: tuple[float, tuple[int, int, int, int]] = (0.0, (0, 0, 0, 0))
        for i in range(left.shape[0]):
            for j in range(left.shape[1]):
                if not left[i, j]:
                    continue
                wide = left.shape[1]
                for k in range(i, left.shape[0]):
                    run = j
                    while run < wide and left[k, run]:
                        run += 1
                    wide = min(wide, run)
                    if wide <= j:
                        break
                    area = (xs[k + 1] - xs[i]) * (zs[wide] - zs[j])
                    if area > best[0]:
                        best = (area, (i, j, k + 1, wide))
        i, j, k, m = best[1]
        if best[0] <= 0:
            break
        left[i:k, j:m] = False
        if xs[k] - xs[i] > 0.03 and zs[m] - zs[j] > 0.03:
            found.append((xs[i], zs[j], xs[k], zs[m]))
    return found
