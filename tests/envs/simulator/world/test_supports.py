"""Nothing hangs in the air."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.world.world import World


@pytest.fixture(scope="module")
def world():
    made = World(32, 32)
    yield made
    made.close()


def boards(world):
    return [f for f in world.structure() if f.object_type == "Support"]


def test_a_plant_that_nothing_carries_gets_a_board(world):
    world.load("FloorPlan208")
    plant = next(o for o in world.objects.values() if o.type == "HousePlant")
    under = [f for f in boards(world) if abs(f.center[0] - plant.center[0]) < 0.1]
    assert len(under) == 1
    top = under[0].center[1] + under[0].size[1] / 2
    assert top == pytest.approx(plant.low[1], abs=0.01)


def test_what_lies_in_a_fridge_has_a_rack_within_it(world):
    world.load("FloorPlan30")
    fridge = next(o for o in world.objects.values() if o.type == "Fridge")
    racks = [
        f
        for f in boards(world)
        if (np.asarray(f.center) > fridge.low).all() and (np.asarray(f.center) < fridge.high).all()
    ]
    assert racks
    for rack in racks:
        half = np.asarray(rack.size)[[0, 2]] / 2
        middle = np.asarray(rack.center)[[0, 2]]
        assert (middle - half > fridge.low[[0, 2]]).all()
        assert (middle + half < fridge.high[[0, 2]]).all()


def test_a_room_in_which_all_is_carried_gets_nothing(world):
    world.load("FloorPlan301")
    assert not boards(world)


def test_no_board_is_where_the_agent_walks(world):
    for name in ("FloorPlan8", "FloorPlan304", "FloorPlan326"):
        world.load(name)
        for board in boards(world):
            if board.center[1] - board.size[1] / 2 < 1.7:
                half = np.asarray(board.size)[[0, 2]] / 2
                away = np.abs(world.grid_points - np.asarray(board.center)[[0, 2]]) - half
                assert away.max(1).min() > 0.1, name


def test_a_book_is_not_carried_by_the_book_that_lies_on_it(world):
    world.load("FloorPlan_Val3_3")
    lower = world.objects["Book|+02.28|+00.34|-01.58"]
    tops = [
        f.center[1] + f.size[1] / 2
        for f in boards(world)
        if (np.abs(np.asarray(f.center) - lower.center)[[0, 2]] < np.asarray(f.size)[[0, 2]]).all()
    ]
    assert min(abs(top - lower.low[1]) for top in tops) < 0.01
