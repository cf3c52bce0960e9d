"""The verifier's evidence and verdicts."""

from __future__ import annotations

import pytest
import torch

from policies.cimr.judging import action_ids, evidence_of, verify
from policies.cimr.language.tokenizer import build_tokenizer
from policies.cimr.model import small_model
from policies.cimr.token_codec import Codec
from policies.cimr.verifier import JUDGED_VERBS, coarse


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return small_model(build_tokenizer()).eval()


@pytest.fixture(scope="module")
def codec():
    return Codec(build_tokenizer())


def _patches(count=2):
    return torch.randn(count, 36 * 36, 128)


def test_without_a_frame_after_nothing_of_it_is_seen(model, codec):
    before = _patches()
    things = torch.tensor([codec.word_of_type["Mug"], -1])
    evidence = evidence_of(model, before, None, things)
    assert not evidence.acted.any() and not evidence.cells[..., 128:].any()
    assert not any(part[:, 1].any() for part in (evidence.found, evidence.hand, evidence.likely))
    assert evidence.found[0, 0].any() and not evidence.found[1, 0].any()


def test_one_patch_that_changed_is_not_averaged_away():
    before = torch.zeros(1, 36 * 36, 4)
    after = before.clone()
    after[0, 700] = 1.0
    assert coarse(before, after)[..., 8:].max() == 1.0


@torch.inference_mode()
def test_verdicts_have_their_shapes_and_depend_on_the_action(model, codec):
    before, after = _patches(), _patches()
    ids = [action_ids(codec, verb, kind) for verb, kind in (("open", "Fridge"), ("drop", None))]
    verbs, things = (torch.tensor(column) for column in zip(*ids, strict=True))
    verdict = verify(model, evidence_of(model, before, after, things), verbs, things)
    assert verdict.works.shape == (2,) and verdict.held.shape == (2, 1 + len(codec.word_of_type))
    assert torch.allclose(verdict.held.exp().sum(-1), torch.ones(2), atol=1e-5)
    other = verify(model, evidence_of(model, before, after, things), verbs.flip(0), things)
    assert not torch.equal(verdict.works, other.works)


def test_of_looking_around_and_of_unknown_objects_nothing_is_said(codec):
    assert action_ids(codec, "look around", None) is None
    assert action_ids(codec, "open", "Zeppelin") is None
    assert action_ids(codec, "drop", None) == (JUDGED_VERBS.index("drop"), -1)


def test_it_is_small(model):
    assert sum(p.numel() for p in model.verifier.parameters()) < 2_000_000
