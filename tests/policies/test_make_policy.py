"""A policy is never let play a level of actions that it was not made for."""

from __future__ import annotations

import pytest

from policies.make_policy import PolicyOptions, action_levels, check_level, make_policy
from training.evaluation.evaluate import evaluate
from training.evaluation.plan import Plan
from training.evaluation.sources import open_suite


@pytest.mark.parametrize(
    ("name", "walks", "levels"),
    [
        ("default", False, ("skill",)),
        ("default", True, ("skill",)),
        ("expert", False, ("skill",)),
        ("expert-search", True, ("skill", "primitive")),
        ("random", False, ("skill", "primitive")),
        ("openai:some-model", False, ("skill", "primitive")),
        ("llava-hf/llava-1.5-7b-hf", False, ("skill", "primitive")),
    ],
)
def test_levels_are_known_by_a_policys_name(name, walks, levels):
    assert action_levels(name, walks) == levels


def test_a_folder_of_this_projects_kind_plays_skills_only(tmp_path):
    (tmp_path / "policy.json").write_text("{}", encoding="utf-8")
    assert action_levels(str(tmp_path)) == ("skill",)


def test_a_level_that_can_not_be_played_is_refused_with_the_remedy():
    with pytest.raises(ValueError, match="'default'.*'primitive'.*--action-level skill") as refusal:
        check_level("default", "primitive")
    assert "\n" not in str(refusal.value)
    with pytest.raises(ValueError, match="primitive"):
        make_policy(PolicyOptions("default", action_level="primitive"))
    check_level("expert", "primitive", walks=True)


def test_a_suite_is_not_begun_with_a_policy_that_can_not_play_its_level(tmp_path):
    out = tmp_path / "out"
    plan = Plan(suite="nav-eb", policy="default")
    with pytest.raises(ValueError, match="--action-level skill"):
        evaluate(plan, open_suite("nav-eb"), out, workers=0, progress=False)
    assert not out.exists()
    assert open_suite("nav-eb").setting.action_level == "primitive"
    assert open_suite("nav-eb", "skill").setting.action_level == "skill"
