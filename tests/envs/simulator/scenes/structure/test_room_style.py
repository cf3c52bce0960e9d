"""How rooms are painted."""

from __future__ import annotations

import numpy as np

from envs.simulator.meshes.textures import texture
from envs.simulator.scenes import scene_names
from envs.simulator.scenes.structure.room_style import style_of


def test_no_wall_has_the_colour_of_the_cupboards_before_it():
    for name in scene_names()[:120]:
        style = style_of(name)
        assert np.abs(np.subtract(style.base, style.wall.color)).max() > 0.09, name


def test_carpets_have_no_weave_that_beats_with_the_pixels():
    floors = {style_of(f"FloorPlan{k}").floor.texture for k in range(301, 331)}
    assert "carpet" in floors and "fabric" not in floors
    for name in ("carpet", "fabric"):
        pixels = texture(name)[..., 0].astype(float)
        power = np.abs(np.fft.fft2(pixels - pixels.mean())) ** 2
        assert power.max() / power.sum() < 0.2, name
