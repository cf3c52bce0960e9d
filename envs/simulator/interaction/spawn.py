"""Random placement of loose objects: AI2-THOR's InitialRandomSpawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from envs.simulator import dynamics
from envs.simulator.core.errors import ActionFailed, shown
from envs.simulator.core.object_types import object_type
from envs.simulator.dynamics.landing import floor_height
from envs.simulator.world.objects import SimObject, new_object
from envs.simulator.world.overlap import blocking
from envs.simulator.world.placement import find_place, upright
from envs.simulator.world.visibility import CLOSED_HIDES, in_viewport
from envs.simulator.world.world import World

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
    duplicates: dict[str, int] | None = None,
    excluded_receptacles: tuple[str, ...] = (),
    excluded_ids: tuple[str, ...] = (),
    attempts: int = 5,
    floor: bool = False,
) -> list[SimObject]:
    """Moves every loose object to a random allowed receptacle with room; returns what moved.

    An object for which no place is found stays where it is; a copy for which none is found goes.

    Args:
        world: The room.
        seed: Same seed, same room: same places.
        force_visible: Keep out of closed furniture.
        duplicates: How many objects of a type there shall be; copies make up the number.
        excluded_receptacles: Object types not to put objects on.
        excluded_ids: Objects to leave where they are.
        attempts: Receptacles tried for each object.
        floor: Whether the free floor counts as a receptacle for what may lie there.
    """
    rng = np.random.default_rng(seed)
    copies = _copies(world, duplicates or {})
    objects = [
        t
        for t in world.objects.values()
        if t.is_("pickupable")
        and t.type not in STAYS
        and t.object_id not in excluded_ids
        and t.object_id not in world.hands
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
    ground = next((r for r in world.objects.values() if r.type == "Floor"), None)
    if floor and ground is not None and "Floor" not in excluded_receptacles:
        receptacles.append(ground)
    moved: list[SimObject] = []
    for index in rng.permutation(len(objects)):
        if _spawn_one(world, objects[index], receptacles, attempts, rng):
            moved.append(objects[index])
        elif objects[index] in copies:
            world.remove(objects[index].object_id)
    return moved


def _spawn_one(
    world: World,
    obj: SimObject,
    receptacles: list[SimObject],
    attempts: int,
    rng: np.random.Generator,
) -> bool:
    allowed = object_type(obj.type).allowed_receptacles
    fitting = [r for r in receptacles if not allowed or r.type in allowed]
    fitting = [r for r in fitting if not _refuses(r, obj)]
    # Large tops hold more than a burner: choose by support area.
    weights = np.array([_area(r) for r in fitting])
    for _ in range(attempts):
        if not fitting or weights.sum() <= 0:
            return False
        receptacle = fitting[int(rng.choice(len(fitting), p=weights / weights.sum()))]
        if _refuses(receptacle, obj):
            continue
        yaw = float(rng.integers(0, 4) * 90)
        if receptacle.type == "Floor":
            found = floor_place(world, obj, rng, yaw)
        else:
            found = find_place(world, obj, receptacle, rng=rng, yaws=(yaw,))
        if found is not None:
            world.detach(obj.object_id)
            world.move_with_contents(obj, *found)
            world.attach(obj.object_id, receptacle.object_id)
            return True
    return False


def spawn_onto(
    world: World, seed: int, ids: tuple[str, ...], onto: tuple[str, ...] | None, attempts: int = 5
) -> list[SimObject]:
    """Puts named objects on random places of named receptacles; returns those that found one.

    Whoever names both has decided that they fit: types are not asked. ``onto`` None is all
    receptacles that may hold the object.
    """
    rng = np.random.default_rng(seed)
    moved: list[SimObject] = []
    for key in ids:
        obj = world.objects[key]
        if onto is not None:
            receptacles = [r for k in onto if (r := world.objects.get(k)) is not None]
            rows = [r for r in receptacles if r.is_("receptacle") and r is not obj]
        else:
            allowed = object_type(obj.type).allowed_receptacles
            rows = [
                r
                for r in world.objects.values()
                if r.is_("receptacle")
                and not r.is_("pickupable")
                and r.type not in ("Floor", "Sink")
                and (not allowed or r.type in allowed)
            ]
        for index in rng.permutation(len(rows))[:attempts]:
            found = find_place(
                world, obj, rows[index], rng=rng, yaws=(float(rng.integers(0, 4) * 90), 0.0, 90.0)
            )
            if found is not None:
                world.detach(key)
                world.move_with_contents(obj, *found)
                world.attach(key, rows[index].object_id)
                moved.append(obj)
                break
    return moved


def settle_placed(world: World, objects: list[SimObject]) -> None:
    """Lets placed objects come to rest by gravity, all together."""
    for obj in objects:
        if obj.object_id in world.objects and not obj.traits.kinematic:
            world.let_fall(obj)
    if world.auto_simulation:
        dynamics.settle(world)


def floor_place(
    world: World, obj: SimObject, rng: np.random.Generator, yaw: float = 0.0
) -> tuple[np.ndarray, np.ndarray] | None:
    """A random free place on the floor: the object's middle (3,) and Euler angles (3,), or None."""
    euler, extent = upright(obj, yaw)
    spots = world.grid_points
    agents = np.array([[a.x, a.z] for a in world.agents])
    for index in rng.permutation(len(spots))[:20]:
        x, z = spots[index]
        if np.hypot(*(agents - [x, z]).T).min() < 0.35 + max(extent[0], extent[2]) / 2:
            continue
        center = np.array([x, floor_height(world, x, z) + extent[1] / 2 + 0.004, z])
        if blocking(world, obj, center, euler) is None:
            return center, euler
    return None


def floor_spot(
    world: World, seed: int, nearest: float, farthest: float, in_view: bool
) -> np.ndarray:
    """A random point (3,) of the free floor between two distances from the agent, metres.

    Raises:
        ActionFailed: If there is none.
    """
    agent = world.agent
    spots = np.array([(x, world.floor_y, z) for x, z in world.grid_points]).reshape(-1, 3)
    away = np.hypot(spots[:, 0] - agent.x, spots[:, 2] - agent.z)
    fits = (away >= nearest) & (away <= farthest)
    if in_view and len(spots):
        fits &= in_viewport(world, spots, agent.eye, agent.eye_rotation)
    order = np.random.default_rng(seed).permutation(np.flatnonzero(fits))
    for index in order:
        hit = world.collision.ray(agent.eye, spots[index] + [0.0, 0.02, 0.0]) if in_view else None
        if hit is None or hit.distance > np.linalg.norm(spots[index] - agent.eye) - 0.1:
            return spots[index]
    raise ActionFailed(
        f"No free floor {'in view ' if in_view else ''}between {nearest:g} and {farthest:g} m from "
        "the agent; turn, look down, or use anywhere=True."
    )


def _copies(world: World, wanted: dict[str, int]) -> list[SimObject]:
    """Makes copies until there are as many objects of each type as wanted."""
    made: list[SimObject] = []
    for type_name, count in wanted.items():
        originals = [
            t for t in world.objects.values() if t.type == type_name and t.is_("pickupable")
        ]
        if not originals:
            raise ActionFailed(
                f"numDuplicatesOfType: no {shown(type_name)} that can be picked up is in this "
                "scene."
            )
        for index in range(len(originals), count):
            made.append(copy_of(world, originals[index % len(originals)], index))
    return made


def _refuses(receptacle: SimObject, obj: SimObject) -> bool:
    rules = object_type(receptacle.type)
    return bool(rules.only_accepts) and (
        obj.type not in rules.only_accepts or bool(receptacle.contents())
    )


def _area(receptacle: SimObject) -> float:
    return float(sum(s.size[0] * s.size[1] for s in receptacle.mesh.surfaces)) ** 0.5


def copy_of(world: World, obj: SimObject, index: int) -> SimObject:
    """Another of an object, empty, with an id and a name of its own."""
    while f"{obj.object_id}_copy_{index}" in world.objects:
        index += 1
    record = replace(
        obj.record,
        object_id=f"{obj.object_id}_copy_{index}",
        name=f"{obj.metadata['name']}_copy_{index}",
        parents=(),
        contents=None if obj.record.contents is None else (),
    )
    twin = new_object(record, obj.mesh)
    world.add(twin)
    return twin
