"""The embedded backend keeps the contract, and what only it can do."""

from __future__ import annotations

import pytest

from envs.backends import make_controller
from tests.contract import ControllerContract, find, stand_before


@pytest.fixture(scope="module")
def controller():
    made = make_controller("embedded", scene="FloorPlan1")
    yield made
    made.stop()


class TestEmbedded(ControllerContract):
    @pytest.fixture()
    def controller(self, controller):
        return controller


def test_restore_brings_back_objects_hand_and_pixels(controller):
    event = controller.reset("FloorPlan1")
    apple = find(event, "Apple")["objectId"]
    assert stand_before(controller, apple)
    before = controller.step("Pass")
    state = controller.snapshot()
    assert controller.step("PickupObject", objectId=apple)
    controller.step("RotateRight")
    after = controller.restore(state)
    assert after.metadata["inventoryObjects"] == []
    assert after.metadata["objects"] == before.metadata["objects"]
    assert (after.frame == before.frame).all()
    assert controller.step("SliceObject", objectId=apple)
    after = controller.restore(state)
    assert after.metadata["objects"] == before.metadata["objects"]
    assert (after.frame == before.frame).all()


def test_snapshot_of_another_reset_is_refused(controller):
    controller.reset("FloorPlan1")
    state = controller.snapshot()
    controller.reset("FloorPlan2")
    with pytest.raises(ValueError, match="take a new snapshot"):
        controller.restore(state)


def test_random_spawn_is_seeded_and_keeps_objects_supported(controller):
    places = []
    for seed in (1, 1, 2):
        controller.reset("FloorPlan3")
        event = controller.step("InitialRandomSpawn", randomSeed=seed, forceVisible=True)
        places.append([o["position"] for o in event.metadata["objects"]])
    assert places[0] == places[1]
    assert places[0] != places[2]


def test_appearance_changes_pixels_but_not_places(controller):
    plain = controller.reset("FloorPlan1", appearanceSeed=0)
    other = controller.reset("FloorPlan1", appearanceSeed=7)
    assert (plain.frame != other.frame).mean() > 0.2
    assert [o["position"] for o in plain.metadata["objects"]] == [
        o["position"] for o in other.metadata["objects"]
    ]
    controller.reset("FloorPlan1", appearanceSeed=0)


def test_unknown_backend_names_the_allowed_ones():
    with pytest.raises(ValueError, match="embedded, unity"):
        make_controller("no-such-thing")
