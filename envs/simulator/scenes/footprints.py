"""What a counter or table top really covers of its recorded box."""

from __future__ import annotations

import numpy as np

from envs.simulator.core.agent import AGENT_RADIUS
from envs.simulator.core.geometry import euler_matrix
from envs.simulator.scenes.counter_floor import floor_before, floor_beside
from envs.simulator.scenes.counter_pieces import islands_in
from envs.simulator.scenes.frames import facing, forward
from envs.simulator.scenes.records import Rectangle
from envs.simulator.scenes.structure.room_plan import connected

_NARROWEST = 0.22
# Floor that a fridge's door needs, metres.
_BEFORE_FRIDGE = 0.4
# What stands in or under a counter.
_FOUNDATION = frozenset({"Cabinet", "Drawer", "Sink", "SinkBasin", "StoveBurner"})

# Corners (2,) and (2,) on the floor plan, and the type of what stands there.
Hole = tuple[np.ndarray, np.ndarray, str]
Pose = tuple[float, float, float, float]


def top_footprint(
    packed: dict,
    others: list[dict],
    grid: np.ndarray,
    yaw: float,
    poses: dict[str, Pose] | None = None,
    stood: np.ndarray | None = None,
) -> tuple[Rectangle, ...] | None:
    """Rectangles (object frame) of the box that a counter or table top really covers.

    A cell of the box is left out where the recorded free floor lies under it, before the fronts of
    cupboards, where a sink basin opens, and where an island stands in the box. None means the whole
    box.

    Args:
        packed: The top's packed record.
        others: Packed records of everything in the room.
        grid: Recorded positions (M, 2), x and z in metres.
        yaw: Of the top's object frame, degrees.
        poses: Recorded poses (x, z, yaw, horizon) to open objects, by id.
        stood: More places (N, 2) where the agent was recorded to stand.
    """
    center = np.array([packed["center"][0], packed["center"][2]])
    size = np.array([packed["size"][0], packed["size"][2]])
    height = packed["center"][1]
    low, high = center - size / 2, center + size / 2
    holes = _sinks_in(others, low, high, height) + _fridges_in(others, low, high, height)
    inside = grid[((grid > low - 0.19) & (grid < high + 0.19)).all(1)] if len(grid) else grid
    if len(inside) and packed["type"] == "CounterTop":
        inside = np.concatenate([inside, floor_beside(packed, others, inside, grid, low, high)])
    if stood is not None and len(stood):
        within = ((stood > low - 0.19) & (stood < high + 0.19)).all(1)
        inside = np.concatenate([inside.reshape(-1, 2), stood[within]])
    islands = islands_in(packed, others, low, high)
    if not len(inside) and not holes and not islands:
        return None
    strips = []
    if len(inside):
        strips = floor_before(_cupboards_in(others, low, high, height, grid, poses or {}), grid)
    xs, zs = _cuts(low, high, inside, [*((a, b) for a, b, _ in holes), *islands, *strips])
    middles = _middles(xs, zs)
    covered = np.ones(middles.shape[:2], bool)
    for point in inside:
        covered &= ~(np.abs(middles - point) < AGENT_RADIUS + 0.001).all(-1)
    for a, b in [*strips, *islands]:
        covered &= ~((middles > a) & (middles < b)).all(-1)
    # Strips too narrow to be a top are gaps between furniture that nobody can walk in.
    broad = [r for r in merge_cells(covered, xs, zs) if min(r[2] - r[0], r[3] - r[1]) > _NARROWEST]
    keep = np.zeros_like(covered)
    for x0, z0, x1, z1 in broad:
        keep |= ((middles > (x0, z0)) & (middles < (x1, z1))).all(-1)
    for hole_low, hole_high, _ in holes:
        keep &= ~((middles > hole_low) & (middles < hole_high)).all(-1)
    if any(kind == "Fridge" for *_, kind in holes):
        keep &= _founded(keep, xs, zs, others, height)
    return tuple(_turned(merge_cells(keep, xs, zs), center, yaw)) or None


def _middles(xs: list[float], zs: list[float]) -> np.ndarray:
    """Middles (X, Z, 2) of the cells between cuts."""
    across, along = (np.add(cuts[:-1], cuts[1:]) / 2 for cuts in (xs, zs))
    return np.stack(np.meshgrid(across, along, indexing="ij"), -1)


def _founded(
    keep: np.ndarray, xs: list[float], zs: list[float], others: list[dict], height: float
) -> np.ndarray:
    """Cells (X, Z) of connected pieces of a top that carry something or stand on a cupboard.

    Args:
        keep: Cells of the top, (X, Z).
        xs: Cuts between them, metres.
        zs: Cuts, metres.
        others: Packed records of everything in the room.
        height: Of the top, metres.
    """
    pieces = connected(keep)
    at = np.array(
        [
            (o["center"][0], o["center"][2])
            for o in others
            if (o["type"] in _FOUNDATION or "pickupable" in o["is"])
            and abs(o["center"][1] - height) < height
        ]
    ).reshape(-1, 2)
    held = np.zeros(int(pieces.max(initial=0)) + 1, bool)
    for place in at:
        across = np.maximum(np.subtract(xs[:-1], place[0]), np.subtract(place[0], xs[1:]))
        along = np.maximum(np.subtract(zs[:-1], place[1]), np.subtract(place[1], zs[1:]))
        nearest = np.where(keep, np.maximum(across[:, None], along[None]), np.inf)
        if nearest.size and nearest.min() < _NARROWEST:
            held[pieces.flat[int(nearest.argmin())]] = True
    return held[pieces] if held.any() else keep


def _cuts(
    low: np.ndarray,
    high: np.ndarray,
    inside: np.ndarray,
    boxes: list[tuple[np.ndarray, np.ndarray]],
) -> tuple[list[float], list[float]]:
    """Cuts in x and in z of a top: round free positions, and along the sides of boxes."""
    places = [(x + d, z + d) for x, z in inside for d in (-AGENT_RADIUS, AGENT_RADIUS)]
    places += [(x, z) for box in boxes for x, z in box]
    xs = {float(low[0]), float(high[0])}
    zs = {float(low[1]), float(high[1])}
    for x, z in places:
        xs.add(float(np.clip(x, low[0], high[0])))
        zs.add(float(np.clip(z, low[1], high[1])))
    return sorted(xs), sorted(zs)


def _turned(rectangles: list[Rectangle], center: np.ndarray, yaw: float) -> list[Rectangle]:
    """Rectangles of the floor plan in an object frame at ``center`` (2,)."""
    rotation = euler_matrix((0, yaw, 0))[np.ix_([0, 2], [0, 2])]
    rows = []
    for x0, z0, x1, z1 in rectangles:
        corners = (np.array([[x0, z0], [x1, z1]]) - center) @ rotation
        (a, b), (c, d) = corners.min(0), corners.max(0)
        rows.append((float(a), float(b), float(c), float(d)))
    return rows


def _cupboards_in(
    others: list[dict],
    low: np.ndarray,
    high: np.ndarray,
    height: float,
    grid: np.ndarray,
    poses: dict[str, Pose],
) -> list[tuple[dict, int]]:
    """Packed records of cupboards and drawers under a top, each with its front's yaw."""
    found = []
    for other in others:
        middle = np.array([other["center"][0], other["center"][2]])
        if (
            other["type"] in ("Cabinet", "Drawer")
            and other["center"][1] + other["size"][1] / 2 < height + 0.1
            and (middle > low).all()
            and (middle < high).all()
        ):
            found.append((other, facing(other, grid, poses.get(other["id"]))))
    return found


def _sinks_in(others: list[dict], low: np.ndarray, high: np.ndarray, height: float) -> list[Hole]:
    """Where sink basins lie within a top's box; where none does, whole sinks."""
    found = []
    for other in others:
        if other["type"] in ("SinkBasin", "Sink"):
            mid = np.array([other["center"][0], other["center"][2]])
            half = np.array([other["size"][0], other["size"][2]]) / 2
            if (mid > low).all() and (mid < high).all() and abs(other["center"][1] - height) < 0.4:
                found.append((mid - half, mid + half, other["type"]))
    return [h for h in found if h[2] == "SinkBasin"] or found


def _fridges_in(others: list[dict], low: np.ndarray, high: np.ndarray, height: float) -> list[Hole]:
    """Where fridges stand within a top's box."""
    found = []
    for other in others:
        center, half = np.asarray(other["center"], float), np.asarray(other["size"], float) / 2
        if other["type"] != "Fridge" or abs(center[1] - height) > half[1]:
            continue
        a, b = (center - half)[[0, 2]], (center + half)[[0, 2]]
        if (np.minimum(b, high) - np.maximum(a, low) > _NARROWEST).all():
            # Nothing stands before its door.
            ahead = forward(round(other["rotation"][1] / 90) * 90) * _BEFORE_FRIDGE
            found.append((np.minimum(a, a + ahead), np.maximum(b, b + ahead), "Fridge"))
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


def without(rectangle: Rectangle, hole: Rectangle) -> list[Rectangle]:
    """What is left of a rectangle (x0, z0, x1, z1) outside another: at most four rectangles."""
    x0, z0, x1, z1 = rectangle
    a, b = max(hole[0], x0), max(hole[1], z0)
    c, d = min(hole[2], x1), min(hole[3], z1)
    if a >= c or b >= d:
        return [rectangle]
    pieces = [(x0, z0, a, z1), (c, z0, x1, z1), (a, z0, c, b), (a, d, c, z1)]
    return [p for p in pieces if p[2] - p[0] > 1e-6 and p[3] - p[1] > 1e-6]
