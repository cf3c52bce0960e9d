"""Instructions are said by templates, and a person's are understood by them."""

from __future__ import annotations

import numpy as np
import pytest

from envs.tasks.families import composite
from envs.tasks.family import Wording
from envs.tasks.instructions import instruct, join, understand, with_articles
from envs.tasks.registry import FAMILIES, family_named

WORDINGS = [(f, w) for f in FAMILIES if not f.parts for w in f.wordings]
UNDERSTOOD = [(f, w) for f, w in WORDINGS if f.goal is not None]


def name(row):
    return row.name if hasattr(row, "name") else str(row.turn_on or "")


@pytest.mark.parametrize("split", ["train", "test"])
@pytest.mark.parametrize(("family", "wording"), WORDINGS, ids=name)
def test_instructions_name_what_they_are_about(family, wording, split):
    for seed in range(8):
        rng = np.random.default_rng(seed)
        text = instruct(wording, split, rng, "TeddyBear", "Sofa", "DeskLamp")
        assert "teddy" in text and "{" not in text


def test_some_and_an_are_said_rightly():
    assert with_articles("a alarm clock and a keys") == "an alarm clock and some keys"


def test_a_kitchen_is_called_one_and_other_rooms_are_not():
    wording = Wording(train=("find the {x} in this {room}",), test=("see the {x}",))
    rng = np.random.default_rng(0)
    assert instruct(wording, "train", rng, "Egg", room="kitchen") == "find the egg in this kitchen"
    assert instruct(wording, "train", rng, "Egg") == "find the egg in this room"


def test_two_instructions_become_one():
    rng = np.random.default_rng(0)
    said = {join("open it", "shut it", composite.WORDING, "test", rng) for _ in range(20)}
    assert said == {"open it and after that shut it", "first open it, then shut it"}


def test_an_unknown_template_split_names_the_known_ones():
    with pytest.raises(ValueError, match="train or test"):
        instruct(composite.WORDING, "val", np.random.default_rng(0), "Egg")


@pytest.mark.parametrize(("family", "wording"), UNDERSTOOD, ids=name)
def test_every_template_is_understood(family, wording):
    for template in (*wording.train, *wording.test, *wording.understood):
        for room in ("kitchen", "room"):
            text = template.format(x="apple", r="fridge", room=room)
            found = understand(text)
            assert found is not None, text
            assert (found.family, found.target) == (family.name, "Apple"), (text, found)
            assert found.receptacle == ("Fridge" if "{r}" in template else "")
            assert found.turn_on is (wording.turn_on is not False)
            assert found.goal.text()


def test_every_family_with_a_goal_is_understood():
    assert {f.name for f, _ in UNDERSTOOD} >= {"find", "pick_and_place", "open", "close", "slice"}
    assert family_named("search").goal is None
    assert understand("search a drawer for the pen and take it") is None
    assert understand("sing a song") is None
    assert understand("open the unicorn") is None
