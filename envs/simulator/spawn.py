"""Random placement of loose objects: AI2-THOR's InitialRandomSpawn, and SetObjectPoses."""

from __future__ import annotations

import numpy as np

from envs.simulator.object_types import object_type
from envs.simulator.objects import SimObject
from envs.simulator.placement import find_place
from envs.simulator.visibility import CLOSED_HIDES
from envs.simulator.world import World

# Objects that stay where the room's designer put them.
STAYS = frozenset(
    {
        "GarbageCan",
        "Chair",
        "Stool",
        "DiningTable",
        "SideTable",
        "CoffeeMachine",
        "Microwave",
        "Toaster",
        "ShelvingUnit",
        "HousePlant",
    }
)


def _open_to(world: World, receptacle: SimObject, visible_only: bool) -> bool:
    if receptacle.type in CLOSED_HIDES and receptacle.is_("openable"):
        return not visible_only
    return True


def random_spawn(
    world: World,
    seed: int,
    *,
    force_visible: bool = False,
    excluded_receptacles: tuple[str, ...] = (),
    excluded_ids: tuple[str, ...] = (),
    attempts: int = 5,
) -> int:
    """Moves every loose object to a random allowed receptacle with room; returns how many moved.

    Args:
        world: The room.
        seed: Same seed, same room: same places.
        force_visible: Keep out of closed furniture.
        excluded_receptacles: Object types not to put things on.
        excluded_ids: Objects to leave where they are.
        attempts: Receptacles tried for each object.
    """
    rng = np.random.default_rng(seed)
    things = [
        t
        for t in world.objects.values()
        if t.is_("pickupable")
        and t.type not in STAYS
        and t.object_id not in excluded_ids
        and t.object_id != world.held
        and not t.is_("isSliced")
    ]
    receptacles = [
        r
        for r in world.objects.values()
        if r.is_("receptacle")
        and not r.is_("pickupable")
        and r.type not in ("Floor", "Sink")
        and r.type not in excluded_receptacles
        and _open_to(world, r, force_visible)
    ]
    moved = 0
    for index in rng.permutation(len(things)):
        thing = things[index]
        allowed = object_type(thing.type).allowed_receptacles
        fitting = [r for r in receptacles if not allowed or r.type in allowed]
        fitting = [r for r in fitting if not _refuses(r, thing)]
        # Large tops hold more than a burner: choose by support area.
        weights = np.array([_area(r) for r in fitting])
        for _ in range(attempts):
            if not fitting or weights.sum() <= 0:
                break
            receptacle = fitting[int(rng.choice(len(fitting), p=weights / weights.sum()))]
            if _refuses(receptacle, thing):
                continue
            yaw = float(rng.integers(0, 4) * 90)
            found = find_place(world, thing, receptacle, rng=rng, yaws=(yaw,))
            if found is not None:
                world.detach(thing.object_id)
                world.move_with_contents(thing, *found)
                world.attach(thing.object_id, receptacle.object_id)
                moved += 1
                break
    return moved


def _refuses(receptacle: SimObject, thing: SimObject) -> bool:
    kind = object_type(receptacle.type)
    return bool(kind.only_accepts) and (
        thing.type not in kind.only_accepts or bool(receptacle.contents())
    )


def _area(receptacle: SimObject) -> float:
    return float(sum(s.size[0] * s.size[1] for s in receptacle.mesh.surfaces)) ** 0.5
