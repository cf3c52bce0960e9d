"""What hangs on walls keeps to them, and nothing hangs free, or it is reported."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.scenes import scene_names
from envs.simulator.tools.hanging_check import check_hanging
from envs.simulator.world.objects import SimObject
from envs.simulator.world.world import World


def loaded(name: str) -> World:
    world = World(64, 64)
    world.load(name)
    return world


def moved(world: World, kind: str, by: tuple[float, float, float]) -> SimObject:
    obj = next(t for t in world.objects.values() if t.type == kind)
    obj.place(obj.center + np.asarray(by), obj.euler)
    world.update(obj)
    return obj


def lines(world: World, obj: SimObject) -> str:
    found = check_hanging(world)
    return " ".join(t for t in (*found.edges, *found.free) if obj.object_id in t)


def test_a_picture_on_its_wall_is_in_order():
    world = loaded("FloorPlan303")
    found = check_hanging(world).edges
    assert any(t.type in ("Painting", "Mirror") for t in world.objects.values())
    assert not [t for t in found if t.startswith(("Painting", "Mirror", "LightSwitch"))]


def test_a_light_switch_pushed_through_the_ceiling_is_reported():
    world = loaded("FloorPlan303")
    assert "through the ceiling" in lines(world, moved(world, "LightSwitch", (0, 2, 0)))


def test_a_picture_before_no_wall_is_reported_as_crossing_and_as_free():
    world = loaded("FloorPlan303")
    switch = next(t for t in world.objects.values() if t.type == "LightSwitch")
    out = switch.rotation[:, 2] * 0.5
    found = lines(world, moved(world, "LightSwitch", tuple(out)))
    assert "has no wall behind it (all)" in found and "touches nothing" in found


def test_a_picture_behind_its_wall_is_reported():
    world = loaded("FloorPlan303")
    switch = next(t for t in world.objects.values() if t.type == "LightSwitch")
    found = lines(world, moved(world, "LightSwitch", tuple(-0.1 * switch.rotation[:, 2])))
    assert "is in a wall" in found


def test_two_switches_in_one_place_overlap():
    world = loaded("FloorPlan303")
    switch = next(t for t in world.objects.values() if t.type == "LightSwitch")
    other = next(t for t in world.objects.values() if t.type in ("Painting", "Poster", "Mirror"))
    other.place(switch.center, switch.euler)
    world.update(other)
    assert "overlaps" in lines(world, switch)


def test_a_mug_in_the_air_hangs_free_and_one_on_the_floor_does_not():
    world = loaded("FloorPlan1")
    assert "touches nothing" in lines(world, moved(world, "Mug", (0, 0.5, 0)))
    assert lines(world, next(t for t in world.objects.values() if t.type == "Pan")) == ""


def test_a_book_lying_with_its_middle_on_a_smaller_one_does_not_hang_free():
    assert not check_hanging(loaded("FloorPlan_Train3_4")).free


def test_curtains_pulled_off_their_window_wall_are_reported():
    world = loaded("FloorPlan320")
    curtains = next(t for t in world.objects.values() if t.type == "Curtains")
    assert not check_hanging(world).edges
    away = 0.8 * curtains.rotation[:, 2]
    assert "has no wall behind it" in lines(world, moved(world, "Curtains", tuple(away)))


@pytest.mark.slow
@pytest.mark.parametrize("name", scene_names())
def test_in_every_room_nothing_crosses_a_wall_edge_or_hangs_free(name):
    found = check_hanging(loaded(name))
    assert found.passed, found
