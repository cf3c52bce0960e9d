"""A room is prepared as asked, and again cheaply."""

from __future__ import annotations

import gc
import weakref

import pytest

from envs.backends import make_controller
from envs.tasks import preparation
from envs.tasks.preparation import forget, prepare


def places(controller):
    objects = controller.last_event.metadata["objects"]
    return {o["objectId"]: tuple(o["position"].values()) for o in objects}


@pytest.fixture
def controller():
    made = make_controller("embedded", scene="FloorPlan1", renderInstanceSegmentation=True)
    yield made
    made.stop()


def test_the_same_is_prepared_again_whatever_was_done_between(controller):
    prepare(controller, "FloorPlan1", 0, 3)
    first = places(controller)
    mug = next(o for o in first if o.startswith("Mug"))
    controller.step("PickupObject", objectId=mug, forceAction=True)
    prepare(controller, "FloorPlan1", 0, 3)
    assert places(controller) == first
    forget(controller)
    prepare(controller, "FloorPlan1", 0, 3)
    assert places(controller) == first
    prepare(controller, "FloorPlan1", 0, 4)
    assert places(controller) != first


def test_what_was_prepared_goes_with_its_controller():
    made = make_controller("embedded", scene="FloorPlan1", renderInstanceSegmentation=True)
    before = len(preparation._LAST)
    prepare(made, "FloorPlan1", 0, None)
    assert len(preparation._LAST) == before + 1
    held = weakref.ref(made)
    made.stop()
    del made
    gc.collect()
    assert held() is None and len(preparation._LAST) == before
