"""Where furniture stood one may walk once it is gone, and not where it stands now."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.dynamics.obstacles import obstacles
from envs.simulator.navigation.freed_floor import freed_points
from envs.simulator.world import snapshot
from tests.envs.simulator.room import Room, vector


@pytest.fixture(scope="module")
def room() -> Room:
    return Room("FloorPlan205")


@pytest.fixture(autouse=True)
def fresh(room):
    room.reset("FloorPlan205")


def positions(room: Room) -> set[tuple[float, float]]:
    found = room.do("GetReachablePositions")
    assert isinstance(found, list)
    return {(round(p["x"], 2), round(p["z"], 2)) for p in found}


def on_floor(room: Room) -> list:
    return [t for t in room.world.objects.values() if t.is_("moveable") and t.low[1] < 0.35]


@pytest.mark.parametrize("scene", ["FloorPlan205", "FloorPlan208", "FloorPlan303"])
def test_a_fresh_room_has_the_recorded_floor(room, scene):
    room.reset(scene)
    assert len(freed_points(room.world)) == 0
    recorded = {(round(x, 2), round(z, 2)) for x, z in room.world.grid_points.tolist()}
    assert positions(room) <= recorded


def test_removed_furniture_frees_the_floor_and_the_agent_walks_there(room):
    before = positions(room)
    room.do("RemoveFromScene", objectIds=[t.object_id for t in on_floor(room)])
    after = positions(room)
    # What lay on the furniture fell and bars some cells.
    assert len(after - before) > 20 and len(before - after) < 25
    x, z = min(after - before)
    room.do("Teleport", position={"x": x, "y": 0.9, "z": z})
    room.do("GetShortestPathToPoint", target={"x": x, "y": 0.0, "z": z})


def test_the_freed_floor_keeps_the_agent_out_of_walls_and_tables(room):
    room.do("RemoveFromScene", objectIds=[t.object_id for t in on_floor(room)])
    world = room.world
    for x, z in freed_points(world):
        for angle in np.arange(0, 2 * np.pi, 0.7):
            start = np.array([x, 0.9, z])
            end = start + 0.19 * np.array([np.sin(angle), 0.0, np.cos(angle)])
            assert world.collision.ray(start, end) is None


def test_what_is_put_on_the_floor_again_bars_the_way(room):
    world = room.world
    chair = max(on_floor(room), key=lambda t: float(np.prod(t.size)))
    before = positions(room)
    stood = chair.center.copy()
    free = np.array(sorted(before))
    away = np.hypot(*(free - [world.agent.x, world.agent.z]).T)
    x, z = free[int(np.argmax(away))]
    world.move_with_contents(chair, np.array([x, stood[1], z]), chair.euler)
    now = positions(room)
    assert (round(x, 2), round(z, 2)) not in now
    assert any(o.name == chair.metadata["name"] for o in obstacles(world))
    assert "is in the way" in room.refuse("Teleport", position=vector(np.array([x, 0.9, z])))


def test_a_snapshot_brings_the_floor_back(room):
    state, before = snapshot.take(room.world), positions(room)
    room.do("RemoveFromScene", objectIds=[t.object_id for t in on_floor(room)])
    assert positions(room) != before
    snapshot.restore(room.world, state)
    assert positions(room) == before


def test_a_path_may_start_as_far_from_free_floor_as_is_allowed(room):
    x, z = max(positions(room))
    start = {"x": x + 0.4, "y": 0.9, "z": z}
    target = room.first("Television").object_id
    why = room.refuse("GetShortestPath", objectId=target, position=start)
    assert "allowedError" in why
    corners = room.do("GetShortestPath", objectId=target, position=start, allowedError=0.5)
    assert isinstance(corners, dict) and len(corners["corners"]) >= 2
    first = corners["corners"][0]
    assert np.hypot(first["x"] - start["x"], first["z"] - start["z"]) <= 0.5


def test_spawned_things_settle_unless_they_shall_stay_as_put(room):
    heights = []
    for stationary in (True, False):
        room.reset("FloorPlan28")
        room.do("InitialRandomSpawn", randomSeed=5, placeStationary=stationary)
        things = [t for t in room.world.objects.values() if t.is_("pickupable") and t.moved]
        assert not any(t.is_("isMoving") for t in things)
        heights.append({t.object_id: round(float(t.center[1]), 4) for t in things})
    same = [key for key in heights[0] if heights[0][key] == heights[1].get(key)]
    assert len(same) < len(heights[0]) / 2
