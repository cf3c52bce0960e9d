"""Furniture takes its shape from what a room records in and on it."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.core.geometry import euler_matrix
from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.meshes.turning import front_yaw
from envs.simulator.scenes import load_scene
from envs.simulator.scenes.native_frames import native_frame
from envs.simulator.scenes.object_meshes import fittings_of, mesh_of


def record(scene, kind):
    return next(o for o in scene.objects if o.object_type == kind)


def test_drawers_belong_to_the_furniture_that_holds_them():
    scene = load_scene("FloorPlan301")
    dresser = record(scene, "Dresser")
    kinds = [kind for kind, _ in fittings_of(scene)[dresser.object_id]]
    assert kinds.count("Drawer") >= 2
    for kind, box in fittings_of(scene)[dresser.object_id]:
        half = np.asarray(dresser.local_size) / 2 + 0.1
        if kind == "Drawer":
            assert (np.abs(np.reshape(box, (2, 3))) <= half).all()


def test_pillows_lie_on_the_mattress_and_not_in_it():
    for name in ("FloorPlan301", "FloorPlan310"):
        scene = load_scene(name)
        bed = record(scene, "Bed")
        top = max(s.center[1] for s in mesh_of(bed, scene, name, 0).surfaces)
        floor = np.mean(bed.obb, axis=0)[1] + top
        pillow = record(scene, "Pillow")
        assert pillow.center[1] - pillow.size[1] / 2 == pytest.approx(floor, abs=0.06)


def test_a_stand_faces_as_the_television_on_it():
    scene = load_scene("FloorPlan201")
    stand, television = record(scene, "TVStand"), record(scene, "Television")
    turn = front_yaw("TVStand", stand.asset_id, stand.local_size)
    apart = stand.rotation[1] + turn - television.rotation[1]
    assert np.cos(np.radians(apart)) > 0.999
    mesh = mesh_of(stand, scene, "FloorPlan201", 0)
    points = np.concatenate([p.vertices for p in mesh.parts])
    assert np.ptp(points, axis=0) == pytest.approx(stand.local_size, abs=2e-3)


def test_turned_meshes_keep_surfaces_and_joints_with_their_parts():
    straight = build_mesh("Chair", (0.45, 0.95, 0.48), 3)
    across = build_mesh("Chair", (0.48, 0.95, 0.45), 3)
    assert front_yaw("Chair", "", (0.48, 0.95, 0.45)) == 90
    quarter = euler_matrix((0, 90, 0))
    assert np.asarray(across.surfaces[0].center) == pytest.approx(
        quarter @ np.asarray(straight.surfaces[0].center), abs=1e-5
    )
    assert across.surfaces[0].size == pytest.approx(straight.surfaces[0].size[::-1])


def test_models_known_to_face_forward_keep_their_recorded_yaw():
    sofa = {
        "asset": "RoboTHOR_sofa_alrid",
        "type": "Sofa",
        "rotation": [0, 90, 0],
        "size": [1, 0.8, 2],
    }
    assert native_frame(sofa) == ((2.0, 0.8, 1.0), (0.0, 90.0, 0.0))
    chair = {**sofa, "asset": "RoboTHOR_chair_antnas", "rotation": [0, 33, 0]}
    assert native_frame(chair) == ((0.46, 0.83, 0.55), (0.0, 33.0, 0.0))
    assert native_frame({**sofa, "asset": ""}) is None
    assert native_frame({**sofa, "rotation": [40, 90, 0]}) is None


def test_a_room_is_dressed_alike_each_time_and_otherwise_by_seed():
    scene = load_scene("FloorPlan201")
    sofa = record(scene, "Sofa")
    assert mesh_of(sofa, scene, "FloorPlan201", 0) is mesh_of(sofa, scene, "FloorPlan201", 0)
    looks = {mesh_of(sofa, scene, "FloorPlan201", s).parts[0].color for s in range(9)}
    covers = {mesh_of(sofa, scene, "FloorPlan201", s).parts[5].color for s in range(9)}
    assert len(looks | covers) > 3


def test_things_lie_on_the_furniture_they_are_recorded_on():
    gaps = []
    for name in (
        "FloorPlan201",
        "FloorPlan302",
        "FloorPlan305",
        "FloorPlan320",
        "FloorPlan_Train2_1",
    ):
        scene = load_scene(name)
        lying = {o.object_id: o for o in scene.objects if "pickupable" in o.properties}
        for host in scene.objects:
            if host.object_type not in (
                "Bed",
                "CoffeeTable",
                "Desk",
                "Dresser",
                "SideTable",
                "Sofa",
            ):
                continue
            middle = host.center if host.obb is None else np.mean(host.obb, axis=0)
            levels = [s.center[1] + middle[1] for s in mesh_of(host, scene, name, 0).surfaces]
            for thing in (lying[c] for c in host.contents or () if c in lying):
                low = thing.center[1] - thing.size[1] / 2
                gaps.append(min((low - level for level in levels), key=abs))
    assert len(gaps) > 30
    assert np.mean((np.array(gaps) > -0.015) & (np.array(gaps) < 0.03)) > 0.9


def test_windows_of_a_corner_stand_at_their_own_walls():
    scene = load_scene("FloorPlan320")
    for window in (o for o in scene.objects if o.object_type == "Window"):
        points = np.concatenate(
            [p.vertices for p in mesh_of(window, scene, "FloorPlan320", 0).parts]
        )
        points = points @ euler_matrix(window.local_rotation).T + window.center
        thin = int(np.argmin(np.ptp(points, axis=0)[[0, 2]])) * 2
        assert np.abs(points[:, thin] - window.position[thin]).max() < 0.15


@pytest.mark.parametrize(
    "scene, host",
    [("FloorPlan316", "Desk"), ("FloorPlan_Train2_5", "Bed"), ("FloorPlan_Train5_4", "Desk")],
)
def test_thin_things_lie_on_their_furniture_and_not_in_it(scene, host):
    from envs.simulator.world.world import World

    world = World(32, 32)
    world.load(scene)
    found = 0
    for thing in world.objects.values():
        parents = [p for p in thing.metadata["parentReceptacles"] or () if p.startswith(host)]
        if not thing.is_("pickupable") or not parents:
            continue
        above = thing.center + [0.0, thing.size[1] / 2 + 0.06, 0.0]
        hit = world.collision.ray(above, above - [0.0, 0.08, 0.0])
        found += hit is not None and hit.key == thing.object_id
        assert hit is None or hit.key not in parents, thing.object_id
    assert found >= 3
    world.close()


@pytest.mark.parametrize("name", ["FloorPlan301", "FloorPlan306", "FloorPlan322", "FloorPlan324"])
def test_the_head_of_a_bed_is_where_its_pillows_lie(name):
    scene = load_scene(name)
    bed = record(scene, "Bed")
    heads = [box for kind, box in fittings_of(scene)[bed.object_id] if kind == "Head"]
    assert heads
    end = np.mean([(box[2] + box[5]) / 2 for box in heads])
    turn = front_yaw("Bed", bed.asset_id, bed.local_size, tuple(("Head", b) for b in heads))
    assert end * np.cos(np.radians(turn)) > 0


def test_the_head_of_a_bed_without_a_pillow_is_where_its_model_has_it():
    assert front_yaw("Bed", "Bed_1", (1.4, 0.9, 2.0)) == 180
    assert front_yaw("Bed", "Bed_2", (1.4, 0.9, 2.0)) == 0


def test_a_shower_across_a_corner_has_no_glass_beyond_its_door():
    scene = load_scene("FloorPlan423")
    glass, door = record(scene, "ShowerGlass"), record(scene, "ShowerDoor")
    points = np.concatenate(
        [
            p.vertices[np.unique(p.faces)]
            for p in mesh_of(glass, scene, "FloorPlan423", 0).parts
            if len(p.faces)
        ]
    )
    points = points @ euler_matrix(glass.local_rotation).T + glass.center
    middle, away = np.asarray(door.center), np.subtract(door.center, glass.center)
    beyond = ((points - middle) * np.sign(away))[:, [0, 2]] > 0.1
    assert not beyond.all(1).any()
    assert min(abs((door.local_rotation[1] + 45) % 90 - 45), 45) > 10
