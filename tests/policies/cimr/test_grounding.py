"""Pointing is learned, and what is found is said in numbers."""

from __future__ import annotations

import pytest
import torch

from policies.cimr.grounding import FACTS, Grounding


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


def test_a_word_that_is_nowhere_finds_nothing_and_one_in_a_corner_finds_it_there():
    torch.manual_seed(0)
    grounding = Grounding(4, 4, 4)
    with torch.no_grad():
        grounding.word_query.weight.copy_(40.0 * torch.eye(4))
        grounding.word_bias.weight.zero_()
        grounding.absent.weight.zero_()
    words = torch.tensor([[[2.0, 0, 0, 0], [0, 2.0, 0, 0]]])
    keys = torch.zeros(1, 9, 4)
    keys[..., 1] = -1.0  # nowhere is the second word
    keys[:, 8, 0] = 1.0  # the first is in the lower right corner
    look = grounding.look(words, keys)
    present, _, x, y = look.found[0, :, -FACTS:][:, :4].unbind(-1)
    assert torch.allclose(look.pointing.exp().sum(-1), torch.ones(1, 2))
    assert present[0] > 0.95 and present[1] < 0.05
    corner = pytest.approx(2 / 3, abs=0.05)
    assert (x[0].item(), y[0].item()) == (corner, corner)
    assert look.pointing[0, 0].argmax() == 8 and look.pointing[0, 1].argmax() == 9
