"""Fusion: nothing changes before training, and pointing is learned."""

from __future__ import annotations

import pytest
import torch

from policies.cimr.fusion import Grounding
from policies.cimr.model import CimrLlava
from tests.tiny_llava import tiny_llava


@pytest.fixture
def plain():
    return tiny_llava()


def _inputs():
    torch.manual_seed(1)
    ids = torch.cat([torch.full((2, 16), 99), torch.randint(0, 90, (2, 9))], 1)
    return {"input_ids": ids, "pixel_values": torch.randn(2, 3, 32, 32)}


def test_a_fused_llava_equals_the_plain_one_until_trained(plain):
    fused, inputs = CimrLlava.around(plain), _inputs()
    with torch.no_grad():
        assert torch.equal(plain(**inputs).logits, fused(**inputs).logits)


def test_an_open_gate_changes_the_answer(plain):
    fused, inputs = CimrLlava.around(plain), _inputs()
    with torch.no_grad():
        fused.fusion.text.gate.fill_(0.5)
        assert not torch.allclose(plain(**inputs).logits, fused(**inputs).logits)


def test_the_gates_learn_although_they_are_shut(plain):
    fused, inputs = CimrLlava.around(plain), _inputs()
    fused(
        **inputs, labels=inputs["input_ids"].masked_fill(inputs["input_ids"] == 99, -100)
    ).loss.backward()
    assert fused.fusion.text.gate.grad.abs() > 0


def test_answers_do_not_leak_into_the_picture(plain):
    """Training on labels must see only the prompt through the vision stream."""
    fused, inputs = CimrLlava.around(plain), _inputs()
    labels = inputs["input_ids"].clone()
    labels[:, :22] = -100
    with torch.no_grad():
        for block in (fused.fusion.text, fused.fusion.vision, fused.fusion.grounding):
            block.gate.fill_(0.7)
        before = fused(**inputs, labels=labels).logits[:, :22]
        inputs["input_ids"][:, 23:] = 7
        after = fused(**inputs, labels=labels).logits[:, :22]
    assert torch.allclose(before, after, atol=1e-6)


def test_a_fused_checkpoint_comes_back_the_same(plain, tmp_path):
    fused, inputs = CimrLlava.around(plain), _inputs()
    with torch.no_grad():
        fused.fusion.text.gate.fill_(0.5)
        fused.save_pretrained(tmp_path)
        again = CimrLlava.from_pretrained(tmp_path).eval()
        assert torch.equal(again(**inputs).logits, fused(**inputs).logits)


def test_pointing_is_learned_on_a_toy():
    torch.manual_seed(0)
    words = torch.randn(5, 16)
    grounding = Grounding(16, 8, 8)
    looks = torch.randn(5, 8)
    optimizer = torch.optim.AdamW(grounding.parameters(), 2e-2)
    losses = []
    for _ in range(150):
        kinds = torch.randint(0, 5, (16, 9))
        asked = torch.randint(0, 5, (16, 3))
        keys = grounding.keys(looks[kinds] + 0.1 * torch.randn(16, 9, 8))
        pointing, _ = grounding.point(words[asked], keys)
        held = kinds[:, None] == asked[..., None]
        truth = torch.cat(
            [held / held.sum(-1, keepdim=True).clamp_min(1), ~held.any(-1, keepdim=True)], -1
        )
        loss = -(truth * pointing).sum(-1).mean()
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]
    hit = held.gather(-1, pointing[..., :-1].argmax(-1, keepdim=True))[..., 0]
    assert hit[held.any(-1)].float().mean() > 0.9
