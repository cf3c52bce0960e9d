"""The hand: taking, moving, turning, putting."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.tools.invariants import violations
from tests.envs.simulator.room import Room


@pytest.fixture(scope="module")
def shared():
    return Room("FloorPlan28")


@pytest.fixture()
def room(shared):
    shared.reset("FloorPlan28")
    shared.do("Teleport", position={"x": -1.5, "z": -1.5}, rotation=180)
    return shared


def hand(room: Room) -> dict:
    return room.metadata()["heldObjectPose"]


def test_moves_of_the_hand_follow_the_cameras_axes(room):
    thing = room.take("Tomato")
    start = thing.center.copy()
    room.do("MoveHeldObject", ahead=0.1, right=0.05, up=0.02)
    axes = room.world.agent.eye_rotation
    assert axes.T @ (thing.center - start) == pytest.approx([0.05, 0.02, 0.1])
    assert hand(room)["localPosition"] == pytest.approx({"x": 0.05, "y": -0.14, "z": 0.48})
    for way, back in (("Ahead", "Back"), ("Left", "Right"), ("Up", "Down")):
        before = thing.center.copy()
        room.do(f"MoveHeldObject{way}", moveMagnitude=0.1)
        assert np.linalg.norm(thing.center - before) == pytest.approx(0.1)
        room.do(f"MoveHand{back}", moveMagnitude=0.1)
        assert thing.center == pytest.approx(before)


def test_the_hand_does_not_leave_reach_or_view(room):
    thing = room.take("Tomato")
    before = thing.center.copy()
    assert "out of range" in room.refuse("MoveHeldObjectAhead", moveMagnitude=2.0)
    assert "in view" in room.refuse("MoveHeldObject", right=0.8, forceVisible=True)
    assert (thing.center == before).all()


def test_the_hand_does_not_go_through_furniture(room):
    thing = room.take("Tomato")
    fridge = room.first("Fridge")
    before = {"x": -1.25, "y": 0.901, "z": -0.75}
    room.do("TeleportFull", position=before, rotation=90, horizon=0, standing=True)
    steps = [room.act("MoveHeldObjectAhead", moveMagnitude=0.1).success for _ in range(10)]
    assert not all(steps)
    assert thing.high[0] <= fridge.low[0] + 0.06


def test_an_empty_hand_cannot_be_moved(room):
    for action in ("MoveHeldObjectAhead", "RotateHeldObject", "MoveHandDelta", "RotateHand"):
        assert "if holding an item" in room.refuse(action)
    assert "isn't holding anything" in room.refuse("PutObject", objectId="Fridge|0|0|0")


def test_turning_adds_up_and_setting_does_not(room):
    thing = room.take("Tomato")
    yaw = room.world.agent.yaw
    room.do("RotateHeldObject", yaw=30)
    room.do("RotateHeldObject", yaw=15)
    assert thing.metadata["rotation"]["y"] == pytest.approx((yaw + 45) % 360, abs=0.01)
    for _ in range(2):
        room.do("RotateHeldObject", rotation={"x": 0, "y": 90, "z": 0})
        assert thing.metadata["rotation"]["y"] == pytest.approx((yaw + 90) % 360, abs=0.01)
    assert hand(room)["localRotation"]["y"] == pytest.approx(90)


def test_walking_brings_the_hand_back_unless_manual(room):
    room.take("Tomato")
    room.do("MoveHeldObject", ahead=0.1, up=0.05)
    room.do("RotateRight", manualInteract=True)
    assert hand(room)["localPosition"]["z"] == pytest.approx(0.48)
    room.do("RotateRight")
    assert hand(room)["localPosition"] == pytest.approx({"x": 0, "y": -0.16, "z": 0.38})
    assert violations(room.world) == []


def test_picking_up_in_place_leaves_the_object_there(room):
    pot = room.first("Pot")
    place = pot.center.copy()
    room.do("PickupObject", objectId=pot.object_id, forceAction=True, manualInteract=True)
    assert pot.center == pytest.approx(place, abs=1e-3)
    assert violations(room.world) == []
    room.do("RotateRight", manualInteract=True, forceAction=True)
    assert np.abs(pot.center - place).max() > 0.1


def test_tilting_the_held_vessel_empties_it_and_carries_its_contents(room):
    pot = room.take("Pot")
    room.do("FillObjectWithLiquid", objectId=pot.object_id, fillLiquid="water")
    room.do("RotateHeldObject", roll=60)
    assert pot.is_("isFilledWithLiquid")
    room.do("RotateHeldObject", roll=60)
    assert not pot.is_("isFilledWithLiquid") and pot.metadata["fillLiquid"] is None


@pytest.mark.parametrize("action", ["PutObject", "PlaceHeldObject"])
def test_putting_works_by_both_names_and_both_forms(room, action):
    room.take("Tomato")
    table = room.first("DiningTable")
    room.face(table, horizons=[30.0], standings=[True])
    room.do(action, objectId=table.object_id)
    assert room.first("Tomato").metadata["parentReceptacles"] == [table.object_id]
    room.do("PickupObject", objectId=room.first("Tomato").object_id, forceAction=True)
    mixed = room.act(action, objectId=table.object_id, putNearXY=True)
    assert mixed.code == "InvalidArgument"


def test_putting_by_seed_chooses_other_free_places(room):
    table, places = room.first("DiningTable"), set()
    room.face(table, horizons=[30.0], standings=[True], maxDistance=0.9)
    for seed in (1, 2, 3, 4):
        tomato = room.take("Tomato")
        room.do("PutObject", objectId=table.object_id, randomSeed=seed)
        places.add(tuple(tomato.center.round(2)))
    assert len(places) > 1


def test_nothing_is_put_where_the_agent_does_not_see_the_place():
    """Without forceAction AI2-THOR keeps spots in the viewport and within visibilityDistance.

    Source: its engine's ReceptacleTriggerBox ("NarrowDownValidSpawnPoints": distance from the
    camera at the spot's height, then the viewport), and its message where none is left.
    """
    room = Room("FloorPlan3")
    room.take("Tomato")
    pose = {"x": -0.25, "y": 1.123199, "z": -1.5, "rotation": 270, "standing": True}
    room.do("TeleportFull", **pose, horizon=0)
    sink = room.first("Sink").object_id
    assert "No valid positions" in room.refuse("PutObject", objectId=sink)
    room.do("PutObject", objectId=sink, forceAction=True)
    assert room.world.held is None


def test_what_was_put_down_in_view_can_be_picked_up_again():
    """A spot in view and reach is one from which the hand takes the object back."""
    room = Room("FloorPlan3")
    thing, counter = room.take("Tomato"), room.first("CounterTop")
    room.face(counter, horizons=[30.0], standings=[True], maxDistance=0.8)
    room.do("PutObject", objectId=counter.object_id)
    flat = (thing.center - room.world.agent.eye)[[0, 2]]
    assert np.hypot(*flat) <= room.world.settings.visibilityDistance
    room.do("PickupObject", objectId=thing.object_id)


def test_force_skips_type_checks_but_not_the_closed_door(room):
    room.take("Tomato")
    burner = room.first("StoveBurner")
    room.face(burner, standings=[True])
    assert "cannot be placed" in room.refuse("PutObject", objectId=burner.object_id)
    fridge = room.first("Fridge")
    assert "CLOSED" in room.refuse("PutObject", objectId=fridge.object_id, forceAction=True)
    room.do("PutObject", objectId=burner.object_id, forceAction=True)


def test_wrong_targets_are_told_apart(room):
    assert "must have the property CanPickup" in room.refuse(
        "PickupObject", objectId=room.first("Fridge").object_id, forceAction=True
    )
    assert "not the objectId on any object" in room.refuse("PickupObject", objectId="Pear|0|0|0")
    assert room.act("PickupObject").code == "MissingArguments"
    assert room.act("PickupObject", x=0.5).code == "MissingArguments"
    assert "must be in [0:1]" in room.refuse("PickupObject", x=1.5, y=0.5)
    room.take("Tomato")
    assert "something in it already" in room.refuse(
        "PickupObject", objectId=room.first("Pot").object_id, forceAction=True
    )


def test_what_would_clip_into_furniture_stays(room):
    fridge, tomato = room.first("Fridge"), room.first("Tomato")
    x = float(fridge.low[0]) - 0.22
    room.do(
        "TeleportFull",
        x=x,
        y=0.901,
        z=float(fridge.center[2]) + 0.2,
        rotation={"y": 90},
        horizon=30,
        standing=True,
        forceAction=True,
    )
    place = tomato.center.copy()
    room.do(
        "TeleportObject",
        objectId=tomato.object_id,
        forceAction=True,
        forceKinematic=True,
        position={"x": x + 0.1, "y": 1.2, "z": float(fridge.center[2]) + 0.2},
    )
    assert "clip" in room.refuse("PickupObject", objectId=tomato.object_id)
    assert room.world.held is None and (tomato.center != place).any()


def test_what_is_not_placed_stationary_settles_where_it_was_put(room):
    tomato, table = room.take("Tomato"), room.first("DiningTable")
    room.face(table, horizons=[30.0], standings=[True])
    room.do("PutObject", objectId=table.object_id, placeStationary=False)
    assert tomato.metadata["parentReceptacles"] == [table.object_id]
    assert not tomato.is_("isMoving") and violations(room.world) == []


def test_the_held_object_rolls_to_the_right_and_turns_about_the_agents_axes(room):
    """Source: the engine's RotateHeldObject: yaw, then pitch, then -roll about the agent's axes."""
    thing = room.take("Tomato")
    room.do("Teleport", rotation=0)
    room.do("RotateHeldObject", roll=90)
    assert thing.metadata["rotation"] == pytest.approx({"x": 0, "y": 0, "z": 270}, abs=1e-3)
    room.do("RotateHeldObject", rotation={"x": 0, "y": 0, "z": 0})
    room.do("RotateHeldObject", roll=90, pitch=90, yaw=90)
    assert thing.metadata["rotation"] == pytest.approx({"x": 90, "y": 0, "z": 0}, abs=1e-3)


def test_dropping_ahead_lets_go_farther_from_the_agent(room):
    thing = room.take("Tomato")
    place = {"x": -1.5, "y": 0.901, "z": -1.5}
    room.do("TeleportFull", position=place, rotation=270, horizon=0, standing=True)
    rest = float(np.linalg.norm((thing.center - room.world.agent.eye)[[0, 2]]))
    room.do("DropHeldObjectAhead")
    assert room.world.held is None
    away = float(np.linalg.norm((thing.center - room.world.agent.eye)[[0, 2]]))
    assert away > rest + 0.1


@pytest.mark.parametrize("kind", ["Plate", "Pot"])
def test_a_forced_put_finds_the_floor_wherever_the_agent_looks(kind):
    """What is put down by force may go anywhere on a receptacle, as AI2-THOR's spots do.

    Source: Embodied-Reasoner's agent, which lays what it holds on the floor before it opens.
    """
    room = Room("FloorPlan3")
    floor = room.all("Floor")[-1].object_id
    places = room.do("GetReachablePositions")
    assert isinstance(places, list)
    for place in places[::25]:
        for yaw in (0, 90, 180, 270):
            thing = room.first(kind).object_id
            room.do("PickupObject", objectId=thing, forceAction=True)
            room.do("Teleport", position=place, rotation=yaw, horizon=0, forceAction=True)
            room.do("PutObject", objectId=floor, forceAction=True, placeStationary=True)
