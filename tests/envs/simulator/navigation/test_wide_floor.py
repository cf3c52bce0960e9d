"""Off the recorded grid the agent walks wherever its body fits, and nowhere is a prison."""

from __future__ import annotations

import math

import numpy as np
import pytest

from envs.simulator.navigation.wide_floor import AROUND, fits, on_lattice, walks_wide, ways
from envs.simulator.scenes import load_scene
from tests.envs.simulator.room import Room

SCENE = "FloorPlan412"


@pytest.fixture(scope="module")
def room():
    return Room(SCENE)


@pytest.fixture(autouse=True)
def fresh(room):
    room.reset(SCENE)


def pose(room, x, z):
    return {
        "position": {"x": float(x), "y": room.world.standing_y, "z": float(z)},
        "rotation": {"x": 0.0, "y": 0.0, "z": 0.0},
        "horizon": 0.0,
        "standing": True,
    }


def test_the_lattice_is_kept_by_its_own_steps_only(room):
    world, (x, z) = room.world, room.world.grid_points[0]
    assert on_lattice(world, x, z, 0.25) and on_lattice(world, x, z, 0.5)
    assert not on_lattice(world, x, z, 0.1) and not on_lattice(world, x + 0.1, z, 0.25)


def test_recorded_places_lead_to_the_recorded_floor(room):
    scene = load_scene(SCENE)
    assert len(scene.stood)
    low, high = ways(scene)
    assert (high - low >= 2 * AROUND - 1e-9).all()
    for x, z in scene.stood:
        assert fits(room.world, x, z)


@pytest.mark.parametrize("grid", [0.1, 0.25])
def test_whoever_stands_at_a_recorded_place_can_leave(room, grid):
    room.do("Initialize", gridSize=grid)
    for x, z in load_scene(SCENE).stood:
        room.do("TeleportFull", **pose(room, x, z), forceAction=grid == 0.25)
        far = [math.dist((p["x"], p["z"]), (x, z)) for p in room.do("GetReachablePositions")]
        assert max(far) > 1.0


def test_steps_of_the_recorded_grid_keep_to_it(room):
    found = {(p["x"], p["z"]) for p in room.do("GetReachablePositions")}
    recorded = {(round(x, 4), round(z, 4)) for x, z in load_scene(SCENE).reachable}
    assert found <= recorded


def test_no_body_fits_in_furniture_or_beyond_the_walls(room):
    world = room.world
    tub = room.first("Toilet")
    middle = (tub.low + tub.high) / 2
    assert not fits(world, float(middle[0]), float(middle[2]))
    high = np.max([t.high for t in world.objects.values()], axis=0)
    assert not fits(world, float(high[0]) + 1.0, float(high[2]) + 1.0)


@pytest.mark.parametrize(
    ("start", "end"), [((0.5, 1.25), (0.5, -1.5)), ((1.25, 0.5), (1.73, 0.64))]
)
def test_which_floor_counts_does_not_hang_on_the_stride(room, start, end):
    way = np.array(end) - start
    for grid in (0.1, 0.25):
        told = {
            walks_wide(room.world, tuple(start + way * a), tuple(start + way * b), grid)
            for a, b in ((0.0, 1.0), (0.0, 0.1), (0.45, 0.5), (0.9, 1.0))
        }
        assert told == {grid == 0.1 or way.all()}


@pytest.mark.parametrize("mode", ["default", "locobot"])
@pytest.mark.parametrize(
    ("scene", "place", "yaw", "length"),
    [
        ("FloorPlan3", (0.25, 1.25), 0.0, 0.5),
        ("FloorPlan5", (1.25, 0.5), 74.21026459295545, 0.5),
        ("FloorPlan426", (-0.75, 1.5), 180.0, 0.75),
    ],
)
def test_a_walk_is_blocked_in_one_stride_just_if_it_is_in_many(
    room, mode, scene, place, yaw, length
):
    room.reset(scene, agentMode=mode, snapToGrid=False, applyActionNoise=False)
    at = pose(room, *place) | {"rotation": {"x": 0.0, "y": yaw, "z": 0.0}}
    if mode == "locobot":
        del at["standing"]
    told = []
    for count in (1, 2, round(length / 0.05)):
        room.do("TeleportFull", **at)
        strides = [room.act("MoveAhead", moveMagnitude=length / count) for _ in range(count)]
        told.append(all(stride.success for stride in strides))
    assert len(set(told)) == 1


@pytest.mark.parametrize("grid", [0.1, 0.5])
def test_every_reachable_position_can_be_teleported_to(room, grid):
    room.reset("FloorPlan413", gridSize=grid)
    for place in room.do("GetReachablePositions"):
        room.do("Teleport", position=place)
