"""A walk as VAGEN's navigation environment takes it: the same calls, from threads of a pool.

Source: github mll-lab-nu/VAGEN, its navigation environment over AI2-THOR 5.0.0.
"""

from __future__ import annotations

import asyncio
import math

import numpy as np
import pytest
from ai2thor.platform import CloudRendering

START = {"position": {"x": -1.5, "y": 0.9, "z": -1.5}, "rotation": 90.0, "horizon": 0.0}
STEP = 0.3


@pytest.fixture()
def controller(thor):
    return thor(
        agentMode="default",
        gridSize=0.1,
        visibilityDistance=10,
        renderDepthImage=False,
        renderInstanceSegmentation=False,
        width=255,
        height=255,
        fieldOfView=100,
        platform=CloudRendering,
        gpu_device=0,
        server_timeout=300,
        server_start_timeout=300,
    )


def begin(controller, multiview: bool) -> None:
    """Brings the agent to the start of a task."""
    controller.reset(scene="FloorPlan28")
    if multiview:
        event = controller.step(action="GetMapViewCameraProperties", raise_for_failure=True)
        pose = {**event.metadata["actionReturn"], "orthographic": True}
        controller.step(
            action="AddThirdPartyCamera", **pose, skyboxColor="white", raise_for_failure=True
        )
    controller.step(
        action="Teleport",
        position={k: START["position"][k] for k in "xyz"},
        rotation={"x": 0, "y": START["rotation"], "z": 0},
        horizon=START["horizon"],
        standing=True,
    )


def distance(controller, target: dict) -> float:
    here = controller.last_event.metadata["agent"]["position"]
    return math.hypot(here["x"] - target["x"], here["z"] - target["z"])


@pytest.mark.parametrize("multiview", [False, True])
def test_an_episode_runs_in_threads_of_a_pool(controller, multiview):
    walk = [
        ("MoveRight", {"moveMagnitude": STEP}),
        ("MoveBack", {"moveMagnitude": STEP}),
        ("RotateRight", {"degrees": 90}),
        ("LookDown", {"degrees": 30}),
        ("LookUp", {"degrees": 30}),
        ("RotateLeft", {"degrees": 90}),
        ("MoveAhead", {"moveMagnitude": STEP}),
    ]
    target = {"x": -1.5, "z": -1.8}

    async def episode() -> list[np.ndarray]:
        await asyncio.to_thread(begin, controller, multiview)
        assert controller.last_event.metadata["lastActionSuccess"] is True
        assert distance(controller, START["position"]) < 1e-3
        frames = []
        for name, arguments in walk:
            await asyncio.to_thread(controller.step, action=name, **arguments)
            assert controller.last_event.metadata["lastActionSuccess"] is True, name
            frames.append(controller.last_event.frame.astype(np.uint8))
        return frames

    frames = asyncio.run(episode())
    assert all(frame.shape == (255, 255, 3) for frame in frames)
    assert distance(controller, target) < 1e-3
    assert len(controller.last_event.third_party_camera_frames) == multiview


def test_a_blocked_step_is_told_and_moves_nobody(controller):
    begin(controller, False)
    before = dict(controller.last_event.metadata["agent"]["position"])
    for _ in range(12):
        event = controller.step(action="MoveAhead", moveMagnitude=STEP)
        if not event.metadata["lastActionSuccess"]:
            break
        before = dict(event.metadata["agent"]["position"])
    assert event.metadata["lastActionSuccess"] is False
    assert event.metadata["agent"]["position"] == before
