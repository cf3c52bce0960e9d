"""Dropped, thrown and pushed things move as they should, end in the room, and do so every time."""

from __future__ import annotations

import numpy as np
import pytest

from envs.backends import make_controller
from envs.simulator.dynamics.body import extent
from envs.simulator.dynamics.convex_pieces import pieces_of
from envs.simulator.dynamics.obstacles import leaves
from envs.simulator.tools.invariants import is_carried, violations
from tests.envs.simulator.room import Room

TOMATO = "Tomato|-03.13|+00.92|-00.39"
OPEN_FLOOR = {"position": {"x": -1.5, "y": 0.9, "z": -1.5}, "rotation": {"x": 0, "y": 0, "z": 0}}


@pytest.fixture(scope="module")
def controller():
    made = make_controller("embedded", scene="FloorPlan28", width=60, height=60)
    yield made
    made.stop()


@pytest.fixture()
def room(controller):
    controller.reset("FloorPlan28")
    controller.step("TeleportFull", **OPEN_FLOOR, horizon=0, standing=True)
    return controller


def by_id(controller, object_id):
    rows = controller.last_event.metadata["objects"]
    return next(o for o in rows if o["objectId"] == object_id)


def of_type(controller, kind):
    rows = controller.last_event.metadata["objects"]
    return next(o for o in rows if o["objectType"] == kind)


def place(thing):
    return np.array([thing["position"][k] for k in "xyz"])


def hold(controller, kind):
    object_id = of_type(controller, kind)["objectId"]
    assert controller.step("PickupObject", objectId=object_id, forceAction=True)
    return object_id


def test_a_dropped_thing_lands_on_the_floor_and_rests(room):
    held = hold(room, "Fork")
    event = room.step("DropHandObject")
    assert event, event.metadata["errorMessage"]
    fork = by_id(room, held)
    assert fork["axisAlignedBoundingBox"]["cornerPoints"][7][1] == pytest.approx(0, abs=0.03)
    assert fork["parentReceptacles"] == ["Floor|+00.00|+00.00|+00.00"]
    assert held in of_type(room, "Floor")["receptacleObjectIds"]
    assert not fork["isMoving"] and event.metadata["isSceneAtRest"]
    assert event.metadata["inventoryObjects"] == []


def test_a_thing_dropped_over_a_table_lands_on_it(room):
    held = hold(room, "Spatula")
    room.step(
        "TeleportFull",
        position={"x": -3.2, "y": 0.9, "z": -0.95},
        rotation={"x": 0, "y": 0, "z": 0},
        horizon=0,
        standing=True,
        forceAction=True,
    )
    assert room.step("DropHandObject")
    assert by_id(room, held)["parentReceptacles"] == ["DiningTable|-03.22|00.00|-00.45"]


def test_fragile_things_break_by_a_hard_fall_and_others_do_not(room):
    plate, fork = hold(room, "Plate"), of_type(room, "Fork")["objectId"]
    room.step("DropHandObject")
    assert by_id(room, plate)["isBroken"]
    room.step("PickupObject", objectId=fork, forceAction=True)
    room.step("DropHandObject")
    assert not by_id(room, fork)["isBroken"]


def test_a_throw_goes_where_the_camera_looks(room):
    held = hold(room, "Potato")
    start = place(by_id(room, held))
    assert room.step("ThrowObject", moveMagnitude=5)
    moved = place(by_id(room, held)) - start
    assert moved[2] > 0.2 and abs(moved[0]) < moved[2]


@pytest.mark.parametrize("angle, axis, sign", [(0, 2, 1), (90, 0, 1), (180, 2, -1), (-90, 0, -1)])
def test_a_push_moves_the_tomato_the_way_it_points(room, angle, axis, sign):
    before = place(by_id(room, TOMATO))
    event = room.step(
        "DirectionalPush", objectId=TOMATO, moveMagnitude=25, pushAngle=angle, forceAction=True
    )
    assert event, event.metadata["errorMessage"]
    assert sign * (place(by_id(room, TOMATO)) - before)[axis] > 0.2


# Pushed harder to the right, it slides off the counter's end, past the toaster.
@pytest.mark.parametrize(
    ("angle", "force"), [(a, f) for a in (-10, 0, 10) for f in (10, 40, 80) if (a, f) != (10, 80)]
)
def test_what_is_pushed_at_a_wall_does_not_bounce_far_off_it(room, force, angle):
    before = place(by_id(room, TOMATO))
    room.step(
        "DirectionalPush", objectId=TOMATO, moveMagnitude=force, pushAngle=angle, forceAction=True
    )
    assert place(by_id(room, TOMATO))[2] - before[2] > 0.2


def test_push_and_pull_are_opposite(room):
    before = place(by_id(room, TOMATO))
    room.step("PushObject", objectId=TOMATO, moveMagnitude=3, forceAction=True)
    pushed = place(by_id(room, TOMATO)) - before
    room.reset("FloorPlan28")
    room.step("TeleportFull", **OPEN_FLOOR, horizon=0, standing=True)
    room.step("PullObject", objectId=TOMATO, moveMagnitude=3, forceAction=True)
    pulled = place(by_id(room, TOMATO)) - before
    assert pushed[2] > 0.02 and pulled[2] < -0.02


def test_fixed_things_cannot_be_pushed(room):
    fridge = of_type(room, "Fridge")["objectId"]
    event = room.step("PushObject", objectId=fridge, moveMagnitude=50, forceAction=True)
    assert not event and "moveable" in event.metadata["errorMessage"]


def test_touch_reports_what_the_hand_meets(room):
    result = room.step(
        "TouchThenApplyForce",
        x=0.5,
        y=0.5,
        moveMagnitude=1,
        direction={"x": 0, "y": 0, "z": 1},
        handDistance=9.0,
    ).metadata["actionReturn"]
    assert result["didHandTouchSomething"] and 0 < result["armsLength"] < 9
    result = room.step(
        "TouchThenApplyForce",
        x=0.5,
        y=0.5,
        moveMagnitude=1,
        direction={"x": 0, "y": 0, "z": 1},
        handDistance=0.05,
    ).metadata["actionReturn"]
    assert result == {"didHandTouchSomething": False, "objectId": "", "armsLength": 0.05}


def test_what_a_dropped_vessel_holds_stays_in_or_falls_out(room):
    bowl, egg = of_type(room, "Bowl")["objectId"], of_type(room, "Spoon")["objectId"]
    room.step("PickupObject", objectId=egg, forceAction=True)
    assert room.step("PutObject", objectId=bowl, forceAction=True)
    room.step("PickupObject", objectId=bowl, forceAction=True)
    room.step("DropHandObject")
    spoon = by_id(room, egg)
    assert spoon["axisAlignedBoundingBox"]["center"]["y"] < 0.3
    assert spoon["parentReceptacles"] in ([bowl], ["Floor|+00.00|+00.00|+00.00"])
    assert (egg in by_id(room, bowl)["receptacleObjectIds"]) == (
        spoon["parentReceptacles"] == [bowl]
    )


def test_paused_things_hang_until_time_goes_on(room):
    held = hold(room, "Fork")
    assert room.step("PausePhysicsAutoSim")
    room.step("DropHandObject")
    high = place(by_id(room, held))[1]
    assert high > 1.3 and by_id(room, held)["isMoving"]
    assert not room.last_event.metadata["isSceneAtRest"]
    room.step("AdvancePhysicsStep", timeStep=0.01, simSeconds=0.2)
    assert high - place(by_id(room, held))[1] == pytest.approx(0.5 * 9.81 * 0.04, rel=0.15)
    event = room.step("UnpausePhysicsAutoSim")
    assert place(by_id(room, held))[1] < 0.1 and event.metadata["isSceneAtRest"]


def test_an_action_of_a_paused_room_may_go_on_for_some_seconds(room):
    """Source: AI2's rearrangement challenge, which passes both arguments with every action."""
    held = hold(room, "Fork")
    high = place(by_id(room, held))[1]
    determined = {"actionSimulationSeconds": 0.2, "fixedDeltaTime": 0.02}
    assert room.step("PausePhysicsAutoSim")
    assert room.step("DropHandObject", autoSimulation=False, **determined)
    assert high - place(by_id(room, held))[1] == pytest.approx(0.5 * 9.81 * 0.04, rel=0.25)
    for action in ("LookDown", "OpenObject", "Pass", "Crouch"):
        target = {"objectId": "none"} if action == "OpenObject" else {}
        room.step(action, **target, **determined)
    with pytest.raises(ValueError, match="actionSimulationSeconds"):
        room.step("Pass", actionSimulationSeconds=-1)


@pytest.mark.parametrize(
    "wrong, word",
    [
        ({"timeStep": 0.1}, "timeStep"),
        ({"simSeconds": -1.0}, "simSeconds"),
        ({"timeStep": 0.01}, "paused"),
    ],
)
def test_wrong_clock_arguments_are_named(room, wrong, word):
    event = room.step("AdvancePhysicsStep", **wrong)
    assert not event and word in event.metadata["errorMessage"]


def test_equal_states_give_equal_outcomes_whatever_came_before(room):
    state = room.snapshot()
    outcomes = []
    for detour in (False, True):
        room.restore(state)
        if detour:
            room.step(
                "DirectionalPush", objectId=TOMATO, moveMagnitude=40, pushAngle=30, forceAction=True
            )
            room.step("OpenObject", objectId=of_type(room, "Fridge")["objectId"], forceAction=True)
            room.restore(state)
        hold(room, "Mug")
        outcomes.append(room.step("ThrowObject", moveMagnitude=60).metadata["objects"])
    assert outcomes[0] == outcomes[1]


def test_hard_throws_from_anywhere_end_in_the_room(room):
    rng = np.random.default_rng(3)
    world = room.world
    low, high = extent(world)
    kinds = sorted({o["objectId"] for o in room.last_event.metadata["objects"] if o["pickupable"]})
    state = room.snapshot()
    for _ in range(12):
        room.restore(state, renderImage=False)
        x, z = world.grid_points[rng.integers(len(world.grid_points))]
        room.step(
            "TeleportFull",
            position={"x": float(x), "y": 0.9, "z": float(z)},
            rotation={"x": 0, "y": float(rng.integers(4) * 90), "z": 0},
            horizon=float(rng.choice([-30, 0, 30])),
            standing=True,
            renderImage=False,
        )
        thrown = str(rng.choice(kinds))
        room.step("PickupObject", objectId=thrown, forceAction=True, renderImage=False)
        assert room.step("ThrowObject", moveMagnitude=300, renderImage=False)
        if thrown in world.objects:  # an egg is gone when it cracks
            thing = world.objects[thrown]
            assert (thing.center > low - 0.02).all() and (thing.center < high).all(), thrown
            assert thing.metadata["parentReceptacles"] != [], thrown


def test_things_on_the_floor_and_open_doors_are_in_the_way(room):
    held = hold(room, "Pot")
    room.step("DropHandObject")
    assert by_id(room, held)["position"]["y"] < 0.3
    event = room.step("MoveAhead", moveMagnitude=0.5)
    assert not event and "is blocking Agent 0" in event.metadata["errorMessage"]
    assert room.step("MoveBack")


def test_an_open_fridge_door_blocks_the_way(room):
    fridge = of_type(room, "Fridge")["objectId"]
    grid = [(p["x"], p["z"]) for p in room.step("GetReachablePositions").metadata["actionReturn"]]
    assert room.step("OpenObject", objectId=fridge, forceAction=True)
    left = [(p["x"], p["z"]) for p in room.step("GetReachablePositions").metadata["actionReturn"]]
    taken = sorted(set(grid) - set(left))
    assert taken and set(left) < set(grid)
    event = room.step("Teleport", position={"x": taken[0][0], "y": 0.9, "z": taken[0][1]})
    assert not event and "Fridge" in event.metadata["errorMessage"]


def test_shapes_keep_to_their_boxes(room):
    for thing in room.world.objects.values():
        if thing.is_("pickupable"):
            for piece in pieces_of(thing):
                reach = np.abs(piece.points).max(0) + (piece.radius or 0)
                assert (reach < thing.size / 2 * 1.15 + 0.02).all(), thing.object_id


def test_an_opening_door_pushes_what_stands_in_its_way(room):
    world = room.world
    fridge = next(o for o in world.objects.values() if o.type == "Fridge")
    held = hold(room, "Pot")
    room.step("DropHandObject")
    assert room.step("OpenObject", objectId=fridge.object_id, forceAction=True)
    points = next(points for points, _ in leaves(fridge))
    room.step("CloseObject", objectId=fridge.object_id, forceAction=True)
    pot = world.objects[held]
    middle = points.mean(0)
    pot.place(np.array([middle[0], pot.size[1] / 2 + 0.01, middle[2]]), np.zeros(3))
    world.update(pot)
    before = pot.center.copy()
    assert room.step("OpenObject", objectId=fridge.object_id, forceAction=True)
    assert np.linalg.norm(pot.center - before) > 0.03
    assert not pot.metadata["isMoving"] and pot.center[1] < 0.4


def test_what_lay_on_a_thing_that_is_taken_falls(room):
    world = room.world
    under = next(t for t in world.objects.values() if t.type == "Bread")
    over = next(t for t in world.objects.values() if t.type == "Spoon")
    top = np.array([under.center[0], under.high[1] + over.size[1] / 2 + 0.004, under.center[2]])
    world.detach(over.object_id)
    world.move_with_contents(over, top, over.euler)
    world.update(over)
    assert room.step("PickupObject", objectId=under.object_id, forceAction=True)
    assert over.low[1] < top[1] - 0.03 and over.metadata["parentReceptacles"]
    assert violations(world) == []


def test_nothing_pushed_hard_ends_in_walls_or_furniture(room):
    world = room.world
    state = room.snapshot()
    keys = sorted(k for k, t in world.objects.items() if t.is_("pickupable"))
    for index, key in enumerate(keys):
        room.restore(state, renderImage=False)
        room.step(
            "DirectionalPush",
            objectId=key,
            moveMagnitude=90,
            pushAngle=90 * (index % 4),
            forceAction=True,
            renderImage=False,
        )
        assert violations(world) == [], key


def test_furniture_is_not_carried_by_what_it_overlaps():
    room = Room("FloorPlan_Train7_3")
    shelf = room.first("ShelvingUnit")
    plate = room.world.objects[shelf.metadata["parentReceptacles"][0]]
    before = shelf.center.copy()
    assert plate.type == "Plate"
    room.do("PickupObject", objectId=plate.object_id, forceAction=True)
    assert np.allclose(shelf.center, before) and violations(room.world) == []


def test_what_stands_on_the_edge_of_a_shelf_is_carried_by_its_board():
    room = Room("FloorPlan_Train11_3")
    mug = room.first("Mug")
    assert is_carried(room.world, mug)
    unit = "ShelvingUnit|+09.53|+00.01|-02.74"
    room.do("PushObject", objectId=unit, moveMagnitude=7.4, forceAction=True)
    assert mug.moved and violations(room.world) == []


def test_a_laptop_that_stood_on_its_lid_falls_when_it_is_shut():
    room = Room("FloorPlan206")
    world, laptop = room.world, room.first("Laptop")
    assert laptop.is_("isOpen")
    x, z = world.grid_points[len(world.grid_points) // 2]
    world.detach(laptop.object_id)
    world.move_with_contents(laptop, np.array([x, 1.0, z]), np.array([-150.0, 0.0, 0.0]))
    down = laptop.world_points[:, 1].min() - 0.01
    world.move_with_contents(laptop, laptop.center - [0.0, down, 0.0], laptop.euler)
    high = float(laptop.center[1])
    assert is_carried(world, laptop)
    room.do("CloseObject", objectId=laptop.object_id, forceAction=True)
    assert laptop.center[1] < high - 0.03 and violations(world) == []


def test_the_floor_is_not_taken_out_from_under_a_room():
    room = Room("FloorPlan318")
    count = len(room.world.objects)
    floor = room.first("Floor").object_id
    assert "carries the room" in room.refuse("DisableObject", objectId=floor)
    room.refuse("RemoveFromScene", objectIds=[room.first("ArmChair").object_id, floor])
    room.refuse("DisableAllObjectsOfType", objectType="Floor")
    assert len(room.world.objects) == count
