"""Randomised materials, colours and light: seen in frames, undone, refused where AI2-THOR does."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.actions.randomise import split_and_room
from envs.simulator.world import snapshot
from tests.envs.simulator.room import Room


@pytest.fixture(scope="module")
def shared():
    room = Room("FloorPlan28")
    room.world.resize(120, 120)
    yield room
    room.world.close()


@pytest.fixture()
def room(shared):
    shared.reset("FloorPlan28")
    return shared


def picture(room: Room) -> np.ndarray:
    frame = room.world.render(rgb=True, depth=False, ids=False).rgb
    assert frame is not None
    return frame.astype(int)


@pytest.mark.parametrize("what", ["Materials", "Colors", "Lighting"])
def test_it_shows_and_is_undone(room, what):
    before = picture(room)
    room.do(f"Randomize{what}")
    after = picture(room)
    assert (np.abs(after - before).sum(-1) > 20).mean() > 0.2
    room.do(f"Randomize{what}")
    assert (picture(room) != after).any()
    room.do(f"Reset{what}")
    assert (picture(room) == before).all()
    room.do(f"Randomize{what}")
    room.reset("FloorPlan28")
    assert (picture(room) == before).all()


def test_equal_seeds_give_equal_looks(room):
    looks = []
    for seed in (5, 5, 6):
        room.do("SetRandomSeed", seed=seed)
        room.do("RandomizeMaterials")
        looks.append(picture(room))
    assert (looks[0] == looks[1]).all() and (looks[0] != looks[2]).any()


def test_new_objects_are_painted_and_snapshots_remember_the_look(room):
    room.do("RandomizeColors")
    room.do("CreateObject", objectType="Plate")
    state, before = snapshot.take(room.world), picture(room)
    room.do("ResetColors")
    assert (picture(room) != before).any()
    snapshot.restore(room.world, state)
    assert (picture(room) == before).all()


def test_materials_say_from_where_they_were_chosen(room):
    answer = room.do("RandomizeMaterials")
    assert answer["useTestMaterials"] and not answer["useTrainMaterials"]
    more = room.do("RandomizeMaterials", useTrainMaterials=True, inRoomTypes=["Kitchen"])
    assert more["totalMaterialsConsidered"] > answer["totalMaterialsConsidered"]
    assert more["chosenRoomTypes"] == ["kitchen"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ({"useTestMaterials": False}, "useTestMaterials=False"),
        ({"inRoomTypes": ["bedroom"]}, "kitchen"),
        ({"inRoomTypes": ["garage"]}, "unknown room type"),
        ({"inRoomTypes": []}, "non-zero"),
    ],
)
def test_materials_of_the_scenes_own_split_and_room_are_needed(room, arguments, named):
    assert named in room.refuse("RandomizeMaterials", **arguments)


@pytest.mark.parametrize(
    "bad", [{"brightness": [2, 1]}, {"hue": [0, 2]}, {"saturation": [0.5]}, {"hue": ["a", 1]}]
)
def test_ranges_of_light_are_checked(room, bad):
    assert next(iter(bad)) in room.refuse("RandomizeLighting", **bad)


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        ("FloorPlan1_physics", ("train", "kitchen")),
        ("FloorPlan221_physics", ("val", "livingroom")),
        ("FloorPlan330_physics", ("test", "bedroom")),
        ("FloorPlan420_physics", ("train", "bathroom")),
        ("FloorPlan_Val1_2", ("val", "robothor")),
        ("Procedural", ("train", None)),
    ],
)
def test_scenes_tell_their_split(scene, expected):
    assert split_and_room(scene) == expected
