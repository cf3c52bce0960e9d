"""A room is rearranged as AI2's challenge does it: walkthrough, shuffle, putting things back.

Source: github allenai/ai2thor-rearrangement, its environment, utils and example over AI2-THOR
5.0.0. Every action there carries ``actionSimulationSeconds`` and ``fixedDeltaTime``, because the
simulation is paused.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

DETERMINED = {"actionSimulationSeconds": 0.26, "fixedDeltaTime": 0.02}
SCENE = "FloorPlan17"
SET_UP = {
    "placeStationary": False,
    "enablePhysicsJitter": True,
    "forceRigidbodySleep": True,
    "skipMoveable": True,
}


@contextmanager
def with_objects(controller) -> Iterator[list[dict]]:
    """Objects are left out of the metadata but here, to save time."""
    assert controller.step("ResetObjectFilter").metadata["lastActionSuccess"]
    yield controller.last_event.metadata["objects"]
    assert controller.step("SetObjectFilter", objectIds=[]).metadata["objects"] == []


def poses_of(objects: list[dict]) -> list[dict]:
    return [
        {"objectName": o["name"], "position": o["position"], "rotation": o["rotation"]}
        for o in objects
        if o["pickupable"]
    ]


def box_of(obj: dict) -> tuple[np.ndarray, np.ndarray]:
    """Axes (3, 3) and lengths (3,) of an object's box from the eight corners of its own."""
    corners = np.array(obj["objectOrientedBoundingBox"]["cornerPoints"])
    ways = (corners - corners[0])[1:]
    lengths = np.linalg.norm(ways, axis=1)
    axes: list[int] = []
    for index in np.argsort(lengths, kind="stable"):
        across = [abs(ways[index] @ ways[i]) < 0.02 * lengths[index] * lengths[i] for i in axes]
        if all(across) and len(axes) < 3:
            axes.append(int(index))
    return ways[axes] / lengths[axes, None], lengths[axes]


def away(first: dict, second: dict) -> float:
    return math.dist([first[k] for k in "xyz"], [second[k] for k in "xyz"])


@pytest.fixture()
def controller(thor):
    made = thor(
        scene="FloorPlan17_physics",
        width=96,
        height=96,
        fieldOfView=90,
        gridSize=0.25,
        rotateStepDegrees=90.0,
        snapToGrid=True,
        quality="Very Low",
        visibilityDistance=1.5,
        renderDepthImage=False,
        fastActionEmit=True,
    )
    made.reset(SCENE)
    assert made.step("PausePhysicsAutoSim").metadata["lastActionSuccess"]
    return made


def settle(controller, poses: list[dict], opened: dict[str, float]) -> dict[str, dict]:
    """Brings the agent, the doors and the loose things where a task has them."""
    start = controller.step("GetReachablePositions").metadata["actionReturn"][0]
    pose = {"rotation": {"x": 0, "y": 90, "z": 0}, "horizon": 0.0, "standing": True}
    assert controller.step("TeleportFull", **start, **pose, forceAction=True)
    for object_id, openness in opened.items():
        event = controller.step(
            action="OpenObject",
            objectId=object_id,
            openness=openness,
            forceAction=True,
            **DETERMINED,
        )
        assert event.metadata["lastActionSuccess"], event.metadata["errorMessage"]
    event = controller.step("SetObjectPoses", objectPoses=poses, **SET_UP)
    assert event.metadata["lastActionSuccess"], event.metadata["errorMessage"]
    return {o["name"]: o for o in event.metadata["objects"]}


@pytest.mark.slow
def test_what_was_shuffled_is_brought_back(controller):
    rng = random.Random(4)
    before = controller.last_event.metadata["objects"]
    goal = poses_of(before)
    drawer = next(o["objectId"] for o in before if o["objectType"] == "Drawer")
    walkthrough = settle(controller, goal, {drawer: 0.6})
    placed = [o for o in before if o["pickupable"]]
    strays = [
        o["name"] for o in placed if away(o["position"], walkthrough[o["name"]]["position"]) > 0.2
    ]
    assert strays == [] and walkthrough.keys() == {o["name"] for o in before}
    pickupable = [o["objectId"] for o in before if o["pickupable"]]
    rng.shuffle(pickupable)
    event = controller.step(
        "InitialRandomSpawn",
        excludedObjectIds=pickupable[4:],
        forceVisible=True,
        placeStationary=True,
    )
    assert event.metadata["lastActionSuccess"]
    shuffled = poses_of(event.metadata["objects"])
    controller.reset(SCENE)
    controller.step("PausePhysicsAutoSim")
    now = settle(controller, shuffled, {drawer: 0.1})
    assert now[walkthrough_name(before, drawer)]["openness"] == pytest.approx(0.1, abs=1e-3)
    moved = [n for n, o in now.items() if away(o["position"], walkthrough[n]["position"]) > 0.1]
    assert moved
    done = sum(bring_back(controller, now[name], walkthrough[name]) for name in moved)
    assert done >= 0.7 * len(moved)


def walkthrough_name(objects: list[dict], object_id: str) -> str:
    return next(o["name"] for o in objects if o["objectId"] == object_id)


def bring_back(controller, obj: dict, goal: dict) -> bool:
    """Takes a thing by force and lets it snap to its goal; whether it is there then."""
    with with_objects(controller):
        ids = {"objectId": obj["objectId"]}
        controller.step("PickupObject", **ids, forceAction=True, **DETERMINED)
        if not controller.last_event.metadata["inventoryObjects"]:
            return False
        hand = controller.last_event.metadata["heldObjectPose"]["localPosition"]
        assert hand == pytest.approx({"x": 0, "y": -0.16, "z": 0.38}, abs=1e-3)
        controller.step("MakeObjectBreakable", **ids)
        at = goal["position"]
        offsets = [(x, y, z) for x in (0, -1, 1) for z in (0, -1, 1) for y in (0, 1, 2)]
        spots = [
            {k: at[k] + 0.001 * o for k, o in zip("xyz", offset, strict=True)} for offset in offsets
        ]
        controller.step(
            action="TeleportObject",
            **ids,
            rotation=goal["rotation"],
            positions=spots,
            forceKinematic=True,
            allowTeleportOutOfHand=True,
            makeUnbreakable=True,
        )
        if controller.last_event.metadata["inventoryObjects"]:
            let_go(controller)
            return False
        found = next(
            o for o in controller.last_event.metadata["objects"] if o["name"] == obj["name"]
        )
        return away(found["position"], at) < 0.01


def let_go(controller) -> None:
    """Puts what is held into something in sight, or drops it ahead."""
    objects = controller.last_event.metadata["objects"]
    seen = [o for o in objects if o["visible"] and o["receptacle"]]
    for receptacle in sorted(seen, key=lambda o: (o["distance"], o["objectId"])):
        event = controller.step(action="PutObject", objectId=receptacle["objectId"], **DETERMINED)
        if event.metadata["lastActionSuccess"]:
            return
    controller.step(
        "DropHeldObjectAhead",
        forceAction=True,
        autoSimulation=False,
        **{**DETERMINED, "actionSimulationSeconds": 1.5},
    )
    assert controller.last_event.metadata["inventoryObjects"] == []


def test_every_loose_thing_has_a_box_of_its_own_with_three_axes(controller):
    for obj in controller.last_event.metadata["objects"]:
        if obj["pickupable"]:
            axes, lengths = box_of(obj)
            assert axes.shape == (3, 3) and (lengths > 0).all(), obj["name"]
            assert axes @ axes.T == pytest.approx(np.eye(3), abs=1e-2), obj["name"]


def test_the_hand_and_the_agent_take_the_arguments_of_a_paused_room(controller):
    mug = next(
        o for o in controller.last_event.metadata["objects"] if o["objectType"] in ("Mug", "Cup")
    )
    assert controller.step("PickupObject", objectId=mug["objectId"], forceAction=True, **DETERMINED)
    for action in (
        {"action": "MoveHandDelta", "x": 0.0, "y": 0.05, "z": 0.05},
        {"action": "RotateHand", "x": 10.0, "y": 20.0, "z": 0.0},
        {"action": "Crouch"},
        {"action": "Stand"},
        {"action": "LookDown"},
        {"action": "RotateRight"},
        {"action": "MoveBack"},
        {"action": "DropHandObject", "autoSimulation": False},
        {"action": "OpenObject", "x": 0.5, "y": 0.5, "openness": 0.5},
        {"action": "PickupObject", "x": 0.5, "y": 0.5},
        {"action": "Done"},
    ):
        event = controller.step(action.pop("action"), **action, **DETERMINED)
        assert isinstance(event.metadata["lastActionSuccess"], bool)
    assert controller.last_event.metadata["lastAction"] == "Done"
