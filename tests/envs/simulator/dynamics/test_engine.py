"""Furniture and what stands on it, where the one is pushed, or gone."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.tools.invariants import standing, violations
from tests.envs.simulator.room import Room


def test_furniture_falls_when_what_it_stood_on_is_gone():
    room = Room("FloorPlan210")
    plant, stood = room.first("HousePlant"), standing(room.world)
    bottom = plant.low[1]
    room.do("DisableAllObjectsOfType", objectType="SideTable")
    assert plant.low[1] < bottom - 0.3 and plant.metadata["parentReceptacles"]
    assert violations(room.world, stood=stood) == []


@pytest.mark.parametrize(("action", "force"), [("PushObject", 60), ("PullObject", 80)])
def test_what_rides_on_pushed_furniture_does_not_end_in_walls(action, force):
    room = Room("FloorPlan220")
    stand, television = room.first("TVStand"), room.first("Television")
    before = television.center.copy()
    room.do(action, objectId=stand.object_id, moveMagnitude=force, forceAction=True)
    assert np.linalg.norm(television.center - before) > 0.005
    assert violations(room.world) == []


@pytest.mark.parametrize("angle", [0, 90, 180, 270])
def test_furniture_recorded_in_a_wall_is_pushed_out_of_it_or_stays(angle):
    room = Room("FloorPlan_Train9_3")
    room.do(
        "DirectionalPush",
        objectId=room.first("Television").object_id,
        moveMagnitude=8,
        pushAngle=angle,
        forceAction=True,
    )
    assert violations(room.world) == []
