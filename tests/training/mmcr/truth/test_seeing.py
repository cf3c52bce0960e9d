"""Only what the picture plainly shows is there; what it hardly shows is neither there nor not."""

from __future__ import annotations

import numpy as np
import pytest

from envs.observations import Segmentation
from training.data.map.frame_truth import FrameTruth
from training.mmcr.truth.seeing import PLAIN_LOOSE, shot_of

TABLE, MUG, BASIN = "DiningTable|1|1|1", "Mug|1|1|1", "Sink|1|1|1|SinkBasin"


def facts(**other):
    given = {"openable": False, "isOpen": False, "toggleable": False, "isToggled": False}
    given |= {"isPickedUp": False, "pickupable": False, "distance": 1.5, "parentReceptacles": None}
    return given | other


def truth(mug_pixels: int, held: bool = False) -> FrameTruth:
    index = np.zeros((300, 300), np.int32)
    index[200:] = 1
    index.ravel()[:mug_pixels] = 2
    counts = np.bincount(index.ravel(), minlength=4)
    counts[3] = 900
    objects = {
        TABLE: facts(),
        MUG: facts(pickupable=True, parentReceptacles=[TABLE], isPickedUp=held),
        BASIN: facts(),
    }
    seen = Segmentation(index, ("", TABLE, MUG, BASIN), counts)
    return FrameTruth(seen, objects, "Mug" if held else "")


def test_a_plain_thing_is_there_with_its_place():
    shot = shot_of(truth(PLAIN_LOOSE), 3)
    mug = shot.only("Mug")
    assert mug is not None and mug.holder == "DiningTable" and mug.loose and shot.step == 3


@pytest.mark.parametrize(("pixels", "count"), [(2, 0), (40, None), (PLAIN_LOOSE, 1)])
def test_nothing_is_said_of_what_is_hard_to_see(pixels, count):
    assert shot_of(truth(pixels), 0).count("Mug") == count


def test_what_is_held_is_no_thing_of_the_room():
    shot = shot_of(truth(400, held=True), 0)
    assert shot.held == "Mug" and shot.only("Mug") is None


def test_a_part_of_a_thing_is_no_thing_of_its_own():
    assert shot_of(truth(0), 0).count("SinkBasin") == 0
