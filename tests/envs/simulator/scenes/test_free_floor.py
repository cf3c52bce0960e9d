"""Where the agent fits beyond the recorded positions, and where counters end."""

from __future__ import annotations

import numpy as np
import pytest

from envs.backends import make_controller
from envs.simulator.core.grid import CELL
from envs.simulator.scenes import infer_fixtures, load_scene
from envs.simulator.scenes.free_floor import CLEARANCE, RINGS, cells_beside
from envs.simulator.scenes.structure.counter_bases import world_footprint

ROOMS = ("FloorPlan1", "FloorPlan19", "FloorPlan205", "FloorPlan310", "FloorPlan405")


def boxes_of(kind, scene):
    return [
        (
            np.asarray(o.center) - np.asarray(o.size) / 2,
            np.asarray(o.center) + np.asarray(o.size) / 2,
        )
        for o in scene.objects
        if o.object_type == kind
    ]


@pytest.mark.parametrize("name", ROOMS)
def test_cells_beside_are_new_near_and_clear_of_furniture(name):
    scene = load_scene(name)
    cells = cells_beside(scene, infer_fixtures(scene))
    assert len(cells)
    gap = np.abs(cells[:, None] - scene.reachable[None]).sum(2).min(1)
    assert (gap > CELL / 2).all() and (gap <= RINGS * CELL + 1e-6).all()
    for kind in ("Fridge", "Bed", "Sofa", "Toilet", "Dresser"):
        for low, high in boxes_of(kind, scene):
            away = np.maximum(np.maximum(low[[0, 2]] - cells, cells - high[[0, 2]]), 0)
            assert (np.linalg.norm(away, axis=1) > CLEARANCE - 1e-6).all(), kind


@pytest.mark.parametrize(
    ("name", "point"), [("FloorPlan19", (-2.25, -2.5)), ("FloorPlan16", (1.25, -1.0))]
)
def test_the_inner_corner_of_a_counter_is_floor(name, point):
    # Recorded walks of people's tasks led through these places.
    scene = load_scene(name)
    for top in (o for o in scene.objects if o.object_type == "CounterTop"):
        for x0, z0, x1, z1 in world_footprint(top):
            assert not (x0 < point[0] < x1 and z0 < point[1] < z1)


@pytest.fixture(scope="module")
def controller():
    made = make_controller("embedded", scene="FloorPlan19")
    yield made
    made.stop()


def test_a_forced_move_goes_where_the_body_fits(controller):
    controller.reset("FloorPlan19")
    scene = load_scene("FloorPlan19")
    free = {(round(x / CELL), round(z / CELL)) for x, z in scene.reachable}
    tight = {
        (round(x / CELL), round(z / CELL)) for x, z in cells_beside(scene, infer_fixtures(scene))
    }
    x, z = next((i, j) for i, j in sorted(free) if (i, j + 1) in tight - free)
    pose = {
        "position": {"x": x * CELL, "y": 0.901, "z": z * CELL},
        "rotation": {"x": 0, "y": 0, "z": 0},
        "horizon": 0,
        "standing": True,
    }
    assert controller.step("TeleportFull", **pose)
    assert not controller.step("MoveAhead")
    assert controller.step("MoveAhead", forceAction=True)
    place = controller.last_event.metadata["agent"]["position"]
    assert place["z"] == pytest.approx((z + 1) * CELL, abs=1e-3)
    assert controller.step("MoveBack"), "and comes back without force"


@pytest.mark.parametrize("name", ["FloorPlan1", "FloorPlan2", "FloorPlan8"])
def test_cupboards_show_from_where_they_were_opened(controller, name):
    controller.reset(name)
    scene = load_scene(name)
    known = {o.object_id for o in scene.objects if o.object_type in ("Cabinet", "Drawer", "Fridge")}
    shown = []
    for object_id, (x, z, yaw, horizon) in scene.openable_poses.items():
        if object_id in known:
            event = controller.step(
                "TeleportFull",
                position={"x": x, "y": 0.901, "z": z},
                rotation={"x": 0, "y": yaw, "z": 0},
                horizon=horizon,
                standing=True,
                forceAction=True,
                renderImage=False,
            )
            thing = next(o for o in event.metadata["objects"] if o["objectId"] == object_id)
            shown.append(thing["visible"])
    assert np.mean(shown) >= 0.9, f"{sum(shown)} of {len(shown)}"
