"""A network begins with what another knows, word by word."""

from __future__ import annotations

import argparse

import pytest
import torch

from policies.cimr.language.tokenizer import build_tokenizer, word_id
from policies.cimr.model import small_model
from training.checkpoint import save_policy, save_vision
from training.feature_cache import encoder_key
from training.warm_start import check_start, parts_given, put_vision, warm_start

SMALL = {"dim": 32, "layers": 1, "heads": 2, "vision_layers": 1, "stem_widths": (8, 16)}


def test_words_both_know_keep_their_meaning_and_the_vision_encoder_is_the_same(tmp_path):
    torch.manual_seed(0)
    theirs = build_tokenizer(extra_words=("zeppelin", "abacus"))
    teacher = small_model(theirs)
    save_policy(tmp_path, teacher, theirs, known_words=["fridge"], scores={})
    ours = build_tokenizer()
    pupil = small_model(ours)
    known = warm_start(pupil, ours, tmp_path)
    assert len(ours) - 5 <= known <= len(ours)
    for word in ("fridge", "sofa", "open"):
        learned = pupil.get_input_embeddings().weight[word_id(ours, word)]
        taught = teacher.get_input_embeddings().weight[word_id(theirs, word)]
        assert torch.allclose(learned, taught, atol=1e-3)
    stem = "model.vision_tower.stem.stride16.0.weight"
    assert torch.allclose(pupil.state_dict()[stem], teacher.state_dict()[stem], atol=1e-3)


def test_a_folder_without_weights_is_refused(tmp_path):
    tokenizer = build_tokenizer()
    with pytest.raises(ValueError, match="no weights to start with"):
        warm_start(small_model(tokenizer), tokenizer, tmp_path)


def test_a_policys_vision_encoder_comes_with_its_verifier_and_its_words(tmp_path):
    torch.manual_seed(0)
    theirs = build_tokenizer(extra_words=("zeppelin", "abacus"))
    made = small_model(theirs, **SMALL)
    made.config.verifies, made.config.judge_trust = True, 0.7
    made.config.closer_weights = [1.0, 0.5, 0.0]
    save_policy(tmp_path / "made", made, theirs, known_words=[], half=False)
    ours = build_tokenizer()
    pupil = small_model(ours, **SMALL)
    language = pupil.model.language_model.layers[0].mlp.up_proj.weight.clone()
    put_vision(pupil, tmp_path / "made")
    assert encoder_key(pupil) == encoder_key(made), "its features can be used again"
    for name, value in made.state_dict().items():
        if name.startswith(("model.vision_tower.", "verifier.")):
            assert torch.equal(pupil.state_dict()[name], value), name
    for word in ("fridge", "open"):
        learned = pupil.get_input_embeddings().weight[word_id(ours, word)]
        assert torch.equal(learned, made.get_input_embeddings().weight[word_id(theirs, word)])
    assert torch.equal(pupil.model.language_model.layers[0].mlp.up_proj.weight, language)
    config = pupil.config
    assert (config.verifies, config.judge_trust, config.closer_weights) == (True, 0.7, [1, 0.5, 0])
    save_vision(tmp_path / "vision", made, {})
    put_vision(small_model(theirs, **SMALL), tmp_path / "vision")


def test_an_encoder_of_stage_0_leaves_no_verifier_of_another_one(tmp_path):
    tokenizer = build_tokenizer()
    policy = small_model(tokenizer, **SMALL)
    policy.config.verifies, policy.config.closer_weights = True, [1.0, 0.5, 0.0]
    save_vision(tmp_path, policy, {})
    put_vision(policy, tmp_path)
    assert not policy.config.verifies and policy.config.closer_weights is None


def test_a_policy_whose_encoder_is_of_another_size_is_refused_in_a_line(tmp_path):
    tokenizer = build_tokenizer()
    save_policy(tmp_path, small_model(tokenizer, **SMALL), tokenizer, known_words=[])
    with pytest.raises(ValueError, match="does not fit, first at") as error:
        put_vision(small_model(tokenizer, **{**SMALL, "stem_widths": (16, 16)}), tmp_path)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("stands", "asked", "fits"),
    [
        ((), (), True),
        (("memory",), (), True),
        (("memory",), ("memory",), True),
        ((), ("memory",), False),
        (("memory",), ("state",), False),
    ],
)
def test_a_part_is_left_out_from_the_start_or_not_at_all(tmp_path, stands, asked, fits):
    model = small_model(build_tokenizer(), without=stands, **SMALL)
    if fits:
        check_start(tmp_path, model, asked)
    else:
        with pytest.raises(ValueError, match="from the start or not at all"):
            check_start(tmp_path, model, asked)


def test_parts_are_given_with_commas():
    assert parts_given("state,fusion") == ("fusion", "state")
    with pytest.raises(argparse.ArgumentTypeError, match="'': use some of fusion"):
        parts_given("")
