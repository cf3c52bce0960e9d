"""Goals, instructions and sampling."""

from __future__ import annotations

import re

import pytest

from envs.backends import make_controller
from envs.tasks.base import SPLITS, scenes_of
from envs.tasks.goals import Contained, Every, Found, Openness, Sliced, State, Toggled
from envs.tasks.sampler import goal_of, sample_group, sample_task
from envs.tasks.templates import NAMES, TEMPLATES, type_named, understand


def thing(kind, object_id="x", **facts):
    base = {
        "objectType": kind,
        "objectId": object_id,
        "parentReceptacles": None,
        "isOpen": False,
        "isToggled": False,
    }
    return {**base, **facts}


@pytest.mark.parametrize(
    ("condition", "holds", "fails"),
    [
        (
            Contained("Apple", "Sink"),
            State((thing("Apple", "a", parentReceptacles=["b"]), thing("SinkBasin", "b"))),
            State((thing("Apple", "a"), thing("SinkBasin", "b"))),
        ),
        (
            Openness("Fridge", True),
            State((thing("Fridge", isOpen=True),)),
            State((thing("Fridge"),)),
        ),
        (
            Openness("Fridge", False),
            State((thing("Fridge"),)),
            State((thing("Fridge", isOpen=True),)),
        ),
        (
            Toggled("Faucet", True),
            State((thing("Faucet", isToggled=True),)),
            State((thing("Faucet"),)),
        ),
        (Sliced("Bread"), State((thing("BreadSliced"),)), State((thing("Bread"),))),
        (
            Found("Mug"),
            State((thing("Mug", "m"),), frozenset({"m"}), True),
            State((thing("Mug", "m"),), frozenset({"m"}), False),
        ),
    ],
)
def test_conditions_hold_exactly_when_they_should(condition, holds, fails):
    assert condition.verify(holds)
    assert not condition.verify(fails)
    assert Every((condition,)).count(holds) == 1
    assert condition.text()


def test_test_templates_differ_from_training_ones_but_use_their_words():
    for key, splits in TEMPLATES.items():
        assert not set(splits["train"]) & set(splits["test"]), key

    def words(split):
        texts = (t for splits in TEMPLATES.values() for t in splits[split])
        return {w for t in texts for w in re.findall(r"[a-z]+", re.sub(r"\{.\}", "", t))}

    assert words("test") <= words("train")


def test_names_mean_one_thing():
    seen = {}
    for kind, names in NAMES.items():
        for name in names:
            assert seen.setdefault(name, kind) == kind
            assert type_named(name) == kind


@pytest.mark.parametrize("split", ["train", "test"])
def test_every_template_is_understood(split):
    for key, splits in TEMPLATES.items():
        for template in splits[split]:
            text = template.format(x="apple", r="fridge")
            found = understand(text)
            assert found is not None, text
            assert found[0] == key and found[1] == "Apple", (text, found)


def test_splits_share_no_room():
    assert not set(SPLITS["train"]) & set(SPLITS["val"]) | set(SPLITS["val"]) & set(SPLITS["test"])
    with pytest.raises(ValueError, match="train, val, test"):
        scenes_of("holdout")


@pytest.fixture(scope="module")
def controller():
    made = make_controller("embedded", scene="FloorPlan1", renderInstanceSegmentation=True)
    yield made
    made.stop()


def test_same_seed_gives_the_same_task(controller):
    first = sample_task(controller, 11, "train")
    sample_task(controller, 12, "train")
    assert sample_task(controller, 11, "train") == first


@pytest.mark.parametrize("family", ["find", "pick_and_place", "open", "close", "toggle", "slice"])
def test_sampled_tasks_are_not_done_yet_and_use_their_split(controller, family):
    task = sample_task(controller, 3, "test", family=family)
    assert task.family == family
    assert task.scene in SPLITS["test"]
    assert task.template_split == "test"
    assert task.goal == goal_of(family, task.target, task.receptacle, task.turn_on)


def test_unknown_family_names_the_allowed_ones(controller):
    with pytest.raises(ValueError, match="pick_and_place"):
        sample_task(controller, 0, family="juggle")


def test_a_group_shares_its_room(controller):
    group = sample_group(controller, 5, 4, "val")
    assert len({(t.scene, t.spawn_seed, t.appearance_seed) for t in group}) == 1
    assert len(group) == 4
