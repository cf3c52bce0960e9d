"""What the agent holds goes where the agent goes, and must not run into things.

Sources: AI2-THOR's engine sweeps the held object with every move, turn, look and teleport
(CheckIfItemBlocksAgentMovement, CheckIfAgentCanRotate, isHandObjectColliding) and skips that with
forceAction; its messages.
"""

from __future__ import annotations

import pytest

from tests.envs.simulator.room import Room

BESIDE = {"x": -2.25, "y": 0.9027, "z": 5.75}


@pytest.fixture(scope="module")
def shared():
    return Room("FloorPlan201")


@pytest.fixture()
def room(shared):
    shared.reset("FloorPlan201")
    shared.take("Box")
    return shared


def test_a_teleport_that_puts_the_held_object_into_something_fails(room):
    pose = {"position": BESIDE, "rotation": 0, "horizon": 0, "standing": True}
    before = room.world.agent
    assert "hand object collision" in room.refuse("TeleportFull", **pose)
    assert room.world.agent == before
    room.do("TeleportFull", **pose, forceAction=True)


def test_a_turn_that_sweeps_the_held_object_through_something_fails(room):
    room.do("TeleportFull", position=BESIDE, rotation=180, horizon=0, standing=True)
    answers = [room.act("RotateRight", degrees=90) for _ in range(2)]
    failed = [a.message for a in answers if not a.success]
    assert failed and "a held item: Box" in failed[0]
    assert room.world.agent.yaw != 0.0
    room.do("DropHandObject")


def test_a_move_that_carries_the_held_object_into_something_fails(room):
    place = {**BESIDE, "z": 4.0}
    room.do("TeleportFull", position=place, rotation=0, horizon=0, standing=True, forceAction=True)
    answers = [room.act("MoveAhead") for _ in range(12)]
    failed = [a.message for a in answers if not a.success]
    assert failed and "is blocking Agent 0 from moving by" in failed[0]
    assert room.world.agent.z < BESIDE["z"]


def test_the_hand_goes_back_to_rest_only_if_the_agent_goes(room):
    room.do("TeleportFull", position=BESIDE, rotation=180, horizon=0, standing=True)
    room.do("MoveHeldObject", up=0.05)
    before = room.world.agent
    while room.act("RotateRight").success:
        before = room.world.agent
        assert before.yaw != 180.0
    assert room.world.agent == before


def test_what_the_held_object_is_in_already_it_may_leave(room):
    pose = {"position": BESIDE, "rotation": 0, "horizon": 0, "standing": True}
    room.do("TeleportFull", **pose, forceAction=True)
    room.do("RotateRight", degrees=180)


def test_interactable_poses_are_ones_the_agent_can_be_teleported_to(room):
    television = room.first("Television")
    poses = room.do("GetInteractablePoses", objectId=television.object_id)
    assert isinstance(poses, list) and poses
    for pose in poses[::20]:
        room.do("TeleportFull", **pose)
