"""ALFRED's trials are read, set up, replayed and judged by ALFRED's rules."""

from __future__ import annotations

import gzip
import json
import os
from pathlib import Path

import pytest

from envs.backends import make_controller
from envs.tasks.published.alfred import TrialError, parse_trial, read_trials
from envs.tasks.published.alfred_goals import Treated, conditions
from envs.tasks.published.alfred_replay import described, main, replay, summary
from envs.tasks.published.alfred_scene import set_up


def trial(**changes):
    """A made-up trial: the apple of FloorPlan1, next to where the agent stands, into the fridge."""
    raw = {
        "task_id": "trial_1",
        "task_type": "pick_and_place_simple",
        "pddl_params": {
            "object_target": "Apple",
            "parent_target": "Fridge",
            "mrecep_target": "",
            "toggle_target": "",
            "object_sliced": False,
        },
        "scene": {
            "floor_plan": "FloorPlan1",
            "init_action": {"x": -0.75, "y": 0.9, "z": 1.0, "rotation": 270, "horizon": 30},
            "object_poses": [
                {
                    "objectName": "Apple_0a1b2c3d",
                    "position": {"x": -0.3, "y": 1.16, "z": 0.4},
                    "rotation": {"x": 0, "y": 0, "z": 0},
                },
                {
                    "objectName": "Apple_0a1b2c3d",
                    "position": {"x": -0.1, "y": 1.16, "z": 0.4},
                    "rotation": {"x": 0, "y": 0, "z": 0},
                },
            ],
            "object_toggles": [{"objectType": "Faucet", "isOn": True}],
            "dirty_and_empty": True,
        },
        "instructions": [{"task_desc": "put an apple in the fridge", "high_descs": []}],
        "low": [
            [0, {"action": "LookDown", "forceAction": True}],
            [0, {"action": "MoveAhead", "forceAction": True, "moveMagnitude": 0.25}],
        ],
    }
    return {**raw, **changes}


def published(raw):
    """The same trial as the publisher's own file has it."""
    steps = [{"api_action": step[1], "high_idx": step[0]} for step in raw["low"]]
    kept = {k: v for k, v in raw.items() if k not in ("low", "instructions")}
    return {
        **kept,
        "plan": {"low_actions": steps, "high_pddl": []},
        "turk_annotations": {"anns": raw["instructions"]},
    }


def test_publisher_and_packed_form_are_the_same_trial(tmp_path):
    folder = tmp_path / "pick" / "trial_1"
    folder.mkdir(parents=True)
    (folder / "traj_data.json").write_text(json.dumps(published(trial())))
    with gzip.open(tmp_path / "packed.jsonl.gz", "wt") as stream:
        stream.write(json.dumps(trial()) + "\n")
    from_tree = list(read_trials(tmp_path / "pick"))
    from_lines = list(read_trials(tmp_path / "packed.jsonl.gz"))
    assert from_tree == from_lines
    assert from_lines[0].start == (-0.75, 0.9, 1.0, 270.0, 30.0)
    assert from_lines[0].instructions == ("put an apple in the fridge",)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"task_type": "juggle"}, "juggle"),
        ({"scene": {}}, "init_action"),
        ({"low": [[0, {"action": "Fly"}]]}, "Fly"),
        ({"low": [[0]]}, "broken"),
        ({"low": [[0, {"action": "OpenObject"}]]}, "needs objectId"),
        ({"pddl_params": None}, "broken"),
    ],
)
def test_broken_trials_are_refused_with_the_field(change, says):
    with pytest.raises(TrialError, match=says):
        parse_trial(trial(**change), "here")


def test_what_is_no_file_of_trials_is_refused(tmp_path):
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b'{"a": 1}')[:-9])
    (tmp_path / "list.json").write_text("[]")
    for path, says in (
        (tmp_path / "nothing", "no file"),
        (tmp_path / "cut.jsonl.gz", "cut"),
        (tmp_path / "list.json", "JSON object"),
    ):
        with pytest.raises(TrialError, match=says):
            list(read_trials(path))
    assert main([str(tmp_path / "nothing")]) == 2


@pytest.fixture(scope="module")
def controller():
    made = make_controller("embedded", scene="FloorPlan1")
    yield made
    made.stop()


def test_the_scene_is_set_up_as_the_trial_says(controller):
    names = set_up(controller, parse_trial(trial()))
    objects = controller.last_event.metadata["objects"]
    apples = [o for o in objects if o["objectType"] == "Apple"]
    assert len(apples) == 2, "two poses of one name are two things"
    assert all(o["isToggled"] for o in objects if o["objectType"] == "Faucet")
    assert all(o["isDirty"] for o in objects if o["dirtyable"])
    agent = controller.last_event.metadata["agent"]
    assert agent["position"]["x"] == pytest.approx(-0.75)
    assert agent["cameraHorizon"] == pytest.approx(30)
    ids = {names.find(f"Apple|{x}|+01.16|+00.40", objects) for x in ("-00.30", "-00.10")}
    assert ids == {o["objectId"] for o in apples}
    assert names.find("Fridge|-02.00|+00.10|+01.00", objects).startswith("Fridge|")
    assert names.find("Unicorn|x", objects) is None


def test_looks_are_steps_of_fifteen_degrees_and_lost_trials_say_why(controller):
    low = [*trial()["low"], [1, {"action": "PickupObject", "objectId": "Kettle|+9|+9|+9"}]]
    result = replay(controller, parse_trial(trial(low=low)))
    assert controller.last_event.metadata["agent"]["cameraHorizon"] == pytest.approx(45)
    assert not result.success and (result.met, result.total) == (0, 1)
    assert result.first == "PickupObject Kettle" and result.step == 2
    assert summary([result])["first_failing_action"] == [("PickupObject", 1)]


@pytest.mark.parametrize("value", [float("nan"), 1e9, "far", None])
def test_numbers_that_are_no_places_are_refused(value):
    scene = {**trial()["scene"]}
    scene["init_action"] = {**scene["init_action"], "x": value}
    with pytest.raises(TrialError, match="broken"):
        parse_trial(trial(scene=scene), "here")
    with pytest.raises(TrialError, match="moveMagnitude"):
        parse_trial(trial(low=[[0, {"action": "MoveAhead", "moveMagnitude": value}]]), "here")


def test_a_start_nowhere_near_the_floor_is_a_lost_trial(controller):
    scene = {
        **trial()["scene"],
        "object_poses": [
            {
                "objectName": "Apple_1",
                "position": {"x": 900, "y": 1, "z": 0},
                "rotation": {"x": 0, "y": 0, "z": 0},
            }
        ],
    }
    result = replay(controller, parse_trial(trial(scene=scene)))
    assert not result.success


def test_rooms_that_are_none_are_refused():
    with pytest.raises(TrialError, match="FloorPlan999"):
        parse_trial(trial(scene={**trial()["scene"], "floor_plan": "FloorPlan999"}), "here")


def test_actions_are_told_by_their_things():
    action = {
        "action": "PutObject",
        "objectId": "Apple|0|0|0",
        "receptacleObjectId": "Sink|0|0|0|SinkBasin",
    }
    assert described(action) == "PutObject Apple -> SinkBasin"


def thing(object_id, **facts):
    base = {
        "objectId": object_id,
        "objectType": object_id.split("|")[-1 if object_id.count("|") > 3 else 0].split("_")[0],
        "pickupable": False,
        "receptacle": False,
        "toggleable": False,
        "isToggled": False,
        "visible": False,
        "receptacleObjectIds": None,
        "position": {"x": 0.0, "y": 0.0, "z": 0.0},
    }
    return {**base, **facts}


def judged(kind, objects, treated=None, held=(), **goal):
    goals = {**trial()["pddl_params"], **goal}
    made = parse_trial(trial(task_type=kind, pddl_params=goals))
    metadata = {"objects": objects, "inventoryObjects": [{"objectId": i} for i in held]}
    return conditions(made, metadata, treated or Treated())


APPLE = thing("Apple|1|1|1", pickupable=True)
FRIDGE = thing("Fridge|0|0|0", receptacle=True, receptacleObjectIds=["Apple|1|1|1"])


def test_conditions_are_counted_as_alfred_does():
    assert judged("pick_and_place_simple", [APPLE, FRIDGE]) == (1, 1)
    assert judged("pick_heat_then_place_in_recep", [APPLE, FRIDGE]) == (1, 3)
    heated = Treated(heated={"Apple|1|1|1"})
    assert judged("pick_heat_then_place_in_recep", [APPLE, FRIDGE], heated) == (3, 3)
    assert judged("pick_two_obj_and_place", [APPLE, FRIDGE]) == (1, 2)
    lamp = thing("DeskLamp|0|0|0", toggleable=True, isToggled=True, visible=True)
    look = {"toggle_target": "DeskLamp", "parent_target": ""}
    assert judged("look_at_obj_in_light", [APPLE, lamp], held=["Apple|1|1|1"], **look) == (2, 2)
    assert judged("look_at_obj_in_light", [APPLE, lamp], **look) == (1, 2)
    bowl = thing(
        "Bowl|0|0|0", pickupable=True, receptacle=True, receptacleObjectIds=["Apple|1|1|1"]
    )
    table = thing("DiningTable|0|0|0", receptacle=True, receptacleObjectIds=["Bowl|0|0|0"])
    stack = {"mrecep_target": "Bowl", "parent_target": "DiningTable"}
    assert judged("pick_and_place_with_movable_recep", [APPLE, bowl, table], **stack) == (3, 3)


def test_of_sliced_targets_only_slices_count():
    piece = thing("Apple|1|1|1|AppleSliced_0", pickupable=True)
    fridge = {**FRIDGE, "receptacleObjectIds": [piece["objectId"]]}
    assert judged("pick_and_place_simple", [APPLE, FRIDGE], object_sliced=True) == (0, 2)
    assert judged("pick_and_place_simple", [piece, fridge], object_sliced=True) == (2, 2)


def test_treatment_follows_from_what_was_done():
    inside = ["Apple|1|1|1"]
    basin = thing("Sink|0|0|0|SinkBasin", receptacleObjectIds=inside)
    objects = [
        APPLE,
        FRIDGE,
        basin,
        thing("Faucet|0|0|0"),
        thing("Microwave|0|0|0", receptacleObjectIds=inside),
    ]
    treated = Treated()
    treated.note("OpenObject", "Fridge|0|0|0", objects)
    assert not treated.cooled
    treated.note("CloseObject", "Fridge|0|0|0", objects)
    treated.note("ToggleObjectOn", "Microwave|0|0|0", objects)
    treated.note("ToggleObjectOn", "Faucet|0|0|0", objects)
    assert treated.cooled == treated.heated == treated.cleaned == {"Apple|1|1|1"}


@pytest.mark.slow
def test_recorded_trials_reach_their_goals(controller):
    folder = os.environ.get("THOR_TASK_DATA")
    if not folder:
        pytest.skip("THOR_TASK_DATA names no folder with ALFRED's trials (alfred/*.jsonl.gz)")
    path = Path(folder) / "alfred" / "valid_seen.jsonl.gz"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    chosen = list(read_trials(path))[::8]
    found = summary([replay(controller, t) for t in chosen])
    assert found["success"] >= 0.6, found["first_failures"]
