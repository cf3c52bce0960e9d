"""RoboTHOR tasks as AllenAct's plugin and the RoboTHOR challenge play them, with a LoCoBot.

Source: PyPI allenact-plugins 0.5.4, robothor_plugin's environment and tasks; github
allenai/robothor-challenge.
"""

from __future__ import annotations

import math
import random

import pytest
from ai2thor.fifo_server import FifoServer
from ai2thor.util import metrics

SCENE, OTHER = "FloorPlan_Train1_3", "FloorPlan_Val2_1"


@pytest.fixture()
def make(thor):
    def made(**more: object):
        return thor(
            rotateStepDegrees=30.0,
            visibilityDistance=1.0,
            gridSize=0.25,
            continuousMode=True,
            snapToGrid=False,
            agentMode="locobot",
            width=96,
            height=72,
            server_class=FifoServer,
            commit_id="bad5bc2b250615cb766ffb45d455c211329af17e",
            fieldOfView=79,
            renderDepthImage=True,
            include_private_scenes=False,
            scene=SCENE,
            **more,
        )

    return made


def random_pose(controller, rng: random.Random) -> dict:
    event = controller.step(action="GetReachablePositions")
    place = rng.choice(event.metadata["actionReturn"])
    yaw = rng.choice(range(0, 360, 30))
    return {**place, "rotation": {"x": 0.0, "y": float(yaw), "z": 0.0}, "horizon": 0.0}


def walk_to(controller, kind: str, error: float) -> list[dict] | None:
    position = controller.last_event.metadata["agent"]["position"]
    event = controller.step(
        action="GetShortestPath", objectType=kind, position=position, allowedError=error
    )
    return event.metadata["actionReturn"]["corners"] if event else None


@pytest.mark.slow
def test_the_expert_finds_an_object_and_the_way_grows_shorter(make):
    controller, rng = make(agentCount=1), random.Random(3)
    assert controller.step("ResetObjectFilter", renderImage=False)
    assert controller.step("TeleportFull", **random_pose(controller, rng), agentId=0)
    lengths = []
    for _ in range(80):
        objects = controller.last_event.metadata["objects"]
        if any(o["visible"] and o["objectType"] == "Laptop" for o in objects):
            break
        corners = walk_to(controller, "Laptop", 0.05)
        lengths.append(metrics.path_distance(corners) if corners else math.nan)
        event = controller.step({"action": "ObjectNavExpertAction", "objectType": "Laptop"})
        action = event.metadata["actionReturn"]
        assert event.metadata["lastActionSuccess"] and isinstance(action, str)
        controller.step(action=action)
    else:
        pytest.fail("the expert never saw it")
    assert lengths[-1] < max(lengths[0], 0.5)


def test_a_point_is_measured_from_where_the_agent_is(make):
    controller, rng = make(), random.Random(1)
    target = random_pose(controller, rng)
    controller.step("TeleportFull", **random_pose(controller, rng))
    position = controller.last_event.metadata["agent"]["position"]
    corners = controller.step(
        action="GetShortestPathToPoint",
        position=position,
        target={k: target[k] for k in "xyz"},
        allowedError=0.05,
    ).metadata["actionReturn"]["corners"]
    straight = math.dist((position["x"], position["z"]), (target["x"], target["z"]))
    assert metrics.path_distance(corners) >= straight - 0.1
    assert corners[-1]["x"] == pytest.approx(target["x"], abs=0.05)


def test_two_agents_have_frames_and_places_of_their_own(make):
    controller = make(agentCount=2)
    controller.reset(OTHER)
    for agent in range(2):
        event = controller.step(action="RotateRight", agentId=agent)
        assert event.metadata["lastActionSuccess"]
        assert event.events[agent].depth_frame.shape == (72, 96)
    first, second = (e.metadata["agent"]["position"] for e in controller.last_event.events)
    assert math.dist((first["x"], first["z"]), (second["x"], second["z"])) > 0.3


def test_the_challenge_clears_what_an_agent_may_not_read(make):
    controller = make()
    controller.initialization_parameters["robothorChallengeEpisodeId"] = "an episode"
    controller.reset(OTHER)
    start = random_pose(controller, random.Random(0))
    controller.step(action={"action": "TeleportFull", **start})
    for action in ("MoveAhead", "RotateRight", "LookDown", "LookUp", "RotateLeft", "Stop"):
        event = controller.last_event
        event.metadata.clear()
        assert event.frame.shape == (72, 96, 3) and event.depth_frame.shape == (72, 96)
        event = controller.step(action=action)
        assert {"position", "rotation", "cameraHorizon"} <= set(event.metadata["agent"])
        assert event.metadata["lastActionSuccess"] or action == "MoveAhead"
    assert any(o["objectId"].split("|")[0] == "Laptop" for o in event.metadata["objects"])
