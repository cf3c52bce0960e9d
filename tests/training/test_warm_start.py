"""A network begins with what another knows, word by word."""

from __future__ import annotations

import pytest
import torch

from policies.cimr.language.tokenizer import build_tokenizer, word_id
from policies.cimr.model import small_model
from training.checkpoint import save_policy
from training.warm_start import warm_start


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
