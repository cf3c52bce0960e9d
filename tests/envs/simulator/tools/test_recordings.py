"""The distance of rooms from recordings, told from a recording made up of one room's own facts."""

from __future__ import annotations

import copy
import gzip
import json

import pytest

from envs.simulator.actions.result import LastAction
from envs.simulator.dispatch.dispatcher import Dispatcher
from envs.simulator.events.metadata import agent_metadata
from envs.simulator.tools.recorded_distance import compare_poses, compare_scene
from envs.simulator.tools.recorded_scenes import older_of, read_poses, read_scenes, updated
from envs.simulator.tools.recordings import main
from envs.simulator.world.world import World

SCENE = "FloorPlan405"


def write(folder, scenes, poses):
    for name, rows in (("scenes", scenes), ("agent_poses", poses)):
        with gzip.open(folder / f"{name}.jsonl.gz", "wt") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)
    return folder


@pytest.fixture(scope="module")
def own():
    """What the simulator itself reports of a room, in the recording's form."""
    world = World(64, 64)
    world.load(SCENE)
    Dispatcher(world).act({"action": "Initialize", "fieldOfView": 145.0})
    shown = agent_metadata(world, world.active, LastAction())
    world.close()
    objects = [
        {
            **thing,
            "center": thing["axisAlignedBoundingBox"]["center"],
            "size": thing["axisAlignedBoundingBox"]["size"],
            "oriented_corners": (thing["objectOrientedBoundingBox"] or {}).get("cornerPoints"),
        }
        for thing in shown["objects"]
    ]
    return {"scene": SCENE, "fov": 145.0, "agent": shown["agent"], "objects": objects}


@pytest.fixture
def recording(own):
    return copy.deepcopy(own)


def pose_of(recording, dx=0.0):
    place = recording["agent"]["position"]
    return {"scene": SCENE, "position": {**place, "x": place["x"] + dx}, "rotation": 90.0}


def test_a_room_agrees_with_itself(recording, tmp_path):
    write(tmp_path, [recording], [pose_of(recording)])
    found = compare_scene(read_scenes(tmp_path)[SCENE])
    assert not any(found.wrong.values()) and not found.extra and found.start
    assert found.agreement == 1.0 and found.seen
    floor = compare_poses(SCENE, read_poses(tmp_path))
    assert (floor.places, floor.refused, floor.prisons) == (1, [], [])


def test_each_difference_is_counted_where_it_is(recording, tmp_path):
    things = recording["objects"]
    things[0]["name"] = "Other_00000000"
    things[1]["position"]["x"] += 0.002
    things[2]["rotation"]["y"] += 5
    things[3]["size"]["y"] += 0.01
    things[4]["parentReceptacles"] = ["Shelf|+09.00|+09.00|+09.00"]
    things[5]["objectId"] = "Ghost|+00.00|+00.00|+00.00"
    seen = next(t for t in things[6:] if t["visible"])
    seen["visible"] = False
    recording["agent"]["rotation"]["y"] += 90
    write(tmp_path, [recording], [])
    found = compare_scene(read_scenes(tmp_path)[SCENE])
    counts = {fact: len(ids) for fact, ids in found.wrong.items()}
    # An object that is missing differs in everything.
    assert counts == {
        **dict.fromkeys(("names", "positions", "rotations", "sizes", "parents"), 2),
        "ids": 1,
    }
    assert len(found.extra) == 1 and not found.start


def test_a_place_in_furniture_is_refused(recording, tmp_path):
    write(tmp_path, [], [pose_of(recording), pose_of(recording, dx=30.0)])
    floor = compare_poses(SCENE, read_poses(tmp_path))
    assert len(floor.refused) == 1 and floor.refused == floor.prisons


def test_the_table_and_json_tell_the_same(recording, tmp_path, capsys):
    write(tmp_path, [recording], [pose_of(recording)])
    assert main([str(tmp_path), "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert answer["agree"]["names"] == answer["objects"] == len(recording["objects"])
    assert answer["starts"] == 1 and answer["refused"] == 0
    assert main([str(tmp_path), "--scenes", SCENE]) == 0
    printed = capsys.readouterr().out
    assert "start poses" in printed and "100.0%" in printed


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "does not exist"),
        (b"no gzip", "gzipped JSON lines"),
        (gzip.compress(b"{}\n", mtime=0), "lacks scene"),
        (gzip.compress(b"[1]\n", mtime=0), "lacks scene"),
        (gzip.compress(b'{"scene": 1, "agent": {}, "objects": [], "fov": 1}\n', mtime=0), "lacks"),
    ],
)
def test_missing_and_foreign_files_are_named(content, says, tmp_path, capsys):
    write(tmp_path, [], [])
    file = tmp_path / "scenes.jsonl.gz"
    file.unlink() if content is None else file.write_bytes(content)
    assert main([str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert says in said and "scenes.jsonl.gz" in said


def test_unknown_rooms_are_an_error(recording, tmp_path, capsys):
    write(tmp_path, [{**recording, "scene": "FloorPlan999"}], [])
    assert main([str(tmp_path)]) == 2 and "FloorPlan999" in capsys.readouterr().err
    assert main([str(tmp_path), "--scenes", "FloorPlan1"]) == 2
    assert "none of the rooms" in capsys.readouterr().err


def test_a_newer_recording_renames_and_keeps_what_it_does_not_tell(recording, tmp_path):
    thing = next(t for t in recording["objects"] if t["pickupable"])
    old_id, traits = thing["objectId"], ["breakable", "pickupable"]
    old = {"id": old_id, "type": thing["objectType"], "is": traits, "states": ["isBroken"]}
    old["position"] = [thing["position"][k] for k in "xyz"]
    thing["objectId"] = f"{thing['objectType']}|+01.11|+02.22|+03.33"
    recording["objects"] = [thing]
    recording["agent"]["position"]["y"] = 0.98
    write(tmp_path, [recording], [])
    scene = read_scenes(tmp_path)[SCENE]
    assert older_of(scene.objects, [old]) == {thing["objectId"]: old}
    member = {"objects": [old], "reachable": [], "openable": {old_id: [0, 0, 0, 0]}}
    packed = updated(member, scene, {})
    assert packed["floor"] == pytest.approx(0.079)
    assert list(packed["openable"]) == [thing["objectId"]]
    assert packed["objects"][0]["name"] == thing["name"]
    assert {"breakable", "pickupable"} <= set(packed["objects"][0]["is"])
    assert "isBroken" in packed["objects"][0]["states"]
    assert packed["sources"] == {"objects": "5.0.0", "start": "5.0.0"}
