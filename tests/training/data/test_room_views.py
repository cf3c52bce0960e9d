"""Views of a room: poses look at what they were made for, and counts match labels."""

from __future__ import annotations

import math

import numpy as np
import pytest

from envs.backends import make_controller
from envs.observations import Segmentation
from policies.cimr.language.lexicon import type_names
from training.data.labels import GRID, IMAGE
from training.data.room_views import collect_room, pose_near, type_pixels


def test_a_pose_looks_at_the_object():
    box = {"center": {"x": 1.0, "y": 0.9, "z": 2.0}, "size": {"x": 0.1, "y": 0.1, "z": 0.1}}
    spots = np.array([(1.0, 1.0), (5.0, 5.0)])
    for seed in range(20):
        rng = np.random.default_rng(seed)
        pose = pose_near({"axisAlignedBoundingBox": box}, spots, 1.5, rng)
        if pose is not None:
            assert (pose.x, pose.z) == (1.0, 1.0) and -30 <= pose.horizon <= 60
            assert math.cos(math.radians(pose.yaw)) > 0.5


def test_pixels_are_counted_by_type():
    view = Segmentation(np.zeros((1, 1), np.int32), ("", "Mug|1", "Mug|2"), np.array([5, 7, 9]))
    counts = type_pixels(view)
    assert counts[type_names().index("Mug") + 1] == 16 and counts.sum() == 16


@pytest.mark.slow
def test_views_of_a_room_agree_with_their_labels():
    controller = make_controller(
        "embedded", scene="FloorPlan201", renderInstanceSegmentation=True, snapToGrid=False
    )
    views = collect_room(controller, "FloorPlan201", 8, np.random.default_rng(0), varied=True)
    controller.stop()
    assert views.frames.shape == (8, IMAGE, IMAGE, 3) and views.labels.shape == (8, GRID, GRID, 3)
    shown = [np.unique(labels[..., 0]) for labels in views.labels]
    pairs = zip(views.pixels, shown, strict=True)
    assert all(counts[kinds[kinds > 0]].all() for counts, kinds in pairs)
    assert len(np.unique(views.frames.reshape(8, -1), axis=0)) == 8
