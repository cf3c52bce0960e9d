"""What carries what."""

from __future__ import annotations

import pytest

from envs.simulator.world.containment import main_parent
from envs.simulator.world.world import World


@pytest.fixture(scope="module")
def kitchen():
    world = World()
    world.load("FloorPlan1")
    return world


def test_an_object_on_no_list_is_carried_by_nothing(kitchen):
    apple = next(o for o in kitchen.objects.values() if o.type == "Apple")
    assert main_parent({}, apple) is None


def test_of_two_receptacles_the_board_right_below_carries(kitchen):
    objects = kitchen.objects
    apple = next(o for o in objects.values() if o.type == "Apple")
    below = main_parent(objects, apple)
    floor = next(o.object_id for o in objects.values() if o.type == "Floor")
    assert below is not None and below != floor
    for parents in ([below, floor], [floor, below]):
        apple.metadata["parentReceptacles"] = parents
        assert main_parent(objects, apple) == below
    apple.metadata["parentReceptacles"] = [below]
