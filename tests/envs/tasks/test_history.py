"""What was done to an object is remembered when it no longer shows."""

from __future__ import annotations

from envs.tasks.history import History


def item(object_type, object_id, **facts):
    base = {
        "objectType": object_type,
        "objectId": object_id,
        "receptacleObjectIds": None,
        "isToggled": False,
        "isOpen": False,
        "temperature": "RoomTemp",
        "axisAlignedBoundingBox": {
            "center": {"x": 0.0, "y": 0.5, "z": 0.0},
            "size": {"x": 0.2, "y": 0.2, "z": 0.2},
        },
    }
    return {**base, **facts}


def test_history_remembers_heat_cold_and_water():
    basin = item("SinkBasin", "s", receptacleObjectIds=["m"])
    history = History()
    history.note([item("Egg", "e", temperature="Hot"), basin, item("Faucet", "f")])
    assert history.treated["heated"] == {"e"} and not history.treated["cleaned"]
    before = history.treated
    history.note([item("Egg", "e"), basin, item("Faucet", "f", isToggled=True)])
    assert history.treated["heated"] == {"e"} and history.treated["cleaned"] == {"m"}
    assert not before["cleaned"], "earlier states stay as they were"
