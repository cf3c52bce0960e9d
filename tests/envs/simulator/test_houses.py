"""Houses load whole, are walkable, and bad descriptions name the field that is wrong."""

from __future__ import annotations

import copy
import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envs.backends import make_controller
from envs.simulator.houses import HouseError, build_house, read_house
from envs.simulator.houses.assets import materials


def corner(x, z, y=0.0):
    return {"x": x, "y": y, "z": z}


def wall(room, a, b, kind="PureWhite", name=None, height=2.5):
    low, high = min(a, b), max(a, b)
    place = f"{low[0]:.2f}|{low[1]:.2f}|{high[0]:.2f}|{high[1]:.2f}"
    return {
        "id": f"wall|{name or room}|{place}",
        "roomId": f"room|{room}",
        "material": kind,
        "polygon": [corner(*a), corner(*b), corner(*a, height), corner(*b, height)],
    }


def room(number, kind, points):
    return {
        "id": f"room|{number}",
        "roomType": kind,
        "floorMaterial": "DarkWoodFloors",
        "floorPolygon": [corner(*p) for p in points],
        "children": [],
        "ceilings": [],
    }


def ring(number, points):
    return [wall(number, a, b) for a, b in zip(points, [*points[1:], points[0]], strict=True)]


def two_rooms():
    """An L-shaped kitchen and a bedroom, with a door between them and a window."""
    kitchen = [(0, 0), (0, 5), (3, 5), (3, 3), (4, 3), (4, 0)]
    bedroom = [(4, 0), (4, 3), (8, 3), (8, 0)]
    return {
        "rooms": [room(2, "Kitchen", kitchen), room(3, "Bedroom", bedroom)],
        "walls": ring(2, kitchen) + ring(3, bedroom),
        "doors": [
            {
                "id": "door|2|3",
                "assetId": "Doorway_1",
                "room0": "room|2",
                "room1": "room|3",
                "wall0": "wall|2|4.00|0.00|4.00|3.00",
                "wall1": "wall|3|4.00|0.00|4.00|3.00",
                "boundingBox": {"min": corner(1, 0), "max": corner(2, 0, 2.1)},
                "openness": 1,
                "openable": True,
            }
        ],
        "windows": [
            {
                "id": "window|3|0",
                "assetId": "Window_Fixed_36x48",
                "wall0": "wall|3|8.00|0.00|8.00|3.00",
                "boundingBox": {"min": corner(1, 0, 0.9), "max": corner(2, 0, 1.9)},
            }
        ],
        "objects": [
            {
                "id": "2|0",
                "assetId": "Fridge_1",
                "position": corner(0.5, 4.5, 0.9834),
                "rotation": corner(0, 0, 90),
                "kinematic": True,
            },
            {
                "id": "3|0",
                "assetId": "Bed_1",
                "position": corner(6.9, 1.5, 0.455),
                "rotation": corner(0, 0, 270),
                "kinematic": True,
                "children": [
                    {
                        "id": "small|3|0",
                        "assetId": "Alarm_Clock_1",
                        "position": corner(6.9, 1.5, 1.05),
                        "rotation": corner(0, 0),
                        "kinematic": False,
                    }
                ],
            },
        ],
        "proceduralParameters": {
            "ceilingMaterial": "PureWhite",
            "ceilingColor": {"r": 0.9, "g": 0.9, "b": 0.9},
            "lights": [{"id": "a", "type": "point", "position": corner(1, 1, 2), "intensity": 1}],
            "skyboxId": "Sky1",
        },
        "metadata": {
            "agent": {
                "position": corner(1.0, 1.0, 0.95),
                "rotation": {"x": 0, "y": 90, "z": 0},
                "horizon": 30,
                "standing": True,
            },
            "schema": "0.0.1",
        },
    }


@pytest.fixture(scope="module")
def controller():
    made = make_controller("embedded", scene="Procedural", width=80, height=80)
    yield made
    made.stop()


@pytest.fixture()
def home(controller):
    event = controller.reset(scene=two_rooms())
    assert event, event.metadata["errorMessage"]
    return controller


def by_id(event, object_id):
    return next(o for o in event.metadata["objects"] if o["objectId"] == object_id)


def test_a_house_reports_its_parts_and_objects(home):
    event = home.last_event
    assert event.metadata["sceneName"] == "Procedural"
    kinds = {o["objectId"]: o["objectType"] for o in event.metadata["objects"]}
    assert kinds["room|2"] == "Floor" and kinds["door|2|3"] == "Doorway"
    assert kinds["window|3|0"] == "Window" and kinds["2|0"] == "Fridge"
    assert kinds["wall|2|4.00|0.00|4.00|3.00"] == "Wall"
    fridge = by_id(event, "2|0")
    assert fridge["openable"] and fridge["assetId"] == "Fridge_1"
    size = fridge["axisAlignedBoundingBox"]["size"]
    assert size["z"] == pytest.approx(1.013, abs=1e-3), "the box turns with the object"
    bounds = event.metadata["sceneBounds"]["size"]
    assert (bounds["x"], bounds["z"]) == pytest.approx((8, 5), abs=0.01)


def test_the_agent_starts_at_the_pose_of_the_house(home):
    agent = home.last_event.metadata["agent"]
    assert (agent["position"]["x"], agent["position"]["z"]) == (1.0, 1.0)
    assert agent["rotation"]["y"] == 90 and agent["cameraHorizon"] == 30
    assert home.step("TeleportFull", **two_rooms()["metadata"]["agent"])


def test_children_stand_on_their_parents(home):
    clock = by_id(home.last_event, "small|3|0")
    assert clock["parentReceptacles"] == ["3|0"] and not clock["isMoving"]
    assert "small|3|0" in by_id(home.last_event, "3|0")["receptacleObjectIds"]
    bed = by_id(home.last_event, "3|0")["axisAlignedBoundingBox"]
    assert clock["axisAlignedBoundingBox"]["center"]["y"] < bed["center"]["y"] + bed["size"]["y"]


def test_both_rooms_are_reached_through_the_doorway_only(home):
    spots = home.step("GetReachablePositions").metadata["actionReturn"]
    places = {(round(p["x"], 2), round(p["z"], 2)) for p in spots}
    assert any(x > 4.5 for x, _ in places) and any(x < 3.5 for x, _ in places)
    assert all(1.0 <= z <= 2.0 for x, z in places if 3.8 < x < 4.2), "through the wall"
    assert not any(x > 3.2 and z > 3.2 for x, z in places), "outside the L"
    home.step("CloseObject", objectId="door|2|3", forceAction=True)
    spots = home.step("GetReachablePositions").metadata["actionReturn"]
    assert not any(p["x"] > 4.5 for p in spots), "a shut door keeps the agent in"


def test_walls_hide_and_doorways_show(home):
    ray = home.world.collision.ray
    through_wall = ray(np.array([2.0, 1.5, 2.8]), np.array([6.0, 1.5, 2.8]))
    assert through_wall is not None and through_wall.key.startswith("wall|2")
    hit = ray(np.array([3.0, 1.0, 1.5]), np.array([5.5, 1.0, 1.5]))
    assert hit is None or hit.key == "door|2|3"


def test_nothing_is_seen_through_between_walls_and_ceiling(home):
    home.step(
        "TeleportFull",
        position=corner(2.0, 2.0, 0.9),
        rotation=corner(0, 0),
        horizon=0,
        standing=True,
    )
    for yaw in (0, 90, 180, 270):
        for horizon in (-30, 0, 60):
            home.step(
                "TeleportFull",
                position=corner(2.0, 2.0, 0.9),
                standing=True,
                rotation={"x": 0, "y": yaw, "z": 0},
                horizon=horizon,
            )
            index, _ = home.ids()
            assert (index < 0).mean() < 0.002, (yaw, horizon)


def test_a_house_needs_the_procedural_scene(controller):
    controller.reset("FloorPlan1")
    event = controller.step("CreateHouse", house=two_rooms())
    assert not event and "Procedural" in event.metadata["errorMessage"]
    controller.reset("Procedural")
    assert controller.last_event.metadata["objects"] == []


def test_destroying_empties_the_scene(home):
    assert home.step("DestroyHouse")
    assert home.last_event.metadata["objects"] == []
    assert home.step("CreateHouse", house=two_rooms())


def test_spawned_assets_join_the_scene(home):
    event = home.step(
        "SpawnAsset", assetId="Alarm_Clock_10", generatedId="small|2|9", position=corner(1, 1, -20)
    )
    assert event and by_id(event, "small|2|9")["position"]["y"] == -20
    assert not home.step("SpawnAsset", assetId="Alarm_Clock_10", generatedId="small|2|9")
    event = home.step("SpawnAsset", assetId="NoSuchThing", generatedId="n")
    assert not event and "NoSuchThing" in event.metadata["errorMessage"]
    shape = home.step("GetInSceneAssetGeometry", objectId="small|2|9", triangles=True)
    part = shape.metadata["actionReturn"][0]
    assert max(part["triangles"]) < len(part["vertices"])


def test_the_filter_thins_metadata_but_not_actions(home):
    event = home.step("SetObjectFilter", objectIds=["2|0"])
    assert [o["objectId"] for o in event.metadata["objects"]] == ["2|0"]
    assert home.step("OpenObject", objectId="door|2|3", openness=0.5, forceAction=True)
    event = home.step("ResetObjectFilter")
    assert len(event.metadata["objects"]) > 10


def test_assets_have_their_published_sizes(home):
    listed = home.step("GetAssetDatabase").metadata["actionReturn"]
    assert len(listed) == 1653
    assert listed["Fridge_1"]["boundingBox"]["y"] == pytest.approx(1.9668, abs=1e-3)
    assert "Drywall" in home.step("GetMaterials").metadata["actionReturn"]["Wall"]
    assert materials()["Wood"]


def test_unknown_assets_become_what_their_name_says():
    house = two_rooms()
    house["objects"][0]["assetId"] = "Fridge_99"
    kinds = {r.object_id: r.object_type for r in build_house(read_house(house)).scene.objects}
    assert kinds["2|0"] == "Fridge"


def test_foreign_assets_are_told_once_and_have_the_size_that_the_house_gives(controller):
    """Holodeck's and other generators' houses hold Objaverse assets, which AI2-THOR has not.

    Source: their published scenes: ``vertices`` in centimetres, a position of half the height.
    """
    house = two_rooms()
    plain = {"position": corner(1.0, 1.0, 0.4), "rotation": corner(0, 0), "kinematic": True}
    side = {"position": corner(2.0, 2.5, 0.4), "rotation": corner(0, 0, 90), "kinematic": True}
    outline = [[180, 200], [180, 300], [220, 300], [220, 200]]
    house["objects"] = [
        {**plain, "id": "box", "assetId": "0a1b2c", "size": {"x": 0.6, "y": 0.8, "z": 0.2}},
        {**side, "id": "sofa-0 (den)", "assetId": "3d4e5f", "vertices": outline},
    ]
    controller.reset("Procedural")
    with pytest.warns(UserWarning, match=r"2 of the assets .* 0a1b2c, 3d4e5f\.") as told:
        event = controller.step("CreateHouse", house=house)
    assert event and len(told) == 1
    box, sofa = by_id(event, "box"), by_id(event, "sofa-0 (den)")
    size = box["axisAlignedBoundingBox"]["size"]
    assert size == pytest.approx({"x": 0.6, "y": 0.8, "z": 0.2}, abs=0.01)
    assert sofa["objectType"] == "Sofa"
    size = sofa["axisAlignedBoundingBox"]["size"]
    assert size == pytest.approx({"x": 0.4, "y": 0.8, "z": 1.0}, abs=0.01)


def test_the_newer_schema_loads_too(controller):
    house = two_rooms()
    for opening in house["doors"] + house["windows"]:
        box = opening.pop("boundingBox")
        opening["holePolygon"] = [box["min"], box["max"]]
    for flat in house["walls"]:
        flat["material"] = {"name": flat["material"], "color": {"r": 1, "g": 0.5, "b": 0.5}}
    for floor in house["rooms"]:
        floor["floorMaterial"] = {"name": floor["floorMaterial"]}
    house["metadata"] = {"agentPoses": {"default": house["metadata"]["agent"]}, "schema": "1.0.0"}
    event = controller.reset(scene=house)
    assert event and len(event.metadata["objects"]) > 10


@pytest.mark.parametrize(
    "path, value, word",
    [
        (("rooms",), None, "house.rooms is missing"),
        (("rooms", 0, "floorPolygon"), [], "house.rooms[0].floorPolygon"),
        (("rooms", 1, "floorPolygon", 2, "x"), math.nan, "house.rooms[1].floorPolygon[2].x"),
        (("rooms", 1, "floorPolygon", 2, "x"), 1e9, "house.rooms[1].floorPolygon[2].x"),
        (("walls", 0, "polygon", 1, "z"), "a", "house.walls[0].polygon[1].z"),
        (("windows", 0, "wall0"), "nowhere", "house.windows[0].wall0"),
        (("doors", 0, "boundingBox"), None, "house.doors[0].boundingBox"),
        (("objects", 0, "assetId"), 7, "house.objects[0].assetId"),
        (("objects", 0, "position"), None, "house.objects[0].position"),
        (("objects", 1, "id"), "2|0", "house.objects[1].id"),
        (("objects", 1, "children", 0, "rotation"), 5, "house.objects[1].children[0].rotation"),
    ],
)
def test_what_is_wrong_is_named(path, value, word):
    house = two_rooms()
    spot = house
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    with pytest.raises(HouseError) as error:
        read_house(house)
    assert word in str(error.value)


def test_ten_thousand_objects_are_refused_and_the_scene_goes_on(controller):
    house = two_rooms()
    clock = house["objects"][1]["children"][0]
    house["objects"] = [{**clock, "id": f"c{k}"} for k in range(10_000)]
    event = controller.step("Reset", sceneName="Procedural")
    event = controller.step("CreateHouse", house=house)
    assert not event and "10000" in event.metadata["errorMessage"]
    assert controller.reset(scene=two_rooms())


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**9), 10**9),
    st.floats(),
    st.text(max_size=8),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(st.text(max_size=3), st.integers()),
)


def paths(value, here=()):
    """Every place in nested lists and objects."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in entries:
        yield (*here, key)
        if isinstance(inner, (dict, list)):
            yield from paths(inner, (*here, key))


PATHS = list(paths(two_rooms()))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(PATHS), JUNK, st.booleans()), min_size=1, max_size=3))
def test_any_damage_is_one_clear_error_or_a_house(damage):
    house = copy.deepcopy(two_rooms())
    for path, junk, drop in damage:
        spot = house
        try:
            for key in path[:-1]:
                spot = spot[key]
            if drop:
                del spot[path[-1]]
            else:
                spot[path[-1]] = junk
        except (KeyError, IndexError, TypeError):
            continue
    try:
        made = build_house(read_house(house))
    except HouseError as error:
        assert str(error).startswith("house"), error
        assert len(str(error)) < 400
    else:
        assert np.isfinite(np.asarray(made.scene.bounds)).all()


def test_damaged_houses_leave_the_process_and_the_next_reset_whole(controller):
    for path in (("rooms",), ("walls", 0, "polygon"), ("objects", 0, "rotation", "y")):
        house = two_rooms()
        spot = house
        for key in path[:-1]:
            spot = spot[key]
        spot[path[-1]] = "junk"
        controller.reset("Procedural")
        assert not controller.step("CreateHouse", house=house)
    assert controller.reset(scene=two_rooms())
