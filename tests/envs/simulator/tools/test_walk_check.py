"""One floor: what is listed can be stood on, and what is led can be walked, or it is reported."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from envs.simulator.tools.walk_check import check_walks
from envs.simulator.world.world import World


def loaded(name: str) -> World:
    world = World(64, 64)
    world.load(name)
    return world


# AI2-THOR teleports to each position it lists (GetReachablePositions, its documentation).
@pytest.mark.parametrize("name", ["FloorPlan_Train5_5", "FloorPlan12"])
def test_every_reachable_position_is_a_place_to_teleport_to(name):
    found = check_walks(loaded(name), 3, np.random.default_rng(1))
    assert found.positions > 50 and found.paths == 3 and found.legs >= 3
    assert found.passed, found


def test_places_outside_the_bounds_are_reported():
    world = loaded("FloorPlan405")
    world.scene = replace(world.scene, bounds=((0.0, 1.0, 0.0), (0.1, 2.0, 0.1)))
    found = check_walks(world, 0, np.random.default_rng(1))
    assert len(found.refused) == found.positions and not found.passed
