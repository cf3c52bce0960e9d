"""A frame gives the images that were asked for, and says which were not."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.core.camera import Frame


def test_an_image_that_was_asked_for_is_given():
    ids = np.zeros((2, 3), np.int32)
    assert Frame(ids=ids).image("ids") is ids


@pytest.mark.parametrize("name", ["depth", "flow"])
def test_an_image_that_was_not_asked_for_is_named(name):
    with pytest.raises(ValueError, match=f"no '{name}'"):
        Frame(ids=np.zeros((2, 3), np.int32)).image(name)
