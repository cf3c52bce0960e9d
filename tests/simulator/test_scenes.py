"""The recorded rooms load whole, and what is inferred round them fits."""

from __future__ import annotations

import json

import numpy as np
import pytest

from envs.simulator.scenes import infer_fixtures, load_scene, scene_names
from envs.simulator.scenes.build import main, pack_object

KITCHENS = [f"FloorPlan{i}" for i in range(1, 31)]


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


@pytest.mark.parametrize("name", KITCHENS)
def test_fixtures_leave_the_free_floor_free(name):
    scene = load_scene(name)
    for fixture in infer_fixtures(scene):
        center = np.array(fixture.center)
        if center[1] - fixture.size[1] / 2 > 1.7 or fixture.object_type in ("Ground", "Ceiling"):
            continue
        for part in fixture.mesh.parts:
            low, high = part.vertices.min(0) + center, part.vertices.max(0) + center
            gap = np.maximum(low[[0, 2]] - scene.reachable, scene.reachable - high[[0, 2]]).max(1)
            assert gap.min() > 0.1, fixture.key


@pytest.mark.parametrize("name", KITCHENS)
def test_frames_reproduce_the_recorded_boxes(name):
    from envs.simulator.geometry import aligned_extent, euler_matrix

    for thing in load_scene(name).objects:
        if thing.obb is None:
            extent = aligned_extent(np.array(thing.local_size), euler_matrix(thing.local_rotation))
            assert extent == pytest.approx(np.maximum(thing.size, 0.004), abs=2e-3), thing.object_id


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
