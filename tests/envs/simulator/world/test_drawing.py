"""A room is drawn when a picture is asked for, and kept true from then on."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.world.world import World


@pytest.fixture
def world():
    made = World(width=64, height=64)
    made.load("FloorPlan1")
    yield made
    made.close()


def test_nothing_is_drawn_before_the_first_picture(world):
    assert not world.drawing.started and world.drawing.stale
    world.render(rgb=True, depth=False, ids=False)
    assert world.drawing.started and not world.drawing.stale


def test_what_moves_moves_in_the_picture_and_a_reload_draws_anew(world):
    before = world.render(rgb=True, depth=False, ids=True)
    key = int(np.bincount(before.ids[before.ids >= 0]).argmax())
    shown = world.objects.get(world.renderer().keys[key])
    if shown is None:
        shown = next(o for o in world.objects.values() if o.type == "Floor")
    shown.place(shown.center + [0.0, -3.0, 0.0], shown.euler)
    world.update(shown)
    moved = world.render(rgb=True, depth=False, ids=True)
    assert (moved.rgb != before.rgb).any()
    world.load("FloorPlan1")
    assert world.drawing.stale
    again = world.render(rgb=True, depth=False, ids=True)
    assert (again.rgb == before.rgb).all()


def test_a_closed_drawing_starts_again(world):
    before = world.render(rgb=True, depth=False, ids=False)
    world.close()
    assert not world.drawing.started
    assert (world.render(rgb=True, depth=False, ids=False).rgb == before.rgb).all()


def test_an_unknown_pipe_is_refused(world):
    with pytest.raises(ValueError, match="software"):
        world.set_pipe("vulkan")
