"""States that change with circumstances: heat, cold, water, slicing, breaking.

The rules are AI2-THOR's documented contextual effects: microwaves and burners heat and cook,
fridges cool, running water cleans and fills, coffee machines fill mugs.
"""

from __future__ import annotations

import numpy as np

from envs.simulator.errors import ActionFailed
from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.object_types import object_type
from envs.simulator.objects import SimObject, new_object
from envs.simulator.scenes.records import ObjectRecord
from envs.simulator.world import World, standard_variant

# How many pieces an object falls into, and along which share of its length each lies.
PIECES = {"Apple": 6, "Bread": 8, "Lettuce": 6, "Potato": 6, "Tomato": 6}
COOKED_BY_HEAT = frozenset({"Potato", "PotatoSliced", "EggCracked", "BreadSliced"})


def set_state(world: World, thing: SimObject, **states: object) -> None:
    """Changes metadata states and shows them."""
    thing.metadata.update(states)
    world.update(thing)


def heat(world: World, thing: SimObject) -> None:
    """Makes an object hot, and cooks what cooks."""
    changes: dict[str, object] = {"temperature": "Hot"}
    if thing.type in COOKED_BY_HEAT and thing.is_("cookable"):
        changes["isCooked"] = True
    set_state(world, thing, **changes)
    for inside in thing.contents():
        heat(world, world.objects[inside])


def after_put(world: World, thing: SimObject, receptacle: SimObject) -> None:
    """What a receptacle does to what was just put in it."""
    if receptacle.type == "Fridge":
        set_state(world, thing, temperature="Cold")
    elif receptacle.type == "StoveBurner" and receptacle.is_("isToggled"):
        heat(world, thing)
    elif receptacle.type == "Toaster" and receptacle.is_("isToggled"):
        heat(world, thing)
    elif receptacle.type == "CoffeeMachine" and receptacle.is_("isToggled"):
        pour(world, thing, "coffee")
    elif receptacle.type in ("SinkBasin", "BathtubBasin"):
        for tap in _taps_over(world, receptacle):
            if tap.is_("isToggled"):
                wash(world, thing)
    elif receptacle.type in ("Pan", "Pot", "Plate", "Bowl"):
        if receptacle.metadata["temperature"] == "Hot" and receptacle.type in ("Pan", "Pot"):
            heat(world, thing)


def _taps_over(world: World, basin: SimObject) -> list[SimObject]:
    near = []
    for tap in world.objects.values():
        if tap.type in ("Faucet", "ShowerHead"):
            gap = np.abs(tap.center - basin.center) - (basin.high - basin.low) / 2
            if gap[0] < 0.35 and gap[2] < 0.35:
                near.append(tap)
    return near


def wash(world: World, thing: SimObject) -> None:
    """What running water does to an object: cleans it, fills it."""
    if thing.is_("dirtyable") and thing.is_("isDirty"):
        set_state(world, thing, isDirty=False)
    if thing.is_("canFillWithLiquid") and not thing.is_("isFilledWithLiquid"):
        pour(world, thing, "water")


def pour(world: World, thing: SimObject, liquid: str) -> None:
    """Fills an object that can be filled."""
    if thing.is_("canFillWithLiquid"):
        changes: dict[str, object] = {"isFilledWithLiquid": True, "fillLiquid": liquid}
        if liquid == "coffee":
            changes["temperature"] = "Hot"
        set_state(world, thing, **changes)


def after_toggle(world: World, thing: SimObject, on: bool) -> None:
    """What switching an object on or off does to others."""
    for other_id in thing.metadata["controlledObjects"] or ():
        other = world.objects.get(other_id)
        if other is not None and other is not thing:
            set_state(world, other, isToggled=on)
            if on and other.type == "StoveBurner":
                for inside in other.contents():
                    heat(world, world.objects[inside])
    if not on:
        return
    if thing.type in ("Microwave", "Toaster"):
        for inside in thing.contents():
            heat(world, world.objects[inside])
    elif thing.type == "CoffeeMachine":
        for inside in thing.contents():
            pour(world, world.objects[inside], "coffee")
    elif thing.type in ("Faucet", "ShowerHead"):
        for basin in world.objects.values():
            if basin.type in ("SinkBasin", "BathtubBasin") and thing in _taps_over(world, basin):
                for inside in basin.contents():
                    wash(world, world.objects[inside])


def slice_object(world: World, thing: SimObject) -> list[str]:
    """Replaces an object by its pieces, whose ids it returns; an egg cracks into one.

    Raises:
        ActionFailed: If it can't be sliced, or is held.
    """
    if not thing.is_("sliceable"):
        raise ActionFailed(f"{thing.object_id} Does not have the CanBeSliced property!")
    if thing.object_id == world.held:
        raise ActionFailed("target object cannot be sliced if it is in the agent's hand")
    parents = list(thing.metadata["parentReceptacles"] or ())
    if thing.type == "Egg":
        ids = [_piece(world, thing, "EggCracked", 0, 1)]
    else:
        count = PIECES.get(thing.type, 6)
        ids = [_piece(world, thing, f"{thing.type}Sliced", k, count) for k in range(count)]
    world.remove(thing.object_id)
    for piece in ids:
        for parent in parents:
            if parent in world.objects:
                world.attach(piece, parent)
    return ids


def _piece(world: World, thing: SimObject, kind: str, index: int, count: int) -> str:
    rules = object_type(kind)
    size = thing.size.copy()
    along = int(np.argmax(size[[0, 2]])) * 2
    offset = np.zeros(3)
    if count > 1:
        width = size[along] / count
        offset[along] = (index + 0.5) * width - size[along] / 2
        size[along] = width * 0.86
    else:
        offset[1] = -size[1] / 2 + 0.01
        size = np.array([0.12, 0.02, 0.12])
    center = thing.center + thing.rotation @ offset
    object_id = f"{thing.object_id}|{kind}" if count == 1 else f"{thing.object_id}|{kind}_{index}"
    corners = (
        center
        + np.array(
            [[sx, sy, sz] for sy in (-1, 1) for sx, sz in ((-1, 1), (1, 1), (1, -1), (-1, -1))]
        )
        * (size / 2)
        @ thing.rotation.T
    )
    low, high = corners.min(0), corners.max(0)
    record = ObjectRecord(
        object_id=object_id,
        object_type=kind,
        name=f"{thing.metadata['name']}_{index}",
        asset_id="",
        position=tuple(center),
        rotation=tuple(thing.euler),
        center=tuple((low + high) / 2),
        size=tuple(high - low),
        local_size=tuple(size),
        local_rotation=tuple(thing.euler),
        obb=tuple(map(tuple, corners)),
        properties={
            "pickupable": True,
            "cookable": rules.cookable,
            "receptacle": False,
        },
        states={
            "isSliced": True,
            "temperature": thing.metadata["temperature"],
            "isCooked": bool(thing.metadata["isCooked"]),
        },
        mass=float(thing.metadata["mass"]) / max(count, 1),
        materials=("Food",),
        parents=(),
        contents=None,
        controlled=None,
        footprint=None,
    )
    mesh = build_mesh(kind, tuple(float(s) for s in size), seed=standard_variant(record) + index)
    world.add(new_object(record, mesh))
    return object_id


def break_object(world: World, thing: SimObject) -> None:
    """Breaks an object; an egg cracks.

    Raises:
        ActionFailed: If it can't break or is broken already.
    """
    if not thing.is_("breakable"):
        raise ActionFailed(f"{thing.object_id} does not have the property CanBreak!")
    if thing.is_("isBroken"):
        raise ActionFailed(f"{thing.object_id} is already broken!")
    if thing.type == "Egg":
        thing.metadata["isBroken"] = True
        slice_object(world, thing)
        return
    changes: dict[str, object] = {"isBroken": True, "isFilledWithLiquid": False, "fillLiquid": None}
    if thing.is_("toggleable"):
        changes["isToggled"] = False
    set_state(world, thing, **changes)
