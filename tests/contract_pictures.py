"""What every way into a backend must do with pictures: image flags, sizes, extra cameras.

The checks read only the public API of ai2thor's Controller and Event.
"""

from __future__ import annotations

import warnings

import numpy as np
import pytest

IMAGES = {
    "renderDepthImage": True,
    "renderInstanceSegmentation": True,
    "renderSemanticSegmentation": True,
    "renderNormalsImage": True,
}
PLAIN = dict.fromkeys(IMAGES, False)


class PictureContract:
    """Image flags, sizes and what the client makes of the buffers."""

    def test_every_image_has_the_size_and_kind_the_client_documents(self, controller):
        event = controller.reset("FloorPlan1", **{**PLAIN, **IMAGES})
        assert (event.depth_frame.shape, event.depth_frame.dtype) == ((300, 300), np.float32)
        for image in (
            event.frame,
            event.instance_segmentation_frame,
            event.semantic_segmentation_frame,
            event.normals_frame,
        ):
            assert (image.shape, image.dtype) == ((300, 300, 3), np.uint8)
        assert 0 < event.depth_frame.min() and event.depth_frame.max() <= 20.0

    def test_masks_boxes_and_colors_tell_one_story(self, controller):
        event = controller.reset("FloorPlan1", **{**PLAIN, **IMAGES})
        colors = event.metadata["colors"]
        assert isinstance(colors, list) and all(
            len(c["color"]) == 3 and isinstance(c["name"], str) for c in colors
        )
        known = {o["objectId"] for o in event.metadata["objects"]}
        assert known <= {c["name"] for c in colors}
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            assert len(event.instance_masks) > 3
            for name, mask in event.instance_masks.items():
                assert name in known
                left, top, right, bottom = event.instance_detections2D[name]
                rows, columns = np.nonzero(mask)
                assert (left, right) == (columns.min(), columns.max())
                assert (top, bottom) == (rows.min(), rows.max())
                shown = event.instance_segmentation_frame[rows[0], columns[0]]
                assert event.color_to_object_id[tuple(shown.tolist())] == name
                kind = name.split("|")[0]
                assert (event.class_masks[kind] & mask).any() or "Basin" in name
            shown = event.semantic_segmentation_frame.reshape(-1, 3)
        assert {tuple(c) for c in shown.tolist()} <= set(event.color_to_object_id) | {(0, 0, 0)}

    def test_images_can_be_asked_for_one_step_only(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        assert controller.step("RotateRight").instance_segmentation_frame is None
        once = controller.step("Pass", renderInstanceSegmentation=True, renderDepthImage=True)
        assert once.instance_segmentation_frame is not None and once.depth_frame is not None
        after = controller.step("Pass")
        assert after.instance_segmentation_frame is None and after.depth_frame is None
        classes = controller.step("Pass", renderSemanticSegmentation=True)
        assert classes.semantic_segmentation_frame is not None
        assert classes.instance_segmentation_frame is None and classes.metadata["colors"]

    def test_old_names_of_image_flags_work(self, controller):
        event = controller.reset(
            "FloorPlan1", **{**PLAIN, "renderObjectImage": True, "renderClassImage": True}
        )
        assert event.instance_segmentation_frame is not None
        assert event.semantic_segmentation_frame is not None
        for name in ("renderObjectImage", "renderClassImage"):
            controller.initialization_parameters.pop(name)

    def test_a_step_can_go_without_pictures(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        assert controller.step("RotateRight", renderImage=False).frame is None
        assert controller.step("RotateRight").frame is not None

    def test_changing_the_size_there_and_back_gives_the_same_images(self, controller):
        first = controller.reset("FloorPlan1", **{**PLAIN, **IMAGES})
        wide = controller.step("ChangeResolution", x=500, y=200)
        assert wide.frame.shape == (200, 500, 3) and wide.depth_frame.shape == (200, 500)
        assert (wide.screen_width, wide.screen_height) == (500, 200)
        back = controller.step("ChangeResolution", x=300, y=300)
        assert (back.frame == first.frame).all()
        assert (back.depth_frame == first.depth_frame).all()
        assert (back.instance_segmentation_frame == first.instance_segmentation_frame).all()
        assert back.object_id_to_color == first.object_id_to_color
        for size in ({"x": 0, "y": 300}, {"x": 300, "y": 10**6}):
            assert not controller.step("ChangeResolution", **size)
        assert controller.step("Pass").frame.shape == (300, 300, 3)

    def test_reset_changes_size_and_flags(self, controller):
        flags = {**PLAIN, "renderDepthImage": True}
        small = controller.reset("FloorPlan1", **flags, width=128, height=64)
        assert small.frame.shape == (64, 128, 3) and small.depth_frame.shape == (64, 128)
        plain = controller.reset("FloorPlan1", **PLAIN, width=300, height=300)
        assert plain.frame.shape == (300, 300, 3) and plain.depth_frame is None

    def test_anti_aliasing_smooths_edges_and_nothing_else(self, controller):
        rough = controller.reset("FloorPlan1", **{**PLAIN, **IMAGES})
        smooth = controller.reset("FloorPlan1", **IMAGES, antiAliasing="fxaa")
        controller.initialization_parameters.pop("antiAliasing")
        differs = np.abs(smooth.frame.astype(int) - rough.frame).max(2) > 24
        assert 0 < differs.mean() < 0.2
        assert (smooth.depth_frame == rough.depth_frame).all()
        assert (smooth.instance_segmentation_frame == rough.instance_segmentation_frame).all()
        again = controller.reset("FloorPlan1", **IMAGES, antiAliasing="none")
        controller.initialization_parameters.pop("antiAliasing")
        assert (again.frame == rough.frame).all()
        refused = controller.step("Initialize", antiAliasing="best")
        assert not refused and "fxaa" in refused.metadata["errorMessage"]

    def test_flow_images_are_refused_clearly(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        answer = controller.step("Initialize", renderFlowImage=True)
        assert not answer and "renderFlowImage" in answer.metadata["errorMessage"]


class CameraContract:
    """Third-party cameras and the map view."""

    def test_each_camera_has_its_own_anti_aliasing(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        pose = {
            "position": {"x": -1.0, "y": 1.5, "z": 1.0},
            "rotation": {"x": 20, "y": 180, "z": 0},
        }
        controller.step("AddThirdPartyCamera", **pose)
        event = controller.step("AddThirdPartyCamera", **pose, antiAliasing="smaa")
        rough, smooth = event.third_party_camera_frames
        assert (rough != smooth).any()
        event = controller.step("UpdateThirdPartyCamera", thirdPartyCameraId=1, fieldOfView=90.0)
        assert (event.third_party_camera_frames[1] == smooth).all()
        event = controller.step("UpdateThirdPartyCamera", thirdPartyCameraId=1, antiAliasing="none")
        assert (event.third_party_camera_frames[1] == rough).all()

    def test_cameras_keep_their_pose_and_give_every_image(self, controller):
        controller.reset("FloorPlan1", **{**PLAIN, **IMAGES})
        assert controller.last_event.metadata["thirdPartyCameras"] == []
        place, turn = {"x": 1.2, "y": 2.3, "z": 3.4}, {"x": 30.0, "y": 40.0, "z": 50.0}
        event = controller.step(
            "AddThirdPartyCamera", position=place, rotation=turn, fieldOfView=45.0
        )
        (camera,) = event.metadata["thirdPartyCameras"]
        assert camera["thirdPartyCameraId"] == 0 and camera["fieldOfView"] == 45.0
        assert camera["position"] == pytest.approx(place)
        assert camera["rotation"] == pytest.approx(turn)
        event = controller.step(
            "AddThirdPartyCamera",
            position={"x": -1.0, "y": 1.5, "z": 1.0},
            rotation={"x": 20, "y": 180, "z": 0},
        )
        assert len(event.third_party_camera_frames) == 2
        assert len(event.third_party_depth_frames) == 2
        assert len(event.third_party_instance_segmentation_frames) == 2
        assert len(event.third_party_semantic_segmentation_frames) == 2
        assert len(event.third_party_normals_frames) == 2
        assert event.third_party_camera_frames[1].std() > 10
        again = controller.reset("FloorPlan1", **PLAIN)
        assert again.metadata["thirdPartyCameras"] == []
        assert again.third_party_camera_frames == []

    def test_a_camera_at_the_agents_eye_sees_what_the_agent_sees(self, controller):
        event = controller.reset("FloorPlan1", **{**PLAIN, "renderDepthImage": True})
        agent = event.metadata["agent"]
        event = controller.step(
            "AddThirdPartyCamera",
            position=event.metadata["cameraPosition"],
            rotation={"x": agent["cameraHorizon"], "y": agent["rotation"]["y"], "z": 0},
        )
        assert (event.third_party_camera_frames[0] == event.frame).mean() > 0.999
        gap = event.third_party_depth_frames[0] - event.depth_frame
        assert np.square(gap).mean() < 1e-4

    def test_updates_may_be_partial(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        controller.step(
            "AddThirdPartyCamera",
            position={"x": 2.2, "y": 3.3, "z": 4.4},
            rotation={"x": 10, "y": 20, "z": 30},
            fieldOfView=45,
        )
        event = controller.step(
            "UpdateThirdPartyCamera",
            thirdPartyCameraId=0,
            position={"x": 3.2, "z": 5},
            rotation={"y": 90},
        )
        (camera,) = event.metadata["thirdPartyCameras"]
        assert camera["position"] == pytest.approx({"x": 3.2, "y": 3.3, "z": 5})
        assert camera["rotation"] == pytest.approx({"x": 10, "y": 90, "z": 30})
        assert camera["fieldOfView"] == 45
        event = controller.step("UpdateThirdPartyCamera", fieldOfView=55.0)
        assert event.metadata["thirdPartyCameras"][0]["fieldOfView"] == 55
        for fov in (-1, 0, 180, 181):
            failed = controller.step("UpdateThirdPartyCamera", fieldOfView=fov)
            assert not failed and failed.metadata["errorMessage"]
            assert failed.metadata["thirdPartyCameras"] == event.metadata["thirdPartyCameras"]
        assert not controller.step("UpdateThirdPartyCamera", thirdPartyCameraId=7, fieldOfView=50)

    def test_bad_cameras_are_refused(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        zero = {"x": 0, "y": 0, "z": 0}
        assert not controller.step("AddThirdPartyCamera", position=5, rotation=zero)
        assert not controller.step("AddThirdPartyCamera", position={"x": 1}, rotation=zero)
        assert not controller.step(
            "AddThirdPartyCamera", position={**zero, "x": float("nan")}, rotation=zero
        )
        assert not controller.step(
            "AddThirdPartyCamera", position=zero, rotation=zero, skyboxColor="no colour"
        )
        with pytest.raises(ValueError, match="orthographicSize"):
            controller.step(
                "AddThirdPartyCamera",
                position=zero,
                rotation=zero,
                orthographic=True,
                orthographicSize=zero,
            )
        assert controller.step("Pass").metadata["thirdPartyCameras"] == []

    def test_the_map_view_shows_the_room_from_above(self, controller):
        event = controller.reset("FloorPlan1", **{**PLAIN, "renderInstanceSegmentation": True})
        properties = controller.step("GetMapViewCameraProperties").metadata["actionReturn"]
        assert properties["rotation"] == {"x": 90, "y": 0, "z": 0} and properties["orthographic"]
        event = controller.step("AddThirdPartyCamera", skyboxColor="white", **properties)
        names = set(event.third_party_instance_masks[0].keys())
        assert {"CounterTop", "Fridge", "DiningTable"} & {n.split("|")[0] for n in names}
        assert event.third_party_camera_frames[0].std() > 20
        above = controller.step("ToggleMapView")
        assert above.metadata["cameraOrthSize"] == pytest.approx(properties["orthographicSize"])
        assert above.metadata["cameraPosition"] == pytest.approx(properties["position"])
        assert (above.frame != event.frame).mean() > 0.5
        down = controller.step("ToggleMapView")
        assert down.metadata["cameraOrthSize"] == -1 and (down.frame == event.frame).all()

    def test_the_sky_has_the_asked_colour(self, controller):
        controller.reset("FloorPlan1", **PLAIN)
        event = controller.step(
            "AddThirdPartyCamera",
            position={"x": 0, "y": 50, "z": 0},
            rotation={"x": -90, "y": 0, "z": 0},
            skyboxColor="#ff8000",
        )
        assert (event.third_party_camera_frames[0] == (255, 128, 0)).all()
