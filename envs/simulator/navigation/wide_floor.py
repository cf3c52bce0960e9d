"""Floor off the recorded grid: wherever the agent's body fits.

AI2-THOR casts the agent's body along each step. The recorded grid tells where it got in steps of
0.25 m along one lattice, keeping more distance than the body needs; recorded walks with finer steps
went closer to walls and furniture. Whoever walks off that lattice, or stands where it has no cell,
walks on all floor that the body fits on: round recorded places, on the cells of ``free_floor``, and
where rays find room. Which floor counts hangs on the line that is walked along and on the agent's
grid, never on how long a stride is: a way is blocked in one stride just if it is in many.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.caching import for_life
from envs.simulator.core.grid import CELL
from envs.simulator.scenes.records import SceneRecord
from envs.simulator.world.clearance import has_room
from envs.simulator.world.world import World

# Edge of the squares, about multiples of it, that have room or have none as a whole, metres.
LATTICE = 0.05
# How near to a square's edge, as a share of it, belongs to both.
_EDGE = 1e-6
# Floor round a place where the agent stood, metres.
AROUND = 0.051
# A way this near to a line of the recorded grid runs along it, metres.
_ON_LINE = 1e-3
# A recorded cell this near, to its middle, is where the agent came from, metres.
FARTHEST = 0.4


def on_lattice(world: World, x: float, z: float, grid: float) -> bool:
    """Whether (x, z) is a place of the recorded grid, and steps of ``grid`` metres keep to it."""
    if not len(world.grid_points):
        return True
    steps = grid / CELL
    if abs(steps - round(steps)) > 1e-6 or round(steps) == 0:
        return False
    return (round(x * 100), round(z * 100)) in world.reachable


def walks_wide(
    world: World, start: tuple[float, float], end: tuple[float, float], grid: float
) -> bool:
    """Whether a straight way is on all floor that the body fits on, not on the recorded floor only.

    Args:
        world: The room.
        start: Where it begins, (x, z) metres.
        end: Where it ends.
        grid: Size of the agent's own grid, metres.

    Returns:
        False where the way runs along a line of the recorded grid and the agent's grid keeps to it.
    """
    if not len(world.grid_points):
        return False
    steps = grid / CELL
    if abs(steps - round(steps)) > 1e-6 or round(steps) == 0:
        return True
    return not any(
        abs(a - b) < 1e-6 and abs(a - round(a / CELL) * CELL) < _ON_LINE
        for a, b in zip(start, end, strict=True)
    )


@for_life()
def ways(scene: SceneRecord) -> tuple[np.ndarray, np.ndarray]:
    """Low and high corners (N, 2) of the floor round places where the agent stood.

    It got there somehow: the floor goes on to the nearest recorded cell, if that is near.
    """
    stood = scene.stood
    if not len(stood) or not len(scene.reachable):
        return stood - AROUND, stood + AROUND
    gaps = np.abs(scene.reachable[None] - stood[:, None]).max(2)
    cells = scene.reachable[gaps.argmin(1)]
    near = np.clip(stood, cells - CELL / 2, cells + CELL / 2)
    ends = np.where((gaps.min(1) <= FARTHEST)[:, None], near, stood)
    return np.minimum(stood, ends) - AROUND, np.maximum(stood, ends) + AROUND


def fits(world: World, x: float, z: float) -> bool:
    """Whether the agent's body fits at (x, z) metres, off the recorded lattice."""
    if world.house is not None or world.scene is None:
        return False
    low, high = ways(world.scene)
    if ((low <= (x, z)) & (high >= (x, z))).all(1).any():
        return True
    known = world.body_room
    if known is None or known[0] != world.draw_version:
        known = world.body_room = (world.draw_version, {})
    # On the edge of two squares, either will do: ways that end there were looked at in one of them.
    for key in {(_square(x, a), _square(z, b)) for a in (-_EDGE, _EDGE) for b in (-_EDGE, _EDGE)}:
        if key not in known[1]:
            known[1][key] = has_room(world, key[0] * LATTICE, key[1] * LATTICE, slim=True)
        if known[1][key]:
            return True
    return False


def _square(value: float, aside: float) -> int:
    return round(value / LATTICE + aside)
