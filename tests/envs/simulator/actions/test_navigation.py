"""Moving, teleporting, the LoCoBot, and which arguments moves take."""

from __future__ import annotations

import numpy as np
import pytest

from tests.envs.simulator.room import Room


@pytest.fixture(scope="module")
def shared():
    return Room("FloorPlan28")


@pytest.fixture()
def room(shared):
    shared.reset("FloorPlan28")
    return shared


def test_a_move_takes_arguments_it_does_not_know(room):
    room.do("MoveAhead", moveMagnitude=0.25, somethingOld=1)


def test_a_negative_move_is_refused(room):
    assert ">= 0" in room.refuse("MoveAhead", moveMagnitude=-0.25)


def test_a_move_that_would_leave_an_object_behind_fails(room):
    fridge = room.first("Fridge").object_id
    assert "farther than" in room.refuse("MoveBack", objectId=fridge, maxAgentsDistance=0.1)
    room.do("MoveBack", objectId=fridge, maxAgentsDistance=50)


def test_the_grid_leaves_angles_free(room):
    """Only Initialize asks for multiples of 90 while snapToGrid is on.

    Source: AI2-THOR's documentation of rotateStepDegrees and snapToGrid, and its engine, whose
    turns and teleports check no angle.
    """
    yaw = room.metadata()["agent"]["rotation"]["y"]
    room.do("RotateRight", degrees=30)
    assert room.metadata()["agent"]["rotation"]["y"] == pytest.approx((yaw + 30) % 360)
    room.do("Teleport", rotation=45)
    assert room.metadata()["agent"]["rotation"]["y"] == pytest.approx(45)
    room.refuse("Initialize", rotateStepDegrees=45)


def test_a_turn_by_nothing_fails_and_a_look_by_nothing_is_the_usual_one(room):
    """Source: the engine's RotateRight refuses 0 degrees; LookDown takes 0 for its default."""
    room.refuse("RotateRight", degrees=0)
    room.refuse("RotateLeft", degrees=0)
    room.do("LookDown", degrees=0)
    assert room.metadata()["agent"]["cameraHorizon"] == pytest.approx(30)


def test_moves_end_on_the_grid(room):
    """Source: the engine's snapAgentToGrid after every move: to multiples of gridSize."""
    room.do("Teleport", position={"x": -1.5, "z": -1.5}, rotation=180)
    for stride, z in ((0.1, -1.5), (0.2, -1.75), (0.1, -1.75)):
        room.do("MoveAhead", moveMagnitude=stride)
        place = room.metadata()["agent"]["position"]
        assert (place["x"], place["z"]) == pytest.approx((-1.5, z))
    room.reset("FloorPlan28", snapToGrid=False)
    z = room.metadata()["agent"]["position"]["z"]
    room.do("MoveAhead", moveMagnitude=0.1)
    assert abs(room.metadata()["agent"]["position"]["z"] - z) == pytest.approx(0.1)


def test_a_teleport_off_the_grid_is_refused_while_the_agent_keeps_to_it(room):
    """Source: the engine's teleport checks the target against gridSize while snapToGrid is on."""
    assert "grid" in room.refuse("Teleport", position={"x": -1.43, "z": -1.5})
    room.do("Teleport", position={"x": -1.43, "z": -1.5}, forceAction=True)
    room.reset("FloorPlan28", snapToGrid=False)
    room.do("Teleport", position={"x": -1.43, "z": -1.5})


@pytest.mark.parametrize("strides", [(2.305,), (0.05,) * 46 + (0.005,), (0.7, 0.9, 0.705)])
def test_a_way_is_free_or_not_whatever_the_strides(strides):
    """AI2-THOR sweeps the agent's body along a move; it does not look at samples of the way."""
    room = Room("FloorPlan_Val3_1")
    still = {"movementGaussianSigma": 0.0, "rotateGaussianSigma": 0.0}
    room.reset("FloorPlan_Val3_1", agentMode="locobot", snapToGrid=False, **still)
    place = {"x": 3.5, "y": room.world.standing_y, "z": -3.75}
    room.do("TeleportFull", position=place, rotation=102.529, horizon=0)
    assert all(room.act("MoveAhead", moveMagnitude=stride).success for stride in strides)


def test_teleport_keeps_what_is_not_given(room):
    room.do("LookDown")
    room.do("Teleport", position={"x": -1.5, "z": -1.5})
    agent = room.metadata()["agent"]
    assert agent["cameraHorizon"] == pytest.approx(30)
    assert agent["position"] == pytest.approx({"x": -1.5, "y": 0.900999, "z": -1.5})


def test_teleport_out_of_the_scene_names_its_bounds(room):
    before = room.metadata()["agent"]
    assert "Scene bounds do not contain" in room.refuse("Teleport", x=99.0, y=0.9, z=0.0)
    assert room.metadata()["agent"] == before


@pytest.mark.parametrize("missing", ["standing", "rotation", "horizon", "x"])
def test_a_full_teleport_needs_the_whole_pose(room, missing):
    pose = {"x": -1.5, "y": 0.9, "z": -1.5, "rotation": {"y": 0}, "horizon": 0, "standing": True}
    del pose[missing]
    answer = room.act("TeleportFull", **pose)
    assert answer.code == "MissingArguments" and missing in answer.message


def test_teleport_refuses_tilted_agents_and_wild_horizons(room):
    room.refuse("Teleport", rotation={"x": 20, "y": 0, "z": 0})
    room.refuse("Teleport", horizon=75)
    assert room.act("Teleport", rotation={"y": "north"}).code == "InvalidArgument"


def test_rotate_look_turns_and_tilts_at_once(room):
    room.do("RotateLook", rotation=45.0, horizon=12.0)
    agent = room.metadata()["agent"]
    assert (agent["rotation"]["y"], agent["cameraHorizon"]) == pytest.approx((45.0, 12.0))


def test_crouching_lowers_the_camera_and_standing_lifts_it(room):
    height = room.metadata()["cameraPosition"]["y"]
    room.do("Crouch")
    assert room.metadata()["cameraPosition"]["y"] == pytest.approx(height - 0.675)
    assert "Already" in room.refuse("Crouch")
    room.do("Stand")
    assert room.metadata()["cameraPosition"]["y"] == pytest.approx(height)


def test_a_locobot_has_no_posture_and_no_hand():
    room = Room("FloorPlan_Train1_1")
    room.reset("FloorPlan_Train1_1", agentMode="locobot")
    assert room.metadata()["agent"]["isStanding"] is None
    assert "locobot" in room.refuse("Crouch")
    thing = next(t for t in room.world.objects.values() if t.is_("pickupable"))
    assert "no hand" in room.refuse("PickupObject", objectId=thing.object_id, forceAction=True)
    pose = {"x": 0.0, "y": 0.9, "z": 0.0, "rotation": {"y": 0}, "horizon": 0}
    room.do("TeleportFull", **pose, forceAction=True)
    room.refuse("TeleportFull", **pose, standing=False, forceAction=True)


def test_a_locobots_noise_is_seeded_and_can_be_turned_off():
    room = Room("FloorPlan_Train1_1")

    def walk(seed: int, **sigmas: float) -> np.ndarray:
        room.reset("FloorPlan_Train1_1", agentMode="locobot", **sigmas)
        room.do("SetRandomSeed", seed=seed)
        start = room.world.agent.position
        for action in ("RotateRight", "MoveBack", "RotateLeft"):
            room.act(action)
        return np.append(room.world.agent.position - start, room.world.agent.yaw)

    assert walk(1) == pytest.approx(walk(1))
    assert np.abs(walk(1) - walk(2)).max() > 1e-5
    plain = walk(1, movementGaussianSigma=0.0, rotateGaussianSigma=0.0)
    assert plain[3] % 90 == pytest.approx(0) and np.linalg.norm(plain[:3]) in (
        pytest.approx(0.25),
        pytest.approx(0.0),
    )


@pytest.mark.parametrize(
    "bad",
    [
        {"gridSize": 0},
        {"gridSize": 9},
        {"fieldOfView": 180},
        {"rotateStepDegrees": 45, "snapToGrid": True},
        {"rotateStepDegrees": 0},
        {"agentMode": "arm"},
        {"agentCount": 0},
        {"visibilityDistance": 1e308},
        {"cameraFarPlane": 1e308},
        {"movementGaussianSigma": -1.0},
    ],
)
def test_impossible_settings_are_refused(room, bad):
    assert not room.act("Initialize", **bad).success


def test_agents_may_be_allowed_to_pass_each_other(room):
    room.reset("FloorPlan28", agentCount=2)
    room.do("Teleport", position={"x": -1.5, "z": -1.5}, rotation=0, forceAction=True)
    room.world.active = 1
    room.do("Teleport", position={"x": -1.5, "z": -2.0}, rotation=0, forceAction=True)
    assert "Agent 0" in room.refuse("MoveAhead", moveMagnitude=0.5)
    room.do("MoveAhead", moveMagnitude=0.5, allowAgentsToIntersect=True)
    room.world.active = 0


def test_vectors_may_hold_more_than_their_axes(room):
    """AI2-THOR reads x, y and z of a vector and ignores the rest; published runs rely on it.

    Source: the engine's JSON conversion; runs that give a pose of GetInteractablePoses as position.
    """
    poses = room.do("GetInteractablePoses", objectId=room.first("Fridge").object_id)
    assert isinstance(poses, list)
    room.do("Teleport", position=poses[0])
    assert room.world.agent.x == pytest.approx(poses[0]["x"])
    room.do("AddThirdPartyCamera", position=poses[0], rotation={"x": 0, "y": 0, "z": 0, "w": 1})
    assert not room.act("AddThirdPartyCamera", position={"a": 1}, rotation={"y": 0}).success


def test_a_locobot_takes_no_posture_and_its_poses_have_none():
    """Source: the engine's LoCoBot refuses any value of standing."""
    room = Room("FloorPlan_Train1_1")
    room.reset("FloorPlan_Train1_1", agentMode="locobot")
    spot = room.do("GetReachablePositions")[0]  # type: ignore[index]
    pose = {"position": spot, "rotation": {"y": 0}, "horizon": 0}
    room.refuse("TeleportFull", **pose, standing=True)
    room.do("TeleportFull", **pose)
    things = [t.object_id for t in room.world.objects.values()]
    found = [room.do("GetInteractablePoses", objectId=name, maxPoses=1) for name in things[:10]]
    poses = [pose for rows in found for pose in rows]  # type: ignore[attr-defined]
    assert poses and all("standing" not in pose for pose in poses)
    room.do("TeleportFull", **poses[0])


def test_how_far_it_looks_up_and_down_is_a_setting(room):
    """Source: the engine's Initialize takes maxUpwardLookAngle and maxDownwardLookAngle."""
    room.reset("FloorPlan28", maxUpwardLookAngle=60.0, maxDownwardLookAngle=30.0)
    room.do("LookUp", degrees=60)
    assert "60 degrees above" in room.refuse("LookUp", degrees=1)
    room.do("Teleport", horizon=-50)
    assert "horizon" in room.refuse("Teleport", horizon=45)


def test_a_refused_initialize_brings_in_its_agents_all_the_same(room):
    """Source: the engine's AgentManager adds agents whatever the first one's Initialize said.

    Programs for several robots rely on it: they pass rotateStepDegrees=20 beside snapToGrid.
    """
    for wrong in ({"rotateStepDegrees": 20}, {"fieldOfView": 180}, {"visibilityScheme": "x"}):
        room.reset("FloorPlan28")
        room.refuse("Initialize", agentCount=2, **wrong)
        assert len(room.world.agents) == 2
    assert "at least 1" in room.refuse("Initialize", agentCount=0, fieldOfView=180)


@pytest.fixture()
def locobot():
    room = Room("FloorPlan_Train1_1")
    room.reset("FloorPlan_Train1_1", agentMode="locobot", applyActionNoise=False)
    return room


def test_a_locobot_moves_to_and_fro_only(locobot):
    """Source: the engine's LocobotFPSAgentController; its allowHorizontalMovement is off."""
    for action in ("MoveLeft", "MoveRight"):
        assert "horizontal movement" in locobot.refuse(action)
    assert "x must be 0" in locobot.refuse("MoveRelative", x=1.0, z=1.0)
    start = locobot.world.agent.position
    locobot.do("MoveRelative", z=-1.0)
    locobot.do("MoveRelative", z=1.0)
    assert locobot.world.agent.position == pytest.approx(start, abs=1e-6)
    locobot.do("Stop")


def test_a_locobot_turns_by_any_angle_and_tilts_by_thirty_degrees(locobot):
    """Source: the engine's LocobotFPSAgentController: Rotate, LookDown and maxDownwardLookAngle."""
    yaw = locobot.world.agent.yaw
    locobot.do("Rotate", rotation={"x": 0, "y": 12.5, "z": 0})
    assert locobot.world.agent.yaw == pytest.approx((yaw + 12.5) % 360)
    assert "30 degrees only" in locobot.refuse("LookDown", degrees=10)
    locobot.do("LookDown")
    assert "30 degrees below" in locobot.refuse("LookDown")


@pytest.mark.parametrize("action", ["Stop", "Rotate", "MoveRelative"])
def test_what_only_locobots_do_is_unknown_to_others(room, action):
    arguments = {"rotation": {"y": 90}} if action == "Rotate" else {}
    assert room.act(action, **arguments).code == "InvalidAction"


def test_a_posture_is_no_argument_of_a_locobots_teleport(locobot):
    """Source: the engine's LoCoBot, whose Teleport and TeleportFull have no such parameter."""
    for action in ("Teleport", "TeleportFull"):
        pose = {"position": {"x": 0, "y": 0.9, "z": 0}, "rotation": {"y": 0}, "horizon": 0}
        assert locobot.act(action, **pose, standing=True).code == "InvalidArgument"
