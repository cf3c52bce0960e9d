"""Opening, closing, switching, and the plain state changes."""

from __future__ import annotations

from envs.simulator import dynamics
from envs.simulator.core.errors import ActionFailed
from envs.simulator.meshes.joints import joint_pose
from envs.simulator.world import effects, fragments
from envs.simulator.world.objects import SimObject
from envs.simulator.world.swept_volume import swept_agent
from envs.simulator.world.world import World

LIQUIDS = ("water", "coffee", "wine")
_ABILITIES = {
    "isCooked": ("cookable", "CanBeCooked"),
    "isDirty": ("dirtyable", "CanBeDirty"),
    "isUsedUp": ("canBeUsedUp", "CanBeUsedUp"),
}
# The state that AI2-THOR's SetObjectStates changes by each ability.
STATE_OF = {
    "toggleable": "isToggled",
    "openable": "isOpen",
    "breakable": "isBroken",
    "canFillWithLiquid": "isFilledWithLiquid",
    "dirtyable": "isDirty",
    "cookable": "isCooked",
    "sliceable": "isSliced",
    "canBeUsedUp": "isUsedUp",
}
# Documented to be usable, though no recorded room says so of them.
USED_UP = frozenset({"PaperTowelRoll", "SoapBottle", "TissueBox", "ToiletPaper"})


def set_openness(world: World, thing: SimObject, openness: float, force: bool = False) -> None:
    """Opens or closes to a degree in [0, 1]; drawers carry their contents along.

    Raises:
        ActionFailed: If it can't open, is a running microwave, or would hit the agent.
    """
    if not thing.is_("openable"):
        raise ActionFailed(f"{thing.object_id} is not an Openable object")
    if not 0 <= openness <= 1:
        raise ActionFailed(
            f"openness must be in [0:1], not {openness:g}: 0 is closed and 1 is fully open."
        )
    if thing.type == "Microwave" and thing.is_("isToggled") and openness > 0:
        raise ActionFailed("Target is already toggled on, can't open until it is off.")
    before = thing.openness
    if not force and swept_agent(world, thing, before, openness):
        raise ActionFailed(
            f"Object failed to open/close successfully: {thing.metadata['name']} hits "
            f"Agent {world.active}; step back, or open it by a smaller openness."
        )
    _show(world, thing, openness)
    if thing.is_("pickupable") and thing.moved and thing.object_id not in world.hands:
        place = dynamics.squeezed_out(world, thing, thing.center, thing.euler)
        if place is None:
            _show(world, thing, before)
            raise ActionFailed(
                f"Object failed to open/close successfully: {thing.metadata['name']} has no room "
                "for that here; take it elsewhere first."
            )
        if place is not thing.center:
            world.move_with_contents(thing, place, thing.euler)
    slides = [j for j in thing.mesh.joints if j.kind == "slide"]
    carried = any(s.joint is not None for s in thing.mesh.surfaces)
    if slides and carried:
        shift = joint_pose(slides[0], openness)[1] - joint_pose(slides[0], before)[1]
        for inside in world.riders(thing):
            item = world.objects[inside]
            world.move_with_contents(item, item.center + thing.rotation @ shift, item.euler)
    dynamics.make_way(world, thing)


def _show(world: World, thing: SimObject, openness: float) -> None:
    thing.metadata["openness"] = float(openness)
    thing.metadata["isOpen"] = openness > 0
    world.update(thing)


def open_object(world: World, thing: SimObject, openness: float, force: bool = False) -> None:
    """OpenObject: as ``set_openness``, but it fails where nothing would change."""
    if thing.is_("openable") and thing.is_("isOpen") and abs(thing.openness - openness) < 1e-6:
        raise ActionFailed("object is already open")
    set_openness(world, thing, openness, force)


def close_object(world: World, thing: SimObject, force: bool = False) -> None:
    """CloseObject.

    Raises:
        ActionFailed: If it can't open or is closed.
    """
    if thing.is_("openable") and not thing.is_("isOpen"):
        raise ActionFailed("object is already closed")
    set_openness(world, thing, 0.0, force)


def toggle(world: World, thing: SimObject, on: bool) -> None:
    """Switches on or off, with what it controls.

    Raises:
        ActionFailed: If it has no switch, is so already, is broken, or is an open microwave.
    """
    if not thing.is_("toggleable"):
        raise ActionFailed(f"{thing.object_id} is not toggleable")
    word = "on" if on else "off"
    if thing.is_("isToggled") == on:
        raise ActionFailed(f"can't toggle object {word} if it's already {word}!")
    if on and thing.is_("isBroken"):
        raise ActionFailed(f"can't toggle on {thing.object_id}: it is broken!")
    if on and thing.type == "Microwave" and thing.is_("isOpen"):
        raise ActionFailed("Target must be closed to Toggle On!")
    effects.set_state(world, thing, isToggled=on)
    effects.switch_controlled(world, thing, on)


def change(world: World, thing: SimObject, state: str, value: bool) -> None:
    """A plain change of ``isCooked``, ``isDirty`` or ``isUsedUp``.

    Raises:
        ActionFailed: If the object lacks the ability, or is in that state.
    """
    ability, word = _ABILITIES[state]
    if not thing.is_(ability) and not (state == "isUsedUp" and thing.type in USED_UP):
        raise ActionFailed(f"{thing.object_id} does not have the property {word}!")
    if thing.is_(state) == value:
        done = state.removeprefix("is").lower()
        raise ActionFailed(f"{thing.object_id} is already {'' if value else 'not '}{done}!")
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
    if thing.is_("isBroken"):
        raise ActionFailed(f"{thing.object_id} is broken and holds no liquid.")
    effects.pour(world, thing, liquid)


def empty(world: World, thing: SimObject) -> None:
    """Pours out what is in it.

    Raises:
        ActionFailed: If it holds no liquid.
    """
    if not thing.is_("isFilledWithLiquid"):
        raise ActionFailed(f"{thing.object_id} is not filled with liquid.")
    effects.spill(world, thing)


def set_states(world: World, kind: str | None, ability: str, value: bool) -> int:
    """Brings objects of a type, or of all types, into a state; returns how many changed.

    Args:
        world: The room.
        kind: Object type, or None for every object that has the ability.
        ability: What AI2-THOR calls ``stateChange``, for example ``"toggleable"``.
        value: The state to bring about; broken and sliced can't be undone.

    Raises:
        ActionFailed: If the change is impossible for some object; those before it are changed.
    """
    changed = 0
    for thing in list(world.objects.values()):
        if (kind is not None and thing.type != kind) or not thing.is_(ability):
            continue
        if thing.is_(STATE_OF[ability]) == value:
            continue
        if ability == "openable":
            set_openness(world, thing, 1.0 if value else 0.0, force=True)
        elif ability == "toggleable":
            toggle(world, thing, value)
        elif ability == "breakable":
            fragments.break_object(world, thing)
        elif ability == "sliceable":
            fragments.slice_object(world, thing)
        elif ability == "canFillWithLiquid":
            if value:
                fill(world, thing, "water")
            else:
                empty(world, thing)
        else:
            effects.set_state(world, thing, **{STATE_OF[ability]: value})
        changed += 1
    return changed
