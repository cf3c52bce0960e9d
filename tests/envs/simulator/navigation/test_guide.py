"""ObjectNavExpertAction: the next action on the shortest way.

Source: AI2-THOR's engine (the action names the move or turn that follows the path, and nothing when
the agent is there) and public programs that steer by it: they carry out the returned action until
it is None.
"""

from __future__ import annotations

import math

import pytest

from tests.envs.simulator.room import Room


@pytest.fixture(scope="module")
def shared():
    return Room()


@pytest.fixture()
def room(shared):
    shared.reset("FloorPlan1")
    return shared


def follow(room: Room, **target: object) -> list[str]:
    """Carries out what it is told until that is nothing."""
    done: list[str] = []
    while (name := room.do("ObjectNavExpertAction", **target)) is not None:
        assert isinstance(name, str) and len(done) < 60
        room.do(name)
        done.append(name)
    return done


def test_following_it_leads_to_a_position(room):
    done = follow(room, position={"x": 0.5, "y": 0.9, "z": -1.5})
    agent = room.world.agent
    assert (agent.x, agent.z) == pytest.approx((0.5, -1.5))
    assert set(done) <= {"MoveAhead", "RotateLeft", "RotateRight"}


@pytest.mark.parametrize("step", [45.0, 90.0])
def test_following_it_leads_to_where_an_object_is_visible(room, step):
    room.reset("FloorPlan1", rotateStepDegrees=step, snapToGrid=step == 90.0)
    mug = room.first("Mug")
    assert not room.row(mug.object_id)["visible"]
    assert follow(room, objectId=mug.object_id)
    assert room.row(mug.object_id)["visible"]


def test_a_type_leads_to_the_nearest_of_it(room):
    follow(room, objectType="Cabinet")
    assert any(room.row(t.object_id)["visible"] for t in room.all("Cabinet"))


def test_a_place_nobody_can_reach_fails(room):
    assert "could not be found" in room.refuse(
        "ObjectNavExpertAction", position={"x": 50.0, "y": 0.9, "z": 0.0}
    )
    assert "No object of type" in room.refuse("ObjectNavExpertAction", objectType="Elephant")


def test_a_point_on_furniture_leads_beside_it(room):
    table = room.first("CounterTop").center
    target = {"x": float(table[0]), "y": float(table[1]), "z": float(table[2])}
    answer = room.act("ObjectNavExpertAction", position=target)
    if answer.success:
        follow(room, position=target)
        agent = room.world.agent
        assert math.hypot(agent.x - target["x"], agent.z - target["z"]) < 1.0


@pytest.mark.parametrize("seed", [1, 2])
def test_a_locobot_that_noise_takes_off_the_grid_is_led_as_well(seed):
    """Source: AllenAct's RoboTHOR tasks, whose expert asks for each of its noisy steps anew."""
    room = Room("FloorPlan_Train9_2")
    room.reset("FloorPlan_Train9_2", agentMode="locobot", snapToGrid=False, rotateStepDegrees=30.0)
    room.do("SetRandomSeed", seed=seed)
    plant = room.first("HousePlant")
    for _ in range(70):
        if (name := room.do("ObjectNavExpertAction", objectType="HousePlant")) is None:
            break
        room.act(str(name))
    assert room.row(plant.object_id)["visible"]
