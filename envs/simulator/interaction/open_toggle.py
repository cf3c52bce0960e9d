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


def set_openness(world: World, obj: SimObject, openness: float, force: bool = False) -> None:
    """Opens or closes to a degree in [0, 1]; drawers carry their contents along.

    Raises:
        ActionFailed: If it can't open, is a running microwave, or would hit the agent.
    """
    if not obj.is_("openable"):
        raise ActionFailed(f"{obj.object_id} is not an Openable object")
    if not 0 <= openness <= 1:
        raise ActionFailed(
            f"openness must be in [0:1], not {openness:g}: 0 is closed and 1 is fully open."
        )
    if obj.type == "Microwave" and obj.is_("isToggled") and openness > 0:
        raise ActionFailed("Target is already toggled on, can't open until it is off.")
    before = obj.openness
    if not force and swept_agent(world, obj, before, openness):
        raise ActionFailed(
            f"Object failed to open/close successfully: {obj.metadata['name']} hits "
            f"Agent {world.active}; step back, or open it by a smaller openness."
        )
    _show(world, obj, openness)
    if obj.is_("pickupable") and obj.moved and obj.object_id not in world.hands:
        place = dynamics.squeezed_out(world, obj, obj.center, obj.euler)
        if place is None:
            _show(world, obj, before)
            raise ActionFailed(
                f"Object failed to open/close successfully: {obj.metadata['name']} has no room "
                "for that here; take it elsewhere first."
            )
        if place is not obj.center:
            world.move_with_contents(obj, place, obj.euler)
    slides = [j for j in obj.mesh.joints if j.kind == "slide"]
    carried = any(s.joint is not None for s in obj.mesh.surfaces)
    if slides and carried:
        shift = joint_pose(slides[0], openness)[1] - joint_pose(slides[0], before)[1]
        for inside in world.riders(obj):
            item = world.objects[inside]
            world.move_with_contents(item, item.center + obj.rotation @ shift, item.euler)
    dynamics.make_way(world, obj)


def _show(world: World, obj: SimObject, openness: float) -> None:
    obj.metadata["openness"] = float(openness)
    obj.metadata["isOpen"] = openness > 0
    world.update(obj)


def open_object(world: World, obj: SimObject, openness: float, force: bool = False) -> None:
    """OpenObject: as ``set_openness``, but it fails where nothing would change."""
    if obj.is_("openable") and obj.is_("isOpen") and abs(obj.openness - openness) < 1e-6:
        raise ActionFailed("object is already open")
    set_openness(world, obj, openness, force)


def close_object(world: World, obj: SimObject, force: bool = False) -> None:
    """CloseObject.

    Raises:
        ActionFailed: If it can't open or is closed.
    """
    if obj.is_("openable") and not obj.is_("isOpen"):
        raise ActionFailed("object is already closed")
    set_openness(world, obj, 0.0, force)


def toggle(world: World, obj: SimObject, on: bool) -> None:
    """Switches on or off, with what it controls.

    Raises:
        ActionFailed: If it has no switch, is so already, is broken, or is an open microwave.
    """
    if not obj.is_("toggleable"):
        raise ActionFailed(f"{obj.object_id} is not toggleable")
    word = "on" if on else "off"
    if obj.is_("isToggled") == on:
        raise ActionFailed(f"can't toggle object {word} if it's already {word}!")
    if on and obj.is_("isBroken"):
        raise ActionFailed(f"can't toggle on {obj.object_id}: it is broken!")
    if on and obj.type == "Microwave" and obj.is_("isOpen"):
        raise ActionFailed("Target must be closed to Toggle On!")
    effects.set_state(world, obj, isToggled=on)
    effects.switch_controlled(world, obj, on)


def change(world: World, obj: SimObject, state: str, value: bool) -> None:
    """A plain change of ``isCooked``, ``isDirty`` or ``isUsedUp``.

    Raises:
        ActionFailed: If the object lacks the ability, or is in that state.
    """
    ability, word = _ABILITIES[state]
    if not obj.is_(ability) and not (state == "isUsedUp" and obj.type in USED_UP):
        raise ActionFailed(f"{obj.object_id} does not have the property {word}!")
    if obj.is_(state) == value:
        done = state.removeprefix("is").lower()
        raise ActionFailed(f"{obj.object_id} is already {'' if value else 'not '}{done}!")
    effects.set_state(world, obj, **{state: value})


def fill(world: World, obj: SimObject, liquid: str) -> None:
    """Fills with a liquid.

    Raises:
        ActionFailed: If the liquid is unknown, or the object can't be filled or is full.
    """
    if liquid not in LIQUIDS:
        raise ActionFailed(f"{liquid} is not a valid Liquid Type; use one of {', '.join(LIQUIDS)}.")
    if not obj.is_("canFillWithLiquid"):
        raise ActionFailed(f"{obj.object_id} can't be filled with liquid.")
    if obj.is_("isFilledWithLiquid"):
        raise ActionFailed(f"{obj.object_id} is already filled with liquid.")
    if obj.is_("isBroken"):
        raise ActionFailed(f"{obj.object_id} is broken and holds no liquid.")
    effects.pour(world, obj, liquid)


def empty(world: World, obj: SimObject) -> None:
    """Pours out what is in it.

    Raises:
        ActionFailed: If it holds no liquid.
    """
    if not obj.is_("isFilledWithLiquid"):
        raise ActionFailed(f"{obj.object_id} is not filled with liquid.")
    effects.spill(world, obj)


def set_states(world: World, type_name: str | None, ability: str, value: bool) -> int:
    """Brings objects of a type, or of all types, into a state; returns how many changed.

    Args:
        world: The room.
        type_name: Object type, or None for every object that has the ability.
        ability: What AI2-THOR calls ``stateChange``, for example ``"toggleable"``.
        value: The state to bring about; broken and sliced can't be undone.

    Raises:
        ActionFailed: If the change is impossible for some object; those before it are changed.
    """
    changed = 0
    for obj in list(world.objects.values()):
        if (type_name is not None and obj.type != type_name) or not obj.is_(ability):
            continue
        if obj.is_(STATE_OF[ability]) == value:
            continue
        if ability == "openable":
            set_openness(world, obj, 1.0 if value else 0.0, force=True)
        elif ability == "toggleable":
            toggle(world, obj, value)
        elif ability == "breakable":
            fragments.break_object(world, obj)
        elif ability == "sliceable":
            fragments.slice_object(world, obj)
        elif ability == "canFillWithLiquid":
            if value:
                fill(world, obj, "water")
            else:
                empty(world, obj)
        else:
            effects.set_state(world, obj, **{STATE_OF[ability]: value})
        changed += 1
    return changed
