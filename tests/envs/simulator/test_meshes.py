"""Every shape fits its box and can be used."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.core.camera import Camera
from envs.simulator.core.object_types import object_type, object_types
from envs.simulator.meshes.catalogue import build_mesh, known_types
from envs.simulator.meshes.joints import joint_pose
from envs.simulator.meshes.mesh import holds
from envs.simulator.meshes.textures import texture
from envs.simulator.rendering.renderer import Renderer
from envs.simulator.tools.contact_sheet import OPEN_BOXES, main, sheet_size, tile

TYPES = known_types()


EVERY_TYPE = tuple(object_types())


def posed(mesh, part, openness):
    """Vertices of a part in the object frame at an openness."""
    if part.joint is None:
        return part.vertices
    turn, shift = joint_pose(mesh.joints[part.joint], openness)
    return part.vertices @ turn.T + shift


@pytest.mark.parametrize("name", TYPES)
@pytest.mark.parametrize("seed", [0, 3, 8])
def test_shape_fits_its_box_and_is_well_formed(name, seed):
    size = np.array(sheet_size(name))
    mesh = build_mesh(name, tuple(size), seed)
    openness = 1.0 if name in OPEN_BOXES else 0.0
    shown = [p for p in mesh.parts if p.solid]
    points = np.concatenate([posed(mesh, p, openness) for p in shown])
    assert np.ptp(points, axis=0) == pytest.approx(size, abs=1e-3)
    assert np.abs(points).max(0) == pytest.approx(size / 2, abs=1e-3)
    for part in mesh.parts:
        assert np.linalg.norm(part.normals, axis=1) == pytest.approx(1.0, abs=1e-3)
        assert part.faces.min(initial=0) >= 0
        assert part.faces.max(initial=0) < len(part.vertices)
        assert part.texture is None or texture(part.texture).shape == (128, 128, 3)
    triangles = sum(len(p.faces) for p in mesh.parts)
    assert triangles <= 2200


def test_every_recorded_type_has_a_shape_of_its_own():
    assert set(EVERY_TYPE) <= set(TYPES)


@pytest.mark.parametrize("name", TYPES)
def test_affordances_have_their_geometry(name):
    kind, mesh = object_type(name), build_mesh(name, sheet_size(name))
    if kind.openable:
        assert mesh.joints, name
    if kind.receptacle:
        assert mesh.surfaces, name
    flags = {term for p in mesh.parts if p.when for term in p.when.replace("!", "").split("&")}
    if kind.toggleable:
        assert "isToggled" in flags, name
    if "breakable" in kind.properties and name != "Egg":
        assert "isBroken" in flags, name


@pytest.mark.parametrize("name", ["Laptop", "Box", "Blinds", "Safe", "Book", "Toilet", "Dresser"])
def test_sizes_of_all_proportions_are_met(name):
    for size in ((0.3, 0.04, 0.2), (0.5, 0.5, 0.5), (0.2, 1.5, 0.9), (2.0, 0.7, 0.4)):
        mesh = build_mesh(name, size, 1)
        points = np.concatenate([p.vertices for p in mesh.parts])
        assert np.isfinite(points).all() and len(mesh.parts) > 2


def test_an_open_laptop_and_a_closed_one_are_told_apart_by_their_box():
    opened, closed = (build_mesh("Laptop", (0.36, h, 0.28)) for h in (0.28, 0.03))
    low, high = (
        max(
            posed(m, p, 0.0)[:, 1].max() - posed(m, q, 0.0)[:, 1].min()
            for p in m.parts
            for q in m.parts
        )
        for m in (closed, opened)
    )
    assert low == pytest.approx(0.03, abs=1e-3) and high < 0.06


def test_furniture_is_built_round_what_it_holds():
    drawer = ("Drawer", (-0.4, 0.1, -0.2, 0.4, 0.3, 0.24))
    plain, fitted = (build_mesh("Dresser", (1.0, 0.9, 0.5), 2, fittings=f) for f in ((), (drawer,)))
    middle = np.array([0.0, 0.2, 0.1])

    def covers(mesh):
        boxes = [(p.vertices.min(0), p.vertices.max(0)) for p in mesh.parts]
        return any(((low < middle) & (middle < high)).all() for low, high in boxes)

    assert covers(plain) and not covers(fitted)
    lying = (("Rest", (-0.1, 0.02, -0.1, 0.1, 0.2, 0.1)),)
    sofa = build_mesh("Sofa", (2.0, 0.9, 0.9), 2, fittings=lying)
    assert sofa.surfaces[0].center[1] == pytest.approx(0.02, abs=0.02)


def test_flags_joined_by_and_hold_together():
    assert holds("isDirty&!isBroken", frozenset({"isDirty"}))
    assert not holds("isDirty&!isBroken", frozenset({"isDirty", "isBroken"}))


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


def test_glass_lets_what_is_behind_it_through():
    red = build_mesh("Apple", (0.5, 0.5, 0.5), 0)
    pane = build_mesh("ShowerGlass", (1.0, 1.0, 0.05), 0)
    seen = []
    for with_glass in (False, True):
        renderer = Renderer(40, 40)
        renderer.add("Apple|0", red, np.array([0.0, 0.0, 1.0]), np.eye(3))
        if with_glass:
            renderer.add("Glass|0", pane, np.zeros(3), np.eye(3))
        frame = renderer.render(Camera((0.0, 0.0, -2.0), 0.0, 0.0, fov=40.0))
        seen.append(frame.rgb[20, 20].astype(int))
        renderer.close()
    plain, tinted = seen
    assert (plain != tinted).any() and np.abs(plain - tinted).max() < 120


def test_sheets_are_written_page_by_page(tmp_path, capsys):
    out = tmp_path / "s.png"
    arguments = ["--types", "Apple", "Mug", "Pen", "--pixels", "32", "--page", "2"]
    assert main([*arguments, "--out", str(out)]) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s-1.png", "s-2.png"]
    assert main(["--types", "Spaceship", "--out", str(out)]) == 2
    assert "known: AlarmClock" in capsys.readouterr().err


def test_what_is_filled_in_is_told_by_its_colour():
    mug = build_mesh("Mug", (0.11, 0.1, 0.09), 0)

    def level(*flags):
        shown = [p for p in mug.parts if p.when and "Filled" in p.when]
        return [p.color for p in shown if holds(p.when, frozenset({"isFilledWithLiquid", *flags}))]

    assert len(level("coffee")) == len(level("water")) == len(level()) == 1
    assert len({level("coffee")[0], level("wine")[0], level("water")[0]}) == 3
    assert not [
        p for p in mug.parts if p.when and "Filled" in p.when and holds(p.when, frozenset())
    ]


def test_dirt_comes_and_goes_with_its_flag():
    for name in ("Bowl", "Cup", "Mug", "Pan", "Plate", "Pot", "Mirror", "Bed", "Cloth"):
        assert "dirtyable" in object_type(name).properties
        mesh = build_mesh(name, sheet_size(name), 0)
        clean, dirty = (
            [k for k, p in enumerate(mesh.parts) if p.when is None or holds(p.when, flags)]
            for flags in (frozenset(), frozenset({"isDirty"}))
        )
        assert clean != dirty, name
