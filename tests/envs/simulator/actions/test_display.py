"""Hiding and masking objects in pictures.

Source: AI2-THOR's engine, whose EmphasizeObject hides everything but one object; the other actions
do what their names say, to pictures only.
"""

from __future__ import annotations

import pytest

from tests.envs.simulator.room import Room


@pytest.fixture(scope="module")
def shared():
    return Room()


@pytest.fixture()
def room(shared):
    shared.reset("FloorPlan1")
    shared.face(shared.first("Fridge"), standings=[True], horizons=[0.0])
    return shared


def seen(room: Room) -> set[str]:
    ids = room.world.render(rgb=True, depth=False, ids=True).ids
    keys = room.world.renderer().keys
    return set() if ids is None else {keys[i] for i in set(ids.ravel().tolist()) if i >= 0}


def test_an_emphasized_object_is_all_there_is_to_see(room):
    fridge = room.first("Fridge").object_id
    before = seen(room)
    room.do("EmphasizeObject", objectId=fridge)
    assert seen(room) == {fridge}
    assert fridge in {o["objectId"] for o in room.metadata()["objects"] if o["visible"]}
    room.do("UnemphasizeAll")
    assert seen(room) == before and len(before) > 3


def test_a_hidden_object_comes_back(room):
    fridge = room.first("Fridge").object_id
    room.do("HideObject", objectId=fridge)
    assert fridge not in seen(room)
    room.do("UnhideAllObjects")
    assert fridge in seen(room)
    room.do("HideObject", objectId=fridge)
    room.do("UnhideObject", objectId=fridge)
    assert fridge in seen(room)


def test_what_was_taken_out_stays_out_when_all_is_shown_again(room):
    fridge = room.first("Fridge").object_id
    room.do("HideObject", objectId=fridge)
    room.do("DisableObject", objectId=fridge)
    room.do("UnhideAllObjects")
    assert fridge not in seen(room)


def test_a_masked_object_is_shown_plain(room):
    fridge = room.first("Fridge").object_id
    before = room.world.render(rgb=True, depth=False, ids=True)
    room.do("MaskObject", objectId=fridge)
    masked = room.world.render(rgb=True, depth=False, ids=True)
    there = masked.ids == room.world.renderer().keys.index(fridge)
    assert there.sum() > 100
    green = (masked.rgb[there][:, 1] > 200) & (masked.rgb[there][:, 0] < 60)
    assert green.mean() > 0.8
    room.do("UnmaskObject", objectId=fridge)
    after = room.world.render(rgb=True, depth=False, ids=True)
    assert (after.rgb == before.rgb).all()


def test_glass_can_be_hidden(room):
    room.do("HideTranslucentObjects")
    assert room.world.rules.hidden
    room.do("UnhideAllObjects")
    assert not room.world.rules.hidden
