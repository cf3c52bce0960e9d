"""What every AI2-THOR backend must do: inherit ``ControllerContract`` and give it a controller.

The checks read only the public API of ai2thor's Controller and Event.
"""

from __future__ import annotations

import numpy as np
import pytest

OBJECT_KEYS = [
    "name",
    "position",
    "rotation",
    "visible",
    "isInteractable",
    "receptacle",
    "toggleable",
    "isToggled",
    "breakable",
    "isBroken",
    "canFillWithLiquid",
    "isFilledWithLiquid",
    "fillLiquid",
    "dirtyable",
    "isDirty",
    "canBeUsedUp",
    "isUsedUp",
    "cookable",
    "isCooked",
    "temperature",
    "isHeatSource",
    "isColdSource",
    "sliceable",
    "isSliced",
    "openable",
    "isOpen",
    "openness",
    "pickupable",
    "isPickedUp",
    "moveable",
    "mass",
    "salientMaterials",
    "receptacleObjectIds",
    "distance",
    "objectType",
    "objectId",
    "assetId",
    "parentReceptacles",
    "controlledObjects",
    "isMoving",
    "axisAlignedBoundingBox",
    "objectOrientedBoundingBox",
]


def find(event, object_type: str) -> dict:
    """The first object of a type."""
    return next(o for o in event.metadata["objects"] if o["objectType"] == object_type)


def stand_before(controller, object_id: str, **limits) -> bool:
    """Teleports to a pose that sees the object; False if there is none."""
    poses = controller.step(
        "GetInteractablePoses", objectId=object_id, standings=[True], **limits
    ).metadata["actionReturn"]
    for pose in poses[:1]:
        return bool(controller.step("TeleportFull", **pose))
    return False


class ControllerContract:
    """Subclass with a ``controller`` fixture on FloorPlan1, 300x300."""

    @pytest.fixture()
    def event(self, controller):
        return controller.reset("FloorPlan1")

    def test_reset_reports_the_recorded_start(self, event):
        agent = event.metadata["agent"]
        assert event.metadata["sceneName"].startswith("FloorPlan1")
        assert agent["position"]["x"] == pytest.approx(-1.0, abs=1e-3)
        assert agent["position"]["y"] == pytest.approx(0.900999, abs=1e-3)
        assert agent["position"]["z"] == pytest.approx(1.0, abs=1e-3)
        assert agent["rotation"]["y"] == pytest.approx(270)
        assert agent["cameraHorizon"] == pytest.approx(0, abs=1e-3)
        assert event.metadata["cameraPosition"]["y"] == pytest.approx(1.575999, abs=1e-3)

    def test_objects_carry_the_full_key_set(self, event):
        for thing in event.metadata["objects"]:
            assert [k for k in thing if k != "visibleBounds2D"] == OBJECT_KEYS

    def test_frame_is_an_rgb_picture_of_the_asked_size(self, controller, event):
        assert event.frame.shape == (300, 300, 3)
        assert event.frame.dtype == np.uint8
        assert event.frame.std() > 10

    def test_unknown_action_raises_value_error(self, controller, event):
        with pytest.raises(ValueError, match="Invalid action: FlyAway"):
            controller.step("FlyAway")

    def test_unknown_argument_raises_value_error(self, controller, event):
        with pytest.raises(ValueError, match="invalid argument: 'z'"):
            controller.step("PutObject", x=0.5, y=0.5, z=0.5)

    def test_missing_argument_raises_value_error(self, controller, event):
        with pytest.raises(ValueError, match="missing the following arguments"):
            controller.step("GetInteractablePoses")

    def test_wrong_kind_of_argument_raises_value_error(self, controller, event):
        with pytest.raises(ValueError, match="Cannot convert to: float"):
            controller.step("LookDown", degrees="far")

    def test_unknown_scene_raises_and_lists_scenes(self, controller):
        with pytest.raises(ValueError, match="FloorPlan1"):
            controller.reset("FloorPlan9999")

    def test_failed_action_is_an_ordinary_answer(self, controller, event):
        answer = controller.step("PickupObject", objectId="Nothing|0|0|0")
        assert not answer
        assert answer.metadata["errorMessage"]

    def test_looking_is_exact_and_bounded(self, controller, event):
        assert controller.step("LookDown").metadata["agent"]["cameraHorizon"] == pytest.approx(30)
        assert controller.step("LookDown").metadata["agent"]["cameraHorizon"] == pytest.approx(60)
        assert not controller.step("LookDown")
        for _ in range(3):
            assert controller.step("LookUp")
        assert not controller.step("LookUp")

    def test_four_right_turns_restore_the_yaw(self, controller, event):
        yaws = [controller.step("RotateRight").metadata["agent"]["rotation"]["y"] for _ in range(4)]
        assert yaws == pytest.approx([0, 90, 180, 270])

    def test_every_neighbour_move_agrees_with_reachable_positions(self, controller, event):
        free = {
            (round(p["x"] * 4), round(p["z"] * 4))
            for p in controller.step("GetReachablePositions").metadata["actionReturn"]
        }
        assert len(free) > 50
        for x, z in sorted(free)[::7]:
            controller.step(
                "Teleport",
                position={"x": x / 4, "y": 0.901, "z": z / 4},
                rotation={"y": 0},
                forceAction=True,
            )
            moved = bool(controller.step("MoveAhead"))
            assert moved == ((x, z + 1) in free), (x / 4, z / 4)

    def test_blocked_move_says_what_blocks_and_stays(self, controller, event):
        while controller.step("MoveAhead"):
            pass
        before = controller.last_event.metadata["agent"]["position"]
        answer = controller.step("MoveAhead")
        assert "is blocking Agent 0 from moving by" in answer.metadata["errorMessage"]
        assert answer.metadata["agent"]["position"] == before

    def test_teleport_off_the_floor_fails_and_stays(self, controller, event):
        before = controller.last_event.metadata["agent"]["position"]
        answer = controller.step("Teleport", position={"x": 50.0, "y": 0.901, "z": 0.0})
        assert not answer
        assert answer.metadata["agent"]["position"] == before

    def test_interactable_poses_show_the_object(self, controller, event):
        for kind in ("Fridge", "Apple", "Microwave"):
            thing = find(event, kind)
            poses = controller.step("GetInteractablePoses", objectId=thing["objectId"]).metadata[
                "actionReturn"
            ]
            assert poses
            answer = controller.step("TeleportFull", **poses[0])
            assert answer
            assert find(answer, kind)["visible"]

    def test_pick_up_and_put_down_keep_containment_true(self, controller, event):
        apple = find(event, "Apple")["objectId"]
        assert stand_before(controller, apple)
        event = controller.step("PickupObject", objectId=apple)
        assert event
        assert event.metadata["inventoryObjects"] == [{"objectId": apple, "objectType": "Apple"}]
        assert find(event, "Apple")["isPickedUp"]
        assert find(event, "Apple")["parentReceptacles"] is None
        fridge = find(event, "Fridge")["objectId"]
        assert stand_before(controller, fridge)
        closed = controller.step("PutObject", objectId=fridge)
        assert not closed
        assert "CLOSED" in closed.metadata["errorMessage"]
        assert controller.step("OpenObject", objectId=fridge)
        event = controller.step("PutObject", objectId=fridge)
        assert event, event.metadata["errorMessage"]
        assert find(event, "Apple")["parentReceptacles"] == [fridge]
        assert apple in find(event, "Fridge")["receptacleObjectIds"]
        assert find(event, "Apple")["temperature"] == "Cold"
        assert event.metadata["inventoryObjects"] == []

    def test_second_pick_up_fails(self, controller, event):
        apple, bread = find(event, "Apple")["objectId"], find(event, "Bread")["objectId"]
        assert stand_before(controller, apple)
        assert controller.step("PickupObject", objectId=apple)
        assert stand_before(controller, bread)
        answer = controller.step("PickupObject", objectId=bread)
        assert "Agent hand has something in it already" in answer.metadata["errorMessage"]

    def test_opening_and_closing_change_the_picture(self, controller, event):
        fridge = find(event, "Fridge")["objectId"]
        assert stand_before(controller, fridge)
        before = controller.last_event.frame.copy()
        opened = controller.step("OpenObject", objectId=fridge)
        assert opened and find(opened, "Fridge")["isOpen"]
        assert (np.abs(opened.frame.astype(int) - before).sum(-1) > 30).mean() > 0.02
        closed = controller.step("CloseObject", objectId=fridge)
        assert closed and not find(closed, "Fridge")["isOpen"]
        assert (closed.frame == before).mean() > 0.999

    def test_knob_switches_its_burner(self, controller, event):
        knob = find(event, "StoveKnob")
        assert stand_before(controller, knob["objectId"])
        event = controller.step("ToggleObjectOn", objectId=knob["objectId"])
        assert event
        burner = event.get_object(knob["controlledObjects"][0])
        assert burner["objectType"] == "StoveBurner"
        assert burner["isToggled"]

    def test_slicing_replaces_the_object_by_pieces(self, controller, event):
        apple = find(event, "Apple")["objectId"]
        assert stand_before(controller, apple)
        event = controller.step("SliceObject", objectId=apple)
        assert event
        pieces = [o for o in event.metadata["objects"] if o["objectType"] == "AppleSliced"]
        assert len(pieces) > 1
        assert all(p["pickupable"] for p in pieces)

    def test_instance_masks_and_depth_agree_with_the_picture(self, controller):
        event = controller.reset(
            "FloorPlan1",
            renderInstanceSegmentation=True,
            renderDepthImage=True,
            renderSemanticSegmentation=True,
        )
        fridge = find(event, "Fridge")["objectId"]
        assert stand_before(controller, fridge)
        event = controller.last_event
        mask = event.instance_masks[fridge]
        assert mask.mean() > 0.02
        assert event.depth_frame.shape == (300, 300)
        assert 0.2 < float(np.median(event.depth_frame[mask])) < 2.5
        assert (event.class_masks["Fridge"] == mask).all()
        controller.reset(
            "FloorPlan1",
            renderInstanceSegmentation=False,
            renderDepthImage=False,
            renderSemanticSegmentation=False,
        )

    def test_earlier_events_stay_as_they_were(self, controller, event):
        fridge = find(event, "Fridge")["objectId"]
        assert stand_before(controller, fridge)
        first = controller.last_event
        controller.step("OpenObject", objectId=fridge)
        assert not find(first, "Fridge")["isOpen"]

    def test_resize_changes_the_frame(self, controller):
        event = controller.reset("FloorPlan1", width=160, height=120)
        assert event.frame.shape == (120, 160, 3)
        assert controller.reset("FloorPlan1", width=300, height=300).frame.shape == (300, 300, 3)

    def test_equal_actions_give_equal_states_and_pixels(self, controller):
        runs = []
        for _ in range(2):
            controller.reset("FloorPlan2")
            for action in ("RotateRight", "MoveAhead", "LookDown", "RotateLeft"):
                event = controller.step(action)
            runs.append((event.frame.tobytes(), event.metadata["objects"]))
        assert runs[0] == runs[1]
