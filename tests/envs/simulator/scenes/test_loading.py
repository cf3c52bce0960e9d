"""Rooms whose floor is not at 0: the agent stands on it as recorded, and all else follows."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.scenes import load_scene, scene_names
from envs.simulator.tools.build_rooms import floor_under
from tests.envs.simulator.room import Room

HIGH, FLOOR = "FloorPlan3", 0.2222
USUAL = 0.900999


@pytest.fixture(scope="module")
def room():
    return Room(HIGH)


@pytest.fixture(autouse=True)
def fresh(room):
    room.reset(HIGH)


@pytest.mark.slow
def test_agents_stand_on_the_recorded_floor_of_every_room():
    heights = {name: load_scene(name).floor_y for name in scene_names()}
    assert sum(height != 0 for height in heights.values()) > 50
    assert max(abs(height) for height in heights.values()) == heights[HIGH]
    for name, height in heights.items():
        scene = load_scene(name)
        tops = [o.center[1] + o.size[1] / 2 for o in scene.objects if o.object_type == "Floor"]
        assert scene.agent_start[1] == pytest.approx(USUAL + height)
        # FloorPlan12's agent was recorded 8 cm above its floor, and stands there.
        hovers = name == "FloorPlan12" and height == pytest.approx(0.079)
        assert hovers or not height or any(abs(top - height) < 0.01 for top in tops), name


def test_the_floor_is_right_under_the_agent(room):
    agent = room.world.agent
    assert agent.y == pytest.approx(USUAL + FLOOR)
    assert agent.eye[1] == pytest.approx(USUAL + FLOOR + 0.675)
    below = room.world.collision.ray(agent.position, agent.position - [0, 2, 0])
    assert below is not None and below.point[1] == pytest.approx(agent.y - 0.9, abs=0.005)
    room.do("Crouch")
    assert room.world.agent.eye[1] == pytest.approx(USUAL + FLOOR)


def test_answers_name_the_height_that_agents_stand_at(room):
    positions = room.do("GetReachablePositions")
    assert {p["y"] for p in positions} == {room.world.standing_y}
    fridge = room.first("Fridge")
    poses = room.do("GetInteractablePoses", objectId=fridge.object_id, maxPoses=5)
    assert poses and all(p["y"] == pytest.approx(USUAL + FLOOR) for p in poses)
    walk = room.do("GetShortestPath", objectId=fridge.object_id)
    assert all(corner["y"] == pytest.approx(FLOOR) for corner in walk["corners"])


@pytest.mark.parametrize("y", [USUAL, 0.9, USUAL + FLOOR, USUAL + FLOOR - 0.05])
def test_teleports_settle_on_the_floor(room, y):
    goal = room.do("GetReachablePositions")[3]
    room.do("Teleport", position={**goal, "y": y})
    assert room.world.agent.y == pytest.approx(USUAL + FLOOR)


@pytest.mark.parametrize("y", [0.0, 0.7, 1.02, 1.3])
def test_teleports_to_other_heights_are_refused(room, y):
    goal = room.do("GetReachablePositions")[3]
    message = room.refuse("Teleport", position={**goal, "y": y})
    assert "settle at y=1.1232" in message


def test_dropped_things_lie_on_the_floor(room):
    pot = room.first("Pot").object_id
    room.do("PickupObject", objectId=pot, forceAction=True)
    x, z = room.world.grid_points[len(room.world.grid_points) // 2]
    room.do(
        "TeleportFull",
        position={"x": x, "y": USUAL, "z": z},
        rotation={"y": 0},
        horizon=0,
        standing=True,
        forceAction=True,
    )
    room.do("DropHandObject", forceAction=True)
    assert room.world.objects[pot].low[1] >= FLOOR - 0.02


def test_things_on_the_floor_are_in_the_way(room):
    world, pot = room.world, room.first("Pot")
    x, z = next(
        (a, b)
        for a, b in world.grid_points
        if 0.2 < np.hypot(a - world.agent.x, b - world.agent.z) < 0.6
    )
    world.detach(pot.object_id)
    lifted = float(pot.center[1] - pot.world_points[:, 1].min())
    world.move_with_contents(pot, np.array([x, FLOOR + lifted, z]), pot.euler)
    goal = {"x": x, "y": USUAL + FLOOR, "z": z}
    assert "in the way" in room.refuse("Teleport", position=goal)


def test_a_height_that_the_floor_does_not_bear_out_is_not_taken():
    box = {"center": {"y": -0.05}, "size": {"y": 0.1}}
    floor = {"objectType": "Floor", "axisAlignedBoundingBox": box}
    assert floor_under([floor], np.array([0.0, USUAL + 0.079, 0.0])) == 0.0
    assert floor_under([floor], np.array([0.0, USUAL + 0.006, 0.0])) == 0.006
    assert floor_under([floor], np.array([0.0, USUAL + 0.0002, 0.0])) == 0.0
