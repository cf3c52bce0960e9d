"""A task as Embodied-Reasoner's evaluation carries it out: its resets, its poses, its forced hands.

Source: github zwq2018/embodied_reasoner, its RocAgent over AI2-THOR 5.0.0, and the key actions that
its tasks list. Its agent goes to interactable poses, looks at its target by turns that may be 0 or
negative, and lays what it holds on the floor before it opens something.
"""

from __future__ import annotations

import math

import pytest
from ai2thor.platform import CloudRendering

# Scene, key actions (what is done, to which type): chosen among the kinds of its tasks.
TASKS = (
    ("FloorPlan303", (("pickup", "CellPhone"), ("put", "Bed"))),
    ("FloorPlan1", (("open", "Fridge"), ("close", "Fridge"), ("toggle", "CoffeeMachine"))),
    ("FloorPlan3", (("pickup", "Potato"), ("open", "Microwave"), ("put", "Microwave"))),
)
SETTINGS = {
    "snapToGrid": False,
    "quality": "Medium",
    "agentMode": "default",
    "massThreshold": None,
    "visibilityDistance": 20,
    "renderDepthImage": False,
    "renderInstanceSegmentation": False,
    "width": 200,
    "height": 112,
    "fieldOfView": 90,
}


@pytest.fixture()
def controller(thor):
    return thor(platform=CloudRendering, scene="FloorPlan1", gridSize=0.1, **SETTINGS)


def objects_of(controller, kind: str) -> list[dict]:
    return [o for o in controller.last_event.metadata["objects"] if o["objectType"] == kind]


def to_a_corner(controller) -> None:
    """The start: at the reachable place nearest to a corner of the scene, looking inwards."""
    corners = controller.last_event.metadata["sceneBounds"]["cornerPoints"]
    places = controller.step({"action": "GetReachablePositions"}).metadata["actionReturn"]
    tries = sorted(
        (math.hypot(p["x"] - corners[i][0], p["z"] - corners[i][2]), i, n)
        for i in (2, 3, 6, 7)
        for n, p in enumerate(places)
    )
    yaws = {2: 225, 3: 315, 6: 135, 7: 45}
    _, corner, nearest = tries[0]
    event = controller.step(
        action="Teleport",
        position=places[nearest],
        rotation={"x": 0, "y": yaws[corner], "z": 0},
        horizon=0,
    )
    assert event.metadata["lastActionSuccess"], event.metadata["errorMessage"]


def navigate(controller, obj: dict) -> None:
    """Goes to the nearest pose from which an object is interactable, and looks at it."""
    at = obj["position"]
    poses = controller.step(
        {"action": "GetInteractablePoses", "objectId": obj["objectId"]}
    ).metadata["actionReturn"]
    near = sorted(poses, key=lambda p: math.hypot(p["x"] - at["x"], p["z"] - at["z"]))
    assert near, obj["objectId"]
    for pose in near:
        event = controller.step(
            action="Teleport",
            position=pose,
            rotation={"x": 0, "y": pose["rotation"], "z": 0},
            horizon=60,
        )
        if event.metadata["lastActionSuccess"]:
            break
    agent = event.metadata["agent"]
    low = agent["position"]["y"] > obj["axisAlignedBoundingBox"]["cornerPoints"][0][1] + 0.44
    controller.step(action="Crouch" if low else "Stand")
    camera, center = event.metadata["cameraPosition"], obj["axisAlignedBoundingBox"]["center"]
    x, y, z = (center[k] - camera[k] for k in "xyz")
    pitch = int(math.degrees(math.atan2(y, math.hypot(x, z))))
    tilt = min(30, pitch) if pitch > 0 else max(-60, pitch)
    now = -controller.last_event.pose_discrete[3]
    if tilt > now:
        controller.step(action="LookUp", degrees=tilt - now)
    elif tilt < now:
        controller.step(action="LookDown", degrees=now - tilt)
    yaw = round(math.degrees(math.atan2(x, z)) / 45) * 45 % 360
    controller.step(action="RotateLeft", degrees=agent["rotation"]["y"] - yaw)


def aside(controller, **action: object) -> None:
    """Lays what is held on the floor, acts, and takes it up again."""
    held = [o["objectId"] for o in controller.last_event.metadata["objects"] if o["isPickedUp"]]
    if held:
        floor = objects_of(controller, "Floor")[-1]["objectId"]
        down = controller.step(
            action="PutObject", objectId=floor, forceAction=True, placeStationary=True
        )
        assert down.metadata["errorMessage"] == ""
    event = controller.step(**action)
    assert event.metadata["errorMessage"] == "", action
    if held:
        controller.step(
            action="PickupObject", objectId=held[0], forceAction=True, manualInteract=False
        )


@pytest.mark.slow
@pytest.mark.parametrize("scene, keys", TASKS)
def test_the_key_actions_of_a_task_work(controller, scene, keys):
    controller.reset(scene=scene, **SETTINGS)
    to_a_corner(controller)
    before = None
    for action, kind in keys:
        obj = objects_of(controller, kind)[0]
        if kind != before:
            navigate(controller, obj)
        before = kind
        name, force = {"objectId": obj["objectId"]}, {"forceAction": True}
        if action == "pickup":
            controller.step(action="PickupObject", **name, **force, manualInteract=False)
        elif action == "put":
            controller.step(action="PutObject", **name, **force, placeStationary=True)
        elif action == "toggle":
            switch = "ToggleObjectOff" if obj["isToggled"] else "ToggleObjectOn"
            controller.step(action=switch, **name, **force)
        elif action == "open":
            aside(controller, action="OpenObject", **name, openness=1, forceAction=False)
        else:
            aside(controller, action="CloseObject", **name, forceAction=False)
        assert controller.last_event.metadata["errorMessage"] == "", (action, kind)
        assert controller.last_event.frame.shape == (112, 200, 3)
