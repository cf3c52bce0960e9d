"""On what an object rests: the receptacle whose board or floor is right below it."""

from __future__ import annotations

import numpy as np

from envs.simulator.world.containment import EDGE, LIFTED
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

# How far into a board an object may be and still lie on it, metres.
SUNK = 0.05
# How far an object is moved to a board at most, metres.
FAR = 0.3


def attach_where_it_stands(world: World, obj: SimObject, settle: bool = False) -> None:
    """Puts an object on the list of the receptacle whose board or floor is right below it.

    Args:
        world: The room.
        obj: The object, which is on no list.
        settle: Put its bottom on that board, for poses recorded on furniture of other shape.
    """
    best: tuple[float, str, float] | None = None
    for other in world.objects.values():
        if other is obj or not other.is_("receptacle") or other.object_id == world.held:
            continue
        if other.object_id in obj.contents() or not other.mesh.surfaces:
            continue
        if other.is_("openable") and not _within(obj, other):
            continue
        lifted, sunk = LIFTED, SUNK
        if settle:
            sunk = FAR
            lifted = FAR if other.is_("openable") else LIFTED
        for surface, middle in other.surfaces():
            away = other.rotation.T @ (obj.center - middle)
            gap = float(obj.low[1] - middle[1])
            over = (np.abs(away[[0, 2]]) <= np.asarray(surface.size) / 2 + EDGE).all()
            if over and -sunk < gap < lifted and (best is None or abs(gap) < abs(best[0])):
                best = (gap, other.object_id, float(middle[1]))
    if best is None:
        bottom = np.array([obj.center[0], obj.low[1], obj.center[2]])
        hit = world.collision.ray(bottom + [0, 0.005, 0], bottom - [0, LIFTED, 0])
        if hit is not None and hit.key != obj.object_id:
            under = world.objects.get(hit.key)
            if under is not None and under.is_("receptacle"):
                best = (0.0, hit.key, 0.0)
    if best is None:
        return
    if settle and abs(best[0]) > 0.01:
        world.move_with_contents(obj, obj.center - [0.0, best[0] - 0.004, 0.0], obj.euler)
    world.attach(obj.object_id, best[1])


def _within(obj: SimObject, enclosure: SimObject) -> bool:
    """Whether an object's middle lies in the box of something that closes."""
    low, high = enclosure.low - EDGE, enclosure.high + EDGE
    return bool((obj.center > low).all() and (obj.center < high).all())
