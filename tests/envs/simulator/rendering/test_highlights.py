"""Glass and metal shine, dull things do not, and shapes stay as they are."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.core.camera import Camera
from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.meshes.shine import TYPES, shine_of
from envs.simulator.rendering.highlights import glossy
from envs.simulator.rendering.renderer import Renderer
from envs.simulator.tools.contact_sheet import sheet_size

CAMERA = Camera((0.0, 0.25, -0.9), 0.0, 15.0, fov=40.0)


def picture(key, kind):
    renderer = Renderer(80, 80)
    renderer.add(key, build_mesh(kind, (0.4, 0.4, 0.4), 1), np.zeros(3), np.eye(3))
    frame = renderer.render(CAMERA, depth=True, ids=True)
    renderer.close()
    return frame


@pytest.mark.parametrize("kind", ["Apple", "Vase", "WineBottle", "Kettle"])
def test_a_glossy_thing_has_a_highlight_brighter_than_its_colour(kind):
    # The same shape under the name of a dull type.
    dull, shining = picture("Pillow|0", kind), picture(f"{kind}|0", kind)
    brighter = shining.rgb.astype(int).min(-1) - dull.rgb.astype(int).min(-1)
    assert brighter.max() > 40
    # Here and there, not all over.
    assert 0.002 < (brighter > 30).mean() < 0.4 * (dull.ids >= 0).mean()
    assert (dull.depth == shining.depth).all() and (dull.ids == shining.ids).all()


def test_cloth_and_wood_do_not_shine():
    for kind in ("Pillow", "Towel", "DiningTable", "Bread", "TeddyBear"):
        assert kind not in TYPES
        assert glossy(kind, build_mesh(kind, sheet_size(kind))) == {}


def test_metal_mirrors_a_room_and_glaze_a_window():
    kettle = build_mesh("Kettle", sheet_size("Kettle"), 0)
    faucet = build_mesh("Faucet", sheet_size("Faucet"), 0)
    assert "chrome" in {shine_of("Kettle", p) for p in kettle.parts}
    assert "chrome" in {shine_of("Faucet", p) for p in faucet.parts}
    mug = build_mesh("Mug", sheet_size("Mug"), 0)
    assert {shine_of("Mug", p) for p in mug.parts} == {"gloss", None}


def test_shine_goes_when_the_thing_breaks():
    renderer = Renderer(80, 80)
    renderer.add("Vase|0", build_mesh("Vase", (0.4, 0.4, 0.4), 1), np.zeros(3), np.eye(3))
    whole = renderer.render(CAMERA).rgb.astype(int).min(-1).max()
    renderer.set_flags("Vase|0", frozenset({"isBroken"}))
    broken = renderer.render(CAMERA).rgb.astype(int).min(-1).max()
    renderer.close()
    assert whole > broken + 30
