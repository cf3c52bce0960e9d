"""ObjectNav on the grid as AllenAct's iTHOR plugin plays it: its Controller, its graph, its expert.

Source: PyPI allenact-plugins 0.5.4, ithor_plugin's environment, tasks and sampler.
"""

from __future__ import annotations

import random
from collections import deque

import ai2thor.fifo_server
import pytest

GRID, SIDE = 0.25, 96
Key = tuple[float, float, int, int]


def key_of(place: dict, yaw: float, horizon: float) -> Key:
    """A node of AllenAct's graph: rounded as it rounds."""
    turns, tilts = round(yaw / 90) * 90 % 360, round(horizon / 30) * 30 % 360
    return round(place["x"], 2), round(place["z"], 2), turns, tilts


def here(controller) -> Key:
    agent = controller.last_event.metadata["agent"]
    return key_of(agent["position"], agent["rotation"]["y"], agent["cameraHorizon"])


def steps_from(key: Key, free: set[tuple[float, float]]) -> dict[str, Key]:
    """The actions that lead from a node to another."""
    x, z, yaw, tilt = key
    dx, dz = {0: (0, GRID), 90: (GRID, 0), 180: (0, -GRID), 270: (-GRID, 0)}[yaw]
    ahead = (round(x + dx, 2), round(z + dz, 2))
    found = {
        "RotateRight": (x, z, (yaw + 90) % 360, tilt),
        "RotateLeft": (x, z, (yaw - 90) % 360, tilt),
    }
    if ahead in free:
        found["MoveAhead"] = (*ahead, yaw, tilt)
    if tilt != 330:
        found["LookUp"] = (x, z, yaw, (tilt - 30) % 360)
    if tilt != 60:
        found["LookDown"] = (x, z, yaw, (tilt + 30) % 360)
    return found


def plan(start: Key, goals: set[Key], free: set[tuple[float, float]]) -> list[str]:
    """The shortest actions from a node to one of some goals."""
    before: dict[Key, tuple[Key, str] | None] = {start: None}
    waiting = deque([start])
    while waiting:
        node = waiting.popleft()
        if node in goals:
            actions: list[str] = []
            while (step := before[node]) is not None:
                node, action = step
                actions.append(action)
            return actions[::-1]
        for action, other in steps_from(node, free).items():
            if other not in before:
                before[other] = node, action
                waiting.append(other)
    raise LookupError("no goal can be reached")


@pytest.fixture()
def controller(thor):
    made = thor(
        x_display=None,
        width=SIDE,
        height=SIDE,
        local_executable_path=None,
        quality="Very Low",
        server_class=ai2thor.fifo_server.FifoServer,
    )
    made.docker_enabled = False
    return made


@pytest.mark.slow
@pytest.mark.parametrize(
    "scene, kind", [("FloorPlan1_physics", "Tomato"), ("FloorPlan402", "Sink")]
)
def test_the_expert_of_the_grid_finds_its_object(controller, scene, kind):
    controller.reset(scene)
    controller.step(
        {
            "action": "Initialize",
            "gridSize": GRID,
            "visibilityDistance": 1.25,
            "fieldOfView": 90.0,
            "makeAgentsVisible": False,
            "alwaysReturnVisibleRange": False,
        }
    )
    assert controller.last_event.metadata["sceneName"].replace("_physics", "") in scene
    controller.step({"action": "ChangeOpenSpeed", "x": 0.05})
    controller.step({"action": "GetReachablePositions"})
    metadata = controller.last_event.metadata
    assert metadata["lastActionSuccess"] and metadata["lastAction"] == "GetReachablePositions"
    points = metadata["actionReturn"]
    start = random.Random(2).choice(points)
    pose = {"rotation": {"x": 0.0, "y": 90, "z": 0.0}, "horizon": 330, "standing": True}
    event = controller.step({"action": "TeleportFull", **start, **pose, "forceAction": False})
    if not event.metadata["lastActionSuccess"]:  # AllenAct draws horizons of 330 and tries again
        pose["horizon"] = 30
        controller.step({"action": "TeleportFull", **start, **pose, "forceAction": False})
    assert controller.last_event.metadata["lastActionSuccess"]
    agent = controller.last_event.metadata["agent"]
    assert agent["position"] == pytest.approx(start, abs=1e-2)
    goals: set[Key] = set()
    positions = [{**p, "y": agent["position"]["y"]} for p in points]
    for obj in controller.last_event.metadata["objects"]:
        if obj["objectType"] == kind:
            controller.step(
                {
                    "action": "PositionsFromWhichItemIsInteractable",
                    "objectId": obj["objectId"],
                    "positions": positions,
                }
            )
            lists = controller.last_event.metadata["actionReturn"]
            names = ("x", "z", "rotation", "horizon", "standing")
            for x, z, yaw, tilt, standing in zip(*(lists[n] for n in names), strict=True):
                if standing == 1:
                    goals.add(key_of({"x": x, "z": z}, yaw, tilt))
    free = {(round(p["x"], 2), round(p["z"], 2)) for p in points}
    for action in plan(here(controller), goals, free):
        assert controller.step({"action": action}).metadata["lastActionSuccess"], action
        assert controller.last_event.frame.shape == (SIDE, SIDE, 3)
    assert here(controller) in goals
    objects = controller.last_event.metadata["objects"]
    assert any(o["visible"] and o["objectType"] == kind for o in objects)


def test_a_map_is_drawn_from_semantic_hulls_and_the_view_from_above(controller):
    controller.reset("FloorPlan1")
    controller.step("Get2DSemanticHulls", objectTypes=["Fridge", "Mug"])
    hulls = controller.last_event.metadata["actionReturn"]
    assert {name.split("|")[0] for name in hulls} == {"Fridge", "Mug"}
    controller.step({"action": "ChangeQuality", "quality": "Very High"})
    controller.step({"action": "ToggleMapView"})
    above = controller.last_event.metadata
    assert above["cameraOrthSize"] > 0 and above["cameraPosition"]["y"] > 2
    assert controller.last_event.cv2img.shape == (SIDE, SIDE, 3)
    controller.step({"action": "ToggleMapView"})
    assert controller.last_event.metadata["cameraOrthSize"] < 0
