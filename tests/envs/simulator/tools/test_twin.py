"""A scene exported from a controller and imported again is the same scene."""

from __future__ import annotations

import copy
import json
import os
import zipfile

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from envs.backends import make_controller
from envs.simulator.houses.fields import HouseError
from envs.simulator.houses.twin_file import check, load_twin, registered, write_twin
from envs.simulator.tools.twin import export_scene, main


@pytest.fixture(scope="module")
def controller():
    made = make_controller("embedded", scene="FloorPlan28", width=60, height=60)
    yield made
    made.stop()


@pytest.fixture(scope="module")
def exported(controller):
    controller.reset("FloorPlan28")
    return export_scene(controller)


@pytest.fixture()
def shelf(tmp_path):
    before = os.environ.get("THOR_TWINS")
    os.environ["THOR_TWINS"] = str(tmp_path / "twins")
    yield tmp_path
    if before is None:
        del os.environ["THOR_TWINS"]
    else:
        os.environ["THOR_TWINS"] = before


def facts(event):
    rows = {}
    for thing in event.metadata["objects"]:
        row = {k: thing[k] for k in ("objectType", "openness", "isToggled", "isDirty", "mass")}
        row["place"] = [thing["position"][k] for k in "xyz"]
        row["box"] = thing["axisAlignedBoundingBox"]["center"]
        row["parents"] = thing["parentReceptacles"]
        rows[thing["objectId"]] = row
    return rows


def test_a_twin_has_the_same_objects_at_the_same_places(controller, exported, tmp_path):
    original = facts(controller.reset("FloorPlan28"))
    spots = controller.step("GetReachablePositions").metadata["actionReturn"]
    path = tmp_path / "kitchen.zip"
    write_twin(exported, path)
    event = controller.reset(str(path))
    twin = facts(event)
    assert list(twin) == list(original)
    for key, row in original.items():
        assert np.allclose(twin[key]["place"], row["place"], atol=2e-4), key
        for axis in "xyz":
            assert twin[key]["box"][axis] == pytest.approx(row["box"][axis], abs=2e-3), key
        for state in ("objectType", "openness", "isToggled", "isDirty", "mass", "parents"):
            assert twin[key][state] == pytest.approx(row[state]), (key, state)
    again = controller.step("GetReachablePositions").metadata["actionReturn"]
    as_set = [{(round(p["x"], 2), round(p["z"], 2)) for p in rows} for rows in (spots, again)]
    assert as_set[0] == as_set[1]


def test_what_was_changed_goes_along(controller, tmp_path):
    event = controller.reset("FloorPlan28")
    fridge = next(o for o in event.metadata["objects"] if o["objectType"] == "Fridge")
    tomato = next(o for o in event.metadata["objects"] if o["objectType"] == "Tomato")
    controller.step("OpenObject", objectId=fridge["objectId"], openness=0.5, forceAction=True)
    controller.step(
        "DirectionalPush",
        objectId=tomato["objectId"],
        moveMagnitude=20,
        pushAngle=90,
        forceAction=True,
    )
    before = facts(controller.last_event)
    write_twin(export_scene(controller), tmp_path / "later.json")
    after = facts(controller.reset(str(tmp_path / "later.json")))
    assert after[fridge["objectId"]]["openness"] == pytest.approx(0.5)
    moved = after[tomato["objectId"]]["place"]
    assert np.allclose(moved, before[tomato["objectId"]]["place"], atol=2e-4)
    shut = [fridge["axisAlignedBoundingBox"]["size"][k] for k in "xyz"]
    controller.step("CloseObject", objectId=fridge["objectId"], forceAction=True)
    rows = controller.last_event.metadata["objects"]
    again = next(o for o in rows if o["objectId"] == fridge["objectId"])
    closed = [again["axisAlignedBoundingBox"]["size"][k] for k in "xyz"]
    assert closed == pytest.approx(shut, abs=2e-3), "the door's swing became part of the box"


def test_a_twin_keeps_the_height_of_its_floor(controller, tmp_path):
    agent = controller.reset("FloorPlan3").metadata["agent"]["position"]
    write_twin(export_scene(controller), tmp_path / "high.json")
    controller.reset("FloorPlan28")
    copied = controller.reset(str(tmp_path / "high.json")).metadata["agent"]["position"]
    assert copied["y"] == pytest.approx(agent["y"], abs=1e-4) and agent["y"] > 1.1


def test_an_imported_twin_is_a_scene_by_name(shelf, exported, capsys):
    write_twin(exported, shelf / "kitchen.json")
    assert main(["import", str(shelf / "kitchen.json"), "--name", "MyKitchen"]) == 0
    assert "MyKitchen" in capsys.readouterr().out
    assert list(registered()) == ["MyKitchen"]
    made = make_controller("embedded", scene="MyKitchen", width=40, height=40)
    try:
        assert made.last_event.metadata["sceneName"] == "MyKitchen"
        assert "MyKitchen" in made.step("GetScenesInBuild").metadata["actionReturn"]
        assert made.step("MoveAhead") or made.step("MoveBack")
    finally:
        made.stop()


def test_the_command_line_exports_and_says_what_is_wrong(shelf, capsys):
    out = shelf / "room.zip"
    assert main(["export", "--scene", "FloorPlan401", "--out", str(out)]) == 0
    assert zipfile.ZipFile(out).namelist() == ["twin.json"]
    assert out.stat().st_size < 100_000
    assert main(["export", "--scene", "FloorPlan401", "--out", str(shelf / "room.txt")]) == 2
    assert main(["export", "--scene", "FloorPlan999", "--out", str(out)]) == 2
    assert main(["import", str(shelf / "none.zip")]) == 2
    (shelf / "half.zip").write_bytes(out.read_bytes()[:200])
    assert main(["import", str(shelf / "half.zip")]) == 2
    (shelf / "no.json").write_text("{", encoding="utf-8")
    assert main(["import", str(shelf / "no.json")]) == 2
    assert main(["import", str(out), "--name", "FloorPlan1"]) == 2
    assert main(["import", str(out), "--name", "../x"]) == 2
    errors = capsys.readouterr().err.strip().splitlines()
    assert len(errors) == 7 and all(line.startswith("error: ") for line in errors)


def test_houses_are_no_twins(controller):
    controller.reset("Procedural")
    with pytest.raises(ValueError, match="house JSON"):
        export_scene(controller)


@pytest.mark.parametrize(
    "path, value, word",
    [
        (("format",), "other", "twin.format"),
        (("version",), 2, "twin.version"),
        (("objects", 3, "center"), [1, 2], "twin.objects[3].center"),
        (("objects", 3, "center", 1), float("nan"), "twin.objects[3].center[1]"),
        (("objects", 1, "id"), None, "twin.objects[1].id"),
        (("reachable",), [], "twin.reachable"),
        (("start",), "here", "twin.start"),
        (("floor",), 1e6, "twin.floor"),
    ],
)
def test_what_is_wrong_is_named(exported, path, value, word):
    content = copy.deepcopy(exported)
    spot = content
    for key in path[:-1]:
        spot = spot[key]
    spot[path[-1]] = value
    with pytest.raises(HouseError) as error:
        check(content)
    assert word in str(error.value)


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=5),
    st.lists(st.integers(-5, 5), max_size=3),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_any_damage_is_one_clear_error_or_a_scene(exported, tmp_path_factory, data):
    content = copy.deepcopy(exported)
    content["objects"] = content["objects"][:12]
    key = data.draw(st.sampled_from(sorted(content)))
    if key == "objects":
        thing = data.draw(st.sampled_from(content["objects"]))
        thing[data.draw(st.sampled_from(sorted(thing)))] = data.draw(JUNK)
    else:
        content[key] = data.draw(JUNK)
    path = tmp_path_factory.mktemp("twin") / "t.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        load_twin(path)
    except ValueError as error:
        assert "\n" not in str(error) and str(path) in str(error)
