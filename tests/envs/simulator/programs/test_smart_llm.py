"""Two robots as SMART-LLM's executor leads them: a thread acts while the program plans.

Source: github SMARTlab-Purdue/SMART-LLM, its aithor_connect. Its Initialize passes
rotateStepDegrees=20 beside snapToGrid, which AI2-THOR refuses, and has two robots all the same.
"""

from __future__ import annotations

import math
import queue
import random
import re
import threading

import pytest

ROBOTS = 2
SIDE = 160


class Executor:
    """Carries out queued actions in a thread of its own."""

    def __init__(self, controller) -> None:
        self.controller = controller
        self.failures: list[str] = []
        self._waiting: queue.Queue[dict | None] = queue.Queue()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def do(self, **action: object) -> None:
        """Queues an action and waits for it."""
        self._waiting.put(action)
        self._waiting.join()

    def stop(self) -> None:
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        while (action := self._waiting.get()) is not None:
            event = self.controller.step(**action)
            if action["action"] == "ObjectNavExpertAction":
                wanted = event.metadata["actionReturn"]
                if wanted is not None:
                    agent = action["agentId"]
                    event = self.controller.step(action=wanted, agentId=agent, forceAction=True)
            elif event.metadata["errorMessage"] != "":
                self.failures.append(event.metadata["errorMessage"])
            assert all(each.cv2img.shape == (SIDE, SIDE, 3) for each in event.events)
            self._waiting.task_done()


@pytest.fixture()
def program(thor):
    controller = thor(height=SIDE, width=SIDE)
    controller.reset("FloorPlan6")
    controller.step(
        {
            "action": "Initialize",
            "agentMode": "default",
            "snapGrid": False,
            "gridSize": 0.5,
            "rotateStepDegrees": 20,
            "visibilityDistance": 100,
            "fieldOfView": 90,
            "agentCount": ROBOTS,
        }
    )
    event = controller.step(action="GetMapViewCameraProperties")
    controller.step(action="AddThirdPartyCamera", **event.metadata["actionReturn"])
    executor = Executor(controller)
    yield executor
    executor.stop()


def find(controller, name: str) -> tuple[str, dict]:
    """Id and centre of the first object whose id begins so."""
    for obj in controller.last_event.metadata["objects"]:
        if re.match(name, obj["objectId"]):
            return obj["objectId"], obj["axisAlignedBoundingBox"]["center"]
    raise LookupError(name)


def go(program: Executor, agent: int, name: str, places: list[dict]) -> str:
    """Leads a robot to the place nearest to an object, or to the next one where it is stuck."""
    object_id, center = find(program.controller, name)
    order = sorted(places, key=lambda p: math.dist((p["x"], p["z"]), (center["x"], center["z"])))
    still, before = 0, None
    for _ in range(120):
        metadata = program.controller.last_event.events[agent].metadata
        here = metadata["agent"]["position"]
        if math.dist((here["x"], here["z"]), (order[0]["x"], order[0]["z"])) <= 0.25:
            break
        still = still + 1 if here == before else 0
        before = here
        if still == 8:
            order, still = order[1:], 0
        program.do(action="ObjectNavExpertAction", position=order[0], agentId=agent)
    else:
        pytest.fail(f"robot {agent} never came to {name}")
    yaw = math.degrees(math.atan2(center["x"] - here["x"], center["z"] - here["z"])) % 360
    turn = yaw - metadata["agent"]["rotation"]["y"]
    if abs(turn) > 1e-3:
        side = "RotateRight" if turn > 0 else "RotateLeft"
        program.do(action=side, degrees=abs(turn), agentId=agent)
    return object_id


@pytest.mark.slow
def test_two_robots_share_a_plan(program):
    controller, rng = program.controller, random.Random(0)
    places = controller.step(action="GetReachablePositions").metadata["actionReturn"]
    for agent in range(ROBOTS):
        controller.step({"action": "Teleport", "position": rng.choice(places), "agentId": agent})
        controller.step(action="LookDown", degrees=35, agentId=agent)
    assert len(controller.last_event.events) == ROBOTS
    force = {"forceAction": True}
    apple = go(program, 0, "Apple", places)
    program.do(action="PickupObject", objectId=apple, agentId=0, **force)
    knife = go(program, 1, "Knife", places)
    program.do(action="PickupObject", objectId=knife, agentId=1, **force)
    fridge = go(program, 0, "Fridge", places)
    for action in ("OpenObject", "PutObject", "CloseObject"):
        program.do(action=action, objectId=fridge, agentId=0, **force)
    lettuce = find(controller, "Lettuce")[0]
    program.do(action="SliceObject", objectId=lettuce, agentId=1, **force)
    program.do(action="ThrowObject", moveMagnitude=7, agentId=1, **force)
    program.do(action="Done")
    assert program.failures == []
    objects = controller.last_event.metadata["objects"]
    assert any(apple in (o["receptacleObjectIds"] or ()) for o in objects if "Fridge" in o["name"])
    assert any(o["isSliced"] for o in objects if "Lettuce" in o["name"])
    above = controller.last_event.events[0].third_party_camera_frames[-1]
    assert above.shape == (SIDE, SIDE, 3)
