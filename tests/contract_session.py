"""What every way into a backend must do beside rooms and pictures: agents, messages, errors.

The checks read only the public API of ai2thor's Controller and Event.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from tests.contract_pictures import PLAIN, CameraContract, PictureContract


def floor(controller) -> list[dict]:
    """Where the agent may stand."""
    return controller.step("GetReachablePositions").metadata["actionReturn"]


class AgentsContract:
    """Several agents in one room."""

    def test_agents_act_see_and_hold_for_themselves(self, controller):
        event = controller.reset("FloorPlan1", **PLAIN, agentCount=2)
        assert len(event.events) == 2
        first, second = event.events
        assert not (first.frame == second.frame).all()
        assert [e.metadata["agentId"] for e in event.events] == [0, 1]
        places = [e.metadata["agent"]["position"] for e in event.events]
        assert np.hypot(places[0]["x"] - places[1]["x"], places[0]["z"] - places[1]["z"]) > 0.4
        turned = controller.step("RotateRight", agentId=1)
        assert turned.events[0].metadata["agent"] == first.metadata["agent"]
        yaw = second.metadata["agent"]["rotation"]["y"]
        assert turned.events[1].metadata["agent"]["rotation"]["y"] == (yaw + 90) % 360
        assert turned.metadata["lastAction"] == "RotateRight" and turned.metadata["agentId"] == 1
        apple = next(o for o in first.metadata["objects"] if o["objectType"] == "Apple")
        took = controller.step(
            "PickupObject", objectId=apple["objectId"], forceAction=True, agentId=1
        )
        assert took.events[1].metadata["inventoryObjects"] and took
        assert took.events[0].metadata["inventoryObjects"] == []
        controller.reset("FloorPlan1", agentCount=1)

    def test_agents_see_each_other_and_keep_apart(self, controller):
        event = controller.reset("FloorPlan1", **PLAIN, agentCount=2)
        free = {(round(p["x"] * 4), round(p["z"] * 4)) for p in floor(controller)}
        x, z = next((x, z) for x, z in sorted(free) if {(x, z + k) for k in range(5)} <= free)
        for agent, ahead, yaw in ((0, 0, 0), (1, 4, 180)):
            assert controller.step(
                "Teleport",
                position={"x": x / 4, "y": 0.901, "z": (z + ahead) / 4},
                rotation={"y": yaw},
                horizon=0,
                agentId=agent,
            )
        seen = controller.step("Pass", agentId=0, renderSemanticSegmentation=True)
        shown = seen.events[0].semantic_segmentation_frame.reshape(-1, 3)
        color = seen.events[0].object_id_to_color["Agent"]
        assert (shown == color).all(1).mean() > 0.02
        assert controller.step("MoveAhead", agentId=0)
        assert controller.step("MoveAhead", agentId=0)
        blocked = controller.step("MoveAhead", agentId=0)
        assert not blocked
        assert "Agent 1 is blocking Agent 0 from moving" in blocked.metadata["errorMessage"]
        event = controller.reset("FloorPlan1", agentCount=1)
        assert len(event.events) == 1

    def test_agents_and_third_party_cameras_do_not_mix_up_frames(self, controller):
        controller.reset("FloorPlan1", **PLAIN, agentCount=3)
        event = controller.step(
            "AddThirdPartyCamera",
            position={"x": -1.0, "y": 1.0, "z": -2.0},
            rotation={"x": 0, "y": 0, "z": 90},
        )
        frames = [e.frame.tobytes() for e in event.events]
        frames.append(event.events[0].third_party_camera_frames[0].tobytes())
        assert len(set(frames)) == 4
        controller.reset("FloorPlan1", agentCount=1)

    def test_impossible_agents_are_refused(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        answer = controller.step("RotateRight", agentId=5)
        assert not answer and "agentId" in answer.metadata["errorMessage"]
        for count in (0, 10_000):
            with pytest.raises(RuntimeError, match="agentCount"):
                controller.reset("FloorPlan1", agentCount=count)
        controller.initialization_parameters["agentCount"] = 1
        assert controller.reset("FloorPlan1")


class WireContract:
    """Messages of every size and kind, and what the client raises."""

    def test_large_arguments_come_back_whole(self, controller):
        text = "".join(chr(0x21 + i % 90) for i in range(300_000)) + "é漢"
        event = controller.step("TestActionReflectParam", rvalue=text)
        assert event.metadata["actionReturn"] == text
        nested = {"list": [1, 2.5, None, True, {"deep": "x"}]}
        event = controller.step("TestActionReflectParam", rvalue=nested)
        assert event.metadata["actionReturn"] == nested

    def test_numpy_arguments_count_as_numbers(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        assert controller.step("LookDown", degrees=np.float32(15))
        assert controller.step("RotateRight", degrees=np.int64(90))

    def test_a_house_of_many_kilobytes_is_built(self, controller):
        corners = [(0, 0), (0, 4), (5, 4), (5, 0)]
        sides = list(zip(corners, [*corners[1:], corners[0]], strict=True))
        house = {
            "rooms": [
                {
                    "id": "room|1",
                    "roomType": "Kitchen",
                    "floorMaterial": "DarkWoodFloors",
                    "floorPolygon": [{"x": x, "y": 0, "z": z} for x, z in corners],
                    "children": [],
                    "ceilings": [],
                }
            ],
            "walls": [
                {
                    "id": f"wall|1|{n}",
                    "roomId": "room|1",
                    "material": "PureWhite",
                    "polygon": [
                        {"x": x, "y": y, "z": z} for y in (0, 2.5) for x, z in (start, end)
                    ],
                }
                for n, (start, end) in enumerate(sides)
            ],
            "doors": [],
            "windows": [],
            "objects": [],
            "proceduralParameters": {"ceilingMaterial": "PureWhite"},
            "metadata": {"schema": "1.0.0", "note": "x" * 200_000},
        }
        event = controller.reset(house)
        assert event.metadata["lastAction"] == "CreateHouse" and event
        bounds = event.metadata["sceneBounds"]["size"]
        assert (bounds["x"], bounds["z"]) == pytest.approx((5, 4), abs=0.5)
        house["walls"][0]["polygon"] = "nowhere"
        assert not controller.reset(house)
        assert controller.reset("FloorPlan1", **PLAIN).metadata["objects"]

    def test_the_clients_own_extra_argument_passes(self, controller):
        # Set by the environment variable AI2THOR_VISIBILITY_DISTANCE, on every action.
        controller.reset("FloorPlan1", **PLAIN)
        assert controller.step("LookDown", visibilityDistance=1.5)
        assert controller.step("GetReachablePositions", visibilityDistance=1.5)

    def test_the_callers_dict_is_left_alone(self, controller):
        action = {"action": "Pass"}
        controller.step(action)
        assert action == {"action": "Pass"}

    @pytest.mark.parametrize(
        ("action", "arguments", "answer"),
        [
            ("TestActionDispatchNoop", {}, "emptyargs"),
            ("TestActionDispatchNoop", {"param1": True}, "param1"),
            ("TestActionDispatchNoop", {"param1": True, "param2": False}, "param1 param2"),
            ("TestActionDispatchNoop2", {"param3": True}, "param3 param4/default foo"),
            ("TestActionDispatchNoop2", {"param3": True, "param4": "x"}, "param3 param4/default x"),
            ("TestActionDispatchNoopServerAction", {"objectId": "a|1"}, "serveraction"),
            ("TestActionDispatchNoopAllDefault", {}, "alldefault"),
            ("TestActionDispatchNoopAllDefault2", {"param12": 9.0}, "somedefault"),
        ],
    )
    def test_signatures_are_chosen_by_argument_names(self, controller, action, arguments, answer):
        assert controller.step(action, **arguments).metadata["actionReturn"] == answer

    @pytest.mark.parametrize(
        ("action", "arguments", "code"),
        [
            ("TestActionDispatchNoopFoo", {}, "InvalidAction"),
            ("TestActionDispatchNoop", {"param6": "foo"}, "MissingArguments"),
            ("TestActionDispatchSAAmbig", {}, "AmbiguousAction"),
            ("TestActionDispatchSAAmbig2", {}, "AmbiguousAction"),
            ("PutObject", {"objectId": "x", "z": True}, "InvalidArgument"),
            ("LookDown", {"degrees": "far"}, "InvalidArgument"),
        ],
    )
    def test_wrong_calls_raise_with_their_code(self, controller, action, arguments, code):
        before = controller.last_event.metadata["agent"]
        with pytest.raises(ValueError, match=r"."):
            controller.step(action, **arguments)
        assert controller.last_event.metadata["errorCode"] == code
        assert controller.last_event.metadata["agent"] == before

    def test_an_ordinary_failure_raises_only_on_demand(self, controller):
        assert not controller.step("OpenObject", objectId="Nothing|0|0|0")
        with pytest.raises(RuntimeError, match="Nothing"):
            controller.step("OpenObject", objectId="Nothing|0|0|0", raise_for_failure=True)

    def test_messages_that_are_no_actions_are_failures(self, controller):
        for name in (None, 7, ["Pass"], "__init__", "world"):
            with pytest.raises(ValueError, match="Invalid action"):
                controller.step({"action": name})
        assert controller.step("Pass")

    def test_all_scenes_of_the_client_are_in_the_build(self, controller):
        names = set(controller.step("GetScenesInBuild").metadata["actionReturn"])
        assert set(controller.scene_names()) <= names | {n.split("_physics")[0] for n in names}
        assert len(controller.scene_names()) == 195 and "Procedural" in names

    def test_reachable_positions_have_their_old_name_too(self, controller):
        event = controller.step("GetReachablePositions")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            assert event.metadata["reachablePositions"] == event.metadata["actionReturn"]
        assert "reachablePositions" not in event.metadata


class FastEmitContract:
    """Queries answered in short; named pipes and the same process have that, HTTP has not."""

    def test_a_query_keeps_the_objects_of_the_event_before(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        before = controller.step("RotateRight")
        asked = controller.step("TestFastEmit", rvalue="foo")
        assert asked.metadata["actionReturn"] == "foo" and before.metadata["actionReturn"] is None
        assert asked.metadata["objects"] is before.metadata["objects"]
        assert (asked.frame == before.frame).all()
        asked = controller.step("GetReachablePositions")
        assert asked.metadata["objects"] is before.metadata["objects"]
        after = controller.step("LookUp")
        assert after.metadata["objects"] is not before.metadata["objects"]
        assert controller.step("RotateRight").metadata["objects"] is not after.metadata["objects"]

    def test_a_query_that_asks_for_more_images_gets_them(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        asked = controller.step("GetReachablePositions", renderDepthImage=True)
        assert asked.depth_frame is not None

    def test_fast_emit_can_be_switched_off(self, controller):
        controller.reset("FloorPlan1", **PLAIN, fastActionEmit=False)
        before = controller.step("RotateRight")
        asked = controller.step("TestFastEmit", rvalue="foo")
        assert asked.metadata["objects"] is not before.metadata["objects"]
        controller.reset("FloorPlan1", fastActionEmit=True)


class SessionContract(PictureContract, CameraContract, AgentsContract, WireContract):
    """All of it but fast emit; subclass with a ``controller`` fixture."""
