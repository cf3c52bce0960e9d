"""Where an agent starts on its own grid, and at which places a walk is looked at."""

from __future__ import annotations

import math

import pytest

from envs.simulator.navigation.navigation import along
from tests.envs.simulator.room import Room

SCENE = "FloorPlan4"


@pytest.fixture(scope="module")
def room():
    return Room(SCENE)


# AI2-THOR's checkInitializeAgentLocationAction moves the agent to a corner of its grid's cell.
def test_a_finer_grid_is_kept_from_the_start(room):
    room.reset(SCENE, gridSize=0.1)
    agent = room.world.agent
    for value in (agent.x, agent.z):
        assert value == pytest.approx(round(value, 1), abs=1e-6)
    assert agent.z in (pytest.approx(1.2), pytest.approx(1.3))


def test_the_recorded_grid_and_no_grid_leave_the_start_alone(room):
    for settings in ({}, {"gridSize": 0.1, "snapToGrid": False}):
        room.reset(SCENE, **settings)
        assert (room.world.agent.x, room.world.agent.z) == (-2.0, 1.25)


def test_a_walk_is_looked_at_every_five_centimetres_up_to_its_end():
    places = along((0.0, 0.0), (0.3, 0.4))
    assert places[-1] == pytest.approx((0.3, 0.4)) and len(places) == 10
    gaps = [math.dist(a, b) for a, b in zip([(0.0, 0.0), *places], places, strict=False)]
    assert max(gaps) <= 0.05 + 1e-9
