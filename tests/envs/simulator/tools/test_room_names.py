"""Rooms on a command line: all of them where none is named, and a mistake names the room."""

from __future__ import annotations

import pytest

from envs.simulator.scenes import scene_names
from envs.simulator.tools.room_names import named_rooms


@pytest.mark.parametrize("given", [None, [], ["all"]])
def test_every_room_is_meant_where_none_is_named(given):
    assert named_rooms(given) == list(scene_names())


def test_the_name_that_the_client_uses_is_understood():
    assert named_rooms(["FloorPlan28_physics", "FloorPlan1"]) == ["FloorPlan28", "FloorPlan1"]


def test_an_unknown_room_is_named():
    with pytest.raises(ValueError, match="unknown room 'FloorPlan999'"):
        named_rooms(["FloorPlan1", "FloorPlan999"])
