"""Opening by degrees, switching, and what circumstances do to objects."""

from __future__ import annotations

import numpy as np
import pytest

from tests.envs.simulator.room import Room, vector


@pytest.fixture(scope="module")
def shared():
    return Room("FloorPlan1")


@pytest.fixture()
def room(shared):
    shared.reset("FloorPlan1")
    return shared


def put_into(room: Room, thing, receptacle) -> None:
    """Puts an object into a receptacle by force, opening and closing what is in the way."""
    room.do("PickupObject", objectId=thing.object_id, forceAction=True)
    opened = receptacle.is_("openable") and not receptacle.is_("isOpen")
    if opened:
        room.do("OpenObject", objectId=receptacle.object_id, forceAction=True)
    room.do("PutObject", objectId=receptacle.object_id, forceAction=True)
    if opened:
        room.do("CloseObject", objectId=receptacle.object_id, forceAction=True)


def switch(room: Room, thing, on: bool = True) -> None:
    word = "On" if on else "Off"
    room.do(f"ToggleObject{word}", objectId=thing.object_id, forceAction=True)


def test_doors_open_by_degrees_and_drawers_carry_their_contents(room):
    fridge = room.first("Fridge")
    for openness in (0.5, 0.7, 0.0):
        room.do("OpenObject", objectId=fridge.object_id, openness=openness, forceAction=True)
        assert fridge.openness == openness and fridge.is_("isOpen") == (openness > 0)
    for bad in (-0.5, 1.5):
        assert "[0:1]" in room.refuse(
            "OpenObject", objectId=fridge.object_id, openness=bad, forceAction=True
        )
    drawer = next(d for d in room.all("Drawer") if d.contents())
    inside = room.world.objects[drawer.contents()[0]]
    before = inside.center.copy()
    room.do("OpenObject", objectId=drawer.object_id, openness=0.5, forceAction=True)
    half = np.linalg.norm(inside.center - before)
    room.do("OpenObject", objectId=drawer.object_id, openness=1.0, forceAction=True)
    assert np.linalg.norm(inside.center - before) == pytest.approx(2 * half)
    assert "already open" in room.refuse("OpenObject", objectId=drawer.object_id, forceAction=True)


def test_the_legacy_move_magnitude_means_openness_and_zero_means_fully(room):
    fridge = room.first("Fridge").object_id
    room.do("OpenObject", objectId=fridge, moveMagnitude=0, forceAction=True)
    assert room.first("Fridge").openness == 1
    room.do("OpenObject", objectId=fridge, moveMagnitude=0.65, forceAction=True)
    assert room.first("Fridge").openness == pytest.approx(0.65)
    room.do("CloseObject", objectId=fridge, forceAction=True)
    assert "already closed" in room.refuse("CloseObject", objectId=fridge, forceAction=True)


def test_a_drawer_stops_at_the_agent(room):
    drawer = room.first("Drawer")
    front = drawer.center + drawer.rotation[:, 2] * (drawer.size[2] / 2 + 0.2)
    yaw = float(np.degrees(np.arctan2(*(-drawer.rotation[[0, 2], 2]))))
    room.do(
        "TeleportFull",
        x=float(front[0]),
        y=0.901,
        z=float(front[2]),
        rotation=yaw,
        horizon=60,
        standing=True,
        forceAction=True,
    )
    assert "hits Agent 0" in room.refuse("OpenObject", objectId=drawer.object_id)
    room.do("OpenObject", objectId=drawer.object_id, forceAction=True)
    assert drawer.openness == 1.0


def test_hinged_doors_swing_into_the_room():
    for scene in ("FloorPlan1", "FloorPlan28", "FloorPlan10"):
        room = Room(scene)
        for thing in room.all("Fridge") + room.all("Cabinet"):
            front = thing.rotation[:, 2]
            closed = (thing.world_points @ front).max()
            room.do("OpenObject", objectId=thing.object_id, openness=0.8, forceAction=True)
            assert (thing.world_points @ front).max() > closed + 0.08, thing.object_id


def test_microwave_and_its_door_exclude_each_other(room):
    microwave = room.first("Microwave")
    room.do("OpenObject", objectId=microwave.object_id, forceAction=True)
    assert "closed" in room.refuse("ToggleObjectOn", objectId=microwave.object_id, forceAction=True)
    room.do("CloseObject", objectId=microwave.object_id, forceAction=True)
    switch(room, microwave)
    assert "toggled on" in room.refuse("OpenObject", objectId=microwave.object_id, forceAction=True)


def test_running_microwave_heats_and_cooks(room):
    potato, microwave = room.first("Potato"), room.first("Microwave")
    put_into(room, potato, microwave)
    assert potato.metadata["temperature"] != "Hot"
    switch(room, microwave)
    assert potato.metadata["temperature"] == "Hot" and potato.is_("isCooked")


def test_fridge_cools_whatever_way_things_come_in(room):
    potato, fridge = room.first("Potato"), room.first("Fridge")
    put_into(room, potato, fridge)
    assert potato.metadata["temperature"] == "Cold"


def test_a_knob_heats_what_stands_on_its_burner(room):
    pan = room.first("Pan")
    knob = next(k for k in room.all("StoveKnob") if k.metadata["controlledObjects"])
    burner = room.world.objects[knob.metadata["controlledObjects"][0]]
    put_into(room, room.first("Potato"), pan)
    put_into(room, pan, burner)
    assert not room.first("Potato").is_("isCooked")
    switch(room, knob)
    assert burner.is_("isToggled") and pan.metadata["temperature"] == "Hot"
    assert room.first("Potato").is_("isCooked")
    assert "not toggleable" in room.refuse(
        "ToggleObjectOn", objectId=burner.object_id, forceAction=True
    )


def test_the_toaster_cooks_bread_but_not_potatoes(room):
    bread = room.first("Bread")
    room.do("SliceObject", objectId=bread.object_id, forceAction=True)
    slice_ = room.first("BreadSliced")
    toaster = room.first("Toaster")
    put_into(room, slice_, toaster)
    switch(room, toaster)
    assert slice_.is_("isCooked") and slice_.metadata["temperature"] == "Hot"


def test_coffee_machine_fills_mugs_with_hot_coffee(room):
    mug, machine = room.first("Mug"), room.first("CoffeeMachine")
    put_into(room, mug, machine)
    switch(room, machine)
    assert mug.metadata["fillLiquid"] == "coffee" and mug.metadata["temperature"] == "Hot"


def test_running_water_cleans_and_fills_what_stands_in_the_basin(room):
    plate, cup = room.first("Plate"), room.first("Cup")
    basin, tap = room.first("SinkBasin"), room.first("Faucet")
    room.do("DirtyObject", objectId=plate.object_id, forceAction=True)
    for thing in (plate, cup):
        put_into(room, thing, basin)
    assert plate.is_("isDirty") and not cup.is_("isFilledWithLiquid")
    switch(room, tap)
    assert not plate.is_("isDirty") and cup.metadata["fillLiquid"] == "water"


def test_a_shower_puts_out_a_candle():
    room = Room("FloorPlan401")
    made = room.do("CreateObject", objectType="Candle")
    candle = room.world.objects[made]
    switch(room, candle)
    shower = room.first("ShowerHead")
    under = shower.center * [1, 0, 1] + [0, 0.8, 0]
    room.do(
        "TeleportObject",
        objectId=made,
        position=vector(under),
        allowTeleportOutOfHand=True,
        forceAction=True,
        forceKinematic=True,
    )
    assert candle.is_("isToggled")
    switch(room, shower)
    assert not candle.is_("isToggled")


def test_hot_things_come_back_to_room_temperature_in_their_time(room):
    potato, microwave = room.first("Potato"), room.first("Microwave")
    put_into(room, potato, microwave)
    switch(room, microwave)
    room.do("SetRoomTempDecayTimeForType", objectType="Potato", TimeUntilRoomTemp=0.1)
    for _ in range(20):
        room.do("Pass")
    assert potato.metadata["temperature"] == "Hot", "it is still being heated"
    switch(room, microwave, on=False)
    room.do("SetDecayTemperatureBool", allowDecayTemperature=False)
    for _ in range(10):
        room.do("Pass")
    assert potato.metadata["temperature"] == "Hot"
    room.do("SetDecayTemperatureBool", allowDecayTemperature=True)
    for _ in range(10):
        room.do("Pass")
    assert potato.metadata["temperature"] == "RoomTemp"


def test_looking_takes_no_time(room):
    fridge = room.first("Fridge")
    cold = [t for t in room.world.objects.values() if t.metadata["temperature"] == "Cold"]
    outside = next(t for t in cold if fridge.object_id in (t.metadata["parentReceptacles"] or ()))
    room.do("PickupObject", objectId=outside.object_id, forceAction=True)
    room.do("SetGlobalRoomTempDecayTime", TimeUntilRoomTemp=0.1)
    for _ in range(20):
        room.do("GetVisibleObjects")
    assert outside.metadata["temperature"] == "Cold"


def test_eggs_crack_when_sliced_or_broken(room):
    for action in ("SliceObject", "BreakObject"):
        room.reset("FloorPlan1")
        egg = room.first("Egg").object_id
        room.do(action, objectId=egg, forceAction=True)
        assert [t.object_id for t in room.all("EggCracked")] == [f"{egg}|EggCracked_0"]
        assert not room.all("Egg")


def test_broken_things_spill_switch_off_and_stay_off(room):
    mug = room.first("Mug")
    room.do("FillObjectWithLiquid", objectId=mug.object_id, fillLiquid="wine", forceAction=True)
    room.do("BreakObject", objectId=mug.object_id, forceAction=True)
    assert mug.is_("isBroken") and not mug.is_("isFilledWithLiquid")
    assert "already broken" in room.refuse("BreakObject", objectId=mug.object_id, forceAction=True)
    room.refuse(
        "FillObjectWithLiquid", objectId=mug.object_id, fillLiquid="water", forceAction=True
    )
    office = Room("FloorPlan301")
    laptop = office.first("Laptop")
    if not laptop.is_("isToggled"):
        switch(office, laptop)
    office.do("BreakObject", objectId=laptop.object_id, forceAction=True)
    assert not laptop.is_("isToggled")
    assert "broken" in office.refuse("ToggleObjectOn", objectId=laptop.object_id, forceAction=True)


@pytest.mark.parametrize(
    ("action", "kind", "word"),
    [
        ("CookObject", "Fridge", "CanBeCooked"),
        ("DirtyObject", "Apple", "CanBeDirty"),
        ("UseUpObject", "Apple", "CanBeUsedUp"),
        ("SliceObject", "Fridge", "CanBeSliced"),
        ("BreakObject", "Apple", "CanBreak"),
        ("OpenObject", "Apple", "Openable"),
    ],
)
def test_what_cannot_be_done_to_an_object_is_said(room, action, kind, word):
    thing = room.first(kind).object_id
    assert word in room.refuse(action, objectId=thing, forceAction=True)


def test_liquids_are_water_coffee_and_wine(room):
    mug = room.first("Mug").object_id
    assert "water, coffee, wine" in room.refuse(
        "FillObjectWithLiquid", objectId=mug, fillLiquid="milk", forceAction=True
    )
    assert room.act("FillObjectWithLiquid", objectId=mug, forceAction=True).code == (
        "MissingArguments"
    )


@pytest.mark.parametrize("name", ["MoveArm", "FlyTo", "MoveGripper", "ReleaseObject"])
def test_unsupported_actions_fail_and_say_what_to_use(room, name):
    answer = room.act(name, anything=1)
    assert not answer.success and answer.code is None
    assert "use " in answer.message
