"""States that change with circumstances: heat, cold, water, tilting, time.

The rules are AI2-THOR's documented contextual effects. ``settle`` looks at the whole room and
applies those that hold now, so it does not matter by which action objects came to where they are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World

COOKED_BY = {
    "StoveBurner": frozenset({"Potato", "PotatoSliced", "EggCracked", "BreadSliced"}),
    "Microwave": frozenset({"Potato", "PotatoSliced", "EggCracked"}),
    "Toaster": frozenset({"BreadSliced"}),
}
# Reach of a jet of water beyond its basin's box, metres.
JET = 0.35
BASINS = ("SinkBasin", "BathtubBasin")


def set_state(world: World, obj: SimObject, **states: object) -> None:
    """Changes metadata states and shows them; nothing happens if they hold already."""
    if any(obj.metadata[key] != value for key, value in states.items()):
        obj.metadata.update(states)
        world.update(obj)


def set_temperature(world: World, obj: SimObject, temperature: str) -> None:
    """Makes an object Hot, Cold or RoomTemp, from when it lasts its full time."""
    left = None if temperature == "RoomTemp" else world.rules.seconds_for(obj.type)
    if obj.traits.seconds_left != left:
        obj.traits = replace(obj.traits, seconds_left=left)
    set_state(world, obj, temperature=temperature)


def pass_time(world: World, seconds: float) -> None:
    """Lets hot and cold objects come nearer to room temperature."""
    if not world.rules.decay:
        return
    for obj in world.objects.values():
        if obj.metadata["temperature"] == "RoomTemp":
            continue
        left = obj.traits.seconds_left
        if left is None:
            # Recorded hot or cold: its time starts when the room does.
            left = world.rules.seconds_for(obj.type)
        left -= seconds
        obj.traits = replace(obj.traits, seconds_left=max(left, 0.0))
        if left <= 1e-9:
            set_temperature(world, obj, "RoomTemp")


def settle(world: World) -> None:
    """Applies every contextual effect that holds now."""
    for obj in list(world.objects.values()):
        if obj.metadata["isFilledWithLiquid"] and obj.rotation[1, 1] < -1e-6:
            spill(world, obj)
        rule = _RULES.get(obj.record.object_type)
        if rule is not None:
            rule(world, obj)


def spill(world: World, obj: SimObject) -> None:
    """Empties an object."""
    set_state(world, obj, isFilledWithLiquid=False, fillLiquid=None)


def _everything_in(world: World, obj: SimObject) -> list[SimObject]:
    # Recorded lists may go in circles: a cabinet on a floor that is listed in the cabinet.
    found: dict[str, SimObject] = {}
    queue = obj.contents()
    while queue:
        item = world.objects.get(queue.pop())
        if item is not None and item is not obj and item.object_id not in found:
            found[item.object_id] = item
            queue += item.contents()
    return list(found.values())


def _heat(world: World, source: SimObject) -> None:
    if not source.is_("isToggled"):
        return
    for item in _everything_in(world, source):
        set_temperature(world, item, "Hot")
        if item.is_("cookable") and item.type in COOKED_BY[source.type]:
            set_state(world, item, isCooked=True)


def _cool(world: World, fridge: SimObject) -> None:
    for item in _everything_in(world, fridge):
        set_temperature(world, item, "Cold")


def _brew(world: World, machine: SimObject) -> None:
    if not machine.is_("isToggled"):
        return
    for item in _everything_in(world, machine):
        if item.type == "Mug":
            if not item.is_("isFilledWithLiquid"):
                pour(world, item, "coffee")
            elif item.metadata["fillLiquid"] == "coffee":
                set_temperature(world, item, "Hot")


def basins_under(world: World, tap: SimObject) -> list[SimObject]:
    """The basins that a faucet or shower head runs into."""
    near = []
    for basin in world.objects.values():
        if basin.type in BASINS:
            gap = np.abs(tap.center - basin.center) - (basin.high - basin.low) / 2
            if gap[0] < JET and gap[2] < JET:
                near.append(basin)
    return near


def _rain(world: World, tap: SimObject) -> None:
    if not tap.is_("isToggled"):
        return
    wet = [i for basin in basins_under(world, tap) for i in _everything_in(world, basin)]
    held = world.objects.get(world.held) if world.held else None
    if held is not None and _under_jet(tap, held):
        wet.append(held)
    if tap.type == "ShowerHead":
        wet += [t for t in world.objects.values() if t.is_("pickupable") and _under_jet(tap, t)]
    for item in wet:
        wash(world, item)


def _under_jet(tap: SimObject, obj: SimObject) -> bool:
    reach = 0.4 if tap.type == "ShowerHead" else 0.12
    flat = obj.center[[0, 2]] - np.clip(obj.center[[0, 2]], tap.low[[0, 2]], tap.high[[0, 2]])
    return bool(obj.high[1] < tap.high[1] and np.hypot(flat[0], flat[1]) < reach)


def wash(world: World, obj: SimObject) -> None:
    """What running water does: it cleans dirty ware, fills what can be filled, puts out candles."""
    if obj.is_("dirtyable") and obj.is_("isDirty"):
        set_state(world, obj, isDirty=False)
    upright = obj.rotation[1, 1] > 0.5
    if obj.is_("canFillWithLiquid") and not obj.is_("isFilledWithLiquid") and upright:
        pour(world, obj, "water")
    if obj.type == "Candle" and obj.is_("isToggled"):
        set_state(world, obj, isToggled=False)


def pour(world: World, obj: SimObject, liquid: str) -> None:
    """Fills an object that can be filled and is not broken."""
    if obj.is_("canFillWithLiquid") and not obj.is_("isBroken"):
        set_state(world, obj, isFilledWithLiquid=True, fillLiquid=liquid)
        if liquid == "coffee":
            set_temperature(world, obj, "Hot")


def switch_controlled(world: World, obj: SimObject, on: bool) -> None:
    """Switches what a switch or knob controls."""
    for other_id in obj.metadata["controlledObjects"] or ():
        other = world.objects.get(other_id)
        if other is not None and other is not obj:
            set_state(world, other, isToggled=on and not other.is_("isBroken"))


_RULES: dict[str, Callable[[World, SimObject], None]] = {
    "StoveBurner": _heat,
    "Microwave": _heat,
    "Toaster": _heat,
    "Fridge": _cool,
    "CoffeeMachine": _brew,
    "Faucet": _rain,
    "ShowerHead": _rain,
}
