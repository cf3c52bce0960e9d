"""Views are told apart through noise, and small changes are still seen."""

from __future__ import annotations

import numpy as np
import pytest

from agent.likeness import FamiliarViews, alike
from envs.camera_noise import CameraNoise


def _room(seed=0):
    blocks = np.random.default_rng(seed).integers(40, 215, (10, 10, 3)).astype(np.uint8)
    return blocks.repeat(30, 0).repeat(30, 1)


def _noisy(frame, seed, sigma=25.0):
    noise = CameraNoise(sigma)
    noise.begin(seed)
    return noise.on(frame)


@pytest.mark.parametrize("seed", range(8))
def test_noise_does_not_make_another_view(seed):
    room = _room(seed)
    assert alike(room, _noisy(room, seed))
    assert alike(_noisy(room, seed), _noisy(room, seed + 1))


def test_an_object_of_a_dozen_pixels_does():
    room = _room()
    changed = room.copy()
    spot = changed[100:104, 202:206]
    spot[:] = 0 if spot.mean() > 128 else 255
    assert not alike(room, changed)
    assert not alike(_room(1), _room(2))


def test_frames_of_different_sizes_are_never_alike():
    assert not alike(_room(), _room()[:200])


@pytest.mark.parametrize("size", [7, 32, 33, 64, 300])
def test_any_size_has_a_signature(size):
    frame = np.random.default_rng(0).integers(0, 255, (size, size + 3, 3)).astype(np.uint8)
    assert alike(frame, frame.copy())


def test_a_view_keeps_its_name():
    views = FamiliarViews()
    first, second = _room(1), _room(2)
    names = [views.name_of(_noisy(frame, k)) for k, frame in enumerate((first, second, first))]
    assert names[0] == names[2] != names[1]
