"""A recipe runs its stages in order, each once, and says which one failed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from training.recipe import RecipeConfig, Record, main, make, run_stages
from training.recipe_card import write_card
from training.stages import RECIPES, SMOKE, Setting, Stage

SETTING = Setting(hours=1.0, device="cpu", workers=2, seed=0, smoke=False)


def _stage(name, *more, share=0.5, **rest):
    return Stage(name, ("tests.training.toy_stage", name, *more), share, name, **rest)


def _run(folder, stages):
    record = Record(folder, "default", SETTING)
    run_stages(stages, SETTING, record, folder)
    return record


def test_stages_run_once_and_a_second_run_goes_on(tmp_path):
    with pytest.raises(ValueError, match="stage second ended with 3"):
        _run(tmp_path, [_stage("first"), _stage("second", "fail")])
    record = _run(tmp_path, [_stage("first"), _stage("second", resumed=("--start", "x"))])
    assert (tmp_path / "first").read_text() == "--minutes 30.00\n"
    begun, resumed = (tmp_path / "second").read_text().splitlines()
    assert begun.startswith("fail") and resumed.endswith("--start x")
    assert all(entry["finished"] for entry in record.state["stages"].values())
    assert json.loads((tmp_path / "recipe.json").read_text()) == record.state


def test_an_optional_stage_may_fail(tmp_path):
    record = _run(tmp_path, [_stage("first", "fail", optional=True), _stage("second")])
    assert record.state["stages"]["first"]["failed"]
    assert not record.state["stages"]["second"]["failed"]


def test_a_stage_that_leaves_nothing_failed(tmp_path):
    stage = Stage("first", ("tests.training.toy_stage", "elsewhere"), 0.5, "first")
    with pytest.raises(ValueError, match="stage first ended with 0"):
        _run(tmp_path, [stage])


def test_a_folder_of_another_seed_is_refused(tmp_path, capsys):
    _run(tmp_path, [_stage("first")])
    assert main(["default", "--out", str(tmp_path), "--seed", "4"]) == 2
    assert "name another --out" in capsys.readouterr().err


def test_it_says_before_it_starts_that_there_is_no_room(tmp_path, capsys):
    with pytest.raises(ValueError, match="too little room"):
        make("default", RecipeConfig(hours=1e6, out=tmp_path, workers=64))
    assert "stages, 0 finished" in capsys.readouterr().out


def test_the_shares_of_every_recipe_are_all_of_its_time():
    for recipe in RECIPES.values():
        stages = recipe(SETTING)
        assert sum(stage.share for stage in stages) == pytest.approx(1.0)
        assert len({stage.name for stage in stages}) == len(stages)


def test_every_stage_knows_what_its_smoke_is():
    smoke = replace(SETTING, smoke=True)
    for recipe in RECIPES.values():
        for stage in recipe(smoke):
            words = stage.arguments(smoke, 5.0)
            assert stage.module in SMOKE and set(SMOKE[stage.module]) <= set(words)
            assert "--minutes" not in words


def test_the_closer_look_is_fitted_to_the_policy_that_is_scored():
    names = [stage.name for stage in RECIPES["default"](SETTING)]
    assert names[-3:] == ["verifier", "closer look", "evaluation"]


def test_the_card_tells_commands_amounts_and_scores(tmp_path):
    for name in ("vision", "policy"):
        (tmp_path / name).mkdir()
    record = {"frames": 640, "minutes": 1.5, "scores": {"loose": 0.5}}
    (tmp_path / "vision" / "vision.json").write_text(json.dumps(record))
    scores = {"format": 1, "scores": {"samples": 64, "scores": {"verb": 0.75}}}
    (tmp_path / "policy" / "policy.json").write_text(json.dumps(scores))
    entry = {"command": "python -m this", "seconds": 90.0, "finished": True, "failed": False}
    setting = {"workers": 2, "device": "cpu", "seed": 0, "smoke": False}
    state = {"recipe": "default", "setting": setting, "stages": {"first": entry}}
    write_card(tmp_path / "policy", tmp_path, state)
    card = (tmp_path / "policy" / "README.md").read_text()
    assert "| first | `python -m this` | 1.5 min |" in card
    assert "loose 0.500" in card and "verb 0.750" in card
