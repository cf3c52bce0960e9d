"""The bases under counters leave room for what is pushed under them."""

from __future__ import annotations

import numpy as np
import pytest

from envs.simulator.scenes import infer_fixtures, load_scene


@pytest.mark.parametrize("name", ["FloorPlan1", "FloorPlan6", "FloorPlan22", "FloorPlan29"])
def test_no_base_goes_through_a_stool_or_chair(name):
    scene = load_scene(name)
    seats = [o for o in scene.objects if o.object_type in ("Stool", "Chair")]
    assert seats
    for fixture in infer_fixtures(scene):
        if fixture.object_type != "CounterBase":
            continue
        for part in fixture.mesh.parts:
            corners = part.vertices + np.asarray(fixture.center)
            for seat in seats:
                center, half = np.asarray(seat.center), np.asarray(seat.size) / 2
                shared = np.minimum(corners.max(0), center + half)
                shared -= np.maximum(corners.min(0), center - half)
                assert shared.min() < 0.02, (fixture.key, seat.object_id)
