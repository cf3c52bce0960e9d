"""Forces on objects of a room: the room is simulated, then brought up to date.

A force acts for one of AI2-THOR's physics steps (0.02 s): ``moveMagnitude`` newtons on ``m``
kilograms give ``0.02 * moveMagnitude / m`` metres a second. While automatic simulation is paused,
objects keep their velocity in ``World.motion`` and move only as ``advance`` says.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.geometry import matrix_euler
from envs.simulator.dynamics.body import BUILT_IN, Body, contents_of, parts_of
from envs.simulator.dynamics.engine import STEP, STUCK_AFTER, Engine
from envs.simulator.dynamics.landing import (
    SUNK,
    ended_well,
    is_carried,
    safe_place,
    squeezed_out,
    support_of,
)
from envs.simulator.world import fragments
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import sunk_in
from envs.simulator.world.world import World

FORCE_SECONDS = 0.02
LONGEST = 4.0
MOST_STEPS = 1024
BREAKS_AT = 3.3
BREAKS_ON_SOFT_AT = 6.5
BREAKS_FIXED = 1.2
SPILLS_BEYOND = 45.0
DEEP = 0.01
_SOFT = frozenset({"Bed", "Sofa", "ArmChair", "DogBed", "Ottoman", "Pillow", "LaundryHamper"})
_NOTICED = 0.004
_STILL = np.zeros(3)


def release(world: World, obj: SimObject, linear: np.ndarray, simulate: bool = True) -> None:
    """Lets go of an object that is in the air, with a velocity (3,) in m/s."""
    world.detach(obj.object_id)
    world.motion[obj.object_id] = (np.asarray(linear, dtype=float), _STILL)
    obj.metadata["isMoving"] = True
    if world.auto_simulation and simulate:
        settle(world, freed=obj.object_id)
    else:
        _free_start(world, Engine(world, world.motion), obj.object_id)


def push(world: World, obj: SimObject, force: np.ndarray) -> None:
    """Lets a force (3,), newtons, act on an object for one physics step."""
    mass = max(float(obj.metadata["mass"]), 0.05)
    linear, angular = world.motion.get(obj.object_id, (_STILL, _STILL))
    gained = np.asarray(force, dtype=float) * FORCE_SECONDS / mass
    world.motion[obj.object_id] = (linear + gained, angular)
    obj.metadata["isMoving"] = True
    if world.auto_simulation:
        settle(world)


def settle(world: World, freed: str | None = None) -> None:
    """Simulates until everything that moves has come to rest; at once for a room at rest.

    ``freed`` was just let go, and may have been held inside something.
    """
    for _ in range(3):
        if not world.motion:
            return
        _simulate(world, LONGEST, STEP, until_rest=True, freed=freed)
        freed = None
    for key in list(world.motion):
        _stop(world, key)


def catch_up(world: World) -> None:
    """Lets what still moves come to rest, unless the simulation is paused."""
    if world.motion and world.auto_simulation:
        settle(world)


def advance(world: World, seconds: float, step: float) -> None:
    """Simulates for a time in steps of at most ``step`` seconds."""
    if world.motion:
        count = max(1, int(np.ceil(step / STEP - 1e-9)))
        least = min(seconds / MOST_STEPS, STEP)
        _simulate(world, seconds, max(step / count, least), until_rest=False)


def _stop(world: World, key: str) -> None:
    world.motion.pop(key, None)
    if key in world.objects:
        world.objects[key].metadata["isMoving"] = False


def _simulate(
    world: World, seconds: float, step: float, until_rest: bool, freed: str | None = None
) -> None:
    movers = {k: v for k, v in world.motion.items() if k in world.objects and k not in world.hands}
    for key in [k for k in world.motion if k not in movers]:
        _stop(world, key)
    if not movers:
        return
    engine = Engine(world, movers)
    if freed is not None:
        _free_start(world, engine, freed)
    if until_rest and any(not world.objects[k].is_("pickupable") for k in movers):
        seconds /= 2
    rested = engine.run(seconds, until_rest, step)
    changed: list[Body] = []
    for key in sorted(engine.bodies):
        body = engine.bodies[key]
        if key in movers or (body.woken and _has_moved(body)):
            changed.append(body)
    starts = {t.object_id: (t.center, t.euler, t.moved) for t in (b.obj for b in changed)}
    for body in changed:
        _bring(world, body)
    for body in changed:
        key = body.obj.object_id
        if until_rest or rested or body.is_slow():
            _stop(world, key)
            if _squeeze_out(world, body.obj, starts[key]):
                _land(world, body, [])
            else:
                _land(world, body, engine.touching(key))
        else:
            world.motion[key] = body.motion()
            body.obj.metadata["isMoving"] = True
    for body in changed:
        if not body.obj.is_("isMoving"):
            _free_riders(world, body)
        _break(world, body)


def _free_start(world: World, engine: Engine, key: str) -> None:
    """Draws what was let go inside a wall or a cupboard back to the agent."""
    obj = world.objects[key]
    agent = world.agent.position
    hand = obj.center.copy()
    for share in (1.0, 0.8, 0.6, 0.4, 0.2, 0.0):
        start = hand.copy()
        start[[0, 2]] = agent[[0, 2]] + (hand - agent)[[0, 2]] * share
        if share < 1.0:
            engine.put(key, start)
        depths = {k: d for k, d in engine.overlaps(key).items() if k != "agent"}
        if max(depths.values(), default=0.0) < DEEP:
            break
    if share < 1.0:
        world.move_with_contents(obj, start, obj.euler)


def _has_moved(body: Body) -> bool:
    center, rotation = body.pose()
    shift = float(np.linalg.norm(center - body.obj.center))
    turned = float(np.trace(rotation.T @ body.obj.rotation))
    return not (shift < _NOTICED and turned > 1 + 2 * np.cos(np.radians(3.0)))


def _bring(world: World, body: Body) -> None:
    """Moves an object, and what it carries, to where the simulation left it."""
    obj = body.obj
    center, rotation = body.pose()
    if not ended_well(world, center, rotation):
        good = np.clip(np.nan_to_num(center, nan=0.0, posinf=0.0, neginf=0.0), -1e3, 1e3)
        center, euler = safe_place(world, obj, good)
        world.move_with_contents(obj, center, euler)
        return
    turn = rotation @ obj.rotation.T
    before = obj.center.copy()
    rows = [(i, turn @ i.rotation, turn @ (i.center - before)) for i in body.carried]
    obj.place(center, matrix_euler(rotation))
    world.update(obj)
    for item, item_rotation, offset in rows:
        world.keep_carrier(item)
        item.place(center + offset, matrix_euler(item_rotation))
        world.update(item)


def _squeeze_out(world: World, obj: SimObject, start: tuple[np.ndarray, np.ndarray, bool]) -> bool:
    """Brings what came to rest partly inside a wall or furniture out of it, if it did.

    Things go beside it or to a place near by, furniture back to where it stood: ``start`` is its
    centre (3,), Euler angles (3,) and whether it had been moved before.
    """
    center, euler, moved = start
    place = squeezed_out(world, obj, obj.center, obj.euler)
    if place is obj.center or _was_deeper(world, obj, center, euler):
        return False
    if place is not None:
        world.move_with_contents(obj, place, obj.euler)
        return True
    if not obj.is_("pickupable"):
        world.move_with_contents(obj, center, euler)
        if not moved:
            # It is where it was recorded, which may be in a wall that was inferred.
            obj.moved = False
        if is_carried(world, obj) and (not moved or _in_wall(world, obj) is None):
            return True
    world.move_with_contents(obj, *safe_place(world, obj, obj.center))
    return True


def _was_deeper(world: World, obj: SimObject, center: np.ndarray, euler: np.ndarray) -> bool:
    """Whether furniture reached as deep into other furniture before: chairs under counters do."""
    if obj.is_("pickupable") or _in_wall(world, obj) is not None:
        return False
    parts = [part.object_id for part in parts_of(world, obj)]
    now = sunk_in(world, obj, obj.center, obj.euler, parts)
    before = sunk_in(world, obj, center, euler, parts)
    return now is not None and before is not None and now[1] < before[1] + 0.01


def _in_wall(world: World, obj: SimObject) -> str | None:
    """Key of the wall that an object reaches deepest into, if it does so at all."""
    parts = [part.object_id for part in parts_of(world, obj)]
    found = sunk_in(world, obj, obj.center, obj.euler, parts)
    if found is None or found[1] <= SUNK or world.fixtures.get(found[0]) != "Wall":
        return None
    return found[0]


def _free_riders(world: World, body: Body) -> None:
    """Brings what was carried along out of what it reaches into by that; lets fall what then hangs.

    Furniture may overlap other furniture, as it is recorded; walls nothing may.
    """
    for item in body.carried:
        if item.type in BUILT_IN or world.objects.get(item.object_id) is not item:
            continue
        found = sunk_in(world, item, item.center, item.euler)
        if found is None or found[1] <= SUNK:
            continue
        if found[0] in (item.metadata["parentReceptacles"] or ()):
            continue
        if not item.is_("pickupable") and world.fixtures.get(found[0]) != "Wall":
            continue
        place = squeezed_out(world, item, item.center, item.euler)
        if place is not None:
            world.move_with_contents(item, place, item.euler)
        else:
            world.move_with_contents(item, *safe_place(world, item, item.center))
        if place is None or not is_carried(world, item):
            world.detach(item.object_id)
            world.let_fall(item)


def _land(world: World, body: Body, touched: list[str]) -> None:
    """Says what an object came to rest on; what a tipped vessel held falls out."""
    obj = body.obj
    if obj.object_id not in world.objects:
        return
    world.detach(obj.object_id)
    support = support_of(world, obj, touched)
    hangs = not is_carried(world, obj)
    if hangs or (obj.is_("pickupable") and body.caught >= STUCK_AFTER):
        world.move_with_contents(obj, *safe_place(world, obj, obj.center))
        support = support_of(world, obj)
    if support is not None:
        world.attach(obj.object_id, support.object_id)
    tilt = np.degrees(np.arccos(np.clip(obj.rotation[1, 1], -1.0, 1.0)))
    if tilt > SPILLS_BEYOND and obj.is_("pickupable"):
        for inside in obj.contents():
            world.detach(inside)
            world.motion[inside] = (_STILL, _STILL)
            world.objects[inside].metadata["isMoving"] = True


def _is_fragile(obj: SimObject) -> bool:
    return obj.is_("breakable") and not obj.is_("isBroken") and not obj.traits.unbreakable


def _break(world: World, body: Body) -> None:
    obj = body.obj
    for key in sorted(body.struck):
        other = world.objects.get(key)
        if other is not None and body.struck[key] > BREAKS_FIXED and _is_fragile(other):
            fragments.break_object(world, other)
    if obj.object_id not in world.objects or not _is_fragile(obj):
        return
    parents = obj.metadata["parentReceptacles"] or ()
    soft = any(world.objects[p].type in _SOFT for p in parents if p in world.objects)
    if body.impact > (BREAKS_ON_SOFT_AT if soft else BREAKS_AT):
        for item in contents_of(world, obj):
            world.detach(item.object_id)
            world.motion[item.object_id] = (_STILL, _STILL)
        fragments.break_object(world, obj)
