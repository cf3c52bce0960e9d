"""A walk as EmbodiedBench's EB-Navigation environment takes it, with boxes and a map view.

Source: github EmbodiedBench/EmbodiedBench, its EBNavEnv over AI2-THOR 5.0.0.
"""

from __future__ import annotations

import copy

import numpy as np
import pytest
from ai2thor.platform import CloudRendering

SIDE = 300
ACTIONS = (
    ("MoveAhead", {"moveMagnitude": 0.25}),
    ("MoveBack", {"moveMagnitude": 0.25}),
    ("MoveRight", {"moveMagnitude": 0.25}),
    ("MoveLeft", {"moveMagnitude": 0.25}),
    ("RotateRight", {"degrees": 90}),
    ("RotateLeft", {"degrees": 90}),
    ("LookUp", {"degrees": 15}),
    ("LookDown", {"degrees": 30}),
)


@pytest.fixture()
def controller(thor):
    made = thor(
        agentMode="default",
        gridSize=0.1,
        visibilityDistance=10,
        renderDepthImage=True,
        renderInstanceSegmentation=True,
        width=SIDE,
        height=SIDE,
        fieldOfView=100,
        platform=CloudRendering,
    )
    made.reset(scene="FloorPlan11")
    event = made.step(action="GetMapViewCameraProperties", raise_for_failure=True)
    pose = copy.deepcopy(event.metadata["actionReturn"])
    pose["orthographic"] = True
    made.step(action="AddThirdPartyCamera", **pose, skyboxColor="white", raise_for_failure=True)
    return made


def test_every_action_of_the_benchmark_works_or_says_why_not(controller):
    for name, arguments in ACTIONS:
        event = controller.step(action=name, **arguments)
        told = event.metadata.get("errorMessage")
        assert event.metadata["lastAction"] == name
        assert bool(told) != event.metadata.get("lastActionSuccess"), (name, told)
        assert event.frame.shape == (SIDE, SIDE, 3) and event.depth_frame.shape == (SIDE, SIDE)


def test_boxes_can_be_drawn_round_what_is_seen(controller):
    event = controller.last_event
    boxes = event.instance_detections2D
    ids = {o["objectId"] for o in event.metadata["objects"]}
    seen = {o["objectId"] for o in event.metadata["objects"] if o["visible"]}
    assert ids.intersection(boxes) and seen
    for name, (left, top, right, bottom) in boxes.items():
        assert 0 <= left <= right < SIDE and 0 <= top <= bottom < SIDE, name
        assert event.instance_masks[name][top : bottom + 1, left : right + 1].any()


def test_the_view_from_above_comes_with_each_step(controller):
    event = controller.step(action="RotateRight", degrees=90)
    above = event.third_party_camera_frames[-1]
    assert above.shape == (SIDE, SIDE, 3) and np.asarray(above).std() > 10


def test_a_failure_can_be_written_into_the_last_event(controller):
    controller.last_event.metadata["lastActionSuccess"] = False
    controller.last_event.metadata["errorMessage"] = "no such action"
    assert controller.last_event.metadata["errorMessage"] == "no such action"
    assert controller.step(action="RotateLeft", degrees=90).metadata["lastActionSuccess"] is True
