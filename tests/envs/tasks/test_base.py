"""Rooms, their kinds and their splits are AI2-THOR's."""

from __future__ import annotations

import pytest

from envs.tasks.base import ROOMS, SPLITS, is_ithor, room_of, scenes_of


def test_rooms_split_as_in_ai2thor():
    assert scenes_of("train", "bathroom")[-1] == "FloorPlan420"
    assert len(scenes_of("all", "any")) == 120
    for room in ROOMS:
        for scene in scenes_of("test", room):
            assert room_of(scene) == room
            assert int(scene[-2:]) > 25
    with pytest.raises(ValueError, match="bedroom"):
        scenes_of("all", "attic")
    with pytest.raises(ValueError, match="301-330"):
        room_of("FloorPlan500")


def test_splits_share_no_room():
    assert not set(SPLITS["train"]) & set(SPLITS["val"]) | set(SPLITS["val"]) & set(SPLITS["test"])
    with pytest.raises(ValueError, match="train, val, test"):
        scenes_of("holdout")


def test_houses_are_no_rooms_of_ithor():
    assert is_ithor("FloorPlan1_physics") and not is_ithor("FloorPlan_Train3_2")
