"""Where an agent starts on its own grid."""

from __future__ import annotations

import pytest

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
