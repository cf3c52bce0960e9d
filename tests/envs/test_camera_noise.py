"""Camera noise is seeded, and none by default."""

from __future__ import annotations

import numpy as np
import pytest

from envs.camera_noise import CameraNoise

GREY = np.full((100, 100, 3), 128, np.uint8)


def test_the_same_seed_gives_the_same_noise():
    noise = CameraNoise(12.0)
    noise.begin(4)
    first, second = noise.on(GREY), noise.on(GREY)
    noise.begin(4)
    assert (noise.on(GREY) == first).all()
    assert (first != second).any()
    noise.begin(5)
    assert (noise.on(GREY) != first).any()


def test_it_is_as_strong_as_asked_for():
    shown = CameraNoise(12.0).on(GREY).astype(float)
    assert abs(shown.mean() - 128) < 0.5
    assert 11.5 < shown.std() < 12.5


def test_none_leaves_the_frame_as_it_is():
    assert CameraNoise().on(GREY) is GREY


@pytest.mark.parametrize("sigma", [-1.0, 300.0, float("nan")])
def test_bad_noise_is_refused(sigma):
    with pytest.raises(ValueError, match="0 to 255"):
        CameraNoise(sigma)
