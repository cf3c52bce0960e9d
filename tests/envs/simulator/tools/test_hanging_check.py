"""What hangs on walls keeps to them, and nothing hangs free, or it is reported."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.meshes.mesh import Mesh
from envs.simulator.meshes.slabs import slab
from envs.simulator.scenes import scene_names
from envs.simulator.tools.hanging_check import check_hanging, drawn_points
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


def _wall(world: World, key: str, low: tuple[float, ...], high: tuple[float, ...]) -> None:
    """A wall-like slab, (3,) corners in metres, that pictures may hang on."""
    parts = [slab(np.array(low), np.array(high), (0.5, 0.5, 0.5))]
    world.collision.add(key, Mesh(tuple(parts)), np.zeros(3), np.eye(3))
    world.fixtures[key] = "Wall"


@pytest.mark.parametrize(("gap", "reported"), [(0.003, False), (0.05, True)])
def test_a_slit_of_millimetres_behind_a_switch_is_no_missing_wall_and_one_of_fingers_is(
    gap, reported
):
    world = loaded("FloorPlan303")
    switch = next(t for t in world.objects.values() if t.type == "LightSwitch")
    # In free air, before two slabs with a gap between them at the height of a row of rays.
    switch.place(np.array([0.0, 10.0, 0.0]), np.zeros(3))
    world.update(switch)
    points = drawn_points(switch)
    middle, back = 10.0 + float(points[:, 1].min() + points[:, 1].max()) / 2, points[:, 2].min()
    _wall(world, "Wall|upper", (-1, middle + gap / 2, back - 0.05), (1, 11, back - 0.005))
    _wall(world, "Wall|lower", (-1, 9, back - 0.05), (1, middle - gap / 2, back - 0.005))
    found = [t for t in check_hanging(world).edges if "has no wall behind it" in t]
    assert any(switch.object_id in t for t in found) == reported


def test_what_touches_with_a_point_that_few_would_find_does_not_hang_free():
    world = loaded("FloorPlan221")
    curtains = next(t for t in world.objects.values() if t.type == "Curtains")
    # They end beside their window's frame; the wall is 5.2 cm behind.
    assert lines(world, curtains) == ""
    world.collision.set_solid("Window|-02.98|+01.55|-03.22", False)
    assert "touches nothing" in lines(world, curtains)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scene", "key"),
    [
        ("FloorPlan23", "Blinds|-02.54|+02.70|-03.96"),
        ("FloorPlan210", "Curtains|-00.09|+02.46|+02.11"),
        ("FloorPlan405", "HandTowelHolder|-03.36|+01.57|+00.76"),
    ],
)
def test_what_hangs_has_a_wall_behind_all_of_it_and_none_before_it(scene, key):
    world = loaded(scene)
    assert lines(world, world.objects[key]) == ""


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
