"""Saving and loading policies, and saying what is wrong with a bad folder."""

from __future__ import annotations

import json

import numpy as np
import pytest
import torch

from policies.base import Context, Observation
from policies.cimr.checkpoint_config import NEVER
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.policy import LvlmPolicy
from policies.loading import load_policy
from training.checkpoint import save_policy
from training.sft import new_model


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("made") / "policy"
    tokenizer = build_tokenizer()
    model = new_model(tokenizer)
    save_policy(folder, model, tokenizer, known_words=["open", "the", "fridge"], card="# card\n")
    return folder, LvlmPolicy(model, tokenizer)


def _copy(folder, tmp_path):
    import shutil

    return shutil.copytree(folder, tmp_path / "copy")


def test_a_saved_policy_acts_as_before(made):
    folder, policy = made
    again = load_policy(str(folder))
    frame = np.random.default_rng(0).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    seen = Observation(frame, "open the fridge")
    first, second = policy.act(seen, Context()), again.act(seen, Context())
    assert first.confidence == pytest.approx(second.confidence, rel=0.05)
    assert (folder / "README.md").read_text() == "# card\n"


def test_only_safetensors_and_less_than_40_mb(made):
    folder, _ = made
    sizes = {p.name: p.stat().st_size for p in folder.iterdir()}
    assert not [n for n in sizes if n.endswith((".bin", ".pt", ".pkl"))]
    assert sum(sizes.values()) < 40e6


def test_saving_again_replaces_the_folder(made, tmp_path):
    folder, policy = made
    copy = _copy(folder, tmp_path)
    (copy / "verifier.txt").write_text("of the old one")
    save_policy(copy, policy.model, policy.codec.tokenizer, known_words=["open"])
    assert not (copy / "verifier.txt").exists() and list(tmp_path.iterdir()) == [copy]
    assert (copy / "README.md").read_text() == "# card\n"
    (copy / "stray").write_text("mine")
    with pytest.raises(ValueError, match="stray"):
        save_policy(copy, policy.model, policy.codec.tokenizer, known_words=["shut"])
    assert (copy / "stray").read_text() == "mine" and list(tmp_path.iterdir()) == [copy]
    assert json.loads((copy / "policy.json").read_text())["known_words"] == ["open"]


def test_cut_weights_are_one_clear_error(made, tmp_path):
    copy = _copy(made[0], tmp_path)
    weights = next(copy.glob("*.safetensors"))
    weights.write_bytes(weights.read_bytes()[:1000])
    with pytest.raises(ValueError, match="can't be loaded"):
        load_policy(str(copy))


def test_missing_weights_are_one_clear_error(made, tmp_path):
    copy = _copy(made[0], tmp_path)
    for weights in copy.glob("*.safetensors"):
        weights.unlink()
    with pytest.raises(ValueError, match="can't be loaded|lacks weights"):
        load_policy(str(copy))


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "policy.json"])
def test_damaged_text_files_are_one_clear_error(made, tmp_path, name):
    copy = _copy(made[0], tmp_path)
    (copy / name).write_text("{ not json")
    with pytest.raises(ValueError, match="can't be loaded"):
        load_policy(str(copy))


def test_a_newer_format_is_refused(made, tmp_path):
    copy = _copy(made[0], tmp_path)
    record = json.loads((copy / "policy.json").read_text())
    (copy / "policy.json").write_text(json.dumps({**record, "format": 9}))
    with pytest.raises(ValueError, match="format"):
        load_policy(str(copy))


@pytest.mark.parametrize("name", ["nonsense", "/nowhere/at/all", "./missing", ""])
def test_unknown_names_are_refused(name):
    with pytest.raises(ValueError, match="Unknown policy|holds no model"):
        load_policy(name)


def test_an_empty_folder_is_no_policy(tmp_path):
    with pytest.raises(ValueError, match="holds no model"):
        load_policy(str(tmp_path))


def test_a_policy_with_a_reader_beside_it_says_what_it_understood(made, tmp_path):
    from policies.cimr.language.reader import new_network
    from policies.cimr.language.reader_files import save_reader

    folder = _copy(made[0], tmp_path)
    assert load_policy(str(folder)).understood == ""
    tokenizer = build_tokenizer()
    torch.manual_seed(0)
    save_reader(folder, new_network(tokenizer), tokenizer)
    policy = load_policy(str(folder))
    policy.reset("open the fridge", 0)
    assert policy.understanding is not None and policy.understood == policy.understanding.text
    assert sum(p.stat().st_size for p in folder.iterdir()) < 40e6


def test_a_damaged_reader_is_one_clear_error(made, tmp_path):
    folder = _copy(made[0], tmp_path)
    (folder / "reader.json").write_text("{}")
    with pytest.raises(ValueError, match=r"reader in .* can't be loaded"):
        load_policy(str(folder))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"text_config": {"hidden_size": -1}}, "hidden_size is -1"),
        ({"text_config": {"hidden_size": "x"}}, "hidden_size is 'x'"),
        ({"text_config": {"hidden_size": None}}, "hidden_size is None"),
        ({"text_config": {"num_attention_heads": 0}}, "num_attention_heads is 0"),
        ({"text_config": {"num_attention_heads": 7}}, "among 7 attention heads"),
        ({"text_config": {"num_hidden_layers": 10**6}}, "num_hidden_layers is 1000000"),
        ({"text_config": {"num_hidden_layers": 3}}, "weights that config.json does not describe"),
        ({"text_config": []}, "text_config must be an object"),
        ({"quantization_config": {"bits": 4}}, "quantization_config"),
        ({"judge_trust": 10**300}, "judge_trust"),
        ({"closer_weights": [1.0, 0.5]}, "closer_weights is .*, not 3 numbers"),
        ({"closer_weights": [1.0, "x", 0.0]}, "a number of closer_weights is 'x'"),
    ],
)
def test_a_config_that_makes_no_sense_is_one_clear_error(made, tmp_path, change, says):
    copy = _copy(made[0], tmp_path)
    config = json.loads((copy / "config.json").read_text())
    for name, value in change.items():
        config[name] = {**config[name], **value} if name == "text_config" and value else value
    (copy / "config.json").write_text(json.dumps(config))
    with pytest.raises(ValueError, match=says) as caught:
        load_policy(str(copy))
    assert "\n" not in str(caught.value)


def test_a_verifier_that_is_never_to_be_believed_is_no_fault(made, tmp_path):
    copy = _copy(made[0], tmp_path)
    config = json.loads((copy / "config.json").read_text())
    config["foresee_trust"] = NEVER
    (copy / "config.json").write_text(json.dumps(config))
    assert load_policy(str(copy)).model.config.foresee_trust == NEVER


def test_words_and_index_of_a_policy_are_checked(made, tmp_path):
    copy = _copy(made[0], tmp_path)
    (copy / "model.safetensors.index.json").write_text('{"weight_map": {"a": "../x"}}')
    with pytest.raises(ValueError, match="no name of a file in its folder"):
        load_policy(str(copy))
    (copy / "policy.json").write_text('{"format": 1, "known_words": 5}')
    with pytest.raises(ValueError, match="known_words is 5"):
        load_policy(str(copy))
    (copy / "policy.json").write_text('{"format": 1, "levels": ["flying"]}')
    with pytest.raises(ValueError, match="levels is .*flying.*, not a list of skill, primitive"):
        load_policy(str(copy))
