"""What loses its footing when something is taken, pushed or put away falls."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from envs.simulator.dynamics.body import contents_of
from envs.simulator.dynamics.landing import is_carried
from envs.simulator.dynamics.motion import settle
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

# How much higher than the top of an object may be what lies on it, and how far beside it, metres.
_OVER, _BESIDE = 0.04, 0.01
# How much higher than the foot of what it stands on is the foot of furniture, metres.
_FOOT = 0.05


@dataclass(frozen=True)
class Place:
    """Where an object was: what tells whether it moved since, and its box."""

    center: np.ndarray
    euler: np.ndarray
    openness: float
    low: np.ndarray
    high: np.ndarray

    def is_left_by(self, obj: SimObject | None) -> bool:
        """Whether the object is elsewhere now, opened or closed, or gone."""
        return obj is None or not (
            obj.center is self.center and obj.euler is self.euler and obj.openness == self.openness
        )

    def has_kept(self, obj: SimObject) -> bool:
        """Whether the object did no more than open or close there."""
        return obj.center is self.center and obj.euler is self.euler


def places(world: World) -> dict[str, Place]:
    """Where everything is that nobody holds, by id."""
    return {
        key: Place(t.center, t.euler, t.openness, t.low, t.high)
        for key, t in world.objects.items()
        if key not in world.hands
    }


def drop_unsupported(world: World, before: dict[str, Place]) -> None:
    """Lets fall what lay on something that has left its place since ``before``.

    Or what lay on its own lid, and was shut.
    """
    left = {k: p for k, p in before.items() if p.is_left_by(world.objects.get(k))}
    if not left:
        return
    lows = np.array([p.low for p in left.values()])
    highs = np.array([p.high for p in left.values()])
    held = {
        item.object_id
        for hand in world.hands
        if hand in world.objects
        for item in contents_of(world, world.objects[hand])
    }
    fastened = {child for child, _ in world.rules.fastened}
    dropped = False
    for key, obj in list(world.objects.items()):
        if key not in before or key in held or key in fastened:
            continue
        shut = key in left
        if shut and not (before[key].has_kept(obj) and obj.moved and obj.is_("pickupable")):
            continue
        if obj.traits.kinematic or obj.is_("isMoving"):
            continue
        over = (
            (obj.low < highs + [_BESIDE, _OVER, _BESIDE]).all(1)
            & (obj.high > lows - _BESIDE).all(1)
            & (obj.high[1] > lows[:, 1] + 0.01)
        )
        if not obj.is_("pickupable"):
            # Furniture that a moved object merely stood at, or on, does not hang on it.
            over &= obj.is_("moveable") & (obj.low[1] > lows[:, 1] + _FOOT)
        if (shut or over.any()) and not is_carried(world, obj):
            world.detach(key)
            world.let_fall(obj)
            dropped = True
    if dropped and world.auto_simulation:
        settle(world)
