"""Sampled tasks are the same for the same seed, are not done yet, and keep to what was asked."""

from __future__ import annotations

import pytest

from envs.backends import make_controller
from envs.tasks.base import SPLITS, room_of
from envs.tasks.goals import State
from envs.tasks.registry import default_families, family_named
from envs.tasks.sampler import sample_group, sample_task


@pytest.fixture(scope="module")
def controller():
    made = make_controller("embedded", scene="FloorPlan1", renderInstanceSegmentation=True)
    yield made
    made.stop()


@pytest.mark.parametrize(("room", "split"), [("kitchen", "train"), ("bedroom", "train")])
def test_same_seed_gives_the_same_task(controller, room, split):
    first = sample_task(controller, 7, split, room=room)
    sample_task(controller, 8, split, family="find", room="bathroom")
    assert sample_task(controller, 7, split, room=room) == first


@pytest.mark.parametrize("family", default_families("kitchen"))
def test_sampled_tasks_are_not_done_yet_and_use_their_split(controller, family):
    task = sample_task(controller, 3, "test", family=family)
    assert task.family == family
    assert task.scene in SPLITS["test"]
    assert task.template_split == "test" and task.appearance_seed == 0
    assert task.goal == family_named(family).goal(task.target, task.receptacle, task.turn_on)
    now = State(tuple(controller.last_event.metadata["objects"]))
    assert task.setup or not task.goal.verify(now)


def test_kitchens_families_are_drawn_evenly_with_many_targets(controller):
    tasks = [sample_task(controller, seed, "test", varied=False) for seed in range(12)]
    assert len({task.family for task in tasks}) >= 5
    assert len({task.target for task in tasks}) >= 6


def test_unknown_family_names_the_allowed_ones(controller):
    with pytest.raises(ValueError, match="pick_and_place"):
        sample_task(controller, 0, family="juggle")


def test_families_without_their_objects_are_refused(controller):
    with pytest.raises(ValueError, match="no heat tasks in bathroom"):
        sample_task(controller, 0, "all", family="heat", room="bathroom")
    with pytest.raises(ValueError, match="no examine tasks in FloorPlan1"):
        sample_task(controller, 0, "all", family="examine", scene="FloorPlan1")


@pytest.mark.parametrize("room", ["kitchen", "bathroom"])
def test_a_group_shares_its_room(controller, room):
    group = sample_group(controller, 5, 4, "val", room_kind=room)
    assert len({(t.scene, t.spawn_seed, t.appearance_seed) for t in group}) == 1
    assert len(group) == 4 and {room_of(t.scene) for t in group} == {room}
