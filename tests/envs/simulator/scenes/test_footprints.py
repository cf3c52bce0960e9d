"""What counters cover of their recorded boxes."""

from __future__ import annotations

from envs.simulator.scenes import load_scene
from envs.simulator.scenes.structure.counter_bases import world_footprint


def test_no_counter_stands_before_a_fridge_or_beyond_it_on_nothing():
    """FloorPlan2's counter box holds its fridge; AI2-THOR does not see the counter from start."""
    scene = load_scene("FloorPlan2")
    top = next(o for o in scene.objects if o.object_id == "CounterTop|+00.00|+00.95|-01.51")
    for x0, z0, x1, z1 in world_footprint(top):
        before = x0 < -1.0 and x1 > -1.38 and z0 < 0.43 and z1 > -0.43
        beyond = x0 < -1.38 and z1 > 0.43
        assert not before and not beyond, (x0, z0, x1, z1)
