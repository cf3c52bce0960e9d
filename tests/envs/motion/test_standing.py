"""What opens is stood back from; all else is stood at arm's length from."""

from __future__ import annotations

from envs.motion.standing import pose_cost

BOX = {"center": {"x": 0.0, "y": 0.7, "z": 0.0}, "size": {"x": 0.4, "y": 0.2, "z": 0.4}}


def pose(z, horizon):
    return {"x": 0.0, "y": 0.9, "z": z, "rotation": 180.0, "horizon": horizon}


def item(opens):
    return {"openable": opens, "pickupable": False, "axisAlignedBoundingBox": BOX}


def test_a_drawer_is_opened_from_farther_off_than_a_thing_is_taken_from():
    near, far = pose(0.6, 60), pose(1.0, 30)
    assert pose_cost(near, item(opens=False)) < pose_cost(far, item(opens=False))
    assert pose_cost(far, item(opens=True)) < pose_cost(near, item(opens=True))
