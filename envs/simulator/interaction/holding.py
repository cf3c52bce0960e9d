"""Holding objects: pick up, put down, let go.

Messages follow AI2-THOR's, since users match on them.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.core.errors import ActionFailed
from envs.simulator.core.object_types import object_type
from envs.simulator.interaction import hand
from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import blocking, contents_of
from envs.simulator.world.placement import VESSELS, Sight, find_place
from envs.simulator.world.visibility import CLOSED_HIDES, can_see, ray_through
from envs.simulator.world.world import World


def target(
    world: World, object_id: str | None, x: float | None, y: float | None, force: bool
) -> SimObject:
    """The object an action names by id or by image fraction (x, y), origin top left.

    Raises:
        ActionFailed: If there is none, or it is not visible and ``force`` is off.
    """
    if object_id is None:
        if x is None or y is None:
            raise ActionFailed("Give objectId, or both x and y in [0, 1].", "MissingArguments")
        if not (0 <= x <= 1 and 0 <= y <= 1):
            raise ActionFailed(f"x and y must be in [0:1], got ({x}, {y}).")
        hit = world.collision.ray(*ray_through(world, float(x), float(y)))
        if hit is None or hit.key not in world.objects:
            raise ActionFailed("Target object not found within the specified visibility.")
        obj = world.objects[hit.key]
        flat = hit.point - world.agent.eye
        if not force and np.hypot(flat[0], flat[2]) > world.settings.visibilityDistance:
            raise ActionFailed("Target object not found within the specified visibility.")
        return obj
    found = world.objects.get(object_id)
    if found is None:
        raise ActionFailed(f"objectId: {object_id} is not the objectId on any object in the scene!")
    if (
        not force
        and object_id != world.held
        and not can_see(
            world,
            found,
            world.agent.eye,
            world.agent.eye_rotation,
            world.settings.visibilityDistance,
        )
    ):
        raise ActionFailed("Target object not found within the specified visibility.")
    return found


def pick_up(world: World, obj: SimObject, force: bool = False, in_place: bool = False) -> None:
    """Takes an object into the hand.

    Args:
        world: The room.
        obj: What to take.
        force: Whether it may clip into something.
        in_place: Whether it stays where it is, and the hand goes there.

    Raises:
        ActionFailed: If it can't be picked up, someone holds it, the hand is full, or it would hit
            something in the hand's resting place.
    """
    if not obj.is_("pickupable"):
        raise ActionFailed(f"{obj.object_id} must have the property CanPickup to be picked up.")
    if world.held is not None:
        raise ActionFailed("Agent hand has something in it already! Can't pick up anything else")
    if obj.object_id in world.hands:
        raise ActionFailed(f"{obj.object_id} is in the hand of another agent.")
    hand.rest(world)
    if in_place:
        hand.grip_in_place(world, obj)
    elif not force and clips(world, obj):
        raise ActionFailed("Picking up object would cause it to collide and clip into something!")
    world.detach(obj.object_id)
    world.motion.pop(obj.object_id, None)
    obj.metadata.update(isPickedUp=True, isMoving=False)
    world.held = obj.object_id
    for key in contents_of(world, obj):
        world.collision.set_solid(key, False)
    world.carry()


def clips(world: World, obj: SimObject) -> bool:
    """Whether an object would be in something solid if it were in the resting hand.

    The hand gives way a little: it counts if the middle of the object's box is taken.
    """
    center, euler = world.agent.hold_pose
    return blocking(world, obj, center, euler, core=True) is not None


def _release(world: World, obj: SimObject, center: np.ndarray, euler: np.ndarray) -> None:
    world.move_with_contents(obj, center, euler)
    world.held = None
    obj.metadata["isPickedUp"] = False
    for key in contents_of(world, obj):
        world.collision.set_solid(key, True)
    hand.rest(world)


def check_accepts(obj: SimObject, receptacle: SimObject, force: bool) -> None:
    """Whether a receptacle takes an object now.

    Raises:
        ActionFailed: If it is no receptacle, closed, full, or does not take such objects.
    """
    if not receptacle.is_("receptacle"):
        raise ActionFailed("This target object is NOT a receptacle!")
    rules = object_type(receptacle.type)
    if receptacle.is_("openable") and (
        rules.must_open_to_receive or receptacle.type in CLOSED_HIDES
    ):
        if receptacle.openness < 0.05:
            raise ActionFailed(
                "Target openable Receptacle is CLOSED, can't place if target is not open!"
            )
    if force:
        return
    allowed = object_type(obj.type).allowed_receptacles
    names = {receptacle.type, receptacle.type.removesuffix("Basin")}
    if allowed and not names.intersection(allowed):
        raise ActionFailed(f"{obj.object_id} cannot be placed in {receptacle.object_id}")
    if rules.only_accepts:
        if obj.type not in rules.only_accepts:
            raise ActionFailed(f"{obj.object_id} cannot be placed in {receptacle.object_id}")
        if receptacle.contents():
            raise ActionFailed(f"{receptacle.object_id} is currently full!")


def _sight(world: World, receptacle: SimObject) -> Sight:
    """Which places the acting agent can put something on: those it sees and reaches."""
    agent = world.agent
    distance = world.settings.visibilityDistance
    into = receptacle.is_("openable") or receptacle.type in VESSELS
    return Sight(agent.eye, agent.eye_rotation, distance, into)


def put(
    world: World,
    receptacle: SimObject,
    force: bool = False,
    focus: np.ndarray | None = None,
    seed: int = 0,
) -> SimObject:
    """Puts the held object on or in a receptacle, and returns it.

    It goes near ``focus`` (3,) metres, or in front of the agent. Without a focus, a seed other
    than 0 chooses among all free places. Without ``force`` a place must be in the picture and
    within the visibility distance.

    Raises:
        ActionFailed: If the hand is empty, the receptacle refuses, or there is no room.
    """
    if world.held is None:
        raise ActionFailed("Can't place an object if Agent isn't holding anything")
    obj = world.objects[world.held]
    if receptacle is obj:
        raise ActionFailed("Can't place an object in itself!")
    if receptacle.type in ("Sink", "Bathtub"):
        basin = world.objects.get(f"{receptacle.object_id}|{receptacle.type}Basin")
        receptacle = basin or receptacle
    check_accepts(obj, receptacle, force)
    agent = world.agent
    point = focus
    if point is None:
        ahead = agent.eye_rotation[:, 2] * np.array([1.0, 0.0, 1.0])
        length = float(np.linalg.norm(ahead))
        ahead = ahead / length if length > 1e-6 else np.zeros(3)
        point = np.clip(agent.position + ahead * 0.7, receptacle.low, receptacle.high)
    found = find_place(
        world,
        obj,
        receptacle,
        focus=point,
        rng=np.random.default_rng(seed) if seed and focus is None else None,
        yaws=(agent.yaw % 180, agent.yaw % 180 + 90),
        sight=None if force else _sight(world, receptacle),
        lay=True,
        closely=True,
    )
    if found is None:
        raise ActionFailed("No valid positions to place object found")
    center, euler = found
    _release(world, obj, center, euler)
    world.attach(obj.object_id, receptacle.object_id)
    return obj


def let_go(world: World) -> SimObject:
    """Opens the hand; the object stays where it is, ready to fall.

    Raises:
        ActionFailed: If the hand is empty.
    """
    if world.held is None:
        raise ActionFailed("Nothing in hand to drop!")
    obj = world.objects[world.held]
    _release(world, obj, obj.center, obj.euler)
    return obj
