"""What stands in the way of an object that is to be put down, by boxes or by shapes.

AI2-THOR drops the oriented box of the object in hand against the colliders of the others. So does
``Crowd``: another thing bars a place if a point of its surface lies in that box, or a line along
the box meets it.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.geometry import euler_matrix
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import blocking
from envs.simulator.world.world import World

# So many things that do not matter a place may be in before it is given up.
_MOST_IN = 12
# How far into an object's box the points of others may reach, metres.
_TOUCH = 0.003
# What else than furniture that moves is in the way.
_FIXED = frozenset({"Faucet", "Microwave", "Toaster", "CoffeeMachine"})


def _is_in_the_way(other: SimObject) -> bool:
    return other.is_("pickupable") or other.is_("moveable") or other.type in _FIXED


def in_the_way(world: World, obj: SimObject, receptacle: SimObject) -> list[SimObject]:
    """What may stand in the way of an object on a receptacle.

    Args:
        world: The room.
        obj: What is to be placed.
        receptacle: Where.
    """
    low, high = receptacle.low - 0.3, receptacle.high + 0.3
    low[1], high[1] = receptacle.low[1] - 0.05, receptacle.high[1] + 1.0
    found = []
    # A dish may stand in another object's box: what is put in it only shares it with its contents.
    inside = set(receptacle.contents()) if receptacle.is_("pickupable") else None
    for other in world.objects.values():
        if other is obj or other is receptacle or other.object_id == world.held:
            continue
        if inside is not None and other.object_id not in inside:
            continue
        if not _is_in_the_way(other):
            continue
        if receptacle.object_id in (other.metadata["receptacleObjectIds"] or ()):
            continue
        if (other.high < low).any() or (other.low > high).any():
            continue
        found.append(other)
    return found


class Crowd:
    """What bars places on one receptacle to one object, by its shape."""

    def __init__(self, world: World, obj: SimObject, receptacle: SimObject) -> None:
        self._world, self._obj = world, obj
        self._ignored = {receptacle.object_id, *_wrongly_shaped(world, receptacle)}
        near = in_the_way(world, obj, receptacle)
        self._near = [o for o in near if o.object_id not in self._ignored]

    def free(self, centers: np.ndarray, euler: np.ndarray) -> np.ndarray:
        """At which centres (K, 3) no point of another's surface is in the object's box: (K,)."""
        turn = euler_matrix(euler)
        half = self._obj.size / 2 - _TOUCH
        reach = np.abs(turn) @ half
        found = np.ones(len(centers), dtype=bool)
        for other in self._near:
            asked = (
                found & (centers + reach > other.low).all(1) & (centers - reach < other.high).all(1)
            )
            if asked.any():
                away = (other.world_points @ turn)[None] - (centers[asked] @ turn)[:, None]
                found[asked] = ~(np.abs(away) < half).all(2).any(1)
        return found

    def bars(self, center: np.ndarray, euler: np.ndarray) -> bool:
        """Whether a line along the object's box at a centre (3,) meets what is in the way."""
        ignored = set(self._ignored)
        while (key := blocking(self._world, self._obj, center, euler, ignored)) is not None:
            other = self._world.objects.get(key)
            ignored.add(key)
            if (other is not None and _is_in_the_way(other)) or len(ignored) > _MOST_IN:
                return True
        return False


def _wrongly_shaped(world: World, receptacle: SimObject) -> set[str]:
    """Furniture round a receptacle whose shape here is in what was recorded on that receptacle."""
    hosts = [
        o
        for o in world.objects.values()
        if o is not receptacle
        and o.is_("moveable")
        and not o.is_("pickupable")
        and (o.low < receptacle.low + 0.05).all()
        and (o.high[[0, 2]] > receptacle.high[[0, 2]] - 0.05).all()
    ]
    recorded = [
        item
        for key in receptacle.contents()
        if (item := world.objects.get(key)) is not None and not item.moved
    ]
    found = set()
    for host in hosts:
        for item in recorded:
            others = [key for key in (*world.objects, *world.fixtures) if key != host.object_id]
            if blocking(world, item, item.center, item.euler, others) is not None:
                found.add(host.object_id)
                break
    return found
