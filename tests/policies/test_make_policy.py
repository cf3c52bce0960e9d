"""A policy is never let play a level of actions that it was not made for."""

from __future__ import annotations

import json

import pytest

from envs.tasks.suite_sources import open_suite
from policies.make_policy import PolicyOptions, action_levels, check_level, make_policy
from training.evaluation.evaluate import evaluate
from training.evaluation.plan import Plan


@pytest.mark.parametrize(
    ("name", "walks", "levels"),
    [
        ("expert", False, ("skill",)),
        ("expert-search", True, ("skill", "primitive")),
        ("random", False, ("skill", "primitive")),
        ("openai:some-model", False, ("skill", "primitive")),
        ("llava-hf/llava-1.5-7b-hf", False, ("skill", "primitive")),
    ],
)
def test_levels_are_known_by_a_policys_name(name, walks, levels):
    assert action_levels(name, walks) == levels


def recorded(folder, **more):
    """A folder with a policy's record alone; returns its name."""
    record = {"format": 1, "known_words": [], "scores": {}, **more}
    (folder / "policy.json").write_text(json.dumps(record), encoding="utf-8")
    return str(folder)


def test_a_policy_of_this_project_plays_the_levels_that_its_record_names(tmp_path):
    assert action_levels(recorded(tmp_path), walks=True) == ("skill",)
    both = recorded(tmp_path, levels=["primitive", "skill"])
    assert set(action_levels(both, walks=True)) == {"skill", "primitive"}
    assert action_levels(both) == ("skill",)
    check_level(both, "primitive", walks=True)
    (tmp_path / "policy.json").write_text("{", encoding="utf-8")
    assert action_levels(str(tmp_path), walks=True) == ("skill",)


def test_a_level_that_can_not_be_played_is_refused_with_the_remedy(tmp_path):
    skilled = recorded(tmp_path)
    with pytest.raises(ValueError, match="'primitive'.*--action-level skill") as refusal:
        check_level(skilled, "primitive", walks=True)
    assert "\n" not in str(refusal.value) and "navigate" not in str(refusal.value)
    with pytest.raises(ValueError, match="primitive"):
        make_policy(PolicyOptions(skilled, action_level="primitive"))


@pytest.mark.parametrize("name", ["expert", ""])
def test_who_can_only_walk_in_primitive_moves_is_told_what_to_ask_for(name, tmp_path):
    name = name or recorded(tmp_path, levels=["skill", "primitive"])
    with pytest.raises(ValueError, match="only walk.*--task navigate.*--action-level skill"):
        check_level(name, "primitive")
    check_level(name, "primitive", walks=True)


def test_a_suite_is_not_begun_with_a_policy_that_can_not_play_its_level(tmp_path):
    out = tmp_path / "out"
    (tmp_path / "skilled").mkdir()
    plan = Plan(suite="nav-eb", policy=recorded(tmp_path / "skilled"))
    with pytest.raises(ValueError, match="--action-level skill"):
        evaluate(plan, open_suite("nav-eb"), out, workers=0, progress=False)
    assert not out.exists()
    assert open_suite("nav-eb").setting.action_level == "primitive" and open_suite("nav-eb").walks
    assert not open_suite("map-val").walks
    assert open_suite("nav-eb", "skill").setting.action_level == "skill"
