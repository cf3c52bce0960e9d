"""What is known of AI2-THOR's FloorPlan28: where one may stand, and how its things behave.

The checks read only the public API of ai2thor's Controller and Event.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.contract import find

BASE = {
    "position": {"x": -1.5, "y": 0.901, "z": -1.5},
    "rotation": {"x": 0, "y": 0, "z": 0},
    "horizon": 0,
    "standing": True,
}
BOTTLE = "SoapBottle|-00.84|+00.93|-03.76"
POT = "Pot|-00.61|+00.80|-03.42"
TOMATO = "Tomato|-03.13|+00.92|-00.39"
BEFORE_FRIDGE = {**BASE, "position": {"x": -1.0, "y": 0.901, "z": -0.5}, "rotation": {"y": 90}}


def place(event) -> dict:
    return event.metadata["agent"]["position"]


class FloorPlan28Contract:
    """Subclass with a ``controller`` fixture; each check starts from a fresh FloorPlan28."""

    @pytest.fixture()
    def room(self, controller):
        controller.reset("FloorPlan28")
        return controller

    @pytest.mark.parametrize(
        ("action", "x", "z"),
        [
            ("MoveAhead", -1.5, -1.25),
            ("MoveBack", -1.5, -1.75),
            ("MoveLeft", -1.75, -1.5),
            ("MoveRight", -1.25, -1.5),
        ],
    )
    def test_steps_are_a_quarter_metre_to_each_side(self, room, action, x, z):
        assert room.step("TeleportFull", **BASE)
        assert place(room.step(action)) == pytest.approx({"x": x, "y": 0.901, "z": z}, abs=1e-3)

    def test_longer_steps_end_where_they_should_or_nowhere(self, room):
        room.step("TeleportFull", **BASE)
        ahead = room.step("MoveAhead", moveMagnitude=0.5)
        assert place(ahead) == pytest.approx({"x": -1.5, "y": 0.901, "z": -1.0}, abs=1e-3)
        far = room.step("MoveAhead", moveMagnitude=5.0)
        assert not far and place(far) == place(ahead)

    def test_looking_and_turning_is_exact(self, room):
        start = room.step("RotateLook", rotation=0, horizon=0).metadata["agent"]
        assert (start["cameraHorizon"], start["rotation"]) == (0, {"x": 0, "y": 0, "z": 0})
        for action, key, value in (
            ("LookDown", "cameraHorizon", 30),
            ("LookDown", "cameraHorizon", 60),
            ("LookDown", "cameraHorizon", 60),
        ):
            agent = room.step(action).metadata["agent"]
            assert agent[key] == pytest.approx(value, abs=1e-3)
            assert agent["position"] == start["position"]
        room.step("RotateLook", rotation=0, horizon=0)
        assert room.step("LookUp").metadata["agent"]["cameraHorizon"] == -30
        assert room.step("LookUp").metadata["agent"]["cameraHorizon"] == -30
        assert room.step("RotateLeft").metadata["agent"]["rotation"]["y"] == 270
        agent = room.step("RotateLook", rotation=90, horizon=31).metadata["agent"]
        assert agent["rotation"] == {"x": 0, "y": 90, "z": 0}
        assert agent["cameraHorizon"] == pytest.approx(31, abs=1e-3)

    def test_teleports_settle_on_the_floor_or_fail(self, room):
        for x, z in ((-1.5, -1.5), (-2.0, -2.5)):
            pose = {**BASE, "position": {"x": x, "y": 0.95, "z": z}}
            there = room.step("TeleportFull", **pose)
            assert place(there) == pytest.approx({"x": x, "y": 0.901, "z": z}, abs=1e-3)
        before = place(room.last_event)
        for x, y, z in ((-1.5, 1.0, -1.5), (-1.5, 0.9, -3.5), (-1.5, 0.9, 0.0), (2000, 0, 9000)):
            failed = room.step("Teleport", **{**BASE, "position": {"x": x, "y": y, "z": z}})
            assert not failed and place(failed) == before, (x, y, z)
        agent = room.last_event.metadata["agent"]
        tilted = room.step("Teleport", horizon=10).metadata["agent"]
        assert tilted == {**agent, "cameraHorizon": pytest.approx(10)}

    def test_the_free_floor_is_the_recorded_one(self, room):
        positions = room.step("GetReachablePositions").metadata["actionReturn"]
        assert 100 < len(positions) < 125
        assert all(p["y"] == pytest.approx(0.901, abs=1e-3) for p in positions)

    def test_the_fridge_opens_by_degrees(self, room):
        assert find(room.step("TeleportFull", **BEFORE_FRIDGE), "Fridge")["visible"]
        fridge = find(room.last_event, "Fridge")
        shut = fridge["axisAlignedBoundingBox"]["size"]
        for openness in (0.5, 0.7, 0.0):
            event = room.step("OpenObject", objectId=fridge["objectId"], openness=openness)
            now = find(event, "Fridge")
            assert event and now["openness"] == pytest.approx(openness, abs=1e-3)
            assert now["isOpen"] == (openness > 0)
        for openness in (-0.5, 1.5):
            assert not room.step("OpenObject", objectId=fridge["objectId"], openness=openness)
        old = room.step("OpenObject", objectId=fridge["objectId"], moveMagnitude=0)
        assert find(old, "Fridge")["openness"] == pytest.approx(1)
        assert find(old, "Fridge")["axisAlignedBoundingBox"]["size"] != shut
        closed = find(room.step("CloseObject", objectId=fridge["objectId"]), "Fridge")
        assert (closed["openness"], closed["isOpen"]) == (0, False)
        assert closed["axisAlignedBoundingBox"]["size"] == pytest.approx(shut)

    def test_a_filter_thins_metadata_and_nothing_else(self, room):
        room.step("TeleportFull", **BEFORE_FRIDGE)
        everything = [o["objectId"] for o in room.last_event.metadata["objects"]]
        few = room.step("SetObjectFilter", objectIds=everything[:3])
        assert [o["objectId"] for o in few.metadata["objects"]] == everything[:3]
        assert room.step("SetObjectFilter", objectIds=[]).metadata["objects"] == []
        fridge = next(i for i in everything if i.startswith("Fridge"))
        assert room.step("OpenObject", objectId=fridge)
        event = room.step("ResetObjectFilter")
        assert [o["objectId"] for o in event.metadata["objects"]] == everything
        assert find(event, "Fridge")["isOpen"]

    def test_a_stove_knob_is_in_reach_and_turns(self, room):
        position = {"x": -1.0, "y": 0.901, "z": -2.25}
        pose = {**BASE, "position": position, "rotation": {"y": 90}, "horizon": 30}
        event = room.step("TeleportFull", **pose)
        knob = next(
            o for o in event.metadata["objects"] if o["objectType"] == "StoveKnob" and o["visible"]
        )
        assert not knob["isToggled"]
        event = room.step("ToggleObjectOn", objectId=knob["objectId"])
        assert event and event.get_object(knob["objectId"])["isToggled"]

    def test_poses_that_reach_the_fridge_do(self, room):
        fridge = find(room.last_event, "Fridge")["objectId"]
        poses = room.step("GetInteractablePoses", objectId=fridge).metadata["actionReturn"]
        assert len(poses) > 100
        pose = poses[len(poses) // 2]
        event = room.step("TeleportFull", **pose)
        agent = event.metadata["agent"]
        assert find(event, "Fridge")["visible"] and agent["isStanding"] == pose["standing"]
        assert agent["rotation"]["y"] == pytest.approx(pose["rotation"], abs=1e-3)
        few = room.step("GetInteractablePoses", objectId=fridge, maxPoses=50)
        assert len(few.metadata["actionReturn"]) == 50
        some = room.step(
            "GetInteractablePoses", objectId=fridge, horizons=[0, 30], rotations=[0, 45]
        ).metadata["actionReturn"]
        assert {p["horizon"] for p in some} <= {0, 30} and {p["rotation"] for p in some} <= {0, 45}
        away = room.step("GetInteractablePoses", objectId=fridge, rotations=[270])
        assert away and away.metadata["actionReturn"] == []
        wide = room.step("GetInteractablePoses", objectId=fridge, maxDistance=5)
        assert len(wide.metadata["actionReturn"]) > 2 * len(poses)
        potato = find(event, "Potato")["objectId"]
        hidden = room.step("GetInteractablePoses", objectId=potato)
        assert hidden and hidden.metadata["actionReturn"] == []

    @pytest.mark.parametrize("action", ["DropHeldObject", "DropHandObject"])
    def test_what_is_picked_up_by_force_can_be_dropped(self, room, action):
        took = room.step("PickupObject", objectId=BOTTLE, forceAction=True)
        assert took.metadata["inventoryObjects"][0]["objectId"] == BOTTLE
        assert room.step(action).metadata["inventoryObjects"] == []

    def test_a_held_thing_moves_and_turns_in_the_hand(self, room):
        first = room.step("PickupObject", objectId=BOTTLE, forceAction=True)
        start = first.metadata["heldObjectPose"]
        moved = room.step("MoveHeldObject", ahead=0.1, right=0.05, up=-0.1)
        now = moved.metadata["heldObjectPose"]
        gained = {k: now["localPosition"][k] - start["localPosition"][k] for k in "xyz"}
        assert gained == pytest.approx({"x": 0.05, "y": -0.1, "z": 0.1}, abs=1e-3)
        assert now["rotation"] == pytest.approx(start["rotation"], abs=1e-3)
        turned = room.step("RotateHeldObject", yaw=90).metadata["heldObjectPose"]
        assert (turned["rotation"]["y"] - start["rotation"]["y"]) % 360 == pytest.approx(90)
        assert turned["position"] == pytest.approx(now["position"], abs=1e-3)

    def test_the_pot_takes_liquid_and_gives_it_back(self, room):
        full = room.step("FillObjectWithLiquid", objectId=POT, fillLiquid="water", forceAction=True)
        pot = full.get_object(POT)
        assert full and pot["isFilledWithLiquid"] and pot["fillLiquid"] == "water"
        empty = room.step("EmptyLiquidFromObject", objectId=POT, forceAction=True)
        assert empty and not empty.get_object(POT)["isFilledWithLiquid"]

    @pytest.mark.parametrize(
        ("angle", "axis", "sign"), [(0, "z", 1), (90, "x", 1), (180, "z", -1), (-90, "x", -1)]
    )
    def test_the_tomato_goes_where_it_is_pushed(self, room, angle, axis, sign):
        position = {"x": -3.25, "y": 0.901, "z": -1.25}
        start = room.step("TeleportFull", **{**BASE, "position": position, "horizon": 30})
        assert start
        end = room.step("DirectionalPush", pushAngle=angle, objectId=TOMATO, moveMagnitude=25)
        assert end, end.metadata["errorMessage"]
        before, after = (e.get_object(TOMATO)["position"][axis] for e in (start, end))
        # Ahead of it the wall begins 0.3 m on.
        assert sign * (after - before) > 0.2

    def test_raycasts_take_fractions_only_and_hit_what_is_seen(self, room):
        room.step("TeleportFull", **{**BASE, "rotation": {"y": 90}})
        for x, y in ((1.5, 0.5), (1.1, 0.3), (-0.1, 0.8), (-0.5, -0.3)):
            assert not room.step("GetCoordinateFromRaycast", x=x, y=y)
        ahead = room.step("GetCoordinateFromRaycast", x=0.5, y=0.5).metadata["actionReturn"]
        assert (ahead["y"], ahead["z"]) == pytest.approx((1.576, -1.5), abs=1e-2)
        assert ahead["x"] > -1.0

    def test_a_locobot_has_no_posture(self, controller):
        event = controller.reset("FloorPlan28", agentMode="locobot")
        assert event.metadata["agent"]["isStanding"] is None
        pose = {k: v for k, v in BASE.items() if k != "standing"}
        assert controller.step("TeleportFull", **pose)
        assert controller.last_event.metadata["agent"]["isStanding"] is None
        controller.reset("FloorPlan28", agentMode="default")

    def test_randomised_materials_follow_the_seed_and_leave_with_a_reset(self, room):
        def shot(*actions: dict) -> np.ndarray:
            for action in actions:
                frame = room.step(action).frame
            return frame.astype(float)

        plain = room.last_event.frame.astype(float)
        seed, mix = {"action": "SetRandomSeed", "seed": 42}, {"action": "RandomizeMaterials"}
        mixed = shot(seed, mix)
        assert np.abs(mixed - plain).mean() > 5
        assert np.abs(shot({"action": "ResetMaterials"}) - plain).mean() < 1
        assert np.abs(shot(seed, mix) - mixed).mean() < 1
        assert np.abs(room.reset("FloorPlan28").frame - plain).mean() < 1
