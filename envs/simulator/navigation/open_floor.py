"""Free floor: at a place, and all along a straight way.

The floor is a union of squares and rectangles, so a way is looked at in one piece: what part of it
no square covers is found exactly, and a walk is blocked or not whatever its strides are.
"""

from __future__ import annotations

import math

import numpy as np

from envs.simulator.core.grid import CELL
from envs.simulator.navigation.freed_floor import freed_points
from envs.simulator.navigation.wide_floor import LATTICE, fits, ways
from envs.simulator.world.world import World

TOLERANCE = 0.005
# Shorter pieces of a way than this, as a share of it, are no gap.
_NO_GAP = 1e-7

Place = tuple[float, float]


def is_free(world: World, x: float, z: float, tight: bool = False, wide: bool = False) -> bool:
    """Whether the agent's middle may stand at (x, z) metres.

    Args:
        world: The room.
        x: Metres.
        z: Metres.
        tight: Whether it needs nothing to spare.
        wide: Whether all floor counts that its body fits on (``wide_floor``).
    """
    points = world.tight_points if tight or wide else world.grid_points
    if not len(points):
        return True  # the empty scene that houses are made in
    if _is_near(points, x, z) or _is_near(freed_points(world), x, z):
        return True
    return wide and fits(world, x, z)


def is_within_bounds(world: World, x: float, z: float) -> bool:
    """Whether (x, z) metres lies in the scene's bounds, beyond which AI2-THOR reaches nothing."""
    low, high = world.low, world.high
    return bool(low[0] <= x <= high[0] and low[2] <= z <= high[2])


def _is_near(points: np.ndarray, x: float, z: float) -> bool:
    """Whether (x, z) lies in the grid cell of one of some points (K, 2)."""
    gap = np.maximum(np.abs(points[:, 0] - x), np.abs(points[:, 1] - z))
    return bool(len(points)) and bool(gap.min() <= CELL / 2 + TOLERANCE)


def is_open(
    world: World,
    start: Place,
    end: Place,
    *,
    tight: bool = False,
    wide: bool = False,
    spare: float = 0.0,
) -> bool:
    """Whether the agent's middle may go straight from one place to another, metres.

    Whoever stands where there is no room may step out of there: the way only has to be free from
    its first free place on. Whoever stands off the floor, where the body fits, may walk there.

    Args:
        world: The room.
        start: Where it goes from, (x, z) metres.
        end: Where it goes to.
        tight: Whether it needs nothing to spare.
        wide: Whether all floor counts that its body fits on (``wide_floor``).
        spare: How far from the edge of the floor it has to be, less ``TOLERANCE``, metres.
    """
    points = world.tight_points if tight or wide else world.grid_points
    if not len(points):
        return True
    squares = np.concatenate([points, freed_points(world)])
    half = CELL / 2 + TOLERANCE - spare
    low, high = squares - half, squares + half
    if wide and world.house is None and world.scene is not None:
        ways_low, ways_high = ways(world.scene)
        low, high = np.concatenate([low, ways_low]), np.concatenate([high, ways_high])
    gaps = _gaps(start, end, low, high)
    if wide:
        gaps = [piece for gap in gaps for piece in _pieces(world, start, end, gap)]
    elif gaps and gaps[0][0] == 0.0:
        onto = tuple(a + (b - a) * gaps[0][1] for a, b in zip(start, end, strict=True))
        if is_open(world, start, (onto[0], onto[1]), tight=tight, wide=True, spare=spare):
            gaps = gaps[1:]
    if gaps and gaps[0][0] == 0.0 and gaps[0][1] < 1.0:
        gaps = _after_the_first(gaps)
    return not gaps


def _gaps(start: Place, end: Place, low: np.ndarray, high: np.ndarray) -> list[tuple[float, float]]:
    """The parts of a way, as shares of it, in none of the rectangles of corners (N, 2)."""
    origin, way = np.asarray(start), np.asarray(end) - np.asarray(start)
    still = np.abs(way) < 1e-12
    safe = np.where(still, 1.0, way)
    first, second = (low - origin) / safe, (high - origin) / safe
    within = (low <= origin) & (origin <= high)
    enters = np.where(still, np.where(within, 0.0, np.inf), np.minimum(first, second)).max(1)
    leaves = np.where(still, np.where(within, 1.0, -np.inf), np.maximum(first, second)).min(1)
    met = np.flatnonzero((leaves >= enters) & (leaves >= 0.0) & (enters <= 1.0))
    met = met[np.argsort(enters[met], kind="stable")]
    gaps, reached = [], 0.0
    for a, b in zip(enters[met].tolist(), leaves[met].tolist(), strict=True):
        if a > reached + _NO_GAP:
            gaps.append((reached, a))
        reached = max(reached, b)
    if not len(met) or reached < 1.0 - _NO_GAP:
        gaps.append((reached, 1.0))
    return gaps


def _pieces(
    world: World, start: Place, end: Place, gap: tuple[float, float]
) -> list[tuple[float, float]]:
    """The parts of a gap where the agent's body does not fit either, cell by cell."""
    cuts = {gap[0], gap[1]}
    for a, b in zip(start, end, strict=True):
        if abs(b - a) < 1e-12:
            continue
        ends = sorted((a + (b - a) * share) / LATTICE - 0.5 for share in gap)
        for line in range(math.ceil(ends[0]), math.floor(ends[1]) + 1):
            share = ((line + 0.5) * LATTICE - a) / (b - a)
            if gap[0] < share < gap[1]:
                cuts.add(share)
    found: list[tuple[float, float]] = []
    shares = sorted(cuts)
    for near, far in zip(shares, shares[1:], strict=False):
        if far - near <= _NO_GAP:
            continue
        x, z = (a + (b - a) * (near + far) / 2 for a, b in zip(start, end, strict=True))
        if not fits(world, x, z):
            found.append((near, far))
    return found


def _after_the_first(gaps: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """The gaps after those that join the way's beginning."""
    reached = gaps[0][1]
    rest = gaps[1:]
    while rest and rest[0][0] <= reached + _NO_GAP:
        reached, rest = rest[0][1], rest[1:]
    # Whoever never comes to free floor does not get out.
    return rest if reached < 1.0 - _NO_GAP else gaps
