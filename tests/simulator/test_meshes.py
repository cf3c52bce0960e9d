"""Every shape fits its box and can be used."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.contact_sheet import sheet_size, tile
from envs.simulator.meshes.catalogue import build_mesh, known_types
from envs.simulator.meshes.textures import texture
from envs.simulator.object_types import object_type

TYPES = known_types()


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("seed", [0, 3])
def test_shape_fits_its_box_and_is_well_formed(name, seed):
    size = np.array(sheet_size(name))
    mesh = build_mesh(name, tuple(size), seed)
    shown = [p for p in mesh.parts if p.solid]
    points = np.concatenate([p.vertices for p in shown])
    assert np.ptp(points, axis=0) == pytest.approx(size, abs=1e-3)
    assert np.abs(points).max(0) == pytest.approx(size / 2, abs=1e-3)
    for part in mesh.parts:
        assert np.linalg.norm(part.normals, axis=1) == pytest.approx(1.0, abs=1e-3)
        assert part.faces.min() >= 0 and part.faces.max() < len(part.vertices)
    triangles = sum(len(p.faces) for p in mesh.parts)
    assert triangles <= (2000 if name in ("Floor", "CounterTop") else 1000)


@pytest.mark.parametrize("name", TYPES)
def test_affordances_have_their_geometry(name):
    kind, mesh = object_type(name), build_mesh(name, sheet_size(name))
    if kind.openable and name not in ("Blinds", "Curtains"):
        assert mesh.joints, name
    if kind.receptacle and name != "Sink":
        assert mesh.surfaces, name


def test_equal_arguments_give_equal_shapes_and_seeds_differ():
    build_mesh.cache_clear()
    one = build_mesh("Mug", (0.1, 0.1, 0.1), 1)
    build_mesh.cache_clear()
    two = build_mesh("Mug", (0.1, 0.1, 0.1), 1)
    assert all((a.vertices == b.vertices).all() for a, b in zip(one.parts, two.parts, strict=True))
    colors = {build_mesh("Mug", (0.1, 0.1, 0.1), s).parts[0].color for s in range(12)}
    assert len(colors) > 4


def test_unknown_type_is_a_box_and_bad_sizes_are_refused():
    assert build_mesh("Spaceship", (1.0, 2.0, 3.0)).surfaces
    with pytest.raises(ValueError, match="three positive metres"):
        build_mesh("Apple", (0.1, 0.0, 0.1))
    with pytest.raises(ValueError, match="granite"):
        texture("velvet")


def test_a_tile_shows_the_object():
    picture = tile("Tomato", 0, pixels=60)
    assert picture.shape == (60, 60, 3)
    red = (picture[..., 0] > 120) & (picture[..., 1] < 110)
    assert red.mean() > 0.1
