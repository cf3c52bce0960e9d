"""Placing, removing, creating, scaling and fastening objects."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.world import snapshot
from tests.envs.simulator.room import Room, vector


@pytest.fixture(scope="module")
def shared():
    return Room()


@pytest.fixture()
def room(shared):
    shared.reset("FloorPlan1")
    return shared


def test_teleport_to_where_it_is_moves_nothing(room):
    apple = room.first("Apple")
    place = apple.center.copy()
    room.do("TeleportObject", objectId=apple.object_id, position=apple.metadata["position"])
    assert np.abs(apple.center - place).max() < 0.07


def test_teleport_into_furniture_is_refused_unless_forced(room):
    apple, fridge = room.first("Apple"), room.first("Fridge")
    before = apple.metadata["position"]
    inside = vector(fridge.low + [0.01, 0.5, 0.3])
    assert "collide" in room.refuse("TeleportObject", objectId=apple.object_id, position=inside)
    assert apple.metadata["position"] == before
    room.do(
        "TeleportObject",
        objectId=apple.object_id,
        position=inside,
        forceAction=True,
        forceKinematic=True,
    )
    assert (
        np.abs(apple.center - apple.rotation @ -apple.pivot - (fridge.low + [0.01, 0.5, 0.3])).max()
        < 0.01
    )


def test_teleport_takes_the_first_free_of_several_positions(room):
    apple, fridge, bread = room.first("Apple"), room.first("Fridge"), room.first("Bread")
    free = bread.center + [0.0, 0.4, 0.0]
    room.do(
        "TeleportObject",
        objectId=apple.object_id,
        positions=[vector(fridge.low + [0.01, 0.5, 0.3]), vector(free)],
        forceKinematic=True,
    )
    assert np.abs(apple.center + apple.rotation @ apple.pivot - free).max() < 1e-6


def test_a_teleported_object_falls_unless_kinematic(room):
    apple = room.first("Apple")
    start = room.world.agent.position + [0.0, 0.4, 0.5]
    room.do("TeleportObject", objectId=apple.object_id, position=vector(start))
    assert apple.low[1] < 0.2
    room.do("TeleportObject", objectId=apple.object_id, position=vector(start), forceKinematic=True)
    assert apple.low[1] > 1.0


def test_teleport_out_of_the_hand_needs_leave(room):
    apple = room.take("Apple")
    place = vector(room.world.agent.position + [0.0, 0.0, 0.5])
    assert "allowTeleportOutOfHand" in room.refuse(
        "TeleportObject", objectId=apple.object_id, position=place
    )
    room.do(
        "TeleportObject",
        objectId=apple.object_id,
        position=place,
        allowTeleportOutOfHand=True,
        makeUnbreakable=True,
    )
    assert room.world.held is None and not apple.is_("isPickedUp") and apple.traits.unbreakable


@pytest.mark.parametrize(
    "place", [{"x": 1}, {"x": 1, "y": "a", "z": 2}, {"x": 1e30, "y": 0, "z": 0}]
)
def test_a_place_that_is_no_vector_is_an_invalid_argument(room, place):
    answer = room.act("TeleportObject", objectId=room.first("Apple").object_id, position=place)
    assert answer.code == "InvalidArgument"


def test_place_at_point_stands_the_object_on_it(room):
    apple, table = room.first("Apple"), room.first("CounterTop")
    points = room.do("GetSpawnCoordinatesAboveReceptacle", objectId=table.object_id)
    placed = [
        p
        for p in points
        if room.act("PlaceObjectAtPoint", objectId=apple.object_id, position=p).success
    ]
    assert placed
    assert apple.low[1] == pytest.approx(placed[-1]["y"], abs=0.02)
    assert apple.metadata["parentReceptacles"]


def pose_of(thing) -> dict:
    keys = ("position", "rotation")
    return {"objectName": thing.metadata["name"], **{k: thing.metadata[k] for k in keys}}


def loose(room) -> list:
    return [t for t in room.world.objects.values() if t.is_("pickupable") or t.is_("moveable")]


def test_set_object_poses_removes_every_loose_object_that_is_not_listed(room):
    """AI2-THOR 5.0.0 switches all pickupable and moveable objects off, then the listed ones on.

    Source: its engine's PhysicsSceneManager.SetObjectPoses, and the documentation: "any pickupable
    or moveable object not specified will be removed".
    """
    mug, fixed = room.first("Mug"), len(room.world.objects) - len(loose(room))
    room.do("SetObjectPoses", objectPoses=[pose_of(mug)])
    assert loose(room) == [mug] and len(room.world.objects) == fixed + 1


def test_set_object_poses_leaves_moveable_furniture_where_told_to(room):
    """Source: the engine's skipMoveable; published rearrangement code sets it."""
    mug = room.first("Mug")
    furniture = [t for t in loose(room) if not t.is_("pickupable")]
    options = {"enablePhysicsJitter": False, "forceRigidbodySleep": True, "skipMoveable": True}
    room.do("SetObjectPoses", objectPoses=[pose_of(mug)], **options)
    assert furniture and sorted(t.object_id for t in loose(room)) == sorted(
        t.object_id for t in (*furniture, mug)
    )


def test_what_is_set_to_its_recorded_pose_rests_there():
    """The recordings show objects at rest in AI2-THOR, so there they don't fall.

    Source: recorded start states of AI2-THOR 5.0.0, FloorPlan3's Fork among them.
    """
    room = Room("FloorPlan3")
    things = loose(room)
    before = {t.object_id: t.center.copy() for t in things}
    room.do("SetObjectPoses", objectPoses=[pose_of(t) for t in things], placeStationary=False)
    moved = [t.object_id for t in things if np.abs(t.center - before[t.object_id]).max() > 0.02]
    assert not moved


def test_set_object_poses_copies_names_listed_twice(room):
    apple = room.first("Apple")
    pose = {"objectName": apple.metadata["name"], "position": apple.metadata["position"]}
    high = {**pose, "position": vector(apple.center + [0, 0.3, 0])}
    room.do("SetObjectPoses", objectPoses=[pose, high])
    assert len(room.all("Apple")) == 2
    assert "No Pickupable or Moveable object of name" in room.refuse(
        "SetObjectPoses", objectPoses=[{"objectName": "nobody", "position": pose["position"]}]
    )
    pose = pose_of(apple)
    assert room.refuse("SetObjectPoses", objectPoses=[{**pose, "position": {"x": float("nan")}}])


def test_set_object_states_reaches_every_object_of_the_type(room):
    room.do(
        "SetObjectStates",
        SetObjectStates={"objectType": "Faucet", "stateChange": "toggleable", "isToggled": True},
    )
    assert all(f.is_("isToggled") for f in room.all("Faucet"))
    room.do("SetObjectStates", SetObjectStates={"stateChange": "openable", "isOpen": True})
    openable = [t for t in room.world.objects.values() if t.is_("openable")]
    assert openable and all(t.is_("isOpen") for t in openable)
    assert "not one of" in room.refuse("SetObjectStates", SetObjectStates={"stateChange": "x"})


def test_random_spawn_makes_up_the_number_of_duplicates(room):
    stay = room.first("Bread").object_id
    place = room.first("Bread").metadata["position"]
    room.do(
        "InitialRandomSpawn",
        randomSeed=3,
        numDuplicatesOfType=[{"objectType": "Apple", "count": 4}],
        excludedObjectIds=[stay],
        excludedReceptacles=["CounterTop"],
        numPlacementAttempts=20,
    )
    assert len(room.all("Apple")) == 4
    assert room.first("Bread").metadata["position"] == place
    tops = {t.object_id for t in room.all("CounterTop")}
    assert not any(tops & set(a.metadata["parentReceptacles"] or ()) for a in room.all("Apple"))
    bad = room.act("InitialRandomSpawn", numDuplicatesOfType=[{"objectType": "Apple"}])
    assert bad.code == "InvalidArgument"


def test_random_spawn_puts_things_on_the_floor_only_if_allowed():
    room = Room("FloorPlan301")
    floor = room.first("Floor").object_id

    def laid(**options: object) -> int:
        room.reset("FloorPlan301")
        before = {t.object_id for t in room.world.objects.values() if t.is_("pickupable")}
        room.do("InitialRandomSpawn", randomSeed=1, numPlacementAttempts=20, **options)
        rows = [room.world.objects[i].metadata for i in before]
        return sum(floor in (row["parentReceptacles"] or ()) for row in rows)

    assert laid() < laid(allowFloor=True)


def test_disabled_objects_come_back_with_enable(room):
    apple = room.first("Apple")
    row = dict(apple.metadata)
    room.do("DisableObject", objectId=apple.object_id)
    assert apple.object_id not in room.world.objects
    room.refuse("PickupObject", objectId=apple.object_id, forceAction=True)
    room.do("EnableObject", objectId=apple.object_id)
    assert room.first("Apple").metadata["position"] == row["position"]
    assert "enabled already" in room.refuse("EnableObject", objectId=apple.object_id)
    room.do("DisableAllObjectsOfType", objectType="Mug")
    assert not room.all("Mug")


def test_what_stood_on_a_removed_object_falls(room):
    apple, plate = room.take("Apple"), room.first("Plate")
    room.do("PutObject", objectId=plate.object_id, forceAction=True)
    room.do("RemoveFromScene", objectId=plate.object_id)
    parents = apple.metadata["parentReceptacles"] or ()
    assert plate.object_id not in parents and not apple.is_("isMoving")


def test_removing_the_held_object_empties_the_hand(room):
    apple = room.take("Apple")
    room.do("RemoveFromScene", objectIds=[apple.object_id])
    assert room.metadata()["inventoryObjects"] == []


def test_create_object_puts_a_new_one_in_the_hand(room):
    made = room.do("CreateObject", objectType="Statue")
    assert room.metadata()["inventoryObjects"] == [{"objectId": made, "objectType": "Statue"}]
    assert room.row(made)["pickupable"] and room.row(made)["mass"] > 0
    assert "already" in room.refuse("CreateObject", objectType="Apple")
    room.do("DropHandObject", forceAction=True)
    assert "Failed to create" in room.refuse("CreateObject", objectType="Dragon")


def test_target_circle_lies_on_the_floor_within_the_distances(room):
    made = room.do("SpawnTargetCircle", anywhere=True, minDistance=1.0, maxDistance=2.0)
    circle = room.world.objects[made]
    away = np.hypot(*(circle.center - room.world.agent.position)[[0, 2]])
    assert 0.9 < away < 2.1 and circle.high[1] < 0.05


def test_stationary_objects_cannot_be_picked_up_until_moveable_again(room):
    room.do("MakeAllObjectsStationary")
    apple = room.first("Apple").object_id
    assert "CanPickup" in room.refuse("PickupObject", objectId=apple, forceAction=True)
    room.do("MakeAllObjectsMoveable")
    room.do("PickupObject", objectId=apple, forceAction=True)


def test_mass_and_scale_change_what_the_metadata_says(room):
    apple = room.first("Apple")
    size, bottom = apple.size.copy(), apple.low[1]
    room.do("SetMassProperties", objectId=apple.object_id, mass=2.5, drag=1, angularDrag=1)
    room.do("ScaleObject", objectId=apple.object_id, scale=1.5)
    apple = room.first("Apple")
    assert apple.metadata["mass"] == 2.5
    assert apple.size == pytest.approx(size * 1.5)
    assert apple.low[1] == pytest.approx(bottom, abs=0.02)
    assert room.refuse("ScaleObject", objectId=apple.object_id, scale=0)
    assert room.refuse(
        "SetMassProperties", objectId=apple.object_id, mass=-1, drag=0, angularDrag=0
    )


def test_a_snapshot_undoes_scaling_and_disabling(room):
    apple, mug = room.first("Apple"), room.first("Mug")
    before = [dict(t.metadata) for t in room.world.objects.values()]
    state = snapshot.take(room.world)
    room.do("ScaleObject", objectId=apple.object_id, scale=2)
    room.do("DisableObject", objectId=mug.object_id)
    room.do("MakeObjectsOfTypeUnbreakable", objectType="Plate")
    snapshot.restore(room.world, state)
    assert [dict(t.metadata) for t in room.world.objects.values()] == before
    assert not room.first("Plate").traits.unbreakable
    assert room.first("Apple").size == pytest.approx(apple.size)
    room.refuse("EnableObject", objectId=mug.object_id)


def test_a_fastened_object_moves_with_its_parent(room):
    mug, apple = room.first("Mug"), room.first("Apple")
    room.do("ParentObject", parentId=mug.object_id, childId=apple.object_id)
    assert "circle" in room.refuse("ParentObject", parentId=apple.object_id, childId=mug.object_id)
    gap = apple.center - mug.center
    room.do(
        "TeleportObject",
        objectId=mug.object_id,
        position=vector(room.world.agent.position + [0.0, 0.6, 0.0]),
        forceAction=True,
        forceKinematic=True,
    )
    assert apple.center - mug.center == pytest.approx(gap, abs=1e-6)
    room.do("UnparentObject", objectId=apple.object_id)
    assert "no parent" in room.refuse("UnparentObject", objectId=apple.object_id)


def test_a_random_appearance_is_seeded(room):
    looks = []
    for seed in (1, 1, 2):
        room.do("SetRandomSeed", seed=seed)
        made = room.do("CreateObject", objectType="Mug", randomizeObjectAppearance=True)
        looks.append(room.row(made)["assetId"])
        room.do("RemoveFromScene", objectId=made)
    assert looks[0] == looks[1] != looks[2]


def test_one_object_can_be_made_breakable_again(room):
    plate = room.first("Plate")
    room.do("MakeObjectUnbreakable", objectId=plate.object_id)
    assert plate.traits.unbreakable
    room.do("MakeObjectBreakable", objectId=plate.object_id)
    assert not plate.traits.unbreakable
    assert "not breakable" in room.refuse(
        "MakeObjectBreakable", objectId=room.first("Apple").object_id
    )


def test_only_what_is_heavier_than_the_threshold_is_fixed(room):
    """Source: the engine's action of that name, and massThreshold of its Initialize."""
    room.do("MakeObjectsStaticKinematicMassThreshold")
    assert room.first("Apple").is_("pickupable")
    room.do("Initialize", massThreshold=0.5)
    heavy = [t for t in loose(room) if t.metadata["mass"] > 0.5]
    light = [t for t in loose(room) if t.metadata["mass"] <= 0.5]
    room.do("MakeObjectsStaticKinematicMassThreshold")
    assert heavy and not any(t.is_("pickupable") or t.is_("moveable") for t in heavy)
    assert light and all(t.is_("pickupable") or t.is_("moveable") for t in light)


@pytest.mark.parametrize("scene", ["FloorPlan17", "FloorPlan8", "FloorPlan30"])
def test_things_that_were_recorded_in_each_other_can_be_arranged(scene):
    """In eight rooms a dish and what it stands in name each other as receptacle.

    Source: the recorded parentReceptacles of AI2-THOR 5.0.0.
    """
    room = Room(scene)
    poses = [
        {"objectName": t.metadata["name"], "position": t.metadata["position"]}
        for t in room.world.objects.values()
        if t.is_("pickupable")
    ]
    room.do("SetObjectPoses", objectPoses=poses, placeStationary=False, skipMoveable=True)
