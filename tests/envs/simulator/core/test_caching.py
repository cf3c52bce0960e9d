"""What is remembered of a thing goes when the thing goes, and never more than so much is kept."""

from __future__ import annotations

import gc
import weakref
from dataclasses import dataclass, field

from envs.simulator.core.caching import for_life


@dataclass(eq=False)
class Thing:
    """Something to remember results of."""

    calls: list[tuple] = field(default_factory=list)


class Result:
    """Something that can be referred to weakly."""


@for_life(keep=2)
def made_of(thing: Thing, *rest: int) -> Result:
    thing.calls.append(rest)
    return Result()


def test_a_result_is_computed_once_for_each_thing():
    one, other = Thing(), Thing()
    assert made_of(one) is made_of(one)
    assert made_of(one) is not made_of(other)
    assert one.calls == other.calls == [()]


def test_a_result_goes_with_its_thing():
    thing = Thing()
    result = weakref.ref(made_of(thing))
    gc.collect()
    assert result() is not None
    del thing
    gc.collect()
    assert result() is None


def test_of_one_thing_the_oldest_result_goes_first():
    thing = Thing()
    for value in (1, 2, 3, 2, 3, 1):
        made_of(thing, value)
    assert thing.calls == [(1,), (2,), (3,), (1,)]


def test_rooms_that_were_left_are_forgotten():
    from envs.simulator.scenes import load_scene, scene_names
    from envs.simulator.scenes.object_meshes import mesh_of
    from envs.simulator.scenes.structure.room_fixtures import plan_of

    most = load_scene.cache_info().maxsize
    assert most is not None
    load_scene.cache_clear()  # what other tests hold does not count
    seen = []
    for name in scene_names()[: most + 6]:
        scene = load_scene(name)
        plan_of(scene)
        mesh_of(scene.objects[0], scene, scene.name, 0)
        seen.append(weakref.ref(scene))
    del scene
    gc.collect()
    assert sum(ref() is not None for ref in seen) == most


def test_what_was_made_to_draw_a_shape_goes_with_the_shape():
    from envs.simulator.meshes.catalogue import build_mesh
    from envs.simulator.rendering.batches import batches
    from envs.simulator.world.world import World

    build_mesh.cache_clear()  # what other tests hold does not count
    world = World(32, 32)
    world.load("FloorPlan401")
    world.render(rgb=True, depth=False, ids=True)
    shapes = [thing.mesh for thing in world.objects.values() if thing.type != "Floor"]
    drawn = [weakref.ref(batch) for mesh in shapes for batch in batches(mesh)]
    assert len(drawn) > 40
    del shapes
    build_mesh.cache_clear()
    world.set_appearance(1)
    world.render(rgb=True, depth=False, ids=True)
    gc.collect()
    assert not [batch for batch in (ref() for ref in drawn) if batch is not None]
    world.close()
