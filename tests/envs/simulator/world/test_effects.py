"""What happens by itself."""

from envs.simulator.world import effects
from envs.simulator.world.world import World


def test_running_water_reaches_everything_once_though_lists_go_in_a_circle() -> None:
    world = World(64, 48)
    world.load("FloorPlan1_physics")
    basin = next(o for o in world.objects.values() if o.type == "SinkBasin")
    tap = next(o for o in world.objects.values() if o.type == "Faucet")
    dish = next(o for o in world.objects.values() if o.type == "Bowl")
    plate = next(o for o in world.objects.values() if o.type == "Plate")
    world.attach(dish.object_id, basin.object_id)
    world.attach(plate.object_id, dish.object_id)
    dish.metadata["isDirty"] = plate.metadata["isDirty"] = True
    plate.metadata["receptacleObjectIds"] = [dish.object_id]
    tap.metadata["isToggled"] = True
    effects.settle(world)
    assert not dish.is_("isDirty") and not plate.is_("isDirty")
    world.close()
