"""States that change with circumstances: heat, cold, water, tilting, time.

The rules are AI2-THOR's documented contextual effects. ``settle`` looks at the whole room and
applies those that hold now, so it does not matter by which action things came to where they are.
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


def set_state(world: World, thing: SimObject, **states: object) -> None:
    """Changes metadata states and shows them; nothing happens if they hold already."""
    if any(thing.metadata[key] != value for key, value in states.items()):
        thing.metadata.update(states)
        world.update(thing)


def set_temperature(world: World, thing: SimObject, temperature: str) -> None:
    """Makes an object Hot, Cold or RoomTemp, from when it lasts its full time."""
    left = None if temperature == "RoomTemp" else world.rules.seconds_for(thing.type)
    if thing.traits.seconds_left != left:
        thing.traits = replace(thing.traits, seconds_left=left)
    set_state(world, thing, temperature=temperature)


def pass_time(world: World, seconds: float) -> None:
    """Lets hot and cold things come nearer to room temperature."""
    if not world.rules.decay:
        return
    for thing in world.objects.values():
        if thing.metadata["temperature"] == "RoomTemp":
            continue
        left = thing.traits.seconds_left
        if left is None:
            # Recorded hot or cold: its time starts when the room does.
            left = world.rules.seconds_for(thing.type)
        left -= seconds
        thing.traits = replace(thing.traits, seconds_left=max(left, 0.0))
        if left <= 1e-9:
            set_temperature(world, thing, "RoomTemp")


def settle(world: World) -> None:
    """Applies every contextual effect that holds now."""
    for thing in list(world.objects.values()):
        if thing.metadata["isFilledWithLiquid"] and thing.rotation[1, 1] < -1e-6:
            spill(world, thing)
        rule = _RULES.get(thing.type)
        if rule is not None:
            rule(world, thing)


def spill(world: World, thing: SimObject) -> None:
    """Empties an object."""
    set_state(world, thing, isFilledWithLiquid=False, fillLiquid=None)


def _everything_in(world: World, thing: SimObject) -> list[SimObject]:
    # Recorded lists may go in circles: a cabinet on a floor that is listed in the cabinet.
    found: dict[str, SimObject] = {}
    queue = thing.contents()
    while queue:
        item = world.objects.get(queue.pop())
        if item is not None and item is not thing and item.object_id not in found:
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


def _under_jet(tap: SimObject, thing: SimObject) -> bool:
    reach = 0.4 if tap.type == "ShowerHead" else 0.12
    flat = thing.center[[0, 2]] - np.clip(thing.center[[0, 2]], tap.low[[0, 2]], tap.high[[0, 2]])
    return bool(thing.high[1] < tap.high[1] and np.hypot(flat[0], flat[1]) < reach)


def wash(world: World, thing: SimObject) -> None:
    """What running water does: it cleans dirty ware, fills what can be filled, puts out candles."""
    if thing.is_("dirtyable") and thing.is_("isDirty"):
        set_state(world, thing, isDirty=False)
    upright = thing.rotation[1, 1] > 0.5
    if thing.is_("canFillWithLiquid") and not thing.is_("isFilledWithLiquid") and upright:
        pour(world, thing, "water")
    if thing.type == "Candle" and thing.is_("isToggled"):
        set_state(world, thing, isToggled=False)


def pour(world: World, thing: SimObject, liquid: str) -> None:
    """Fills an object that can be filled and is not broken."""
    if thing.is_("canFillWithLiquid") and not thing.is_("isBroken"):
        set_state(world, thing, isFilledWithLiquid=True, fillLiquid=liquid)
        if liquid == "coffee":
            set_temperature(world, thing, "Hot")


def switch_controlled(world: World, thing: SimObject, on: bool) -> None:
    """Switches what a switch or knob controls."""
    for other_id in thing.metadata["controlledObjects"] or ():
        other = world.objects.get(other_id)
        if other is not None and other is not thing:
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
