"""Where room is found for what is put down."""

from __future__ import annotations

import pytest

from envs.simulator.world.objects import SimObject
from envs.simulator.world.overlap import blocking
from envs.simulator.world.visibility import can_see
from tests.envs.simulator.room import Room

Pose = tuple[float, float, float, float]


@pytest.fixture(scope="module")
def room():
    return Room()


def hold(room: Room, scene: str, held: str, receptacle: str, pose: Pose) -> SimObject:
    """Takes an object to a pose (x, z, yaw, horizon) and opens what it shall go into."""
    room.reset(scene)
    x, z, yaw, horizon = pose
    room.do("PickupObject", objectId=held, forceAction=True)
    at = {"x": x, "y": room.world.standing_y, "z": z}
    room.do("TeleportFull", position=at, rotation=yaw, horizon=horizon, standing=True)
    if room.world.objects[receptacle].is_("openable"):
        room.do("OpenObject", objectId=receptacle)
    return room.world.objects[held]


def sees(room: Room, thing: SimObject) -> bool:
    world, agent = room.world, room.world.agent
    return can_see(world, thing, agent.eye, agent.eye_rotation, 1.5)


@pytest.mark.parametrize(
    ("scene", "held", "receptacle", "pose"),
    [
        # A shelf built into a table, whose box is full of its own shelves.
        (
            "FloorPlan211",
            "CellPhone|+00.03|+00.34|+00.49",
            "Shelf|+00.17|+00.10|+00.20",
            (1.0, -1.0, 270, 30),
        ),
        # Tops that a television's box covers, though it stands on a small foot.
        (
            "FloorPlan205",
            "RemoteControl|-03.73|+00.70|+06.77",
            "Dresser|-03.20|00.00|+06.79",
            (-2.75, 5.25, 0, 0),
        ),
        (
            "FloorPlan_Train3_2",
            "Mug|+08.87|+00.70|-01.41",
            "SideTable|+04.57|+00.00|-01.22",
            (3.5, -2.0, 0, 30),
        ),
    ],
)
def test_room_within_the_box_of_something_large_is_found(room, scene, held, receptacle, pose):
    thing = hold(room, scene, held, receptacle, pose)
    room.do("PutObject", objectId=receptacle)
    assert sees(room, thing)
    assert blocking(room.world, thing, thing.center, thing.euler, [receptacle]) is None


@pytest.mark.parametrize(
    ("scene", "held", "receptacle", "pose"),
    [
        (
            "FloorPlan21",
            "DishSponge|+01.02|+00.87|-00.29",
            "Cabinet|+00.51|+00.35|+00.16",
            (-0.5, -1.25, 90, 30),
        ),
        (
            "FloorPlan205",
            "RemoteControl|-03.73|+00.70|+06.77",
            "Drawer|-02.93|+00.17|+06.72",
            (-2.25, 5.25, 0, 30),
        ),
    ],
)
def test_what_goes_into_something_open_is_put_where_it_shows(room, scene, held, receptacle, pose):
    thing = hold(room, scene, held, receptacle, pose)
    room.do("PutObject", objectId=receptacle)
    assert sees(room, thing)
    room.do("PickupObject", objectId=held)


def test_a_bin_takes_what_its_sides_hide(room):
    held, into = "SoapBar|-00.17|+00.51|+00.53", "GarbageCan|-02.86|+00.02|-01.49"
    thing = hold(room, "FloorPlan408", held, into, (-2.25, -0.5, 180, 30))
    room.do("PutObject", objectId=into)
    assert not sees(room, thing)
    assert room.row(held)["parentReceptacles"] == [into]


def test_a_bin_whose_inside_is_out_of_the_picture_takes_nothing(room):
    held, into = "Potato|-01.34|+00.81|+01.82", "GarbageCan|+01.30|-00.02|+01.47"
    hold(room, "FloorPlan17", held, into, (0.0, 1.5, 90, 0))
    assert room.refuse("PutObject", objectId=into) == "No valid positions to place object found"
    room.do("PutObject", objectId=into, forceAction=True)


def test_a_place_of_which_only_a_corner_is_in_the_picture_will_do(room):
    held, into = "Pencil|+02.80|+00.99|+00.21", "Drawer|+02.57|+00.90|+00.23"
    thing = hold(room, "FloorPlan322", held, into, (2.0, 0.75, 180, 0))
    room.do("PutObject", objectId=into)
    assert sees(room, thing)
