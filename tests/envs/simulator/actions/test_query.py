"""Positions, poses, paths, rays and lists of objects."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.envs.simulator.room import Room, vector


@pytest.fixture(scope="module")
def shared():
    return Room("FloorPlan28")


@pytest.fixture()
def room(shared):
    shared.reset("FloorPlan28")
    return shared


def test_reachable_positions_keep_their_step_and_count(room):
    near = room.do("GetReachablePositions", maxStepCount=1)
    agent = room.world.agent
    assert 1 < len(near) <= 5
    assert all(math.hypot(p["x"] - agent.x, p["z"] - agent.z) < 0.26 for p in near)
    fine = room.do("GetReachablePositions", gridSize=0.1)
    assert len(fine) > len(room.do("GetReachablePositions"))
    assert "at least" in room.refuse("GetReachablePositions", gridSize=0.001)


def test_directions_relative_to_the_agent_follow_its_yaw(room):
    room.reset("FloorPlan28", snapToGrid=False)
    room.do("RotateRight", degrees=30)
    agent = room.world.agent
    ahead = [
        p
        for p in room.do("GetReachablePositions", directionsRelativeAgent=True, maxStepCount=1)
        if (p["x"], p["z"]) != (round(agent.x, 4), round(agent.z, 4))
    ]
    bearings = {
        round(math.degrees(math.atan2(p["x"] - agent.x, p["z"] - agent.z)) - agent.yaw) % 90
        for p in ahead
    }
    assert bearings == {0}


def test_interactable_poses_obey_their_limits(room):
    fridge = room.first("Fridge").object_id
    poses = room.do(
        "GetInteractablePoses",
        objectId=fridge,
        rotations=[90],
        horizons=[0, 30],
        standings=[True],
        maxPoses=3,
    )
    assert len(poses) == 3
    assert {p["rotation"] for p in poses} == {90.0}
    assert {p["horizon"] for p in poses} <= {0.0, 30.0}
    only = [{"x": -1.25, "y": 0.9, "z": -0.5}]
    here = room.do("GetInteractablePoses", objectId=fridge, positions=only, standings=[True])
    assert here and all((p["x"], p["z"]) == (-1.25, -0.5) for p in here)
    far = room.do("GetInteractablePoses", objectId=fridge, maxDistance=0.3)
    assert len(far) < len(room.do("GetInteractablePoses", objectId=fridge))


@pytest.mark.parametrize(
    ("bad", "named"),
    [
        ({"positions": [1]}, "positions"),
        ({"rotations": ["x"]}, "rotations"),
        ({"horizons": [80]}, "horizon"),
        ({"standings": [1]}, "standings"),
        ({"maxPoses": 0}, "maxPoses"),
        ({"maxDistance": -1}, "maxDistance"),
    ],
)
def test_interactable_poses_name_bad_arguments(room, bad, named):
    fridge = room.first("Fridge").object_id
    assert named in room.refuse("GetInteractablePoses", objectId=fridge, **bad)


def test_the_shortest_path_ends_where_the_object_is_visible(room):
    tomato = room.first("Tomato").object_id
    corners = room.do("GetShortestPath", objectId=tomato)["corners"]
    end = corners[-1]
    assert room.do(
        "GetInteractablePoses",
        objectId=tomato,
        positions=[{"x": end["x"], "z": end["z"]}],
    )
    assert (corners[0]["x"], corners[0]["z"]) == (room.world.agent.x, room.world.agent.z)


def test_paths_are_no_shorter_than_the_bird_and_hardly_longer_than_the_grid(room):
    free = room.do("GetReachablePositions")
    far = max(free, key=lambda p: math.hypot(p["x"] + 1.5, p["z"] + 1.5))
    goal = {"x": far["x"], "y": 0.0, "z": far["z"]}
    corners = room.do("GetShortestPathToPoint", target=goal)["corners"]
    length = sum(
        math.dist((a["x"], a["z"]), (b["x"], b["z"]))
        for a, b in zip(corners[:-1], corners[1:], strict=True)
    )
    agent = room.world.agent
    bird = math.hypot(goal["x"] - agent.x, goal["z"] - agent.z)
    assert bird - 1e-6 <= length <= 2.0 * bird
    assert corners[-1] == pytest.approx(goal)


def test_a_point_out_of_reach_needs_a_larger_allowed_error(room):
    fridge = vector(room.first("Fridge").center)
    assert "could not be found" in room.refuse("GetShortestPathToPoint", target=fridge)
    room.do("GetShortestPathToPoint", target=fridge, allowedError=1.5)


def test_image_points_and_places_correspond(room):
    seen = room.do("GetCoordinateFromRaycast", x=0.4, y=0.7)
    back = room.do("WorldToViewportPoint", position=seen)
    assert (back["x"], back["y"]) == pytest.approx((0.4, 0.7), abs=1e-4)
    behind = room.world.agent.eye - room.world.agent.eye_rotation[:, 2]
    room.refuse("WorldToViewportPoint", position=vector(behind))
    room.refuse("GetCoordinateFromRaycast", x=1.4, y=0.7)


def test_a_ray_names_what_it_meets(room):
    fridge = room.first("Fridge")
    middle = fridge.center + fridge.rotation[:, 0] * 0.2
    start = middle + fridge.rotation[:, 2] * 2
    hit = room.do("PerformRaycast", origin=vector(start), destination=vector(middle))
    assert hit["objectId"] == fridge.object_id
    assert hit["hitDistance"] == pytest.approx(2 - fridge.size[2] / 2, abs=0.1)
    room.refuse("PerformRaycast", origin=vector(start), destination=vector(start + [0, 0.05, 0]))


def test_hulls_surround_the_object_and_take_ids_or_types(room):
    fridge = room.first("Fridge")
    hull = np.array(room.do("Get2DSemanticHull", objectId=fridge.object_id))
    assert (hull.min(0) >= fridge.low[[0, 2]] - 1e-3).all()
    assert (hull.max(0) <= fridge.high[[0, 2]] + 1e-3).all()
    by_type = room.do("Get2DSemanticHulls", objectTypes=["Fridge"])
    assert list(by_type) == [fridge.object_id]
    assert room.act("Get2DSemanticHulls", objectIds=[], objectTypes=[]).code == "InvalidArgument"


def test_a_filter_thins_the_metadata_but_not_the_world(room):
    fridge = room.first("Fridge")
    room.do("SetObjectFilter", objectIds=[])
    assert room.metadata()["objects"] == []
    room.do("OpenObject", objectId=fridge.object_id, forceAction=True)
    room.do("SetObjectFilterForType", objectTypes=["Fridge"])
    rows = room.metadata()["objects"]
    assert [o["objectId"] for o in rows] == [fridge.object_id] and rows[0]["isOpen"]
    assert room.do("GetObjectMetadata", objectIds=[room.first("Pot").object_id])
    room.do("ResetObjectFilter")
    assert len(room.metadata()["objects"]) == len(room.world.objects)


def test_visible_objects_are_those_the_metadata_calls_visible(room):
    rows = room.metadata()["objects"]
    assert room.do("GetVisibleObjects") == sorted(o["objectId"] for o in rows if o["visible"])
    assert len(room.do("GetVisibleObjects", maxDistance=5.0)) >= sum(o["visible"] for o in rows)


def test_spawn_points_in_view_are_fewer_than_anywhere(room):
    top = room.first("CounterTop")
    room.face(top)
    everywhere = room.do("GetSpawnCoordinatesAboveReceptacle", objectId=top.object_id)
    seen = room.do("GetSpawnCoordinatesAboveReceptacle", objectId=top.object_id, anywhere=False)
    assert 0 < len(seen) <= len(everywhere)
    assert all(p in everywhere for p in seen)


def test_positions_by_the_older_name_are_the_poses_as_lists(room):
    """Source: public rearrangement and exploration code, which zips the lists it returns."""
    fridge = room.first("Fridge").object_id
    poses = room.do("GetInteractablePoses", objectId=fridge, horizons=[30])
    lists = room.do("PositionsFromWhichItemIsInteractable", objectId=fridge, horizon=30)
    assert isinstance(poses, list) and isinstance(lists, dict)
    keys = ("x", "y", "z", "rotation", "standing", "horizon")
    rows = zip(*(lists[key] for key in keys), strict=True)
    assert list(rows) == [tuple(pose[key] for key in keys) for pose in poses]


def test_the_dispatchers_own_conflicts_are_listed_as_ai2thor_lists_them(room):
    """Source: AI2-THOR's test of its dispatcher."""
    ambiguous = room.do("TestActionDispatchFindAmbiguous", typeName="Any")
    known = ["ProcessControlCommand", "TestActionDispatchSAAmbig", "TestActionDispatchSAAmbig2"]
    assert sorted(ambiguous) == known
    assert room.do("TestActionDispatchFindConflicts", typeName="Any") == {
        "TestActionDispatchConflict": ["param22"]
    }
