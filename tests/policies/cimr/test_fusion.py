"""Fusion: nothing changes before training, and pointing is learned."""

from __future__ import annotations

import pytest
import torch

from policies.cimr.fusion import fusion_parameters
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


def test_the_fusion_parameters_are_all_that_the_plain_model_lacks(plain):
    fused = CimrLlava.around(plain)
    new = set(dict(fused.named_parameters())) - set(dict(plain.named_parameters()))
    assert set(fusion_parameters(fused)) == new and not fusion_parameters(plain)
    gates = {
        name: value.item()
        for name, value in fusion_parameters(fused).items()
        if name.endswith(".gate")
    }
    assert len(gates) == 4 and set(gates.values()) == {0.0}


def test_the_fusion_parameters_alone_can_be_trained(plain):
    fused, inputs = CimrLlava.around(plain), _inputs()
    fused.requires_grad_(False)
    for parameter in fusion_parameters(fused).values():
        parameter.requires_grad_(True)
    labels = inputs["input_ids"].masked_fill(inputs["input_ids"] == 99, -100)
    fused(**inputs, labels=labels).loss.backward()
    learned = {name for name, value in fused.named_parameters() if value.grad is not None}
    assert "fusion.text.gate" in learned and learned <= set(fusion_parameters(fused))
