"""Rays meet what is drawn: parts of other states are not there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from envs.simulator.meshes.mesh import Mesh
from envs.simulator.meshes.slabs import slab
from envs.simulator.world.collision import CollisionWorld
from envs.simulator.world.visibility import ray_through
from envs.simulator.world.world import World
from tests.envs.simulator.room import Room

ABOVE, BELOW = np.array([0.0, 5.0, 0.0]), np.array([0.0, -5.0, 0.0])


def hit_at(world: CollisionWorld) -> float:
    hit = world.ray(ABOVE, BELOW)
    assert hit is not None
    return float(hit.point[1])


@pytest.fixture
def lamp() -> CollisionWorld:
    """A box 1 m high that is 2 m high while it is toggled."""
    low = slab(np.array([-1.0, 0, -1]), np.array([1.0, 1, 1]), (1, 1, 1))
    high = slab(np.array([-1.0, 1, -1]), np.array([1.0, 2, 1]), (1, 1, 1))
    world = CollisionWorld()
    world.add("Lamp", Mesh((low, replace(high, when="isToggled"))), np.zeros(3), np.eye(3))
    return world


def test_rays_pass_parts_of_other_states(lamp):
    assert hit_at(lamp) == pytest.approx(1.0, abs=1e-5)
    lamp.move("Lamp", np.zeros(3), np.eye(3), flags=frozenset({"isToggled"}))
    assert hit_at(lamp) == pytest.approx(2.0, abs=1e-5)


def test_what_is_passed_stays_so_in_another_state(lamp):
    lamp.set_solid("Lamp", False)
    lamp.move("Lamp", np.zeros(3), np.eye(3), flags=frozenset({"isToggled"}))
    assert lamp.ray(ABOVE, BELOW) is None
    lamp.set_solid("Lamp", True)
    assert hit_at(lamp) == pytest.approx(2.0, abs=1e-5)


def test_rays_agree_with_the_drawn_depth_on_beds():
    """GetCoordinateFromRaycast is the point that is seen, within 5 mm."""
    size = 60
    world = World(size, size)
    world.load("FloorPlan304")
    bed = next(t for t in world.objects.values() if t.type == "Bed")
    gaps = np.linalg.norm(world.grid_points - bed.center[[0, 2]], axis=1)
    x, z = world.grid_points[int(gaps.argmin())]
    way = bed.center[[0, 2]] - (x, z)
    yaw = float(np.degrees(np.arctan2(way[0], way[1])))
    world.agent = replace(world.agent, x=float(x), z=float(z), yaw=yaw, horizon=20.0)
    frame, keys = world.render(rgb=False, depth=True, ids=True), world.renderer().keys
    ids, depth = frame.image("ids"), frame.image("depth")
    off = []
    for i, j in np.random.default_rng(0).integers(1, size - 1, size=(300, 2)):
        around = ids[i - 1 : i + 2, j - 1 : j + 2]
        if (around == keys.index(bed.object_id)).all():
            eye, end = ray_through(world, (j + 0.5) / size, (i + 0.5) / size)
            hit = world.collision.ray(eye, end)
            assert hit is not None
            off.append(abs(float((hit.point - eye) @ world.agent.eye_rotation[:, 2]) - depth[i, j]))
    world.close()
    assert len(off) > 50 and np.mean(np.array(off) < 0.005) > 0.98


def test_points_of_an_object_are_of_its_state():
    room = Room("FloorPlan304")
    bed = room.first("Bed")
    before = room.do("GetVisibilityPoints", objectId=bed.object_id)
    room.do("CleanObject", objectId=bed.object_id, forceAction=True)
    assert room.do("GetVisibilityPoints", objectId=bed.object_id) != before
