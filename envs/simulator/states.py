"""Opening, closing, switching, and the plain state changes."""

from __future__ import annotations

import numpy as np

from envs.simulator import effects
from envs.simulator.errors import ActionFailed
from envs.simulator.geometry import euler_matrix
from envs.simulator.objects import SimObject
from envs.simulator.physics import joint_pose
from envs.simulator.world import World

LIQUIDS = ("water", "coffee", "wine")
# How far beyond a board's edge, into it and above it a thing may be and still lie on it, metres.
EDGE, SUNK, LIFTED = 0.03, 0.05, 0.1


def set_openness(world: World, thing: SimObject, openness: float) -> None:
    """Opens or closes to a degree in [0, 1]; drawers carry their contents along.

    Raises:
        ActionFailed: If it can't open, is so already, or is a running microwave.
    """
    if not thing.is_("openable"):
        raise ActionFailed(f"{thing.object_id} is not an Openable object")
    if not 0 <= openness <= 1:
        raise ActionFailed(f"openness must be in [0:1], not {openness:g}.")
    if thing.type == "Microwave" and thing.is_("isToggled") and openness > 0:
        raise ActionFailed("Target is already toggled on, can't open until it is off.")
    before = thing.openness
    if abs(before - openness) < 1e-6:
        raise ActionFailed(
            f"object is already {'open' if openness > 0 else 'closed'} to openness {openness:g}."
        )
    thing.metadata["openness"] = float(openness)
    thing.metadata["isOpen"] = openness > 0
    world.update(thing)
    slides = [j for j in thing.mesh.joints if j.kind == "slide"]
    carried = any(s.joint is not None for s in thing.mesh.surfaces)
    if slides and carried:
        shift = joint_pose(slides[0], openness)[1] - joint_pose(slides[0], before)[1]
        for inside in thing.contents():
            item = world.objects[inside]
            world.move_with_contents(item, item.center + thing.rotation @ shift, item.euler)


def open_object(world: World, thing: SimObject, openness: float) -> None:
    """OpenObject: as ``set_openness``, but an open object stays a failure."""
    if thing.is_("openable") and thing.is_("isOpen") and abs(thing.openness - openness) < 1e-6:
        raise ActionFailed("object is already open")
    set_openness(world, thing, openness)


def close_object(world: World, thing: SimObject) -> None:
    """CloseObject.

    Raises:
        ActionFailed: If it can't open or is closed.
    """
    if thing.is_("openable") and not thing.is_("isOpen"):
        raise ActionFailed("object is already closed")
    set_openness(world, thing, 0.0)


def toggle(world: World, thing: SimObject, on: bool) -> None:
    """Switches on or off, with what it controls.

    Raises:
        ActionFailed: If it has no switch, is so already, is broken, or is an open microwave.
    """
    if not thing.is_("toggleable"):
        raise ActionFailed("target object is not toggleable")
    if thing.is_("isToggled") == on:
        raise ActionFailed(
            f"can't toggle object {'on' if on else 'off'} if it's already {'on' if on else 'off'}!"
        )
    if on and thing.is_("isBroken"):
        raise ActionFailed("can't toggle on a broken object")
    if on and thing.type == "Microwave" and thing.is_("isOpen"):
        raise ActionFailed("Target must be closed to Toggle On!")
    effects.set_state(world, thing, isToggled=on)
    effects.after_toggle(world, thing, on)


def simple(
    world: World, thing: SimObject, ability: str, state: str, value: bool, word: str
) -> None:
    """A plain state change, such as cook, dirty, clean, use up.

    Raises:
        ActionFailed: If the object lacks the ability, or is in that state.
    """
    if not thing.is_(ability):
        raise ActionFailed(f"{thing.object_id} does not have the property {word}!")
    if thing.is_(state) == value:
        raise ActionFailed(f"{thing.object_id} has {state}={value} already!")
    effects.set_state(world, thing, **{state: value})


def fill(world: World, thing: SimObject, liquid: str) -> None:
    """Fills with a liquid.

    Raises:
        ActionFailed: If the liquid is unknown, or the object can't be filled or is full.
    """
    if liquid not in LIQUIDS:
        raise ActionFailed(f"{liquid} is not a valid Liquid Type; use one of {', '.join(LIQUIDS)}.")
    if not thing.is_("canFillWithLiquid"):
        raise ActionFailed(f"{thing.object_id} can't be filled with liquid.")
    if thing.is_("isFilledWithLiquid"):
        raise ActionFailed(f"{thing.object_id} is already filled with liquid.")
    effects.pour(world, thing, liquid)


def empty(world: World, thing: SimObject) -> None:
    """Pours out what is in it.

    Raises:
        ActionFailed: If it holds no liquid.
    """
    if not thing.is_("isFilledWithLiquid"):
        raise ActionFailed(f"{thing.object_id} is not filled with liquid.")
    effects.set_state(world, thing, isFilledWithLiquid=False, fillLiquid=None)


def teleport_object(
    world: World, thing: SimObject, position: np.ndarray, euler: np.ndarray
) -> None:
    """Puts an object's pivot at ``position`` (3,) metres, turned to ``euler`` (3,) degrees."""
    world.detach(thing.object_id)
    center = position - euler_matrix(euler) @ thing.pivot
    world.move_with_contents(thing, center, euler)
    attach_where_it_stands(world, thing)


def attach_where_it_stands(world: World, thing: SimObject) -> None:
    """Puts an object on the list of the receptacle whose board or floor is right below it."""
    best: tuple[float, str] | None = None
    for other in world.objects.values():
        if other is thing or not other.is_("receptacle") or other.object_id == world.held:
            continue
        if other.object_id in thing.contents():
            continue
        for surface, middle in other.surfaces():
            away = other.rotation.T @ (thing.center - middle)
            gap = float(thing.low[1] - middle[1])
            over = (np.abs(away[[0, 2]]) <= np.asarray(surface.size) / 2 + EDGE).all()
            if over and -SUNK < gap < LIFTED and (best is None or abs(gap) < best[0]):
                best = (abs(gap), other.object_id)
    if best is None:
        bottom = np.array([thing.center[0], thing.low[1], thing.center[2]])
        hit = world.collision.ray(bottom + [0, 0.005, 0], bottom - [0, LIFTED, 0])
        if hit is not None and hit.key != thing.object_id:
            under = world.objects.get(hit.key)
            if under is not None and under.is_("receptacle"):
                best = (0.0, hit.key)
    if best is not None:
        world.attach(thing.object_id, best[1])
