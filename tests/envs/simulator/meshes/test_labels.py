"""Print that tells what a thing is: it can be read, and lies where people look."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from envs.simulator.meshes.catalogue import build_mesh
from envs.simulator.meshes.lettering import width_of, write
from envs.simulator.meshes.soft import panel
from envs.simulator.tools.contact_sheet import sheet_size

PRINTED = {
    "CreditCard": "card_",
    "AluminumFoil": "foil_box",
    "SoapBar": "soap_",
    "SaltShaker": "salt",
    "PepperShaker": "pepper",
    "SprayBottle": "cleaner",
    "WashingMachine": "panel_washer",
    "ClothesDryer": "panel_dryer",
    "GarbageCan": "recycle",
    "LettuceSliced": "lettuce_cut",
    "PotatoSliced": "potato_cut",
}


def turning(vertices, uvs, normals, faces):
    """Of each triangle: whether its print runs the right way round seen from outside, +1 or -1."""
    a, b, c = (vertices[faces[:, k]].astype(float) for k in range(3))
    p, q, r = (uvs[faces[:, k]].astype(float) for k in range(3))
    outward = (np.cross(b - a, c - a) * normals[faces].mean(1)).sum(1)
    first, second = q - p, r - p
    flat = first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]
    known = (np.abs(flat) > 1e-9) & (np.abs(outward) > 1e-12)
    return np.sign(outward * flat)[known], (np.abs(flat))[known]


@pytest.mark.parametrize("name", PRINTED)
def test_print_is_there_and_not_mirrored(name):
    v, n, t, f = panel((0, 0, 0), (1, 1))
    right = turning(v, t, n, f)[0][0]
    mesh = build_mesh(name, sheet_size(name), 0)
    parts = [p for p in mesh.parts if p.texture and p.texture.startswith(PRINTED[name])]
    assert parts, [p.texture for p in mesh.parts]
    seen = [turning(p.vertices, p.uvs, p.normals, p.faces) for p in parts]
    if name.endswith("Sliced"):
        return  # It has no letters, and shows on both sides.
    # The hidden underside of a plate may be the wrong way round, no more.
    share = sum(w[s == right].sum() for s, w in seen) / sum(w.sum() for _, w in seen)
    assert share >= 0.49


def test_letters_stand_in_the_middle_and_unknown_ones_are_named():
    canvas = Image.new("RGB", (200, 60))
    write(ImageDraw.Draw(canvas), (100, 30), "FOIL 8", (4, 5), (255, 255, 255))
    rows, columns = np.nonzero(np.asarray(canvas)[..., 0] > 0)
    assert abs((columns.min() + columns.max()) / 2 - 100) < 3
    assert abs((rows.min() + rows.max()) / 2 - 30) < 3
    assert np.ptp(columns) + 1 == pytest.approx(width_of("FOIL 8", (4, 5)), abs=2)
    with pytest.raises(ValueError, match="No glyph for 'q'"):
        write(ImageDraw.Draw(canvas), (0, 0), "q", (1, 1), (0, 0, 0))


def doors(seed, size):
    """Boxes of a fridge's doors on its front: (left, low, right, high), rounded."""
    mesh = build_mesh("Fridge", size, seed)
    made = {}
    for part in mesh.parts:
        if part.joint is not None:
            made.setdefault(part.joint, []).append(part.vertices[:, :2])
    boxes = [np.concatenate(v) for v in made.values()]
    return tuple(sorted(tuple(np.round([*b.min(0), *b.max(0)], 1)) for b in boxes))


def test_fridges_come_in_several_forms_by_width():
    wide = {doors(seed, (1.0, 1.9, 0.75)) for seed in range(12)}
    narrow = {doors(seed, (0.65, 1.7, 0.65)) for seed in range(12)}
    assert len(wide) >= 3 and len(narrow) >= 2
    assert not wide & narrow


def test_cups_are_see_through_and_bins_are_not():
    cup = build_mesh("Cup", sheet_size("Cup"), 0)
    can = build_mesh("GarbageCan", sheet_size("GarbageCan"), 0)
    assert any(p.alpha < 0.6 for p in cup.parts) and all(p.alpha == 1 for p in can.parts)


def test_desks_have_drawers_and_dining_tables_a_cloth():
    size = (1.4, 0.75, 0.8)
    for seed in range(6):
        assert any(p.texture == "fabric" for p in build_mesh("DiningTable", size, seed).parts)
        assert not any(p.texture == "fabric" for p in build_mesh("Desk", size, seed).parts)
