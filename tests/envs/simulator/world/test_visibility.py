"""What is seen: whatever reaches into the visibility distance, if a point of it shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from envs.simulator.world.plan_distance import box_distance, is_within, plan_distance
from envs.simulator.world.visibility import can_see, visible_ids
from tests.envs.simulator.room import Room

SCENE = "FloorPlan212"


@pytest.fixture(scope="module")
def room():
    return Room(SCENE)


@pytest.fixture(autouse=True)
def fresh(room):
    room.reset(SCENE)


def test_distance_is_that_of_the_shape_not_of_its_box(room):
    for thing in room.world.objects.values():
        middle = (thing.low + thing.high) / 2
        for x, z in ((middle[0] + 3, middle[2]), (middle[0] - 2, middle[2] + 2)):
            to_points = np.linalg.norm(thing.world_points[:, [0, 2]] - (x, z), axis=1).min()
            near = plan_distance(thing, x, z)
            if thing.openness == 0:
                assert box_distance(thing, x, z) - 0.02 <= near <= to_points + 0.02


def test_who_stands_over_a_thing_is_at_no_distance_from_it(room):
    floor = room.first("Floor")
    assert plan_distance(floor, room.world.agent.x, room.world.agent.z) == 0
    assert is_within(floor, room.world.agent.x, room.world.agent.z, 0.1)


def test_the_distance_scheme_asks_more_than_the_collider_scheme(room):
    world = room.world
    fewer = 0
    for place in world.grid_points[::4]:
        for yaw in (0.0, 90.0, 180.0, 270.0):
            world.agent = replace(world.agent, x=float(place[0]), z=float(place[1]), yaw=yaw)
            sets = []
            for scheme in ("Collider", "Distance"):
                world.settings = replace(world.settings, visibilityScheme=scheme)
                sets.append(visible_ids(world))
            assert sets[1] <= sets[0]
            fewer += len(sets[1]) < len(sets[0])
    assert fewer


@pytest.mark.parametrize("scheme", ["Collider", "Distance"])
def test_all_objects_at_once_are_seen_as_one_by_one(scheme):
    room = Room("FloorPlan5")
    room.do("Initialize", visibilityScheme=scheme, gridSize=0.25)
    rng = np.random.default_rng(2)
    count = 0
    for x, z in rng.permutation(room.world.grid_points)[:8]:
        yaw, tilt = float(rng.integers(8) * 45), float(rng.choice([-30.0, 0.0, 30.0, 60.0]))
        room.world.agent = replace(room.world.agent, x=x, z=z, yaw=yaw, horizon=tilt)
        eye, axes = room.world.agent.eye, room.world.agent.eye_rotation
        singly = {
            key
            for key, obj in room.world.objects.items()
            if can_see(room.world, obj, eye, axes, room.world.settings.visibilityDistance)
        }
        assert visible_ids(room.world) == singly
        count += len(singly)
    assert count > 20


def test_a_plate_is_near_by_the_box_of_what_may_stand_on_it():
    """FloorPlan214's plate is seen by AI2-THOR 5.0.0 with only its box's corner within 1.5 m."""
    plate = Room("FloorPlan214").world.objects["Plate|-02.91|+00.46|+03.40"]
    corner = plate.center[[0, 2]] + plate.size[[0, 2]] / 2
    x, z = (corner + 1.49 * np.array([0.6, 0.8])).tolist()
    assert plan_distance(plate, x, z) > 1.5 and is_within(plate, x, z, 1.5)
