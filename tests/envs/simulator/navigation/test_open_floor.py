"""Ways over the free floor are looked at in one piece."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.navigation.open_floor import is_free, is_open
from tests.envs.simulator.room import Room


@pytest.fixture(scope="module")
def room():
    return Room("FloorPlan28")


def test_a_way_is_open_just_where_all_its_places_are(room):
    world, rng = room.world, np.random.default_rng(0)
    points = world.grid_points
    told = []
    for _ in range(200):
        start, end = points[rng.integers(len(points), size=2)] + rng.uniform(-0.1, 0.1, (2, 2))
        places = start + (end - start) * np.linspace(0, 1, 2000)[:, None]
        fine = all(is_free(world, float(x), float(z)) for x, z in places)
        told.append((is_open(world, tuple(start), tuple(end)), fine))
    # A corner may be cut by less than there is between two samples.
    assert sum(a != b for a, b in told) <= 2
    assert {fine for _, fine in told} == {True, False}


def test_two_halves_of_a_way_are_open_just_if_the_whole_is(room):
    world, rng = room.world, np.random.default_rng(1)
    points = world.grid_points
    for _ in range(200):
        start, end = points[rng.integers(len(points), size=2)] + rng.uniform(-0.1, 0.1, (2, 2))
        middle = tuple(start + (end - start) * rng.uniform(0.2, 0.8))
        whole = is_open(world, tuple(start), tuple(end))
        halves = is_open(world, tuple(start), middle) and is_open(world, middle, tuple(end))
        assert whole == halves or not is_free(world, *map(float, middle))


def test_a_way_without_length_is_open_on_free_floor(room):
    place = tuple(room.world.grid_points[0])
    assert is_open(room.world, place, place)
    assert not is_open(room.world, (50.0, 50.0), (50.0, 50.0))
