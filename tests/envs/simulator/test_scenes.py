"""The recorded rooms load whole, and what is inferred round them fits."""

from __future__ import annotations

import json

import numpy as np
import pytest

from envs.simulator.meshes.slabs import joined
from envs.simulator.scenes import infer_fixtures, load_scene, scene_names
from envs.simulator.scenes.structure.counter_shapes import is_turned
from envs.simulator.scenes.structure.room_fixtures import plan_of
from envs.simulator.scenes.structure.room_plan import standing_walls
from envs.simulator.tools.build_rooms import main, pack_object, start_place, start_pose
from envs.simulator.tools.scene_check import check_room, overlap
from envs.simulator.world.plan_distance import to_triangles
from envs.simulator.world.world import World

KITCHENS = [f"FloorPlan{i}" for i in range(1, 31)]
SOME = [*KITCHENS[::3], *scene_names()[30:120:7], *scene_names()[120::11]]
SOME += ["FloorPlan417", "FloorPlan423"]


def test_all_rooms_are_there():
    names = scene_names()
    assert len(names) == 195
    assert {"FloorPlan1", "FloorPlan430", "FloorPlan_Train1_1", "FloorPlan_Val3_5"} <= set(names)


def test_known_facts_of_floorplan28_hold():
    scene = load_scene("FloorPlan28_physics")
    ids = {o.object_id for o in scene.objects}
    assert {"Tomato|-03.13|+00.92|-00.39", "SoapBottle|-00.84|+00.93|-03.76"} <= ids


def test_unknown_room_names_some():
    with pytest.raises(ValueError, match="FloorPlan1"):
        load_scene("FloorPlan31")


@pytest.mark.parametrize("name", SOME)
def test_fixtures_leave_the_free_floor_free(name):
    scene = load_scene(name)
    for low, high in standing_walls(plan_of(scene), 1.7):
        gap = np.maximum(low - scene.reachable, scene.reachable - high).max(1)
        assert gap.min() > 0.1
    for fixture in infer_fixtures(scene):
        if fixture.object_type in ("Ground", "Ceiling", "Floor"):
            continue
        for part in fixture.mesh.parts:
            corners = part.vertices[part.faces] + np.array(fixture.center)
            corners = corners[corners[..., 1].min(1) < 1.7][..., [0, 2]]
            low, high = corners.min(1), corners.max(1)
            gap = np.maximum(low[:, None] - scene.reachable, scene.reachable - high[:, None])
            # Most faces lie along the axes; a slanting one need not fill its box.
            for triangle, place in np.argwhere(gap.max(2) <= 0.1):
                near = corners[triangle][None] - scene.reachable[place]
                assert to_triangles(near) > 0.1, fixture.key


@pytest.mark.parametrize("name", KITCHENS)
def test_frames_reproduce_the_recorded_boxes(name):
    from envs.simulator.core.geometry import aligned_extent, euler_matrix

    for thing in load_scene(name).objects:
        if thing.obb is None:
            extent = aligned_extent(np.array(thing.local_size), euler_matrix(thing.local_rotation))
            # No box turns into that of a cupboard in a slanting row quite: models have handles.
            near = 0.03 if is_turned(thing) else 2e-3
            assert extent == pytest.approx(np.maximum(thing.size, 0.004), abs=near), thing.object_id


@pytest.mark.parametrize(
    "name", ["FloorPlan10", "FloorPlan208", "FloorPlan320", "FloorPlan410", "FloorPlan_Val2_3"]
)
def test_rooms_agree_with_the_recording_and_have_no_holes(name):
    room = check_room(name)
    assert room.as_recorded, room


@pytest.mark.slow
@pytest.mark.parametrize("name", scene_names())
def test_every_room_agrees_with_the_recording_and_has_no_holes(name):
    room = check_room(name)
    assert room.as_recorded, room


def test_overlap_counts_cells_once():
    one = np.array([[0.0, 0.0], [0.25, 0.0]])
    two = np.array([[0.25, 0.0], [0.5, 0.0]])
    assert overlap(one, two) == pytest.approx(1 / 3)


def test_robothor_rooms_share_the_walls_of_their_layout_and_start_on_free_floor():
    scenes = [load_scene(f"FloorPlan_Train9_{k}") for k in range(1, 6)]
    assert len({id(plan_of(s)) for s in scenes}) == 1
    assert plan_of(scenes[0]).partitions
    for scene in scenes:
        x, _, z, _ = scene.agent_start
        assert np.abs(scene.reachable - (x, z)).max(1).min() < 1e-9
        assert len(scene.reachable) > 100


def test_the_start_is_where_the_recorded_distances_meet():
    spots = [(0.0, 1.0, 0.0), (2.0, 0.5, 1.0), (-1.0, 0.2, 2.5), (1.5, 1.4, -2.0), (0.3, 0.1, 3.0)]
    spots += [(1.0, 2.1, -0.2), (-0.4, 0.4, -0.9), (0.9, 0.1, 0.6)]
    place = np.array([0.75, 1.123, -0.5])
    things = [
        {
            "position": dict(zip("xyz", spot, strict=True)),
            "axisAlignedBoundingBox": {"center": dict(zip("xyz", spot, strict=True))},
            "distance": float(np.linalg.norm(np.array(spot) - place)),
            "visible": spot[0] == 1.5,
        }
        for spot in spots
    ]
    things[2]["distance"] += 0.7
    found = start_place(things)
    assert found == pytest.approx(place, abs=2e-3)
    x, z, yaw = start_pose(things, found)
    assert (x, z) == pytest.approx((0.75, -0.5), abs=2e-3)
    assert yaw == 180.0


def test_build_reports_a_missing_package(tmp_path, capsys):
    assert main(["--procthor", str(tmp_path / "no.whl"), "--alfworld", str(tmp_path)]) == 2
    assert "does not exist" in capsys.readouterr().err
    assert not (tmp_path / "rooms.zip").exists()


def test_packing_keeps_what_is_true():
    facts = dict.fromkeys(
        [
            "receptacle",
            "toggleable",
            "breakable",
            "canFillWithLiquid",
            "dirtyable",
            "canBeUsedUp",
            "cookable",
            "isHeatSource",
            "isColdSource",
            "sliceable",
            "openable",
            "pickupable",
            "moveable",
            "isToggled",
            "isBroken",
            "isFilledWithLiquid",
            "isDirty",
            "isUsedUp",
            "isCooked",
            "isSliced",
            "isOpen",
        ],
        False,
    )
    spot = {"x": 1.0, "y": 2.0, "z": 3.0}
    packed = pack_object(
        {
            **facts,
            "pickupable": True,
            "isDirty": True,
            "objectId": "Cup|1",
            "name": "Cup_1",
            "assetId": "",
            "objectType": "Cup",
            "position": spot,
            "rotation": spot,
            "mass": 1.0,
            "axisAlignedBoundingBox": {"center": spot, "size": spot},
            "objectOrientedBoundingBox": None,
            "salientMaterials": None,
            "parentReceptacles": ["Shelf|1"],
            "receptacleObjectIds": None,
            "controlledObjects": None,
            "fillLiquid": None,
            "openness": 0.0,
            "temperature": "Cold",
        }
    )
    assert packed["is"] == ["pickupable"] and packed["states"] == ["isDirty"]
    assert packed["parents"] == ["Shelf|1"] and packed["temperature"] == "Cold"
    assert json.loads(json.dumps(packed)) == packed


@pytest.mark.parametrize("name", ["FloorPlan1", "FloorPlan5", "FloorPlan13", "FloorPlan409"])
def test_things_lie_on_their_counters_and_not_in_them(name):
    world = World(32, 32)
    world.load(name)
    for top in (t for t in world.objects.values() if t.type == "CounterTop"):
        level = max(center[1] for _, center in top.surfaces())
        items = [world.objects[i] for i in top.contents() if world.objects[i].is_("pickupable")]
        assert all(item.high[1] > level + 0.002 for item in items)
        # A ladle's box, turned, may reach lower than the ladle.
        assert sum(item.low[1] < level - 0.012 for item in items) <= 1


def test_pieces_of_wall_in_one_plane_become_one():
    def box(*ends):
        return np.array(ends[:3], float), np.array(ends[3:], float)

    same = [box(0, 0, 0, 0.1, 2.5, 2), box(0, 0.02, 0.3, 0.1, 2.5, 2.1)]
    ((low, high),) = joined(same)
    assert low.tolist() == [0, 0, 0] and high.tolist() == [0.1, 2.5, 2.1]
    corner = [box(0, 0, 0, 0.1, 2.5, 2), box(0, 0, 0, 2, 2.5, 0.1), box(5, 0, 0, 6, 1, 1)]
    assert len(joined(corner)) == 3 and joined([]) == []
